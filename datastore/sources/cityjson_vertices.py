"""The vertices of a CityJSON file, held in memory or, where they are many, in a temporary file."""

import json
import tempfile
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any, BinaryIO

import numpy as np
from numpy.typing import NDArray

from datastore.sources.errors import SourceError
from datastore.sources.json_members import Member, broken

BLOCK = 8 << 20
SPILL_BYTES = 256 << 20
"""Text of vertices beyond which their numbers go to a temporary file."""

_NOT_NUMBERS = b"[] \t\r\n"
_AXES = 3
_COMMA, _OPEN, _CLOSE = (ord(sign) for sign in ",[]")


@dataclass(frozen=True)
class Vertices:
    """Vertices as stored, and how they become coordinates.

    Parameters
    ----------
    stored : (n, 3) float64
        As the file has them; not-a-number where a vertex is no three numbers.
    scale, translate : (3,) float64
        Of the file's transform.
    """

    stored: NDArray[np.float64]
    scale: NDArray[np.float64]
    translate: NDArray[np.float64]

    def at(self, index: NDArray[np.int64]) -> NDArray[np.float64]:
        """Coordinates of vertices: (k, 3) float64."""
        return self.stored[index] * self.scale + self.translate


def vertices_of(values: Sequence[Any], transform: object, name: str) -> Vertices:
    """Vertices of a list that was read already."""
    return Vertices(_plain(values), *read_transform(transform, name))


def read_vertices(file: BinaryIO, member: Member, transform: object, name: str) -> Vertices:
    """Vertices of a file, read block by block.

    Parameters
    ----------
    file : binary file
        Open for reading.
    member : Member
        Where its ``vertices`` stand.
    transform : object
        Its ``transform``, as read; None without one.
    name : str
        Of the file, for messages.

    Raises
    ------
    SourceError
        If they are no list of JSON numbers, or the transform is none.
    """
    scale, translate = read_transform(transform, name)
    if member.end - member.start < SPILL_BYTES:
        blocks = list(_blocks(file, member, name))
        return Vertices(np.concatenate(blocks) if blocks else np.zeros((0, _AXES)), scale, translate)
    # The file goes with the array that maps it: it has no name.
    with tempfile.TemporaryFile(prefix="citydeck-vertices-") as spill:
        for block in _blocks(file, member, name):
            spill.write(block.tobytes())
        spill.flush()
        return Vertices(np.memmap(spill, dtype=np.float64, mode="r").reshape(-1, _AXES), scale, translate)


def read_transform(transform: object, name: str) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    """Scale and translation of a CityJSON transform; neither where there is none.

    Raises
    ------
    SourceError
        If it has not three finite numbers each.
    """
    if transform is None:
        return np.ones(_AXES), np.zeros(_AXES)
    try:
        scale, translate = (np.array(transform[key], dtype=np.float64) for key in ("scale", "translate"))  # type: ignore[index]  # any JSON
        if scale.shape == translate.shape == (_AXES,) and np.isfinite([scale, translate]).all():
            return scale, translate
    except (KeyError, TypeError, ValueError):
        pass
    raise SourceError(f"{name}: its transform is not a scale and a translate of three numbers each; export it again")


def _blocks(file: BinaryIO, member: Member, name: str) -> Iterator[NDArray[np.float64]]:
    """Vertices of one block of text after another."""
    file.seek(member.start)
    if file.read(1) != b"[":
        raise broken(file, member.start, "the vertices are no list", name)
    end = _last_bracket(file, member, name)
    position, held = member.start + 1, b""
    file.seek(position)
    while position < end or held.strip():
        text = held + file.read(min(BLOCK, end - position))
        position += len(text) - len(held)
        cut = text.rfind(b"]") + 1
        if not cut:
            if position >= end:
                raise broken(file, position, "a vertex does not end", name)
            held = text
            continue
        whole, held = text[:cut].lstrip(b", \t\r\n"), text[cut:]
        start = position - len(held) - len(whole)
        numbers = _quick(whole) if _regular(whole) else None
        yield _slow(file, whole, start, name) if numbers is None else numbers
        file.seek(position)
        if position >= end and not held.strip():
            return


def _last_bracket(file: BinaryIO, member: Member, name: str) -> int:
    """Byte of the bracket that closes the list; white space may follow it."""
    file.seek(max(member.start, member.end - BLOCK))
    tail = file.read(member.end - file.tell()).rstrip()
    if not tail.endswith(b"]"):
        raise broken(file, member.end, "the list of vertices does not end", name)
    return max(member.start, member.end - BLOCK) + len(tail) - 1


def _regular(text: bytes) -> bool:
    """Whether every bracket holds two commas."""
    codes = np.frombuffer(text, dtype=np.uint8)
    commas = np.cumsum(codes == _COMMA, dtype=np.int32)
    opening, closing = commas[codes == _OPEN], commas[codes == _CLOSE]
    return len(opening) == len(closing) and bool(((closing - opening) == _AXES - 1).all())


def _quick(text: bytes) -> NDArray[np.float64] | None:
    """Vertices of regular text; None where something in it is no number."""
    try:
        numbers = np.fromstring(text.translate(None, _NOT_NUMBERS), dtype=np.float64, sep=",")
    except ValueError:
        return None
    if len(numbers) != _AXES * text.count(b"["):
        return None
    return np.asarray(numbers, dtype=np.float64).reshape(-1, _AXES)


def _slow(file: BinaryIO, text: bytes, start: int, name: str) -> NDArray[np.float64]:
    try:
        return _plain(json.loads(b"[" + text + b"]"))
    except json.JSONDecodeError as error:
        raise broken(file, start + max(error.pos - 1, 0), error.msg, name) from None


def _plain(values: Sequence[Any]) -> NDArray[np.float64]:
    """Vertices of JSON values; not-a-number for what is no three numbers."""
    return np.array([_vertex(value) for value in values], dtype=np.float64).reshape(-1, _AXES)


def _vertex(value: object) -> tuple[float, float, float]:
    if isinstance(value, list) and len(value) == _AXES and all(isinstance(each, (int, float)) for each in value):
        return float(value[0]), float(value[1]), float(value[2])
    return (float("nan"),) * 3
