"""Errors of the application: one root, each with the thing, the place and the mend in its message."""


class AppError(RuntimeError):
    """Root of every error that the application raises."""


class SettingsError(AppError):
    """A setting that cannot be used; the message names it and an accepted value."""


class PortInUseError(AppError):
    """The address to serve on is taken; the message names a way out."""


class UnknownTableError(AppError):
    """A wire table that does not exist."""


class UnknownQueryError(AppError):
    """A question that the data manager has no query for."""
