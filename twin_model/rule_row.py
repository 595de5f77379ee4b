"""Rows of a rule document, read with a sentence for whatever is wrong: the row, what is wrong with it, the mend."""

import re
from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import NoReturn

from twin_model.errors import TwinModelError

_RULE_ID = re.compile(r"[A-Za-z0-9][A-Za-z0-9_.-]{0,39}")
_NO_SPACE = re.compile(r"\S{1,64}")


@dataclass(frozen=True)
class RuleRow:
    """One row of a document.

    Parameters
    ----------
    values : mapping
        The row as JSON has it.
    place : str
        What to call it in a message: ``row 3 (R-0003) of the responsibility list``.
    error : type
        Raised for what is wrong.
    """

    values: Mapping[str, object]
    place: str
    error: type[TwinModelError]

    def fail(self, wrong: str, mend: str) -> NoReturn:
        """Raise the row's error with one sentence."""
        raise self.error(f"{self.place}: {wrong}; {mend}")

    def text(self, key: str, default: str = "") -> str:
        """Text of a field, without the space around it."""
        value = self.values.get(key, default)
        if not isinstance(value, str):
            self.fail(f"{key} is {value!r}", "write a text")
        return value.strip()

    def code(self, key: str, default: str | None = None) -> str:
        """Text of a field that holds a code: 1 to 64 characters without a space, or the default where it is empty."""
        value = self.text(key)
        if not value and default is not None:
            return default
        if not _NO_SPACE.fullmatch(value):
            self.fail(f"{key} is {value!r}", "write a code of 1 to 64 characters without a space")
        return value

    def codes(self, key: str) -> tuple[str, ...]:
        """Codes of a field that holds a list of them."""
        value = self.values.get(key, [])
        if not isinstance(value, list | tuple):
            self.fail(f"{key} is {value!r}", "write a list of codes")
        for each in value:
            if not (isinstance(each, str) and _NO_SPACE.fullmatch(each)):
                self.fail(f"{key} holds {each!r}", "write codes of 1 to 64 characters without a space")
        return tuple(value)

    def choice(self, key: str, choices: Collection[str], default: str) -> str:
        """Text of a field that holds one of a few."""
        value = self.text(key, default)
        if value not in choices:
            self.fail(f"{key} is {value!r}", f"write one of {', '.join(choices)}")
        return value

    def whole(self, key: str, default: int, limit: int) -> int:
        """Whole number of a field, from -limit to limit."""
        value = self.values.get(key, default)
        if not isinstance(value, int) or isinstance(value, bool) or abs(value) > limit:
            self.fail(f"{key} is {value!r}", f"write a whole number from {-limit} to {limit}")
        return value

    def measure(self, key: str, limit: float, default: float | None = None) -> float:
        """Give the number of a field, from 0 to a limit; it must be there if there is no default."""
        value = self.values.get(key, default)
        if not isinstance(value, int | float) or isinstance(value, bool) or not 0 <= value <= limit:
            self.fail(f"{key} is {value!r}", f"write a number from 0 to {limit:g}")
        return float(value)

    def moment(self, key: str) -> datetime | None:
        """UTC moment of a field, None where it is left out, empty or null."""
        value = self.values.get(key)
        if value is None or value == "":
            return None
        mend = "write a moment with its zone, such as 2026-01-01T00:00:00+08:00"
        try:
            moment = datetime.fromisoformat(value) if isinstance(value, str) else None
        except ValueError:
            moment = None
        if moment is None or moment.tzinfo is None:
            self.fail(f"{key} is {value!r}", mend)
        try:
            return moment.astimezone(UTC)
        except OverflowError:
            self.fail(f"{key} {value!r} is out of reach", mend)

    def validity(self) -> tuple[datetime | None, datetime | None]:
        """Moments of ``valid_from`` and ``valid_to``, in order."""
        first, end = self.moment("valid_from"), self.moment("valid_to")
        if first is not None and end is not None and end <= first:
            self.fail("valid_to is not after valid_from", "write a later one or leave it out")
        return first, end


def rule_rows(
    document: object, name: str, keys: Collection[str], beside: Collection[str], error: type[TwinModelError]
) -> Iterator[RuleRow]:
    """Rows of a document ``{"rules": [{"rule_id": …}, …]}``.

    Parameters
    ----------
    document : object
        As JSON gives it.
    name : str
        What the list is called in messages.
    keys : collection of str
        Fields that a row may have.
    beside : collection of str
        Fields that the document may have beside ``rules``.
    error : type
        Raised for what is wrong.

    Raises
    ------
    TwinModelError
        Of the type given, if the document is of another form, a row has an unknown field or no usable id, or two rows
        have the same id.
    """
    if not isinstance(document, Mapping) or not isinstance(document.get("rules"), list | tuple):
        raise error(f'the {name} is not of the form {{"rules": [...]}}; write its rows into that list')
    _known(document, {"rules", *beside}, f"the {name}", error)
    seen: dict[str, int] = {}
    for number, values in enumerate(document["rules"], 1):
        if not isinstance(values, Mapping):
            raise error(f"row {number} of the {name} is {values!r}; write an object with the fields of a rule")
        rule_id = values.get("rule_id")
        if not (isinstance(rule_id, str) and _RULE_ID.fullmatch(rule_id)):
            mend = "write 1 to 40 letters, digits, dots, dashes or underscores, the first a letter or digit"
            raise error(f"row {number} of the {name} has rule_id {rule_id!r}; {mend}")
        place = f"row {number} ({rule_id}) of the {name}"
        if rule_id in seen:
            raise error(f"{place} has the id of row {seen[rule_id]}; give it another")
        seen[rule_id] = number
        _known(values, keys, place, error)
        yield RuleRow(values, place, error)


def moment_text(moment: datetime | None) -> str:
    """Write a moment as documents have it: RFC 3339 in UTC, empty for None."""
    return "" if moment is None else moment.astimezone(UTC).isoformat()


def plain_number(value: float) -> int | float:
    """Give a number without a fraction as a whole one, which every JSON writer writes alike."""
    return int(value) if value.is_integer() else value


def _known(values: Mapping[str, object], keys: Collection[str], place: str, error: type[TwinModelError]) -> None:
    unknown = [key for key in values if key not in keys]
    if unknown:
        raise error(f"{place} has the unknown field {unknown[0]!r}; known are {', '.join(sorted(keys))}")
