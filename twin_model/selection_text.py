"""Selections as text: short enough for a link, plain enough to read, exact both ways.

``all`` · ``none`` · ``and(…)`` · ``or(…)`` · ``not(…)`` · ``area(110108011)`` · ``building(…)`` ·
``class(E01,E0203)`` · ``source(VIDEO)`` · ``stage(OPEN)`` · ``unit(…)`` ·
``time(2026-01-01T00:00:00Z,2026-02-01T00:00:00Z)`` · ``polygon(lon,lat,lon,lat,…)``. A character of a code that is no
letter, digit, ``-``, ``_`` or ``.`` is written as ``~`` and two hexadecimal digits for each of its UTF-8 bytes, so that
no reader of links ever changes it.
"""

import re
from datetime import UTC, datetime

from twin_model.errors import SelectionError
from twin_model.selection_node import (
    And,
    Areas,
    Buildings,
    Classes,
    Everything,
    Not,
    Or,
    Polygon,
    Selection,
    Sources,
    Stages,
    TimeWindow,
    Units,
)

MAX_TEXT_LENGTH = 40_000
MAX_DEPTH = 50

_CODE_LEAVES: dict[str, type[Areas | Buildings | Classes | Sources | Stages | Units]] = {
    "area": Areas,
    "building": Buildings,
    "class": Classes,
    "source": Sources,
    "stage": Stages,
    "unit": Units,
}
_LEAF_NAMES = {leaf: name for name, leaf in _CODE_LEAVES.items()}
_WORD = re.compile(r"[^(),\s]*")
_ESCAPE_BYTES = re.compile(rb"~([0-9A-F]{2})?")


def to_text(selection: Selection) -> str:  # noqa: PLR0911 - one return for each node
    """Text of a selection as it stands; take the canonical form first where equal sets need equal texts."""
    match selection:
        case Everything():
            return "all"
        case Not(part=Everything()):
            return "none"
        case Not(part=part):
            return f"not({to_text(part)})"
        case And(parts=parts):
            return f"and({','.join(map(to_text, parts))})"
        case Or(parts=parts):
            return f"or({','.join(map(to_text, parts))})"
        case TimeWindow(start=start, end=end):
            return f"time({_moment_text(start)},{_moment_text(end)})"
        case Polygon(ring=ring):
            return f"polygon({','.join(repr(number) for corner in ring for number in corner)})"
        case Areas() | Buildings() | Classes() | Sources() | Stages() | Units():
            return f"{_LEAF_NAMES[type(selection)]}({','.join(map(_escape, selection.codes))})"
    raise TypeError(f"{type(selection).__name__} is no selection")


def from_text(text: str) -> Selection:
    """Read a selection from its text.

    Raises
    ------
    SelectionError
        If the text cannot be read; the message gives the position and what would stand there.
    """
    if len(text) > MAX_TEXT_LENGTH:
        raise SelectionError(f"selection of {len(text)} characters is longer than {MAX_TEXT_LENGTH}; save it as a view")
    reader = _Reader(text)
    selection = reader.selection(depth=0)
    if reader.position < len(text):
        raise reader.error("the end of the text")
    return selection


class _Reader:
    """A cursor over the text; one method for each thing that can stand there."""

    def __init__(self, text: str) -> None:
        self.text = text
        self.position = 0

    def error(self, expected: str, position: int | None = None) -> SelectionError:
        at = self.position if position is None else position
        found = repr(self.text[at : at + 12]) if at < len(self.text) else "the end"
        return SelectionError(f"selection text, position {at + 1}: expected {expected}, found {found}")

    def take(self, character: str) -> bool:
        found = self.text.startswith(character, self.position)
        self.position += found
        return found

    def need(self, character: str, expected: str | None = None) -> None:
        if not self.take(character):
            raise self.error(expected or f"'{character}'")

    def word(self) -> str:
        match = _WORD.match(self.text, self.position)
        word = match.group() if match else ""
        self.position += len(word)
        return word

    def selection(self, depth: int) -> Selection:
        start = self.position
        if depth > MAX_DEPTH:
            raise self.error(f"at most {MAX_DEPTH} levels of brackets")
        name = self.word()
        if name in ("all", "none"):
            return Everything() if name == "all" else Not(Everything())
        if name not in ("and", "or", "not", "time", "polygon", *_CODE_LEAVES):
            expected = f"all, none, and(…), or(…), not(…), time(…), polygon(…) or one of {', '.join(_CODE_LEAVES)}"
            raise self.error(expected, start)
        self.need("(")
        if name in ("and", "or", "not"):
            return self._compound(name, depth)
        words = self._words()
        try:
            return _leaf(name, words)
        except SelectionError as error:
            raise SelectionError(f"selection text, position {start + 1}: {error}") from error

    def _compound(self, name: str, depth: int) -> Selection:
        if name == "not":
            part = self.selection(depth + 1)
            self.need(")")
            return Not(part)
        parts: list[Selection] = []
        if not self.take(")"):
            parts.append(self.selection(depth + 1))
            while self.take(","):
                parts.append(self.selection(depth + 1))
            self.need(")", "',' or ')'")
        return And(tuple(parts)) if name == "and" else Or(tuple(parts))

    def _words(self) -> list[str]:
        words = [self.word()]
        while self.take(","):
            words.append(self.word())
        self.need(")", "',' or ')'")
        return words


def _leaf(name: str, words: list[str]) -> Selection:
    if name == "time":
        return _time_window(words)
    if name == "polygon":
        return _polygon(words)
    return _CODE_LEAVES[name](tuple(_unescape(word) for word in words))


def _time_window(words: list[str]) -> TimeWindow:
    try:
        start, end = (datetime.fromisoformat(word) for word in words)
    except ValueError as error:
        raise SelectionError(
            "time needs its start and its end, such as time(2026-01-01T00:00:00Z,2026-02-01T00:00:00Z)"
        ) from error
    return TimeWindow(start, end)


def _polygon(words: list[str]) -> Polygon:
    try:
        numbers = [float(word) for word in words]
    except ValueError as error:
        raise SelectionError("polygon holds something that is no number of degrees") from error
    if len(numbers) % 2:
        raise SelectionError(f"polygon has {len(numbers)} numbers; each corner needs a longitude and a latitude")
    return Polygon(tuple(zip(numbers[::2], numbers[1::2], strict=True)))


def _moment_text(moment: datetime) -> str:
    return moment.astimezone(UTC).isoformat().replace("+00:00", "Z")


def _escape(code: str) -> str:
    return "".join(
        character
        if character.isascii() and (character.isalnum() or character in "-_.")
        else "".join(f"~{byte:02X}" for byte in character.encode())
        for character in code
    )


def _unescape(word: str) -> str:
    def byte(match: re.Match[bytes]) -> bytes:
        if match.group(1) is None:
            raise SelectionError(f"code {word!r} has a ~ without two hexadecimal digits (0-9, A-F) after it")
        return bytes([int(match.group(1), 16)])

    try:
        return _ESCAPE_BYTES.sub(byte, word.encode()).decode()
    except UnicodeError as error:
        raise SelectionError(f"code {word!r} is no valid UTF-8 once its ~ escapes are read") from error
