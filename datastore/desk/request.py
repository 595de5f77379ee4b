"""What a request to the desk brings, read before the rules see it."""

from collections.abc import Mapping
from typing import Any

from twin_model.case_file import moment_text
from twin_model.command import Command
from twin_model.errors import FieldError
from twin_model.field_text import MAX_CODE, field_text
from twin_model.photo import PhotoFacts

_OURS = frozenset({"photos", "parent", "part", "reporter", "candidate"})
"""What an event tells beside what was asked: nobody can claim it."""
_MOST_DEGREES = 180.0


def asked_fields(command: Command) -> dict[str, Any]:
    """Fields of a report that its sender can say."""
    return {name: value for name, value in command.data.items() if name not in _OURS}


def is_writable(number: str) -> bool:
    """Whether a number is text that the store can be asked for: half a surrogate pair is none."""
    return not any(0xD800 <= ord(letter) < 0xE000 for letter in number)  # noqa: PLR2004 - Unicode's own bounds


def ref_of(command: Command) -> str:
    """Id that the source gave its report, or ``""``.

    Raises
    ------
    FieldError
        If it is no text, too long, or holds a character that is none.
    """
    return field_text(command.data.get("ref") or "", "ref", MAX_CODE, command)


def known_code(codes: Mapping[str, int], value: object, what: str, command: Command) -> str:
    """Give a code of the store.

    Raises
    ------
    FieldError
        If there is none of the name.
    """
    if not isinstance(value, str) or value not in codes:
        raise FieldError(f"there is no {what} {value!r}; use a code of the store", command.case_no, command.action)
    return value


def with_photos(data: Mapping[str, Any], photos: tuple[tuple[str, PhotoFacts], ...]) -> dict[str, Any]:
    """Fields of a request with what the log says of its photos; what a request says of photos itself does not count."""
    kept = {name: value for name, value in data.items() if name != "photos"}
    told = [_photo_data(phase, facts) for phase, facts in photos]
    return {**kept, "photos": told} if told else kept


def degrees(value: object) -> float | None:
    """Degrees that a place can be looked up by, or None; whether they make sense is the rules' to say."""
    try:
        found = float(value)  # type: ignore[arg-type]  # whatever was sent
    except (TypeError, ValueError, OverflowError):
        return None
    return found if abs(found) <= _MOST_DEGREES else None


def confidence_of(value: object, command: Command) -> float:
    """Read how sure a source is.

    Raises
    ------
    FieldError
        If it is no number from 0 to 1.
    """
    try:
        found = float(value)  # type: ignore[arg-type]  # whatever was sent
    except (TypeError, ValueError, OverflowError):
        found = -1.0
    if not 0 <= found <= 1:
        raise FieldError(f"confidence {value!r} is no number from 0 to 1", command.case_no, command.action)
    return found


def _photo_data(phase: str, facts: PhotoFacts) -> dict[str, str]:
    told = {"sha256": facts.sha256, "received": facts.received_sha256, "phase": phase}
    if facts.taken_at is not None:
        told["taken_at"] = moment_text(facts.taken_at)
    if facts.distance_m is not None:
        told["distance_m"] = f"{facts.distance_m:.1f}"
    return told
