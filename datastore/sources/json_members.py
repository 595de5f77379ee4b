"""Where the members of a large JSON object stand in its file, found without reading their values."""

import json
import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any, BinaryIO

import numpy as np

from datastore.sources.errors import SourceError

BLOCK = 4 << 20
"""Bytes that are looked at together; a few times as much is the memory that the search takes."""

_ESCAPED = re.compile(rb"\\.", re.DOTALL)
_KEY = re.compile(rb'\s*("(?:[^"\\]|\\.)*")\s*:\s*', re.DOTALL)
_KEY_BYTES = 1 << 16
_SURROGATE = re.compile(rb"\\u[dD][89a-fA-F]")
_OPEN, _CLOSE, _COMMA = 1, 2, 3
_KIND = np.zeros(256, dtype=np.uint8)
_KIND[list(b"{[")] = _OPEN
_KIND[list(b"}]")] = _CLOSE
_KIND[list(b",")] = _COMMA
_QUOTE = ord('"')


@dataclass(frozen=True)
class Member:
    """One member of an object.

    Parameters
    ----------
    key : str
        Its name.
    start, end : int
        Bytes of its value in the file.
    """

    key: str
    start: int
    end: int


def members(file: BinaryIO, start: int, name: str) -> Iterator[Member]:
    """Members of the object whose brace stands at a byte of a file; the file's position is free to change between two.

    Parameters
    ----------
    file : binary file
        Open for reading.
    start : int
        Where the object starts.
    name : str
        Of the file, for messages.

    Raises
    ------
    SourceError
        If the object does not end, or a member has no key; with line and column.
    """
    begin = start + 1
    for end, last in _ends(file, start, name):
        file.seek(begin)
        head = file.read(min(_KEY_BYTES, end - begin))
        found = _KEY.match(head)
        if found is None:
            if last and not head.strip():
                return
            raise broken(file, begin + len(head) - len(head.lstrip()), "a name in quotes and a colon", name)
        yield Member(loads(found[1]), begin + found.end(), end)
        begin = end + 1


def read_member(file: BinaryIO, member: Member, name: str) -> Any:  # noqa: ANN401 - any JSON value
    """Value of a member.

    Raises
    ------
    SourceError
        If it is no JSON; with line and column.
    """
    file.seek(member.start)
    text = file.read(member.end - member.start)
    try:
        return loads(text)
    except UnicodeDecodeError as error:
        raise SourceError(
            f"{name}: not UTF-8 at byte {member.start + error.start}; write the file as UTF-8 JSON"
        ) from None
    except RecursionError:
        raise SourceError(f"{name}: {member.key[:80]!r} is nested too deeply; that is no city model") from None
    except json.JSONDecodeError as error:
        at = member.start + len(error.doc[: error.pos].encode())
        raise broken(file, at, error.msg, name) from None
    except ValueError as error:
        raise SourceError(f"{name}: {member.key[:80]!r} cannot be read ({error}); export the file again") from None


def loads(text: bytes) -> Any:  # noqa: ANN401 - any JSON value
    """Value of a JSON text; half of a pair of surrogates, which no store takes, becomes a question mark."""
    value = json.loads(text)
    return _storable(value) if _SURROGATE.search(text) else value


def _storable(value: Any) -> Any:  # noqa: ANN401 - any JSON value
    if isinstance(value, str):
        return value.encode("utf-8", "replace").decode()
    if isinstance(value, list):
        return [_storable(each) for each in value]
    return {_storable(key): _storable(each) for key, each in value.items()} if isinstance(value, dict) else value


def broken(file: BinaryIO, at: int, what: str, name: str) -> SourceError:
    """Error about JSON that breaks off at a byte, with its line and column."""
    line, column, position = 1, 1, 0
    file.seek(0)
    while position < at:
        block = file.read(min(BLOCK, at - position))
        if not block:
            break
        position += len(block)
        lines = block.count(b"\n")
        line += lines
        column = len(block) - block.rfind(b"\n") if lines else column + len(block)
    return SourceError(f"{name}: broken JSON in line {line}, column {column} ({what}); export the file again")


def _ends(file: BinaryIO, start: int, name: str) -> Iterator[tuple[int, bool]]:
    """Byte after each member of the object, and whether it is the last."""
    position, depth, within = start, 0, False
    file.seek(start)
    held = b""
    while block := held + file.read(BLOCK):
        # An escape that is cut by the end of the block waits for the next one.
        tail = len(block) - len(block.rstrip(b"\\"))
        held, block = (b"\\", block[:-1]) if tail % 2 else (b"", block)
        codes = np.frombuffer(_ESCAPED.sub(b"__", block) if b"\\" in block else block, dtype=np.uint8)
        inside = np.cumsum(codes == _QUOTE, dtype=np.int32) + within
        kind = _KIND[codes]
        kind[(inside & 1).astype(bool)] = 0
        where = np.flatnonzero(kind)
        signs = kind[where]
        depths = depth + np.cumsum((signs == _OPEN).astype(np.int32) - (signs == _CLOSE))
        marks = ((signs == _COMMA) & (depths == 1)) | ((signs == _CLOSE) & (depths <= 0))
        back = file.tell()
        for place, closing in zip(where[marks].tolist(), (signs[marks] == _CLOSE).tolist(), strict=True):
            yield position + place, closing
            if closing:
                return
        file.seek(back)
        position += len(block)
        within = bool(inside[-1] & 1) if len(inside) else within
        depth = int(depths[-1]) if len(depths) else depth
        if held and not file.peek(1):  # type: ignore[attr-defined]  # a buffered reader
            break
    raise broken(file, position, "the file ends in the middle of a value", name)
