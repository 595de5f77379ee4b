"""JSON from strangers: read so that every reader of it would understand the same, or refused in one sentence."""

import json
from collections.abc import Iterator
from typing import Any

from app.api.request_errors import JsonError
from twin_model.canonical_json import MAX_INT

MAX_DEPTH = 32
"""Lists and objects within one another."""
MAX_VALUES = 100_000
"""Values in one document."""
_LAST_CONTROL = 0x1F
_HALVES = range(0xD800, 0xE000)


class DecimalText(str):
    """A JSON number that is not whole, as it was written: nothing is rounded on the way in."""

    __slots__ = ()


def read_json(body: bytes, what: str = "the body") -> Any:  # noqa: ANN401 - any JSON value
    """Read one JSON document.

    Parameters
    ----------
    body : bytes
        UTF-8.
    what : str
        How an error names it.

    Returns
    -------
    object
        Numbers that are not whole as `DecimalText`.

    Raises
    ------
    JsonError
        If it is no JSON (NaN and Infinity are none), names a key twice, is nested deeper than `MAX_DEPTH`, holds a
        whole number that not every reader keeps, or a text that cannot be written or shown.
    """
    try:
        value = json.loads(
            body.decode("utf-8"),
            object_pairs_hook=_object,
            parse_float=DecimalText,
            parse_int=_whole,
            parse_constant=_refuse,
        )
    except JsonError as error:
        raise JsonError(f"{what} {error}") from error
    except UnicodeDecodeError as error:
        raise JsonError(f"{what} is no UTF-8 from byte {error.start} on; send JSON in UTF-8") from error
    except json.JSONDecodeError as error:
        raise JsonError(f"{what} is no JSON: {error.msg} at line {error.lineno}, column {error.colno}") from error
    except RecursionError as error:
        raise JsonError(f"{what} is nested deeper than {MAX_DEPTH}; flatten it") from error
    _check(value, what)
    return value


def read_object(body: bytes, what: str = "the body") -> dict[str, Any]:
    """Read one JSON object.

    Raises
    ------
    JsonError
        As `read_json`, or if it is something else.
    """
    value = read_json(body, what)
    if not isinstance(value, dict):
        raise JsonError(f"{what} is no JSON object; send one")
    return value


def read_lines(body: bytes, most: int) -> Iterator[tuple[int, dict[str, Any] | JsonError]]:
    """Read JSON objects, one a line (NDJSON); a line that cannot be read gives its error and stops nobody.

    Parameters
    ----------
    body : bytes
        UTF-8; empty lines are left out.
    most : int
        Lines that are taken.

    Yields
    ------
    int, dict or JsonError
        Number of the line, from 1, and what it holds.

    Raises
    ------
    JsonError
        If there are more lines.
    """
    lines = [(number, line) for number, line in enumerate(body.split(b"\n"), 1) if line.strip()]
    if len(lines) > most:
        raise JsonError(f"the body has {len(lines)} lines; at most {most} are taken at once")
    for number, line in lines:
        try:
            yield number, read_object(line, f"line {number}")
        except JsonError as error:
            yield number, error


def _object(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    found = dict(pairs)
    if len(found) < len(pairs):
        names = [name for name, _ in pairs]
        twice = next(name for name in names if names.count(name) > 1)
        raise JsonError(f"has the key {twice[:60]!r} twice; give it once")
    return found


def _whole(text: str) -> int:
    if len(text) > len(str(MAX_INT)) + 1 or abs(int(text)) > MAX_INT:
        raise JsonError("has a whole number beyond ±(2^53 - 1); write it as text")
    return int(text)


def _refuse(text: str) -> object:
    raise JsonError(f"has {text}, which is no JSON; leave the value out")


def _check(value: object, what: str) -> None:
    """See that the document is no deeper and no larger than is taken, and that its texts are text."""
    waiting: list[tuple[object, int]] = [(value, 0)]
    seen = 0
    while waiting:
        part, depth = waiting.pop()
        seen += 1
        if seen > MAX_VALUES:
            raise JsonError(f"{what} has more than {MAX_VALUES} values; send less at once")
        if isinstance(part, str):
            check_text(part, what)
            continue
        inner = [*part, *part.values()] if isinstance(part, dict) else part if isinstance(part, list) else []
        if depth == MAX_DEPTH and isinstance(part, dict | list):
            raise JsonError(f"{what} is nested deeper than {MAX_DEPTH}; flatten it")
        waiting += [(each, depth + 1) for each in inner]


def check_text(text: str, what: str) -> None:
    """See that a text can be written and shown.

    Raises
    ------
    JsonError
        If it holds half a surrogate pair or a control character other than a line break or a tab.
    """
    if any((ord(letter) <= _LAST_CONTROL and letter not in "\n\r\t") or ord(letter) in _HALVES for letter in text):
        raise JsonError(f"{what} holds characters that are no text; take them out")
