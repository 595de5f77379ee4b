"""What a client of the Features API can get wrong."""

from app.errors import AppError


class FeatureRequestError(AppError):
    """A parameter that the resource does not have, or a value that it cannot take (400)."""


class UnknownCollectionError(AppError):
    """A collection that does not exist (404)."""


class UnknownFeatureError(AppError):
    """A feature that the collection does not hold (404)."""


class NotAcceptableError(AppError):
    """No media type that the client accepts is given here (406)."""
