"""Days that differ from their weekday: public holidays, make-up working days, local rest days."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from twin_model.errors import CalendarError
from twin_model.rule_row import RuleRow


class DayKind(StrEnum):
    """What makes a day differ from its weekday."""

    HOLIDAY = "holiday"
    """A public holiday: not worked."""
    MAKE_UP = "make_up"
    """A make-up working day (调休): worked, whatever the weekday."""
    REST = "rest"
    """A local rest day: not worked."""


@dataclass(frozen=True)
class CalendarDay:
    """A day that differs from its weekday.

    Parameters
    ----------
    day : date
        Local day.
    kind : DayKind
    name : str
        What it is called: ``春节``.
    source : str
        Who said so.
    """

    day: date
    kind: DayKind
    name: str = ""
    source: str = ""


def read_days(rows: Iterable[object], table: str) -> tuple[CalendarDay, ...]:
    """Read rows of a table of days.

    Parameters
    ----------
    rows : iterable
        As the document has them.
    table : str
        Its name, for messages.

    Returns
    -------
    tuple of CalendarDay
        By day.

    Raises
    ------
    CalendarError
        If a row cannot be used; the message names it.
    """
    read = [_day(row, f"{table} row {place}") for place, row in enumerate(rows, 1)]
    return tuple(sorted(read, key=lambda row: row.day))


def written_days(rows: Iterable[CalendarDay]) -> list[dict[str, str]]:
    """Rows of days as documents write them."""
    return [
        {"day": row.day.isoformat(), "kind": row.kind.value, "name": row.name, "source": row.source} for row in rows
    ]


def _day(values: object, place: str) -> CalendarDay:
    if not isinstance(values, Mapping):
        raise CalendarError(f"{place} is {values!r}; write an object with day, kind, name and source")
    row = RuleRow(values, place, CalendarError)
    text = row.text("day")
    try:
        day = date.fromisoformat(text)
    except ValueError:
        row.fail(f"day {text!r} is no date", "write e.g. 2026-02-17")
    if "kind" not in values:
        row.fail(f"{text} has no kind", f"write one of {', '.join(DayKind)}")
    return CalendarDay(day, DayKind(row.choice("kind", tuple(DayKind), "")), row.text("name"), row.text("source"))
