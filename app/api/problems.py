"""Problem documents (RFC 9457), from one table of error classes; below ``/open311/`` that standard's own errors."""

import logging
from http import HTTPStatus

from flask import Flask, Response, json, request
from werkzeug.exceptions import HTTPException

from app.api.features.errors import (
    FeatureRequestError,
    NotAcceptableError,
    UnknownCollectionError,
    UnknownFeatureError,
)
from app.api.open311.answer import PREFIX as OPEN311
from app.api.open311.answer import error_answer
from app.api.request_errors import (
    DecidedError,
    MediaTypeError,
    NoDeskError,
    RequestError,
    SlowDeskError,
    TooLargeError,
    UnknownThingError,
)
from app.errors import AppError, UnknownTableError
from app.identity import ForeignPageError, UnauthorisedError, UnknownActorError
from datastore.errors import (
    DatastoreError,
    DeskClosedError,
    PhotoError,
    PhotoTooLargeError,
    PhotoTypeError,
    StoreBusyError,
    StoreFullError,
    UnknownCaseError,
    UnknownCodeError,
    UnknownPhotoError,
)
from layers.errors import LayerError
from twin_model.errors import FieldError, IllegalMoveError, MovedOnError, NotAllowedError, RefusedError, TwinModelError

log = logging.getLogger(__name__)

STATUS: dict[type[Exception], int] = {
    UnknownTableError: 404,
    FeatureRequestError: 400,
    UnknownCollectionError: 404,
    UnknownFeatureError: 404,
    NotAcceptableError: 406,
    RequestError: 400,
    MediaTypeError: 415,
    TooLargeError: 413,
    UnknownThingError: 404,
    DecidedError: 409,
    NoDeskError: 503,
    SlowDeskError: 503,
    UnauthorisedError: 401,
    UnknownActorError: 403,
    ForeignPageError: 403,
    RefusedError: 409,
    IllegalMoveError: 409,
    NotAllowedError: 403,
    FieldError: 422,
    MovedOnError: 412,
    TwinModelError: 400,
    UnknownCodeError: 400,
    UnknownCaseError: 404,
    PhotoError: 400,
    PhotoTooLargeError: 413,
    PhotoTypeError: 415,
    UnknownPhotoError: 404,
    StoreBusyError: 503,
    StoreFullError: 507,
    DeskClosedError: 503,
    DatastoreError: 500,
    LayerError: 500,
    AppError: 500,
}
"""HTTP status of each error class; the most derived class that is listed decides."""

CHALLENGE = 'Bearer realm="citydeck"'
"""How one says who one is."""

INTERFACES = ("/api/", "/features/", OPEN311)
"""Beginnings of the addresses that programs ask, not people."""


def status_of(error: Exception) -> int:
    """HTTP status of an error: that of its nearest listed class, else 500."""
    return next((STATUS[cls] for cls in type(error).__mro__ if cls in STATUS), 500)


def problem(status: int, title: str, detail: str) -> Response:
    """Problem document."""
    body = {"type": "about:blank", "status": status, "title": title, "detail": detail, "instance": request.path}
    return Response(json.dumps(body, ensure_ascii=False), status, mimetype="application/problem+json")


def register_problems(server: Flask) -> None:
    """Answer every error of ours, and every HTTP error under an interface of ours, as its interface does."""

    def ours(error: Exception) -> Response:
        status = status_of(error)
        if status >= 500:  # noqa: PLR2004 - the class of server errors
            log.error("%s failed: %s", request.path, error)
        return _answer(status, type(error).__name__, str(error))

    def http(error: HTTPException) -> Response | HTTPException:
        if not request.path.startswith(INTERFACES):
            return error
        answer = _answer(error.code or 500, error.name, error.description or error.name)
        allowed = getattr(error, "valid_methods", None)
        if allowed:
            answer.headers["Allow"] = ", ".join(sorted(allowed))
        return answer

    for cls in STATUS:
        server.register_error_handler(cls, ours)
    server.register_error_handler(HTTPException, http)


def _answer(status: int, title: str, detail: str) -> Response:
    if request.path.startswith(OPEN311):
        return error_answer(status, detail, request.path)
    answer = problem(status, title, detail)
    if status == HTTPStatus.UNAUTHORIZED:
        answer.headers["WWW-Authenticate"] = CHALLENGE
    return answer
