"""``/api/cases``: reports in, cases out, and every action on them."""

from collections.abc import Callable, Mapping
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, Protocol

from flask import Blueprint, Response, request

from app.api.case_desk import MAX_BODY, MAX_TEXT_BODY, CaseDesk, Identities, do, do_all, need_desk, only_post, source_of
from app.api.case_document import (
    actions_of,
    case_document,
    check_sight,
    outcome_document,
    receipt_document,
    receipt_status,
)
from app.api.case_fields import ACTION_FIELDS, MAX_REF, STRUCTURED, of_form, read_fields, report_of
from app.api.json_answer import json_answer
from app.api.json_body import check_text, read_json, read_lines, read_object
from app.api.photo_upload import AFTER, BEFORE, OTHER, take_photos
from app.api.request_errors import JsonError, MediaTypeError, RequestError, TooLargeError, UnknownThingError
from datastore.meta import Meta
from datastore.queries.case_events import case_events
from datastore.queries.reporter_of import reporter_of
from datastore.store import Store
from twin_model.actor import SEES_REPORTER, Actor
from twin_model.case_decide import check_current
from twin_model.command import Command
from twin_model.next_step import ONLY_SYSTEM
from twin_model.photo import PhotoFacts
from twin_model.workflow import Action

JSON_TYPE, LINES_TYPE, FORM_TYPE = "application/json", "application/x-ndjson", "multipart/form-data"
MAX_BATCH = 1000
"""Reports, or cases of one action, in one request."""
CASES, TOKENS = "/api/cases", "/open311/v2/tokens"
"""Where a report is looked for afterwards: as a case, or while it waits as a candidate."""
REF_HEADER = "Idempotency-Key"
PHOTO = "photo"
"""Name of the parts of a form that are photos."""

_ELSEWHERE = {Action.REPORT, Action.CANDIDATE, Action.PROMOTE, Action.DISMISS, Action.RULES}
ACTIONS = tuple(action for action in Action if action not in ONLY_SYSTEM | _ELSEWHERE)
"""Actions that can be asked for on a case."""
PHOTO_ACTIONS = (
    Action.PHOTO, Action.FEEDBACK, Action.CONFIRM, Action.REFUSE, Action.CHECK, Action.CLOSE, Action.REWORK,
    Action.NOTE,
)  # fmt: skip
"""Actions that photos can come with."""
_PHASES = {Action.FEEDBACK: AFTER, Action.REPORT: BEFORE, Action.CONFIRM: BEFORE}


class CaseData(Protocol):
    """What the case interface needs of the data manager."""

    store: Store


def utc_now() -> datetime:
    """Tell the time."""
    return datetime.now(UTC)


def cases_blueprint(
    data: CaseData, desk: CaseDesk | None, identities: Identities, now: Callable[[], datetime] = utc_now
) -> Blueprint:
    """Blueprint of the case interface; errors are problem documents.

    Parameters
    ----------
    data
        The data manager.
    desk
        Where commands go; None where nothing is written.
    identities
        Tells who asks.
    now
        Clock.

    Raises
    ------
    RequestError
        While answering: if a request cannot be read (400).
    MediaTypeError
        While answering: if its body is of a type that is not taken here (415).
    TooLargeError
        While answering: if there is too much of it (413).
    UnknownThingError, UnknownCaseError
        While answering: if there is no such action or case (404).
    RefusedError
        While answering: if the desk refuses it (403, 409, 412, 422).
    """
    blueprint = Blueprint("cases", __name__)
    for place, address in enumerate(("/api/cases", "/api/cases/<case_no>/<path:action>")):
        blueprint.add_url_rule(address, f"only_post_{place}", only_post)
    _add_reports(blueprint, data, desk, identities, now)
    _add_actions(blueprint, data, desk, identities, now)

    @blueprint.get("/api/cases/<case_no>")
    def _case(case_no: str) -> Response:
        actor = identities.of_request(request)
        record = need_desk(desk).read(case_no)
        check_sight(actor, record.file)
        with data.store.read() as cursor:
            events = case_events(cursor, record.key, record.last_seq).to_pylist()
            reporters = reporter_of(cursor, case_no).to_pylist() if actor.role in SEES_REPORTER else []
        told = case_document(record, actor, events)
        if reporters:
            told["reporter"] = read_json(reporters[-1]["body"].encode(), "the reporter")
        response = json_answer(told)
        response.set_etag(str(record.last_seq))
        return response

    return blueprint


def _add_reports(
    blueprint: Blueprint, data: CaseData, desk: CaseDesk | None, identities: Identities, now: Callable[[], datetime]
) -> None:
    @blueprint.post("/api/cases")
    def _report() -> Response:
        kind = _content_type(JSON_TYPE, LINES_TYPE, FORM_TYPE)
        actor = identities.of_request(request)
        if kind == LINES_TYPE:
            return json_answer({"results": _reported_lines(need_desk(desk), actor, _body(MAX_BODY))})
        values = _form_values() if kind == FORM_TYPE else read_object(_body(MAX_TEXT_BODY))
        command = _report_command(actor, _with_ref(values))
        if kind == FORM_TYPE:
            photos = _photos(data.store.path.parent, data.store.meta(), Action.REPORT, _lonlat(command.data), now())
            command = _with_photos(command, photos)
        receipt = do(need_desk(desk), command)
        response = json_answer(receipt_document(receipt), receipt_status(receipt))
        response.headers["Location"] = (
            f"{TOKENS}/{receipt.case_no}.json" if receipt.candidate else f"{CASES}/{receipt.case_no}"
        )
        return response


def _add_actions(
    blueprint: Blueprint, data: CaseData, desk: CaseDesk | None, identities: Identities, now: Callable[[], datetime]
) -> None:
    @blueprint.post("/api/cases/<case_no>/<action>")
    def _act(case_no: str, action: str) -> Response:
        asked = action_of(action)
        kind = _content_type(JSON_TYPE, *([FORM_TYPE] if asked in PHOTO_ACTIONS else []))
        actor, ours = identities.of_request(request), need_desk(desk)
        values = _form_values() if kind == FORM_TYPE else read_object(_body(MAX_TEXT_BODY) or b"{}")
        fields = read_fields(values, ACTION_FIELDS, asked)
        command = Command(asked, actor, case_no, fields, if_last=_if_match())
        if kind == FORM_TYPE:
            record = ours.read(case_no)
            check_current(command, record.last_seq)
            if asked.value in actions_of(actor, record.file):  # else the desk says why not, and no photo is kept
                place = (record.file.lon, record.file.lat) if record.file.is_placed else None
                photos = _photos(data.store.path.parent, data.store.meta(), asked, place, now())  # type: ignore[arg-type]  # placed
                command = _with_photos(command, photos)
        receipt = do(ours, command)
        response = json_answer(receipt_document(receipt))
        response.set_etag(str(receipt.seq))
        return response

    @blueprint.post("/api/cases/actions")
    def _act_on_many() -> Response:
        _content_type(JSON_TYPE)
        actor, ours = identities.of_request(request), need_desk(desk)
        asked, numbers, fields = _read_many(read_object(_body(MAX_TEXT_BODY)))
        outcomes = do_all(ours, [Command(asked, actor, number, fields) for number in numbers])
        results = [{"case_no": no, **outcome_document(each)} for no, each in zip(numbers, outcomes, strict=True)]
        return json_answer({"results": results})


# ---- reading a request ----


def action_of(name: str) -> Action:
    """Find the action of a name in an address.

    Raises
    ------
    UnknownThingError
        If it is none that can be asked for.
    """
    found = next((action for action in ACTIONS if action == name), None)
    if found is None:
        raise UnknownThingError(f"there is no action {name[:40]!r}; there are {', '.join(ACTIONS)}")
    return found


def _content_type(*taken: str) -> str:
    request.max_content_length = MAX_BODY  # before anybody looks into the body
    if request.mimetype not in taken:
        raise MediaTypeError(f"the body is {request.mimetype or 'of no type'}; send {' or '.join(taken)}")
    return request.mimetype


def _body(most: int) -> bytes:
    body = request.get_data(cache=False)
    if len(body) > most:
        raise TooLargeError(f"the body has {len(body)} bytes; at most {most} are taken here")
    return body


def _form_values() -> dict[str, object]:
    if None in request.form:
        raise RequestError("a part of the form has no name; give each one")
    doubled = [name for name, values in request.form.lists() if len(values) > 1]
    if doubled:
        raise RequestError(f"field {doubled[0][:60]!r} is given twice; give it once")
    for name, value in request.form.items():
        check_text(value, name[:60])
    plain = {name: value for name, value in request.form.items() if name not in ("phase", "api_key", "as")}
    return of_form(plain, STRUCTURED)


def _with_ref(values: Mapping[str, object]) -> dict[str, object]:
    """Fields of a report, with the ref that a header gives in place of the field."""
    header = request.headers.get(REF_HEADER, "").strip()
    check_text(header, REF_HEADER)
    if header and values.get("ref") not in (None, header):
        raise RequestError(f"ref and the header {REF_HEADER} differ; give one of them")
    if len(header) > MAX_REF:
        raise RequestError(f"{REF_HEADER} has {len(header)} characters; at most {MAX_REF} are kept")
    return {**values, "ref": header} if header else dict(values)


def _report_command(actor: Actor, values: Mapping[str, object]) -> Command:
    fields, private = report_of(values)
    fields["source"] = source_of(actor, fields.get("source", ""))
    return Command(Action.REPORT, actor, data=fields, private=private)


def _reported_lines(desk: CaseDesk, actor: Actor, body: bytes) -> list[dict[str, Any]]:
    """Take reports in, one a line, and tell what became of each."""
    read: dict[int, Command | Exception] = {}
    for number, values in read_lines(body, MAX_BATCH):
        try:
            read[number] = values if isinstance(values, Exception) else _report_command(actor, values)
        except (ValueError, RequestError) as error:  # the model's errors are values that cannot be
            read[number] = error
    outcomes = iter(do_all(desk, [each for each in read.values() if isinstance(each, Command)]))
    return [
        {"line": number, **outcome_document(next(outcomes) if isinstance(each, Command) else each)}
        for number, each in read.items()
    ]


def _read_many(body: dict[str, Any]) -> tuple[Action, list[str], dict[str, Any]]:
    unknown = [name for name in body if name not in ("action", "cases", "data")]
    if unknown:
        raise JsonError(f"the body has no member {unknown[0][:60]!r}; it has action, cases and data")
    numbers, values = body.get("cases"), body.get("data", {})
    if not isinstance(numbers, list) or not numbers or not all(type(number) is str for number in numbers):
        raise JsonError("cases is no list of case numbers")
    if len(numbers) > MAX_BATCH:
        raise TooLargeError(f"cases has {len(numbers)} numbers; at most {MAX_BATCH} are taken at once")
    if not isinstance(values, dict):
        raise JsonError("data is no JSON object")
    asked = action_of(str(body.get("action", "")))
    return asked, list(dict.fromkeys(numbers)), read_fields(values, ACTION_FIELDS, asked)


def _if_match() -> int | None:
    text = request.headers.get("If-Match", "").strip()
    if text in ("", "*"):
        return None
    seq = text.removeprefix("W/").strip('"')
    if not (seq.isascii() and seq.isdecimal() and len(seq) <= 18):  # noqa: PLR2004 - digits of the largest seq
        raise RequestError(f"If-Match {text[:40]!r} is no seq of an event; give the one of the case as you read it")
    return int(seq)


def _photos(
    data_dir: Path, meta: Meta, action: Action, lonlat: tuple[float, float] | None, moment: datetime
) -> tuple[tuple[str, PhotoFacts], ...]:
    phase = request.form.get("phase", "") or _PHASES.get(action, OTHER)
    files = request.files.getlist(PHOTO)
    return take_photos(data_dir, files, phase, lonlat=lonlat, zone=meta.zone, now=moment)


def _with_photos(command: Command, photos: tuple[tuple[str, PhotoFacts], ...]) -> Command:
    return Command(
        command.action, command.actor, command.case_no, command.data, command.private, photos, command.if_last
    )


def _lonlat(fields: Mapping[str, Any]) -> tuple[float, float] | None:
    return (float(fields["lon"]), float(fields["lat"])) if "lon" in fields and "lat" in fields else None
