"""Working time as cumulative tables, for time limits by the million."""

from dataclasses import dataclass
from datetime import date, timedelta

import numpy as np
from numpy.typing import NDArray

from twin_model.calendar import WorkCalendar
from twin_model.errors import CalendarError
from twin_model.zone_time import local_day, micros_of, moment_of, wall_micros

HOUR_US = 3_600_000_000
"""Microseconds an hour."""

MAX_AMOUNT = 20_000
"""Longest time limit, in hours or working days; beyond it lies a slip of the pen, not a limit."""

_FIRST_REACH_DAYS = 60
_LAST_DAY = date(2600, 1, 1)

_Micros = NDArray[np.int64]


@dataclass(frozen=True)
class WorkTable:
    """Working time of a run of days, in microseconds since 1970 in UTC.

    Parameters
    ----------
    start, end : (s,) int64
        Spans of working hours, ascending.
    before : (s,) int64
        Working time before each span, since the first.
    close : (w,) int64
        Ends of the working hours of each working day.
    midnight : (d,) int64
        Beginnings of the days.
    begun : (d,) int64
        Working days up to and including each day.
    start_day_counts : bool
        See `WorkCalendar`.
    """

    start: _Micros
    end: _Micros
    before: _Micros
    close: _Micros
    midnight: _Micros
    begun: _Micros
    start_day_counts: bool

    def after_hours(self, starts: _Micros, needs: _Micros) -> _Micros:
        """Earliest moments at which working time `needs`, microseconds, has run since `starts`."""
        target = self._worked(starts) + needs
        place = np.searchsorted(self.before + (self.end - self.start), target)
        ends = self.start[place] + (target - self.before[place])
        return np.where(needs > 0, ends, starts)

    def after_days(self, starts: _Micros, needs: _Micros) -> _Micros:
        """Give the close of the `needs`-th working days since `starts`."""
        place = self._closed(starts) + needs - 1
        return np.where(needs > 0, self.close[np.maximum(place, 0)], starts)

    def reaches(self, last: int, hours_us: int, days: int) -> bool:
        """Whether limits of working time and of working days that start at `last` end within the table."""
        if not len(self.start):
            return False
        starts = np.array([last], np.int64)
        total = int(self.before[-1] + self.end[-1] - self.start[-1])
        return int(self._worked(starts)[0]) + hours_us <= total and int(self._closed(starts)[0]) + days <= len(
            self.close
        )

    def _worked(self, starts: _Micros) -> _Micros:
        place = np.searchsorted(self.start, starts, "right") - 1
        held = np.maximum(place, 0)
        run = np.minimum(starts, self.end[held]) - self.start[held]
        return np.where(place < 0, 0, self.before[held] + run)

    def _closed(self, starts: _Micros) -> _Micros:
        if self.start_day_counts:
            return np.searchsorted(self.close, starts, "right").astype(np.int64)
        return self.begun[np.searchsorted(self.midnight, starts, "right") - 1]


def work_table(calendar: WorkCalendar, first: date, last: date) -> WorkTable:
    """Table of the days from one to another, inclusive."""
    days = [first + timedelta(days=count) for count in range((last - first).days + 1)]
    spans = [calendar.spans_of(day) for day in days]
    flat = np.array([span for day in spans for span in day], np.int64).reshape(-1, 2)
    length = flat[:, 1] - flat[:, 0]
    return WorkTable(
        flat[:, 0].copy(),
        flat[:, 1].copy(),
        np.cumsum(length) - length,
        np.array([day[-1][1] for day in spans if day], np.int64),
        np.array([wall_micros(calendar.zone, day) for day in days], np.int64),
        np.cumsum([bool(day) for day in spans], dtype=np.int64),
        calendar.start_day_counts,
    )


def work_table_for(calendar: WorkCalendar, starts: _Micros, hours_us: int = 0, days: int = 0) -> WorkTable:
    """Table that holds the ends of time limits.

    Parameters
    ----------
    calendar : WorkCalendar
    starts : (n,) int64
        At least one; microseconds since 1970 in UTC.
    hours_us, days : int
        Longest limits in working time, microseconds, and in working days.

    Raises
    ------
    CalendarError
        If a start is centuries away, or a limit is not reached for centuries.
    """
    edges = [int(edge) for edge in (starts.min(), starts.max())]
    for edge in edges:
        micros_of(moment_of(edge))
    first, last = (local_day(calendar.zone, edge) for edge in edges)
    reach = _FIRST_REACH_DAYS
    while True:
        end = min(last + timedelta(days=reach), _LAST_DAY)
        table = work_table(calendar, first - timedelta(days=1), end)
        if table.reaches(edges[1], hours_us, days):
            return table
        if end == _LAST_DAY:
            raise CalendarError(f"a time limit is not reached before {_LAST_DAY}; give the calendar more hours")
        reach *= 4
