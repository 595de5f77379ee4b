"""The three clocks of the trade: when a time limit ends, and how much of it is used up, pauses left out.

Urgent hours (紧急工作时) run day and night, working hours (工作时) run while the calendar's hours do, and working days
(工作日) count whole days of work.

Hours are exact to the microsecond. The limit ends at the earliest moment at which the clock has run for so long: eight
hours from 09:00 end at 18:00 the same day and not at 09:00 the next.

Working days have no fractions. A working day counts at the close of its working hours, and the limit of N working days
ends at the N-th close. The day on which the clock starts is not counted, whatever the time of day; so N working days
from a Friday, or from the rest day after it, end at the close of the N-th working day that follows. (Both are defaults
of ours. With `WorkCalendar.start_day_counts` the first close after the start counts too.) A pause takes a working day
out exactly if the clock stands at that day's close; a pause of a few hours within a day takes none.
"""

from collections.abc import Iterable, Iterator, Sequence
from datetime import date, datetime, timedelta
from enum import StrEnum
from itertools import islice
from math import isfinite

import numpy as np
from numpy.typing import ArrayLike, NDArray

from twin_model.calendar import WorkCalendar
from twin_model.errors import CalendarError
from twin_model.work_table import HOUR_US, MAX_AMOUNT, work_table_for
from twin_model.zone_time import local_day, micros_of, moment_of

Pause = tuple[datetime, datetime | None]
"""From when to when the clock stands, aware; None where it still stands."""

_FOREVER = 1 << 62
_Span = tuple[int, int]
_LAST_DAY = date(2600, 1, 1)


class WorkClock(StrEnum):
    """How the time of a limit is counted."""

    EMERGENCY = "emergency"
    """Hours of the day and night (紧急工作时)."""
    WORKING_HOURS = "working_hours"
    """Hours within the calendar's working hours (工作时)."""
    WORKING_DAYS = "working_days"
    """Whole working days (工作日)."""


def due(calendar: WorkCalendar, clock: WorkClock, start: datetime, amount: float) -> datetime:
    """Moment at which a time limit ends.

    Parameters
    ----------
    calendar : WorkCalendar
    clock : WorkClock
    start : datetime
        When the clock starts; aware.
    amount : float
        Hours, or whole working days; 0 ends at the start.

    Returns
    -------
    datetime
        Aware, in UTC.

    Raises
    ------
    CalendarError
        If the start is naive or centuries away, or the amount is negative, no number, above `MAX_AMOUNT`, or a
        fraction of working days.
    """
    return due_with_pauses(calendar, clock, start, amount, ())


def due_with_pauses(
    calendar: WorkCalendar, clock: WorkClock, start: datetime, amount: float, pauses: Iterable[Pause]
) -> datetime:
    """Moment at which a time limit ends whose clock stood for a while.

    Parameters
    ----------
    calendar, clock, start, amount
        As for `due`.
    pauses : iterable of Pause
        In any order; they may overlap and begin before the start. A pause that still lasts is written as ending now
        to learn the deadline that would hold if the clock went on now.

    Returns
    -------
    datetime
        Aware, in UTC.

    Raises
    ------
    CalendarError
        As for `due`; if a pause ends before it begins; if the clock still stands and the limit is not reached before.
    """
    start_us, stops = micros_of(start), _stops(pauses)
    need = _checked(clock, amount)
    if not need:
        return moment_of(start_us)
    if clock is WorkClock.WORKING_DAYS:
        close = next(islice(_closes(calendar, start_us, stops), need - 1, None), None)
        if close is not None:
            return moment_of(close)
    else:
        for begin, end in _running(calendar, clock, start_us, stops):
            if end - begin >= need:
                return moment_of(begin + need)
            need -= end - begin
    if stops and stops[-1][1] == _FOREVER:
        raise CalendarError(
            f"the clock stands since {moment_of(stops[-1][0])}, so that the limit has no end; "
            "end the pause now to learn the deadline if it went on now"
        )
    raise CalendarError(f"{amount:g} by the {clock} clock is not reached before {_LAST_DAY}; give the calendar hours")


def elapsed(
    calendar: WorkCalendar, clock: WorkClock, start: datetime, end: datetime, pauses: Iterable[Pause] = ()
) -> float:
    """Time that a clock has run between two moments: hours, or whole working days whose close has come.

    The inverse of `due`: ``elapsed(start, due(start, amount)) == amount``, to the microsecond for hours.

    Raises
    ------
    CalendarError
        If a moment is naive or centuries away, the end comes before the start, or a pause ends before it begins.
    """
    start_us, end_us, stops = micros_of(start), micros_of(end), _stops(pauses)
    if end_us < start_us:
        raise CalendarError(f"the end {end} comes before the start {start}; swap them")
    if clock is WorkClock.WORKING_DAYS:
        return float(sum(1 for _ in _until(_closes(calendar, start_us, stops), end_us)))
    used = 0
    for begin, finish in _running(calendar, clock, start_us, stops):
        if begin >= end_us:
            break
        used += min(finish, end_us) - begin
    return used / HOUR_US


def remaining(
    calendar: WorkCalendar,
    clock: WorkClock,
    start: datetime,
    amount: float,
    *,
    now: datetime,
    pauses: Iterable[Pause] = (),
) -> float:
    """Time that is left of a limit now: hours, or whole working days; negative once it is overdue.

    It stands still while the clock does. It is 0 or less exactly from the moment on at which the limit ends. Working
    days show 1 up to the close of the last day, and 0 until the close of the first day after it.

    Raises
    ------
    CalendarError
        As for `elapsed` and `due`; a moment before the start has the whole limit left.
    """
    _checked(clock, amount)
    return amount - elapsed(calendar, clock, start, max(now, start), pauses)


def due_many(
    calendar: WorkCalendar, clock: WorkClock, starts: NDArray[np.int64], amount: ArrayLike
) -> NDArray[np.int64]:
    """Moments at which many time limits end; equal to `due` of each.

    Parameters
    ----------
    calendar : WorkCalendar
    clock : WorkClock
    starts : (n,) int64
        When the clocks start, microseconds since 1970 in UTC.
    amount : float or (n,) array_like of float
        Hours, or whole working days: one for all, or one each.

    Returns
    -------
    (n,) int64
        Microseconds since 1970 in UTC.

    Raises
    ------
    CalendarError
        If an amount or a start cannot be counted with (see `due`), or the arrays are not of one length.
    """
    begun = np.asarray(starts, np.int64)
    amounts = np.asarray(amount, np.float64)
    if begun.ndim != 1 or amounts.shape not in ((), begun.shape):
        raise CalendarError(f"starts are {begun.shape}, amounts {amounts.shape}; give one amount, or one a start")
    needs = _checked_many(clock, amounts)
    if not len(begun):
        return begun.copy()
    if clock is WorkClock.EMERGENCY:
        for edge in (begun.min(), begun.max()):
            micros_of(moment_of(int(edge)))
        return begun + needs
    if clock is WorkClock.WORKING_HOURS:
        return work_table_for(calendar, begun, hours_us=int(needs.max())).after_hours(begun, needs)
    return work_table_for(calendar, begun, days=int(needs.max())).after_days(begun, needs)


def _checked(clock: WorkClock, amount: float) -> int:
    """Microseconds, or working days."""
    if not (isfinite(amount) and 0 <= amount <= MAX_AMOUNT):
        raise CalendarError(f"amount {amount} of the {clock} clock is not between 0 and {MAX_AMOUNT}")
    if clock is WorkClock.WORKING_DAYS and amount != int(amount):
        raise CalendarError(f"{amount:g} working days have a fraction; give whole days, or hours of work")
    return int(amount) if clock is WorkClock.WORKING_DAYS else round(amount * HOUR_US)


def _checked_many(clock: WorkClock, amounts: NDArray[np.float64]) -> NDArray[np.int64]:
    wrong = ~((amounts >= 0) & (amounts <= MAX_AMOUNT))
    if clock is WorkClock.WORKING_DAYS:
        wrong |= amounts != np.floor(amounts)
    if wrong.any():
        _checked(clock, float(np.atleast_1d(amounts)[np.atleast_1d(wrong)][0]))
    needs = amounts if clock is WorkClock.WORKING_DAYS else np.rint(amounts * HOUR_US)
    return needs.astype(np.int64)


def _stops(pauses: Iterable[Pause]) -> list[_Span]:
    """Pauses as microseconds, in order, joined where they touch."""
    joined: list[_Span] = []
    for begin, end in sorted(_stop(pause) for pause in pauses):
        if joined and begin <= joined[-1][1]:
            joined[-1] = joined[-1][0], max(end, joined[-1][1])
        else:
            joined.append((begin, end))
    return joined


def _stop(pause: Pause) -> _Span:
    begin, end = micros_of(pause[0]), _FOREVER if pause[1] is None else micros_of(pause[1])
    if end < begin:
        raise CalendarError(f"the pause from {pause[0]} ends before it begins, at {pause[1]}; swap the two")
    return begin, end


def _until(moments: Iterable[int], end_us: int) -> Iterator[int]:
    for moment in moments:
        if moment > end_us:
            return
        yield moment


def _days_from(calendar: WorkCalendar, start_us: int) -> Iterator[date]:
    day = local_day(calendar.zone, start_us)
    while day < _LAST_DAY:
        yield day
        day += timedelta(days=1)


def _running(calendar: WorkCalendar, clock: WorkClock, start_us: int, stops: Sequence[_Span]) -> Iterator[_Span]:
    """Spans from a start on in which a clock of hours runs."""
    spans = iter([(start_us, _FOREVER)]) if clock is WorkClock.EMERGENCY else _spans_from(calendar, start_us)
    place = 0
    for begin, end in spans:
        cursor = begin
        while cursor < end:
            while place < len(stops) and stops[place][1] <= cursor:
                place += 1
            stop_begin, stop_end = stops[place] if place < len(stops) else (_FOREVER, _FOREVER)
            if cursor < stop_begin:
                yield cursor, min(end, stop_begin)
            elif stop_end == _FOREVER:
                return
            cursor = end if stop_begin >= end else stop_end


def _spans_from(calendar: WorkCalendar, start_us: int) -> Iterator[_Span]:
    for day in _days_from(calendar, start_us):
        for begin, end in calendar.spans_of(day):
            if end > start_us:
                yield max(begin, start_us), end


def _closes(calendar: WorkCalendar, start_us: int, stops: Sequence[_Span]) -> Iterator[int]:
    """Give the closes of the working days that count from a start on."""
    days = _days_from(calendar, start_us)
    if not calendar.start_day_counts:
        next(days)
    place = 0
    for day in days:
        if not calendar.is_worked(day):
            continue
        close = calendar.spans_of(day)[-1][1]
        while place < len(stops) and stops[place][1] < close:
            place += 1
        stands = place < len(stops) and stops[place][0] < close
        if stands and stops[place][1] == _FOREVER:
            return
        if close > start_us and not stands:
            yield close
