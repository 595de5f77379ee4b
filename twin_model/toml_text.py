"""Documents as TOML 1.0, for people to read and change."""

import json
import re
from collections.abc import Iterator, Mapping
from typing import Any

from twin_model.errors import RuleDocumentError

_BARE_KEY = re.compile(r"[A-Za-z0-9_-]+")
_SHORT = 100
"""Characters of a list that is written on one line."""


def toml_text(document: Mapping[str, Any]) -> str:
    """Write a document; ``tomllib.loads`` reads an equal one.

    Parameters
    ----------
    document : mapping
        Of texts, numbers, booleans, lists and mappings; a member without a value is left out.

    Raises
    ------
    RuleDocumentError
        If a value has no place in TOML.
    """
    return "\n".join(_lines(document, "")).strip("\n") + "\n"


def _lines(table: Mapping[str, Any], path: str) -> Iterator[str]:
    """Lines of a table: what is plain first, since a header begins another table."""
    kept = {name: value for name, value in table.items() if value is not None}
    for name, value in kept.items():
        if not _is_below(value):
            yield f"{_key(name)} = {_written(value)}"
    for name, value in kept.items():
        inner = f"{path}.{_key(name)}" if path else _key(name)
        if isinstance(value, Mapping):
            yield from ("", f"[{inner}]")
            yield from _lines(value, inner)
        elif _is_below(value):
            for row in value:
                yield from ("", f"[[{inner}]]")
                yield from _lines(row, inner)


def _is_below(value: object) -> bool:
    """Whether a value is written under a header of its own."""
    if isinstance(value, Mapping):
        return True
    return isinstance(value, list | tuple) and bool(value) and all(isinstance(each, Mapping) for each in value)


def _key(name: str) -> str:
    return name if _BARE_KEY.fullmatch(name) else _text(name)


def _written(value: object) -> str:
    if isinstance(value, str):
        return _text(value)
    if isinstance(value, bool):
        return str(value).lower()
    if isinstance(value, int | float):
        return repr(value)
    if isinstance(value, Mapping):
        members = (f"{_key(name)} = {_written(each)}" for name, each in value.items() if each is not None)
        return f"{{{', '.join(members)}}}"
    if isinstance(value, list | tuple):
        items = [_written(each) for each in value]
        line = f"[{', '.join(items)}]"
        return line if len(line) <= _SHORT else "[\n" + "".join(f"    {item},\n" for item in items) + "]"
    raise RuleDocumentError(f"{value!r} has no place in TOML; write a text, a number, true or false, a list or a table")


def _text(value: str) -> str:
    """Text between quotes: JSON's escapes are TOML's, which asks for one more."""
    return json.dumps(value, ensure_ascii=False).replace("\x7f", "\\u007f")
