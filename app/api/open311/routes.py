"""Addresses of Open311 GeoReport v2."""

from collections.abc import Callable
from datetime import UTC, datetime, tzinfo
from functools import partial
from typing import Any, Protocol

from flask import Blueprint, Response, request, url_for
from werkzeug.datastructures import CombinedMultiDict, MultiDict

from app.api.case_desk import MAX_BODY, MAX_TEXT_BODY, CaseDesk, Identities, do, need_desk, source_of
from app.api.open311.answer import PREFIX, answer
from app.api.open311.discovery import discovery
from app.api.open311.parameters import one, read_numbers, read_wanted
from app.api.open311.report import REF_HEADER, ReportForm, case_fields, read_report
from app.api.open311.service import Service, services
from app.api.open311.service_request import RequestView
from app.api.photo_upload import BEFORE, take_photos
from app.api.request_errors import MediaTypeError, RequestError, UnknownThingError
from app.i18n import Catalogue, catalogue
from app.identity import UnauthorisedError
from app.state import LANGUAGES
from datastore.desk.receipt import Receipt
from datastore.queries.open311_place import open311_place
from datastore.queries.open311_requests import open311_requests, open311_requests_by_no
from datastore.queries.open311_services import open311_jurisdiction, open311_services
from datastore.queries.open311_token import open311_token
from datastore.store import Store
from twin_model.actor import Actor
from twin_model.case_file import CaseFile
from twin_model.command import Command
from twin_model.workflow import Action

VERSION = "/v2"
WITH_FILES = "multipart/form-data"
FORMS = ("application/x-www-form-urlencoded", WITH_FILES)
MEDIA = "media"
"""Name of the parts that are photos; an extension of ours."""
PUBLIC = "public"
"""Actor that reports where nobody says who one is."""
_FMT = "<any(json, xml):fmt>"


class Open311Data(Protocol):
    """What Open311 needs of the data manager."""

    store: Store


def utc_now() -> datetime:
    """Tell the time."""
    return datetime.now(UTC)


def open311_blueprint(
    data: Open311Data, desk: CaseDesk | None, identities: Identities, now: Callable[[], datetime] = utc_now
) -> Blueprint:
    """Blueprint that serves Open311 GeoReport v2; errors are answered by `app.api.problems` in the standard's form.

    Parameters
    ----------
    data
        The data manager.
    desk
        Takes reports in; None where nothing is written.
    identities
        Tells who reports; reading needs nobody.
    now
        Clock.

    Raises
    ------
    RequestError
        While answering: if a parameter cannot be used (400).
    UnknownThingError
        While answering: if there is no such jurisdiction, service, request, token or building (404).
    MediaTypeError
        While answering: if a report is no form (415).
    """
    blueprint = Blueprint("open311", __name__, url_prefix=PREFIX.rstrip("/"))
    _add_descriptions(blueprint, data, desk)
    _add_requests(blueprint, data, now)

    @blueprint.get("/", defaults={"rest": ""})
    @blueprint.get("/<path:rest>")
    def _nothing(rest: str) -> Response:
        raise UnknownThingError(f"there is nothing at {rest[:60]!r}; /open311/v2/discovery.xml names what there is")

    @blueprint.post(f"{VERSION}/requests.{_FMT}")
    def _report(fmt: str) -> Response:
        form = _form()
        _check_jurisdiction(data, form)
        report = read_report(form, request.headers.get(REF_HEADER, "").strip())
        service = _service(data, desk, one(form, "service_code"))
        actor = _reporter(identities)
        zone = data.store.meta().zone
        receipt = _take_in(data, need_desk(desk), actor, report, service, zone=zone, moment=now())
        view = RequestView(_texts(form), zone)
        return answer(fmt, "service_requests", [_acknowledged(view, receipt, report)], 200 if receipt.repeated else 201)

    return blueprint


def _add_descriptions(blueprint: Blueprint, data: Open311Data, desk: CaseDesk | None) -> None:
    """Add the addresses that describe what can be reported."""

    @blueprint.get(f"{VERSION}/discovery.{_FMT}")
    def _discovery(fmt: str) -> Response:
        url = url_for("open311._discovery", fmt=fmt, _external=True).rpartition("/")[0]
        told = discovery(url, _jurisdiction(data), data.store.meta(), _texts(request.args))
        return answer(fmt, "discovery", told)

    @blueprint.get(f"{VERSION}/services.{_FMT}")
    def _list(fmt: str) -> Response:
        _check_jurisdiction(data, request.args)
        texts = _texts(request.args)
        return answer(fmt, "services", [each.listed(texts) for each in _services(data, desk).values()])

    @blueprint.get(f"{VERSION}/services/<code>.{_FMT}")
    def _definition(code: str, fmt: str) -> Response:
        _check_jurisdiction(data, request.args)
        service = _service(data, desk, code)
        return answer(fmt, "service_definition", service.defined(_texts(request.args)))


def _add_requests(blueprint: Blueprint, data: Open311Data, now: Callable[[], datetime]) -> None:
    """Add the addresses that tell what became of reports."""

    @blueprint.get(f"{VERSION}/requests.{_FMT}")
    def _requests(fmt: str) -> Response:
        _check_jurisdiction(data, request.args)
        meta = data.store.meta()
        numbers = read_numbers(request.args)
        # What a store's data call now may lie before the clock's; nothing that came since is left out.
        wanted = read_wanted(request.args, min(now(), meta.as_of or now()), meta.zone)
        with data.store.read() as cursor:
            if numbers:
                rows = open311_requests_by_no(cursor, numbers)
            else:
                _check_services(cursor, wanted.classes)
                rows = open311_requests(cursor, wanted)
        if numbers and not rows.num_rows:
            raise UnknownThingError(f"no service request has the id {numbers[0][:40]!r}")
        view = RequestView(_texts(request.args), meta.zone, extended=one(request.args, "extensions") == "true")
        return answer(fmt, "service_requests", [view.request(row) for row in rows.to_pylist()])

    @blueprint.get(f"{VERSION}/requests/<number>.{_FMT}")
    def _request(number: str, fmt: str) -> Response:
        _check_jurisdiction(data, request.args)
        with data.store.read() as cursor:
            rows = open311_requests_by_no(cursor, [number]).to_pylist()
        if not rows:
            raise UnknownThingError(f"no service request has the id {number[:40]!r}")
        extended = one(request.args, "extensions") == "true"
        view = RequestView(_texts(request.args), data.store.meta().zone, extended=extended)
        return answer(fmt, "service_requests", [view.request(row) for row in rows])

    @blueprint.get(f"{VERSION}/tokens/<token>.{_FMT}")
    def _token(token: str, fmt: str) -> Response:
        _check_jurisdiction(data, request.args)
        return answer(fmt, "service_requests", [_became(data, token)])


# ---- reports ----


def _reporter(identities: Identities) -> Actor:
    """Tell who reports: on an open desk the public, where nobody is named."""
    try:
        return identities.of_request(request)
    except UnauthorisedError:
        if not identities.open_desk:
            raise
        return identities.chosen(PUBLIC)


def _form() -> MultiDict[str, str] | CombinedMultiDict[str, str]:
    """Fields of a report: those of the body, then those of the address."""
    request.max_content_length = MAX_BODY if request.mimetype == WITH_FILES else MAX_TEXT_BODY
    if request.mimetype not in FORMS:
        raise MediaTypeError(f"a report is a form: send {' or '.join(FORMS)}, not {request.mimetype or 'nothing'!r}")
    return CombinedMultiDict([request.form, request.args])


def _take_in(
    data: Open311Data,
    desk: CaseDesk,
    actor: Actor,
    report: ReportForm,
    service: Service,
    *,
    zone: tzinfo,
    moment: datetime,
) -> Receipt:
    source = source_of(actor, report.source)
    with data.store.read() as cursor:
        fields = case_fields(report, service, partial(open311_place, cursor))
    lonlat = (float(str(fields["lon"])), float(str(fields["lat"]))) if "lon" in fields else None
    photos = take_photos(
        data.store.path.parent,
        request.files.getlist(MEDIA),
        BEFORE,
        lonlat=lonlat,
        zone=zone,
        now=moment,
    )
    made = {**fields, "source": source}
    return do(desk, Command(Action.REPORT, actor, data=made, private=report.private, photos=photos))


def _acknowledged(view: RequestView, receipt: Receipt, report: ReportForm) -> dict[str, Any]:
    if receipt.candidate or receipt.file is None:
        told = {"token": receipt.case_no, "service_notice": view.texts.t("open311.waiting")}
    else:
        told = {"service_request_id": receipt.case_no, "service_notice": _notice(view, receipt.file)}
    return {**told, "account_id": report.account_id or None}


def _notice(view: RequestView, file: CaseFile) -> str:
    notes = view.status_notes(file.stage, file.parent)
    if file.deadline_at is None or not file.is_open:
        return notes
    return view.texts.t("open311.due", notes=notes, moment=view.moment(file.deadline_at))


def _became(data: Open311Data, token: str) -> dict[str, Any]:
    """Tell what became of a token; the number of a request is one too, that has become it at once."""
    with data.store.read() as cursor:
        waiting = open311_token(cursor, token).to_pylist()
        if waiting:
            return {"service_request_id": waiting[0]["case_no"], "token": token, "state": waiting[0]["state"]}
        if open311_requests_by_no(cursor, [token]).num_rows:
            return {"service_request_id": token, "token": token, "state": "promoted"}
    raise UnknownThingError(f"there is no token {token[:40]!r}")


# ---- what a request names ----


def _texts(arguments: MultiDict[str, str] | CombinedMultiDict[str, str]) -> Catalogue:
    return catalogue("en" if one(arguments, "locale").lower().startswith("en") else LANGUAGES[0])


def _jurisdiction(data: Open311Data) -> str:
    with data.store.read() as cursor:
        rows = open311_jurisdiction(cursor).to_pylist()
    return str(rows[0]["code"]) if rows else ""


def _check_jurisdiction(data: Open311Data, arguments: MultiDict[str, str] | CombinedMultiDict[str, str]) -> None:
    asked = one(arguments, "jurisdiction_id")
    if asked and asked != (ours := _jurisdiction(data)):
        raise UnknownThingError(f"jurisdiction_id {asked[:60]!r} was not found; this one is {ours or 'without an id'}")


def _services(data: Open311Data, desk: CaseDesk | None, code: str | None = None) -> dict[str, Service]:
    with data.store.read() as cursor:
        rows = open311_services(cursor, code).to_pylist()
    return services(rows, desk.book.levels if desk else None)


def _service(data: Open311Data, desk: CaseDesk | None, code: str) -> Service:
    if not code:
        raise RequestError("service_code was not provided; give one of /open311/v2/services")
    known = _services(data, desk, code)
    if code not in known:
        raise UnknownThingError(f"service_code {code[:60]!r} was not found; /open311/v2/services lists what there is")
    return known[code]


def _check_services(cursor: Any, codes: tuple[str, ...]) -> None:  # noqa: ANN401 - a cursor of the store
    if codes:
        known = set(open311_services(cursor)["code"].to_pylist())
        for code in codes:
            if code not in known:
                raise UnknownThingError(f"service_code {code[:60]!r} was not found")
