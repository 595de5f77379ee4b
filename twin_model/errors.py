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
