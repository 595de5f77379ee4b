"""Canonical JSON (RFC 8785, JCS): one text for one value, so that its hash says what was written."""

import json
from collections.abc import Mapping
from typing import Any

from twin_model.errors import TwinModelError

MAX_INT = 2**53 - 1
"""Largest whole number that every reader of JSON keeps exactly (RFC 7493); larger ones are written as text."""
MAX_DEPTH = 64
"""Lists and objects within one another; deeper ones are refused, before they exhaust a reader."""

_ENCODER = json.JSONEncoder(ensure_ascii=False, separators=(",", ":"), check_circular=False)
"""Writes strings and numbers as RFC 8785 §3.2.2 asks: raw but for quotes, backslashes and U+0000 to U+001F."""


class CanonicalJsonError(TwinModelError):
    """A value that has no canonical text here, or a text that is not canonical."""


def canonical_json(value: object) -> bytes:
    """Write a value as canonical JSON.

    Parameters
    ----------
    value : object
        None, bool, int within ±(2^53 - 1), str, list or tuple, mapping with str keys, of each other. No floats:
        decimals are written as text, so that no reader's rounding changes a hash.

    Returns
    -------
    bytes
        UTF-8; keys in the order of their UTF-16 code units (RFC 8785 §3.2.3).

    Raises
    ------
    CanonicalJsonError
        If a part is of another type, out of range, no valid Unicode, or nested deeper than `MAX_DEPTH`.
    """
    try:
        return _ENCODER.encode(_ordered(value, "the value", MAX_DEPTH)).encode()
    except UnicodeEncodeError as error:
        raise CanonicalJsonError(
            "a text holds half a surrogate pair, which has no UTF-8; take it out before it is logged"
        ) from error


def parse_canonical(text: bytes) -> Any:  # noqa: ANN401 - any JSON value
    """Read canonical JSON, and nothing else.

    Parameters
    ----------
    text : bytes
        As `canonical_json` writes it.

    Raises
    ------
    CanonicalJsonError
        If it is no JSON, or not the canonical text of its value.
    """
    try:
        value = json.loads(text.decode(), parse_float=_refuse_number, parse_constant=_refuse_number)
    except (ValueError, RecursionError) as error:
        if isinstance(error, CanonicalJsonError):
            raise
        raise CanonicalJsonError(f"no JSON can be read: {error}") from error
    again = canonical_json(value)
    if again != text:
        same = next(
            (at for at, (a, b) in enumerate(zip(again, text, strict=False)) if a != b), min(len(again), len(text))
        )
        raise CanonicalJsonError(f"the JSON is not canonical (RFC 8785) from byte {same} on; write it canonically")
    return value


def _ordered(value: object, place: str, depth: int) -> object:
    """Give the same value with its keys in canonical order, or raise with the place of what cannot be written."""
    if value is None or isinstance(value, str | bool):
        return value
    if isinstance(value, int):
        if not -MAX_INT <= value <= MAX_INT:
            raise CanonicalJsonError(f"{place} is {value}, beyond ±(2^53 - 1); write it as text")
        return value
    if depth == 0:
        raise CanonicalJsonError(f"{place} is nested deeper than {MAX_DEPTH}; flatten it")
    if isinstance(value, list | tuple):
        return [_ordered(item, f"{place}[{index}]", depth - 1) for index, item in enumerate(value)]
    if isinstance(value, Mapping):
        for key in value:
            if not isinstance(key, str):
                raise CanonicalJsonError(f"{place} has the key {key!r}, which is no text; keys are texts")
        ordered = sorted(value, key=_utf16)
        return {key: _ordered(value[key], f"{place}.{key}", depth - 1) for key in ordered}
    kind = type(value).__name__
    raise CanonicalJsonError(f"{place} is a {kind}, which is not logged; write decimals, times and bytes as text")


def _utf16(key: str) -> bytes:
    return key.encode("utf-16-be")


def _refuse_number(text: str) -> object:
    raise CanonicalJsonError(f"the number {text} is no whole number; decimals are logged as text")
