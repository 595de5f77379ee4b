"""Description of the case interface: reports, cases, actions, candidates, bulk intake."""

from app.api.candidates import MAX_LIMIT, MAX_OFFSET, STATES
from app.api.case_fields import ACTION_FIELDS, MAX_REF, REPORT_FIELDS, REPORTER_FIELDS
from app.api.cases import ACTIONS, FORM_TYPE, JSON_TYPE, LINES_TYPE, MAX_BATCH, REF_HEADER
from app.api.intake import FORMATS
from app.api.openapi_parts import (
    FLAG,
    MOMENT,
    NUMBER,
    PROBLEM,
    TEXT,
    WHOLE,
    Node,
    body,
    many,
    maybe,
    parameter,
    ref,
    response,
    shape,
)
from app.api.photo_upload import PHASES

_CASE = parameter("case_no", "Case number.", TEXT, "path")
_CANDIDATE = parameter("candidate_no", "Number of the candidate.", TEXT, "path")
_IF_MATCH = parameter("If-Match", "Seq of the case's latest event as the asker knows it.", TEXT, "header")
_BULK_COUNTS = ("rows", "cases", "duplicates", "dispatched", "unplaced", "candidates", "repeated", "rejected")
_SPECIAL: Node = {
    "lon": NUMBER, "lat": NUMBER, "confidence": {"type": "number", "minimum": 0, "maximum": 1}, "amount": NUMBER,
    "distance_m": NUMBER, "evidence": {"type": "object"}, "assist": many(TEXT),
    "parts": many(shape({"unit": TEXT, "class": TEXT, "description": TEXT}, ("unit",))),
    "ref": {"type": "string", "maxLength": MAX_REF},
}  # fmt: skip
"""Fields that are no text."""


def paths() -> Node:
    """Paths by address."""
    receipt = {JSON_TYPE: ref("Receipt")}
    acting = {JSON_TYPE: ref("ActionFields"), FORM_TYPE: ref("ActionForm")}
    return {
        "/api/cases": {
            "post": _operation(
                "reportCase",
                "Report a case, or many (NDJSON)",
                {
                    "200": response(
                        "It had come before, or what became of each line.", {JSON_TYPE: {"type": "object"}}
                    ),
                    "201": response("A new case.", receipt),
                    "202": response("Waits as a candidate.", receipt),
                },
                parameters=[parameter(REF_HEADER, "In place of the field ref.", TEXT, "header")],
                sent=body({JSON_TYPE: ref("Report"), FORM_TYPE: ref("ReportForm"), LINES_TYPE: TEXT}),
            )
        },
        "/api/cases/actions": {
            "post": _operation(
                "actOnCases",
                "Do one thing with many cases",
                {"200": response("What became of each.", {JSON_TYPE: ref("Outcomes")})},
                sent=body({JSON_TYPE: ref("Actions")}),
            )
        },
        "/api/cases/{case_no}": {
            "get": _operation(
                "readCase", "One case", {"200": response("Found.", {JSON_TYPE: ref("Case")})}, parameters=[_CASE]
            )
        },
        "/api/cases/{case_no}/{action}": {
            "post": _operation(
                "actOnCase",
                "Do something with a case",
                {"200": response("Done.", receipt)},
                parameters=[_CASE, parameter("action", "What to do.", _one_of(ACTIONS), "path"), _IF_MATCH],
                sent=body(acting, required=False),
            )
        },
        "/api/intake/{source}": {
            "post": _operation(
                "loadCases",
                "New cases in bulk, as a file",
                {"200": response("What became of the rows.", {JSON_TYPE: ref("BulkReport")})},
                parameters=[parameter("source", "Code of the source.", TEXT, "path")],
                sent=body({media: {"type": "string", "format": "binary"} for media in FORMATS}),
            )
        },
        "/api/candidates": {
            "get": _operation(
                "candidates",
                "Candidates, the surest first",
                {
                    "200": response(
                        "Found.", {JSON_TYPE: shape({"candidates": many(ref("Candidate"))}, ("candidates",))}
                    )
                },
                parameters=_listing(),
            )
        },
        "/api/candidates/{candidate_no}/{decision}": {
            "post": _operation(
                "decideOnCandidate",
                "Make a case of a candidate, or put it aside",
                {"200": response("Done.", receipt)},
                parameters=[
                    _CANDIDATE,
                    parameter("decision", "What to do.", _one_of(("promote", "dismiss")), "path"),
                ],
            )
        },
    }


def schemas() -> Node:
    """Schemas by name."""
    photos: Node = {"photo": many({"type": "string", "format": "binary"}), "phase": _one_of(PHASES)}
    report = {name: _SPECIAL.get(name, TEXT) for name in REPORT_FIELDS}
    acting = {name: _SPECIAL.get(name, TEXT) for name in ACTION_FIELDS}
    event = {"seq": WHOLE, "kind": TEXT, "moment": TEXT, "actor": TEXT, "data": {"type": "object"}, "rule": TEXT}
    outcome = {
        "case_no": TEXT, "line": WHOLE, "status": WHOLE, "receipt": ref("Receipt"), "title": TEXT, "detail": TEXT,
    }  # fmt: skip
    photo = {
        "sha256": TEXT, "phase": TEXT, "moment": MOMENT, "taken_at": maybe(MOMENT), "distance_m": maybe(NUMBER),
        "width": WHOLE, "height": WHOLE, "url": TEXT, "small_url": TEXT,
    }  # fmt: skip
    return {
        "Report": shape({**report, "reporter": shape(dict.fromkeys(REPORTER_FIELDS, TEXT))}, ("class",)),
        "ReportForm": shape({**report, **photos}, ("class",)),
        "ActionFields": shape(acting),
        "ActionForm": shape({**acting, **photos}),
        "Actions": shape(
            {
                "action": _one_of(ACTIONS),
                "cases": {**many(TEXT), "minItems": 1, "maxItems": MAX_BATCH},
                "data": ref("ActionFields"),
            },
            ("action", "cases"),
        ),
        "Outcomes": shape({"results": many(shape(outcome, ("status",)))}, ("results",)),
        "BulkReport": shape(
            {
                **dict.fromkeys(_BULK_COUNTS, WHOLE),
                "reasons": {"type": "object", "additionalProperties": WHOLE},
                "rejects": many(shape({"row": WHOLE, "reason": TEXT, "detail": TEXT}, ("row", "reason", "detail"))),
                "ignored": many(TEXT),
            },
            _BULK_COUNTS,
        ),
        "Receipt": shape(
            {
                "case_no": TEXT, "seq": WHOLE, "kind": TEXT, "repeated": FLAG, "candidate": FLAG,
                "file": maybe({"type": "object"}),
            },
            ("case_no", "seq", "kind", "repeated", "candidate"),
        ),
        "Case": shape(
            {
                "case_no": TEXT, "seq": WHOLE, "file": {"type": "object"}, "next_actions": many(TEXT),
                "events": many(shape(event, tuple(event))), "photos": many(shape(photo, tuple(photo))),
                "reporter": {"type": "object"},
            },
            ("case_no", "seq", "file", "next_actions", "events", "photos"),
        ),
        "Candidate": shape(
            {
                "candidate_no": TEXT, "source_code": TEXT, "source_ref": maybe(TEXT), "class_code": TEXT,
                "confidence": NUMBER, "lon": maybe(NUMBER), "lat": maybe(NUMBER), "moment": MOMENT, "state": TEXT,
                "case_no": maybe(TEXT), "report": {"type": "object"},
            },
            ("candidate_no", "class_code", "confidence", "state"),
        ),
    }  # fmt: skip


def _operation(
    name: str, summary: str, answers: Node, *, parameters: list[Node] | None = None, sent: Node | None = None
) -> Node:
    told: Node = {"operationId": name, "summary": summary, "tags": ["cases"], "parameters": parameters or []}
    return told | ({"requestBody": sent} if sent else {}) | {"responses": {**answers, "default": PROBLEM}}


def _one_of(values: tuple[str, ...]) -> Node:
    return {"type": "string", "enum": [str(value) for value in values]}


def _listing() -> list[Node]:
    return [
        parameter("state", "new, promoted or dismissed.", {**_one_of(STATES), "default": STATES[0]}),
        parameter("limit", "At most so many.", {"type": "integer", "minimum": 1, "maximum": MAX_LIMIT}),
        parameter("offset", "After so many.", {"type": "integer", "minimum": 0, "maximum": MAX_OFFSET}),
    ]
