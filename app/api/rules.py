"""``/api/rules``: rules in force, their documents and versions; an administrator adds one."""

from collections.abc import Callable, Mapping
from datetime import UTC, datetime
from typing import Any, Protocol

from flask import Blueprint, Response, request

from app.api.case_desk import Identities
from app.api.json_answer import json_answer
from app.api.json_body import DecimalText, read_object
from app.api.request_errors import MediaTypeError, NoDeskError, RequestError, TooLargeError, UnknownThingError
from datastore.rule_change import need_admin, put_rules
from datastore.rule_store import NoRulesError, RuleVersion, read_document, rule_versions
from datastore.store import Store
from twin_model.rule_book import RuleKind
from twin_model.rule_document import checked_document

JSON_TYPE = "application/json"
MAX_BODY = 8 << 20
"""Bytes of a document and what is said of it."""
FIELDS = ("document", "note", "valid_from", "if_version")


class RuleData(Protocol):
    """What the rule interface needs of the data manager."""

    store: Store


class RuleDesk(Protocol):
    """The desk, as far as this interface uses it."""

    def exclusive(self, work: Callable[[Any, Any], Any]) -> Any:  # noqa: ANN401 - what the work gives
        """Do work in a transaction of its own, between two groups."""


def utc_now() -> datetime:
    """Tell the time."""
    return datetime.now(UTC)


def rules_blueprint(
    data: RuleData, desk: RuleDesk | None, identities: Identities, now: Callable[[], datetime] = utc_now
) -> Blueprint:
    """Blueprint of the rules; errors are problem documents. Rules are public: reading them asks for no actor.

    Parameters
    ----------
    data
        The data manager.
    desk
        Where new versions go; None where nothing is written.
    identities
        Tells who asks.
    now
        Clock.

    Raises
    ------
    UnknownThingError
        While answering: if there is no such kind or version (404).
    RequestError, MediaTypeError, TooLargeError
        While answering: if the request cannot be read (400, 415, 413).
    TwinModelError
        While answering: if the document cannot be used; the message names the row and the mend (400).
    NotAllowedError, MovedOnError
        While answering: if the actor is no administrator (403), or there is a later version (412).
    """
    blueprint = Blueprint("rules", __name__)

    @blueprint.get("/api/rules")
    def _list() -> Response:
        with data.store.read() as cursor:
            found = rule_versions(cursor)
        in_force = {each.kind: each.version for each in found if each.valid_from <= now()}
        told = [version_document(each, in_force=in_force.get(each.kind) == each.version) for each in found]
        return json_answer({"rules": told})

    @blueprint.get("/api/rules/<kind>")
    @blueprint.get("/api/rules/<kind>/<int:version>")
    def _document(kind: str, version: int | None = None) -> Response:
        wanted = kind_of(kind)
        with data.store.read() as cursor:
            found = rule_versions(cursor)
            try:
                number, document = read_document(cursor, wanted, version)
            except NoRulesError as error:
                raise UnknownThingError(str(error)) from error
        in_force = max((each.version for each in found if each.kind is wanted and each.valid_from <= now()), default=0)
        this = next(each for each in found if each.kind is wanted and each.version == number)
        response = json_answer({**version_document(this, in_force=in_force == number), "document": document})
        response.set_etag(this.sha256)
        return response

    @blueprint.post("/api/rules/<kind>")
    def _put(kind: str) -> Response:
        request.max_content_length = MAX_BODY + 1  # before anybody looks into the body
        wanted, actor = kind_of(kind), identities.of_request(request)
        if desk is None:
            raise NoDeskError("this server only shows what its store held when it began; ask one that takes cases in")
        need_admin(actor, "rules")
        asked, moment = _asked(read_object(_body())), now()
        document = checked_document(wanted, asked.pop("document"))  # the desk stands still for what can be used only
        change = desk.exclusive(lambda con, _: put_rules(con, wanted, document, actor=actor, now=moment, **asked))
        told = {
            **version_document(change.version, in_force=change.version.valid_from <= moment),
            "changed": change.is_new,
        }
        response = json_answer(told, 201 if change.is_new else 200)
        response.headers["Location"] = f"/api/rules/{wanted}/{change.version.version}"
        return response

    return blueprint


def kind_of(name: str) -> RuleKind:
    """Find the kind of a name in an address.

    Raises
    ------
    UnknownThingError
        If it is none.
    """
    if name not in set(RuleKind):
        raise UnknownThingError(f"there are no {name[:40]!r} rules; there are {', '.join(RuleKind)}")
    return RuleKind(name)


def version_document(version: RuleVersion, *, in_force: bool) -> dict[str, Any]:
    """Version as JSON has it, without its document."""
    return {
        "kind": version.kind.value,
        "version": version.version,
        "in_force": in_force,
        "valid_from": version.valid_from.isoformat(),
        "created_at": version.created_at.isoformat(),
        "created_by": version.created_by,
        "note": version.note,
        "sha256": version.sha256,
    }


def _body() -> bytes:
    if request.mimetype != JSON_TYPE:
        raise MediaTypeError(f"the body is {request.mimetype or 'of no type'}; send {JSON_TYPE}")
    body = request.get_data(cache=False)
    if len(body) > MAX_BODY:
        raise TooLargeError(f"the body has {len(body)} bytes; at most {MAX_BODY} are taken here")
    return body


def _asked(values: Mapping[str, Any]) -> dict[str, Any]:
    """Arguments of `put_rules` that a body gives.

    Raises
    ------
    RequestError
        If a member is missing, unknown or of another type.
    """
    for name in values:
        if name not in FIELDS:
            raise RequestError(f"the body has the unknown member {name[:40]!r}; it has {', '.join(FIELDS)}")
    if not isinstance(values.get("document"), dict):
        raise RequestError('the body has no document; send {"note": "…", "document": {…}}')
    note, begins, known = (values.get(name) for name in ("note", "valid_from", "if_version"))
    if not isinstance(note, str):
        raise RequestError("the body has no note; say what changes and why")
    if known is not None and (not isinstance(known, int) or isinstance(known, bool)):
        raise RequestError(f"if_version is {known!r}; send the number of the newest version that you know")
    return {
        "document": _with_numbers(values["document"]),
        "note": note,
        "valid_from": None if begins is None else _moment(begins),
        "if_version": known,
    }


def _moment(text: object) -> datetime:
    try:
        moment = datetime.fromisoformat(text) if isinstance(text, str) else None
        if moment is not None and moment.tzinfo is not None:
            return moment.astimezone(UTC)
    except (ValueError, OverflowError):
        pass
    raise RequestError(f"valid_from is {text!r}; send a moment with its zone, such as 2026-12-01T00:00:00+08:00")


def _with_numbers(value: Any) -> Any:  # noqa: ANN401 - any JSON value
    """Document with its decimals as numbers: rules compare them, and no hash depends on how they were written."""
    if isinstance(value, dict):
        return {name: _with_numbers(each) for name, each in value.items()}
    if isinstance(value, list):
        return [_with_numbers(each) for each in value]
    return float(value) if isinstance(value, DecimalText) else value
