"""What a client of the case interfaces can get wrong before a case is looked at."""

from app.errors import AppError


class RequestError(AppError):
    """A request that cannot be read: a parameter, a header, a line (400)."""


class JsonError(RequestError):
    """A body that is no JSON, or JSON that readers would understand differently (400)."""


class MediaTypeError(AppError):
    """A body of a content type that is not taken here (415)."""


class TooLargeError(AppError):
    """More than is taken at once (413)."""


class UnknownThingError(AppError):
    """A thing that the address names and that there is not (404)."""


class DecidedError(AppError):
    """Something that was decided before (409)."""


class NoDeskError(AppError):
    """A server that only shows what its store held when it began (503)."""


class SlowDeskError(AppError):
    """No answer in time; what was asked for may still happen (503)."""
