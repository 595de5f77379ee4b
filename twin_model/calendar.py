"""The working calendar: which local days are worked and at which hours, as a table that a city keeps itself."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from functools import cached_property
from typing import Any
from zoneinfo import ZoneInfo

from twin_model.calendar_day import CalendarDay, DayKind, read_days, written_days
from twin_model.errors import CalendarError
from twin_model.holiday_notice import noticed_days, noticed_years
from twin_model.rule_row import RuleRow
from twin_model.work_span import WorkSpan, check_spans
from twin_model.zone_time import wall_micros, zone_named

WEEKDAYS = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")
"""Names of the weekdays in documents, in the order of ``date.weekday``."""

START_DAY_COUNTS = False
"""Whether the day on which a clock of working days starts is itself the first one (a default of ours)."""


DEFAULT_ZONE = "Asia/Shanghai"
"""Zone of the default document."""

DEFAULT_HOURS = ("09:00-12:00", "13:00-18:00")
"""Hours of every worked day of the default document; a placeholder of ours, to be replaced by the city's own."""

FIRST_DEFAULT_YEAR = 2020
"""First year whose holidays the default document holds; earlier cases count plain weekdays."""


@dataclass(frozen=True)
class WorkCalendar:
    """Working days and hours of one city.

    Parameters
    ----------
    zone_name : str
        IANA zone in whose local time days and hours are meant.
    hours : tuple of 7 tuples of WorkSpan
        Working hours by weekday, Monday first, of a day that is worked. A Saturday needs hours as soon as a Saturday
        is a make-up working day.
    working_weekdays : tuple of int
        Weekdays that are worked, Monday 0.
    holidays : tuple of CalendarDay
        Public holidays and make-up days, one row a day.
    overrides : tuple of CalendarDay
        Local rows, one a day; they win over `holidays`.
    covered_years : tuple of int
        Years whose public holidays are in the table. In others plain weekdays count.
    start_day_counts : bool
        Whether the day on which a clock of working days starts is the first one (`START_DAY_COUNTS`).

    Raises
    ------
    CalendarError
        If the calendar cannot be worked with; the message names the row.
    """

    zone_name: str
    hours: tuple[tuple[WorkSpan, ...], ...]
    working_weekdays: tuple[int, ...]
    holidays: tuple[CalendarDay, ...] = ()
    overrides: tuple[CalendarDay, ...] = ()
    covered_years: tuple[int, ...] = ()
    start_day_counts: bool = START_DAY_COUNTS

    def __post_init__(self) -> None:
        """Check what the clocks rely on."""
        zone_named(self.zone_name, "the calendar")
        if len(self.hours) != len(WEEKDAYS):
            raise CalendarError(f"the calendar has hours for {len(self.hours)} weekdays; give all seven")
        for name, spans in zip(WEEKDAYS, self.hours, strict=True):
            check_spans(spans, f"hours {name}")
        if not self.working_weekdays:
            raise CalendarError("working_weekdays is empty; name at least one weekday, e.g. mon")
        for weekday in self.working_weekdays:
            if not self.hours[weekday]:
                raise CalendarError(f"{WEEKDAYS[weekday]} is worked but has no hours; add e.g. 09:00-18:00")
        for table, rows in (("holidays", self.holidays), ("overrides", self.overrides)):
            self._check_days(table, rows)

    def _check_days(self, table: str, rows: Sequence[CalendarDay]) -> None:
        seen: set[date] = set()
        for place, row in enumerate(rows, 1):
            where = f"{table} row {place}"
            if row.day in seen:
                raise CalendarError(f"{where}: {row.day} stands there twice; keep one of the rows")
            seen.add(row.day)
            if row.kind is DayKind.MAKE_UP and not self.hours[row.day.weekday()]:
                name = WEEKDAYS[row.day.weekday()]
                raise CalendarError(f"{where}: {row.day} is worked, but {name} has no hours; add them to hours")

    @cached_property
    def zone(self) -> ZoneInfo:
        """The time zone."""
        return ZoneInfo(self.zone_name)

    @cached_property
    def _rows(self) -> Mapping[date, CalendarDay]:
        return {row.day: row for row in (*self.holidays, *self.overrides)}

    @cached_property
    def _known_spans(self) -> dict[date, tuple[tuple[int, int], ...]]:
        return {}

    def row_of(self, day: date) -> CalendarDay | None:
        """Row that decides about a day, or None where its weekday does."""
        return self._rows.get(day)

    def is_worked(self, day: date) -> bool:
        """Whether a local day is a working day."""
        row = self._rows.get(day)
        return day.weekday() in self.working_weekdays if row is None else row.kind is DayKind.MAKE_UP

    def spans_of(self, day: date) -> tuple[tuple[int, int], ...]:
        """Working hours of a local day.

        Returns
        -------
        tuple of (int, int)
            Start and end of each span, microseconds since 1970 in UTC, ascending and apart; empty for a rest day.
        """
        known = self._known_spans.get(day)
        if known is None:
            known = self._known_spans[day] = self._utc_spans(day) if self.is_worked(day) else ()
        return known

    def _utc_spans(self, day: date) -> tuple[tuple[int, int], ...]:
        first, last = wall_micros(self.zone, day), wall_micros(self.zone, day, 24 * 60)
        spans: list[tuple[int, int]] = []
        # From the last to the first: a change of the clocks may put a skipped time after the one that follows it.
        for span in reversed(self.hours[day.weekday()]):
            end = min(max(wall_micros(self.zone, day, span.end_min), first), last)
            start = min(max(wall_micros(self.zone, day, span.start_min), first), end)
            spans.append((start, end))
            last = start
        return tuple(reversed(spans))

    def covers(self, year: int) -> bool:
        """Whether the table holds the public holidays of a year."""
        return year in self.covered_years

    def uncovered(self, first: date, last: date) -> tuple[int, ...]:
        """Years from one day to another (inclusive) whose holidays the table does not hold, ascending."""
        return tuple(year for year in range(first.year, last.year + 1) if not self.covers(year))


def from_document(document: object) -> WorkCalendar:
    """Read a document of kind ``calendar``.

    Parameters
    ----------
    document : object
        ``{"zone": "Asia/Shanghai", "hours": {"mon": ["09:00-12:00", "13:00-18:00"], …}, "working_weekdays": ["mon", …],
        "start_day_counts": false, "covered_years": [2026], "holidays": [{"day": "2026-02-17", "kind": "holiday",
        "name": "春节", "source": "…"}, …], "overrides": [as holidays]}``.

    Raises
    ------
    CalendarError
        Names the row and the mend.
    """
    if not isinstance(document, Mapping):
        raise CalendarError("the calendar is no object; write one with zone, hours and working_weekdays")
    unknown = [key for key in document if key not in _FIELDS]
    if unknown:
        raise CalendarError(f"the calendar has the unknown field {unknown[0]!r}; known are {', '.join(_FIELDS)}")
    hours = document.get("hours")
    if not isinstance(hours, Mapping):
        raise CalendarError('hours are no object; write e.g. {"mon": ["09:00-12:00", "13:00-18:00"]}')
    for name in hours:
        _weekday(name, "hours")
    counts = document.get("start_day_counts", START_DAY_COUNTS)
    if not isinstance(counts, bool):
        raise CalendarError(f"start_day_counts is {counts!r}; write true or false")
    return WorkCalendar(
        RuleRow(document, "the calendar", CalendarError).code("zone"),
        tuple(_spans(hours, name) for name in WEEKDAYS),
        tuple(sorted({_weekday(name, "working_weekdays") for name in _list(document, "working_weekdays")})),
        read_days(_list(document, "holidays"), "holidays"),
        read_days(_list(document, "overrides"), "overrides"),
        tuple(sorted({_year(year) for year in _list(document, "covered_years")})),
        counts,
    )


def to_document(calendar: WorkCalendar) -> dict[str, Any]:
    """Write a calendar as its document of plain JSON types; `from_document` reads it back equal."""
    hours = zip(WEEKDAYS, calendar.hours, strict=True)
    return {
        "zone": calendar.zone_name,
        "hours": {name: [span.text for span in spans] for name, spans in hours},
        "working_weekdays": [WEEKDAYS[weekday] for weekday in calendar.working_weekdays],
        "start_day_counts": calendar.start_day_counts,
        "covered_years": list(calendar.covered_years),
        "holidays": written_days(calendar.holidays),
        "overrides": written_days(calendar.overrides),
    }


def default_document(years: Iterable[int] | None = None) -> dict[str, Any]:
    """Calendar document for a Chinese city; its hours are placeholders.

    Parameters
    ----------
    years : iterable of int, optional
        Years whose public holidays to copy; those that no notice is known for are left out and count as not covered.
        Default: all known ones from `FIRST_DEFAULT_YEAR` on.

    Returns
    -------
    dict
        A document of plain JSON types, complete in itself: a later notice reaches a stored calendar only as a new
        version of the document.
    """
    known = noticed_years()
    wanted = {year for year in known if year >= FIRST_DEFAULT_YEAR} if years is None else {*years} & {*known}
    spans = tuple(WorkSpan.from_text(text, "the default hours") for text in DEFAULT_HOURS)
    calendar = WorkCalendar(
        DEFAULT_ZONE, (spans,) * len(WEEKDAYS), tuple(range(5)), noticed_days(wanted), (), tuple(sorted(wanted))
    )
    return to_document(calendar)


_FIELDS = ("zone", "hours", "working_weekdays", "start_day_counts", "covered_years", "holidays", "overrides")


def _list(values: Mapping[str, object], key: str) -> Sequence[object]:
    value = values.get(key, [])
    if not isinstance(value, list | tuple):
        raise CalendarError(f"{key} is {value!r}; write a list")
    return value


def _weekday(name: object, where: str) -> int:
    if name not in WEEKDAYS:
        raise CalendarError(f"{where}: {name!r} is no weekday; write one of {', '.join(WEEKDAYS)}")
    return WEEKDAYS.index(str(name))


def _spans(hours: Mapping[str, object], name: str) -> tuple[WorkSpan, ...]:
    return tuple(
        WorkSpan.from_text(text, f"hours {name} row {place}") for place, text in enumerate(_list(hours, name), 1)
    )


def _year(value: object) -> int:
    if not isinstance(value, int) or isinstance(value, bool):
        raise CalendarError(f"covered_years: {value!r} is no year; write e.g. 2026")
    return value
