"""``/api/intake/<source>``: new work in bulk, as a file."""

from collections.abc import Callable
from datetime import UTC, datetime
from typing import Any, Protocol

from flask import Blueprint, Response, request

from app.api.case_desk import Identities, only_post
from app.api.json_answer import json_answer
from app.api.request_errors import MediaTypeError, NoDeskError, RequestError, TooLargeError, UnknownThingError
from datastore.desk.bulk import load
from datastore.desk.desk import Desk
from datastore.errors import UnknownCodeError
from datastore.sources.errors import SourceError
from datastore.sources.intake_file import IntakeFormat, read_intake

MAX_FILE = 64 << 20
"""Bytes of a request."""
FORMATS = {
    "text/csv": IntakeFormat.CSV,
    "application/x-ndjson": IntakeFormat.NDJSON,
    "application/vnd.apache.parquet": IntakeFormat.PARQUET,
    "application/vnd.apache.arrow.stream": IntakeFormat.ARROW,
}
"""Format of each content type."""


class BulkTaker(Protocol):
    """The desk, as far as bulk loads use it."""

    def exclusive(self, work: Callable[[Any, Desk], Any]) -> Any:  # noqa: ANN401 - what the work gives
        """Do work in a transaction of its own."""


def utc_now() -> datetime:
    """Tell the time."""
    return datetime.now(UTC)


def intake_blueprint(
    desk: BulkTaker | None, identities: Identities, now: Callable[[], datetime] = utc_now
) -> Blueprint:
    """Blueprint that takes files of new cases in; errors are problem documents.

    Parameters
    ----------
    desk
        Where they go; None where nothing is written.
    identities
        Tells who asks.
    now
        Clock.

    Raises
    ------
    RequestError
        While answering: if the file cannot be read (400).
    MediaTypeError
        While answering: if its content type is none of `FORMATS` (415).
    TooLargeError
        While answering: if it has more than `MAX_FILE` bytes (413).
    UnknownThingError
        While answering: if there is no such source (404).
    NotAllowedError
        While answering: if the actor may not report from it (403).
    """
    blueprint = Blueprint("intake", __name__)
    blueprint.add_url_rule("/api/intake/<source>", "only_post", only_post)

    @blueprint.post("/api/intake/<source>")
    def _load(source: str) -> Response:
        request.max_content_length = MAX_FILE
        form = FORMATS.get(request.mimetype)
        if form is None:
            raise MediaTypeError(f"the body is {request.mimetype or 'of no type'}; send {' or '.join(FORMATS)}")
        actor = identities.of_request(request)
        if desk is None:
            raise NoDeskError("this server only shows what its store held when it began; ask one that takes cases in")
        body = request.get_data(cache=False)
        if len(body) > MAX_FILE:
            raise TooLargeError(f"the body has {len(body)} bytes; at most {MAX_FILE} are taken at once")
        try:
            table = read_intake(body, form)
            report = desk.exclusive(lambda con, ours: load(con, ours, table, actor, source, now=now()))
        except SourceError as error:
            raise RequestError(str(error)) from error
        except UnknownCodeError as error:
            raise UnknownThingError(f"there is no source {source[:40]!r}; add it with citydeck source add") from error
        return json_answer(report.to_json())

    return blueprint
