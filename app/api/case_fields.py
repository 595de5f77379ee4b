"""Fields of reports and actions, as JSON or as a form bring them: each of the type that it has, and no other."""

import math
from collections.abc import Callable, Mapping
from typing import Any

from app.api.json_body import DecimalText, read_json
from app.api.request_errors import JsonError
from twin_model.canonical_json import canonical_json
from twin_model.errors import FieldError

MAX_TEXT = 4000
"""Characters of a text."""
MAX_CODE = 64
"""Characters of a code."""
MAX_REF = 200
MAX_UNITS = 20
MAX_EVIDENCE = 16_384
"""Bytes of evidence as canonical JSON."""

Reader = Callable[[str, object], object]


def read_fields(values: Mapping[str, object], readers: Mapping[str, Reader], action: str) -> dict[str, Any]:
    """Fields that can be handed to the desk.

    Parameters
    ----------
    values : mapping
        As JSON has them (`app.api.json_body.read_json`).
    readers : mapping of str to function
        Fields that there are.
    action : str
        For errors.

    Raises
    ------
    FieldError
        If a field is unknown or of another type.
    """
    unknown = [name for name in values if name not in readers]
    if unknown:
        raise FieldError(f"{action} has no field {unknown[0][:60]!r}; it has {', '.join(readers)}", "", action)
    return {name: readers[name](name, value) for name, value in values.items() if value is not None}


def of_form(values: Mapping[str, str], structured: tuple[str, ...]) -> dict[str, object]:
    """Fields of a form as JSON would have brought them.

    Parameters
    ----------
    values : mapping of str to str
        Fields of the form; empty ones are not given.
    structured : tuple of str
        Fields that are written as JSON in a form too.

    Raises
    ------
    JsonError
        If such a one is no JSON.
    """
    return {
        name: read_json(value.encode("utf-8", "replace"), name) if name in structured else value
        for name, value in values.items()
        if value
    }


def _text(name: str, value: object) -> str:
    if type(value) is not str:  # a number is no text, though it came as it was written
        raise FieldError(f"{name} is no text")
    return _no_longer(name, value, MAX_TEXT)


def _ref(name: str, value: object) -> str:
    return _no_longer(name, _text(name, value), MAX_REF)


def _code(name: str, value: object) -> str:
    return _no_longer(name, _text(name, value).strip(), MAX_CODE)


def _number(name: str, value: object) -> str | int:
    if type(value) not in (int, str, DecimalText):
        raise FieldError(f"{name} is no number")
    try:
        number = float(str(value))
    except ValueError:
        number = math.nan
    if not math.isfinite(number) or len(str(value)) > MAX_CODE:
        raise FieldError(f"{name} {str(value)[:MAX_CODE]!r} is no number")
    return int(value) if isinstance(value, int) else str(value)


def _codes(name: str, value: object) -> list[str]:
    if not isinstance(value, list) or len(value) > MAX_UNITS:
        raise FieldError(f"{name} is no list of at most {MAX_UNITS} codes")
    return [_code(name, each) for each in value]


def _parts(name: str, value: object) -> list[dict[str, Any]]:
    if not isinstance(value, list) or not all(isinstance(part, dict) for part in value) or len(value) > MAX_UNITS:
        raise FieldError(f"{name} is no list of at most {MAX_UNITS} parts such as {{'unit': 'D04'}}")
    return [read_fields(part, PART_FIELDS, "a part") for part in value]


def _evidence(name: str, value: object) -> dict[str, Any]:
    if not isinstance(value, dict):
        raise FieldError(f"{name} is no JSON object")
    size = len(canonical_json(value))
    if size > MAX_EVIDENCE:
        raise FieldError(f"{name} has {size} bytes; at most {MAX_EVIDENCE} are kept")
    return value


def _flag(name: str, value: object) -> bool | str:
    return value if isinstance(value, bool) else _text(name, value)


def _no_longer(name: str, text: str, most: int) -> str:
    if len(text) > most:
        raise FieldError(f"{name} has {len(text)} characters; at most {most} are taken")
    return text


PLACE: Mapping[str, Reader] = {"lon": _number, "lat": _number}
PART_FIELDS: Mapping[str, Reader] = {"unit": _code, "class": _code, "description": _text}
REPORT_FIELDS: Mapping[str, Reader] = {
    "source": _code, "ref": _ref, "class": _code, "condition": _code, **PLACE, "address": _text,
    "description": _text, "component": _code, "confidence": _number, "evidence": _evidence,
}  # fmt: skip
REPORTER_FIELDS: Mapping[str, Reader] = dict.fromkeys(("name", "phone", "email", "device_id", "account_id"), _ref)
ACTION_FIELDS: Mapping[str, Reader] = {
    "reason": _text, "text": _text, "result": _text, "advice": _text, "why": _text, "found": _flag, "unit": _code,
    "assist": _codes, "amount": _number, "parent": _code, "distance_m": _number, "parts": _parts, "class": _code,
    "condition": _code, **PLACE, "address": _text, "description": _text,
}  # fmt: skip
"""Fields of every action; which of them one looks at is the desk's to say."""
STRUCTURED = ("assist", "parts", "evidence", "reporter")
"""Fields that are no text; a form writes them as JSON."""


def report_of(values: Mapping[str, object]) -> tuple[dict[str, Any], dict[str, str]]:
    """Fields of a report, and the personal data apart.

    Raises
    ------
    FieldError
        If one cannot be used.
    JsonError
        If ``reporter`` is no object.
    """
    plain = dict(values)
    reporter = plain.pop("reporter", None) or {}
    if not isinstance(reporter, dict):
        raise JsonError("reporter is no JSON object; give name, phone, email, device_id or account_id in one")
    return read_fields(plain, REPORT_FIELDS, "report"), read_fields(reporter, REPORTER_FIELDS, "reporter")
