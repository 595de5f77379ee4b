"""Answers of Open311: one value as JSON or as XML, and the standard's own error bodies."""

import json
from collections.abc import Mapping, Sequence
from typing import Any

from flask import Response
from lxml import etree

PREFIX = "/open311/"
"""Beginning of the addresses that are answered so."""
JSON, XML = "json", "xml"
FORMATS = (JSON, XML)
MEDIA = {JSON: "application/json; charset=utf-8", XML: "text/xml; charset=utf-8"}

_ITEMS = {
    "services": "service", "attributes": "attribute", "values": "value", "service_requests": "request",
    "errors": "error", "endpoints": "endpoint", "formats": "format", "assisting": "unit",
}  # fmt: skip
"""Name of each element of a list, by the name of the list."""
_STATUS = {401: 403, 412: 409, 422: 400}
"""Statuses that the standard has no use for, and what it says instead."""
_NO_XML = dict.fromkeys([*range(0x09), 0x0B, 0x0C, *range(0x0E, 0x20), 0xFFFE, 0xFFFF, *range(0xD800, 0xE000)])
"""Characters that XML 1.0 cannot hold."""


def format_of(path: str) -> str:
    """Format that an address asks for; XML, the one that the standard requires, where it asks for none."""
    return JSON if path.endswith(f".{JSON}") else XML


def answer(fmt: str, root: str, value: Any, status: int = 200) -> Response:  # noqa: ANN401 - any JSON value
    """Answer with a value.

    Parameters
    ----------
    fmt : str
        ``json`` or ``xml``.
    root : str
        Name of the outermost element of XML; JSON has none.
    value : object
        Of JSON's types; a list in it must be one whose elements have a name.
    status : int
        HTTP status.
    """
    if fmt == JSON:
        body = json.dumps(value, ensure_ascii=False, separators=(",", ":"), allow_nan=False)
    else:
        body = etree.tostring(_element(root, value), encoding="utf-8", xml_declaration=True)
    response = Response(body, status, content_type=MEDIA[fmt])
    response.headers["Cache-Control"] = "no-cache"
    return response


def error_answer(status: int, description: str, path: str) -> Response:
    """Error as the standard writes it, in the format of the address."""
    told = _STATUS.get(status, status)
    return answer(format_of(path), "errors", [{"code": str(told), "description": description}], told)


def _element(name: str, value: Any) -> Any:  # noqa: ANN401 - any JSON value; lxml has no types
    element = etree.Element(name)
    if isinstance(value, Mapping):
        element.extend(_element(key, each) for key, each in value.items())
    elif isinstance(value, Sequence) and not isinstance(value, str):
        element.extend(_element(_ITEMS[name], each) for each in value)
    elif value is not None:
        element.text = _text(value)
    return element


def _text(value: object) -> str:
    if isinstance(value, bool):
        return "true" if value else "false"
    return str(value).translate(_NO_XML)
