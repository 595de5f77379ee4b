"""What differs between two documents of rules, row by row and field by field."""

from collections.abc import Iterator, Mapping, Sequence
from typing import Any, NamedTuple

_IDS = (("rule_id",), ("day",), ("area",), ("source", "class"))
"""Fields that name a row, by what a row has."""


class Difference(NamedTuple):
    """One difference.

    Parameters
    ----------
    place : str
        Row or field: ``rules R-0012 lead``.
    before, after : object
        Value on each side; None where there is none.
    """

    place: str
    before: Any
    after: Any


def differences(before: Mapping[str, Any], after: Mapping[str, Any]) -> tuple[Difference, ...]:
    """Compare two documents; rows are found again by their id, so that their order makes no difference.

    Parameters
    ----------
    before, after : mapping
        As `twin_model.rule_document.checked_document` gives them.
    """
    return tuple(_between(before, after, ""))


def _between(before: Any, after: Any, place: str) -> Iterator[Difference]:  # noqa: ANN401 - any JSON value
    if before == after:
        return
    if isinstance(before, Mapping) and isinstance(after, Mapping):
        yield from _members(before, after, place)
        return
    rows = _rows(before), _rows(after)
    if rows[0] is not None and rows[1] is not None:
        yield from _members(rows[0], rows[1], place)
    else:
        yield Difference(place, before, after)


def _members(before: Mapping[str, Any], after: Mapping[str, Any], place: str) -> Iterator[Difference]:
    for name in dict.fromkeys((*before, *after)):
        yield from _between(before.get(name), after.get(name), f"{place} {name}".lstrip())


def _rows(value: Any) -> dict[str, Any] | None:  # noqa: ANN401 - any JSON value
    """Rows of a list by their id, or None where it is no list of rows that can be told apart."""
    if not isinstance(value, Sequence) or isinstance(value, str):
        return None
    names = [_name(row) for row in value]
    if None in names or len(set(names)) < len(names):
        return None
    return {str(name): row for name, row in zip(names, value, strict=True)}


def _name(row: object) -> str | None:
    if not isinstance(row, Mapping):
        return None
    fields = next((fields for fields in _IDS if all(field in row for field in fields)), None)
    return None if fields is None else " ".join(str(row[field]) for field in fields)
