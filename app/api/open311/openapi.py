"""Description of Open311 GeoReport v2 as it is spoken here."""

from app.api.open311.answer import FORMATS
from app.api.open311.parameters import MAX_PAGE, MAX_REQUESTS
from app.api.open311.report import MAX_DESCRIPTION, MAX_REF, REF_HEADER
from app.api.openapi_parts import FLAG, MOMENT, NUMBER, TEXT, Node, body, many, maybe, parameter, ref, response, shape

ROOT = "/open311/v2"
_FMT = parameter("fmt", "Format of the answer.", {"type": "string", "enum": list(FORMATS)}, "path")
_JURISDICTION = parameter("jurisdiction_id", "The city's code; another one is not found.", TEXT)
_LOCALE = parameter("locale", "Language of names and notes: zh-CN or en (an extension).", TEXT)
_COMMON = [_FMT, _JURISDICTION, _LOCALE]


def paths() -> Node:
    """Paths by address."""
    return {
        f"{ROOT}/discovery.{{fmt}}": {"get": _get("discovery", "Endpoints", "Open311Discovery", [_FMT, _LOCALE])},
        f"{ROOT}/services.{{fmt}}": {"get": _get("services", "What can be reported", "Open311Services", _COMMON)},
        f"{ROOT}/services/{{service_code}}.{{fmt}}": {
            "get": _get("service", "What more a service asks", "Open311Definition", [_path("service_code"), *_COMMON])
        },
        f"{ROOT}/requests.{{fmt}}": {
            "get": _get("requests", "Requests, the latest first", "Open311Requests", [*_COMMON, *_filters()]),
            "post": _post(),
        },
        f"{ROOT}/requests/{{service_request_id}}.{{fmt}}": {
            "get": _get(
                "request", "One request", "Open311Requests", [_path("service_request_id"), *_COMMON, _EXTENSIONS]
            )
        },
        f"{ROOT}/tokens/{{token}}.{{fmt}}": {
            "get": _get("token", "What became of a report", "Open311Tokens", [_path("token"), *_COMMON])
        },
    }


def schemas() -> Node:
    """Schemas by name."""
    words = maybe(TEXT)
    service = {
        "service_code": TEXT, "service_name": TEXT, "description": TEXT, "metadata": FLAG,
        "type": {"type": "string", "enum": ["realtime", "batch", "blackbox"]}, "keywords": TEXT, "group": TEXT,
    }  # fmt: skip
    attribute = {
        "variable": FLAG, "code": TEXT, "datatype": TEXT, "required": FLAG, "datatype_description": TEXT,
        "order": {"type": "integer"}, "description": TEXT, "values": many(shape({"key": TEXT, "name": TEXT})),
    }  # fmt: skip
    request = {
        "service_request_id": TEXT, "status": {"type": "string", "enum": ["open", "closed"]}, "status_notes": TEXT,
        "service_name": TEXT, "service_code": TEXT, "description": words, "agency_responsible": words,
        "service_notice": words, "requested_datetime": MOMENT, "updated_datetime": MOMENT,
        "expected_datetime": maybe(MOMENT), "address": words, "address_id": words, "zipcode": words,
        "lat": maybe(NUMBER), "long": maybe(NUMBER), "media_url": words, "extended_attributes": shape({}),
    }  # fmt: skip
    endpoint = dict.fromkeys(("specification", "url", "changeset", "type", "jurisdiction_id"), TEXT)
    return {
        "Open311Errors": many(shape({"code": TEXT, "description": TEXT}, ("code", "description"))),
        "Open311Discovery": shape(
            {
                "changeset": MOMENT, "contact": TEXT, "key_service": TEXT,
                "endpoints": many(shape({**endpoint, "formats": many(TEXT)})),
            },
            ("endpoints",),
        ),
        "Open311Services": many(shape(service, tuple(service))),
        "Open311Definition": shape(
            {"service_code": TEXT, "attributes": many(shape(attribute, ("variable", "code", "datatype", "required")))},
            ("service_code", "attributes"),
        ),
        "Open311Requests": many(shape(request, tuple(name for name in request if name != "extended_attributes"))),
        "Open311Tokens": many(shape({"service_request_id": words, "token": TEXT, "state": TEXT}, ("token",))),
        "Open311Acknowledged": many(
            shape({"service_request_id": TEXT, "token": TEXT, "service_notice": words, "account_id": words})
        ),
        "Open311Report": shape(_report_fields(), ("service_code",)),
        "Open311ReportWithMedia": shape(
            {**_report_fields(), "media": many({"type": "string", "format": "binary"})}, ("service_code",)
        ),
    }  # fmt: skip


_TEXT_FIELDS = (
    "jurisdiction_id", "service_code", "address_string", "address_id", "email", "device_id", "account_id", "first_name",
    "last_name", "phone", "media_url", "api_key", "source", "attribute[condition]", "attribute[component]",
)  # fmt: skip
_EXTENSIONS = parameter("extensions", "With extended_attributes (an extension).", {"type": "string", "enum": ["true"]})


def _path(name: str) -> Node:
    return parameter(name, "As the answers name it.", TEXT, "path")


def _get(name: str, summary: str, schema: str, parameters: list[Node]) -> Node:
    return {
        "operationId": f"open311_{name}",
        "summary": summary,
        "tags": ["open311"],
        "parameters": parameters,
        "responses": {"200": _answer("Found.", schema), "default": _answer("What was wrong.", "Open311Errors")},
    }


def _answer(description: str, schema: str) -> Node:
    return response(description, {"application/json": ref(schema), "text/xml": {}})


def _filters() -> list[Node]:
    moment = "A W3C moment with zone, or a date in the city."
    return [
        parameter("service_request_id", "Numbers, by commas; overrules all else.", TEXT),
        parameter("service_code", "Codes, by commas.", TEXT),
        parameter("start_date", f"First moment of report. {moment} At most 90 days before end_date.", TEXT),
        parameter("end_date", f"Last moment of report. {moment}", TEXT),
        parameter("status", "open or closed, by commas.", TEXT),
        parameter("updated_after", f"First moment of the latest change (an extension). {moment}", TEXT),
        parameter("updated_before", f"Last moment of the latest change (an extension). {moment}", TEXT),
        parameter("bbox", "west,south,east,north in degrees (an extension).", TEXT),
        parameter(
            "page", "Page, from 1 (an extension).", {"type": "integer", "minimum": 1, "maximum": MAX_PAGE, "default": 1}
        ),
        parameter(
            "page_size",
            "Requests on a page (an extension).",
            {"type": "integer", "minimum": 1, "maximum": MAX_REQUESTS, "default": MAX_REQUESTS},
        ),
        _EXTENSIONS,
    ]


def _report_fields() -> Node:
    fields = dict.fromkeys(_TEXT_FIELDS, TEXT)
    return {
        **fields,
        "lat": NUMBER,
        "long": NUMBER,
        "description": {"type": "string", "maxLength": MAX_DESCRIPTION},
        "ref": {"type": "string", "maxLength": MAX_REF},
        "confidence": {"type": "number", "minimum": 0, "maximum": 1},
    }


def _post() -> Node:
    return {
        "operationId": "open311_report",
        "summary": "Report a problem",
        "tags": ["open311"],
        "parameters": [
            _FMT,
            parameter(
                REF_HEADER, "The sender's own id; the same one is the same report (an extension).", TEXT, "header"
            ),
        ],
        "requestBody": body(
            {
                "application/x-www-form-urlencoded": ref("Open311Report"),
                "multipart/form-data": ref("Open311ReportWithMedia"),
            }
        ),
        "responses": {
            "200": _answer("It had come before; nothing was changed.", "Open311Acknowledged"),
            "201": _answer("Taken in.", "Open311Acknowledged"),
            "default": _answer("What was wrong.", "Open311Errors"),
        },
    }
