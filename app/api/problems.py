"""Problem documents (RFC 9457), from one table of error classes."""

import logging

from flask import Flask, Response, json, request
from werkzeug.exceptions import HTTPException

from app.api.features.errors import (
    FeatureRequestError,
    NotAcceptableError,
    UnknownCollectionError,
    UnknownFeatureError,
)
from app.errors import AppError, UnknownTableError
from datastore.errors import DatastoreError, StoreBusyError, UnknownCodeError
from layers.errors import LayerError
from twin_model.errors import TwinModelError

log = logging.getLogger(__name__)

STATUS: dict[type[Exception], int] = {
    UnknownTableError: 404,
    FeatureRequestError: 400,
    UnknownCollectionError: 404,
    UnknownFeatureError: 404,
    NotAcceptableError: 406,
    TwinModelError: 400,
    UnknownCodeError: 400,
    StoreBusyError: 503,
    DatastoreError: 500,
    LayerError: 500,
    AppError: 500,
}
"""HTTP status of each error class; the most derived class that is listed decides."""

INTERFACES = ("/api/", "/features/")
"""Beginnings of the addresses that programs ask, not people."""


def status_of(error: Exception) -> int:
    """HTTP status of an error: that of its nearest listed class, else 500."""
    return next((STATUS[cls] for cls in type(error).__mro__ if cls in STATUS), 500)


def problem(status: int, title: str, detail: str) -> Response:
    """Problem document."""
    body = {"type": "about:blank", "status": status, "title": title, "detail": detail, "instance": request.path}
    return Response(json.dumps(body, ensure_ascii=False), status, mimetype="application/problem+json")


def register_problems(server: Flask) -> None:
    """Answer every error of ours, and every HTTP error under an interface of ours, with a problem document."""

    def ours(error: Exception) -> Response:
        status = status_of(error)
        if status >= 500:  # noqa: PLR2004 - the class of server errors
            log.error("%s failed: %s", request.path, error)
        return problem(status, type(error).__name__, str(error))

    def http(error: HTTPException) -> Response | HTTPException:
        if not request.path.startswith(INTERFACES):
            return error
        return problem(error.code or 500, error.name, error.description or error.name)

    for cls in STATUS:
        server.register_error_handler(cls, ours)
    server.register_error_handler(HTTPException, http)
