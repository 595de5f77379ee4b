"""Errors of the city model: one root, each with the thing, the place and the mend in its message."""


class TwinModelError(ValueError):
    """Root of every error that the model raises."""


class AreaCodeError(TwinModelError):
    """An area code that is no code of any level."""


class SelectionError(TwinModelError):
    """A selection that cannot be read or that names something impossible."""


class GeometryError(TwinModelError):
    """A geometry that is unusable; the message says why and how to mend it."""


class CrsError(TwinModelError):
    """A coordinate reference system that is missing, unknown, or contradicts the coordinates."""


class LogError(TwinModelError):
    """An event that cannot follow those before it: the log was not written by this program, or was changed."""


class RuleDocumentError(TwinModelError):
    """A document of rules with a row that cannot be used; the message names the row and the mend."""


class RefusedError(TwinModelError):
    """Something asked of a case that is refused; the message says why and what would be possible.

    Parameters
    ----------
    message : str
        One sentence.
    case_no : str
        The case, or ``""``.
    action : str
        What was asked for.
    """

    def __init__(self, message: str, case_no: str = "", action: str = "") -> None:
        super().__init__(message)
        self.case_no = case_no
        self.action = action


class IllegalMoveError(RefusedError):
    """The case stands where the action cannot be taken."""


class NotAllowedError(RefusedError):
    """The actor's role or unit may not do it."""


class FieldError(RefusedError):
    """A field of the request is missing or cannot be used."""


class MovedOnError(RefusedError):
    """The case has changed since the asker saw it."""


class ResponsibilityError(TwinModelError):
    """A list of responsibilities, or a question to it, that cannot be used; names the row and the mend."""


class DuplicateError(TwinModelError):
    """A list of duplicate rules, or cases to compare, that cannot be used; names the row and the mend."""


class CalendarError(TwinModelError):
    """A working calendar, or a moment or amount of time, that cannot be counted with; names the row and the mend."""


class ServiceLevelError(TwinModelError):
    """A list of service levels, or a question to it, that cannot be used; names the row and the mend."""
