"""The three clocks: known dates, pauses, and what holds for all of them."""

from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from twin_model.calendar import default_document, from_document
from twin_model.errors import CalendarError
from twin_model.work_clock import WorkClock, due, due_many, due_with_pauses, elapsed, remaining
from twin_model.zone_time import micros_of, moment_of

SHANGHAI = ZoneInfo("Asia/Shanghai")
CHINA = from_document(default_document())
NEW_YORK = from_document(
    default_document([])
    | {"zone": "America/New_York", "hours": {name: ["00:00-02:30", "04:00-24:00"] for name in ("sat", "sun", "mon")}}
    | {"working_weekdays": ["sat", "sun", "mon"]}
)
LORD_HOWE = from_document(default_document([]) | {"zone": "Australia/Lord_Howe"})
START_COUNTS = from_document(default_document() | {"start_day_counts": True})
CALENDARS = [CHINA, NEW_YORK, LORD_HOWE, START_COUNTS]
HOURS = [WorkClock.EMERGENCY, WorkClock.WORKING_HOURS]

calendars = st.sampled_from(CALENDARS)
clocks = st.sampled_from(list(WorkClock))
YEARS = [micros_of(datetime(year, 1, 1, tzinfo=UTC)) for year in (2024, 2028)]
SPRING = [micros_of(datetime(2026, month, 10, tzinfo=UTC)) for month in (2, 3)]
starts = st.one_of(st.integers(*YEARS), st.integers(*SPRING)).map(moment_of)
amounts = st.integers(0, 60)


def local(month: int, day: int, hour: int = 0, minute: int = 0, year: int = 2026) -> datetime:
    return datetime(year, month, day, hour, minute, tzinfo=SHANGHAI)


@pytest.mark.parametrize(
    ("clock", "start", "amount", "expected"),
    [
        (WorkClock.EMERGENCY, local(2, 14, 17), 24, local(2, 15, 17)),
        (WorkClock.EMERGENCY, local(2, 16, 3), 0.5, local(2, 16, 3, 30)),
        # within a day, over lunch, to the very close, over a night
        (WorkClock.WORKING_HOURS, local(3, 4, 9), 2, local(3, 4, 11)),
        (WorkClock.WORKING_HOURS, local(3, 4, 11), 2, local(3, 4, 14)),
        (WorkClock.WORKING_HOURS, local(3, 4, 9), 8, local(3, 4, 18)),
        (WorkClock.WORKING_HOURS, local(3, 4, 16, 30), 4, local(3, 5, 11, 30)),
        (WorkClock.WORKING_HOURS, local(3, 4, 22), 4, local(3, 5, 14)),
        # over a weekend
        (WorkClock.WORKING_HOURS, local(3, 6, 17), 2, local(3, 9, 10)),
        (WorkClock.WORKING_HOURS, local(3, 7, 12), 2, local(3, 9, 11)),
        # Friday 13 February 2026: a make-up Saturday follows, then nine days of Spring Festival
        (WorkClock.WORKING_HOURS, local(2, 13, 17), 2, local(2, 14, 10)),
        (WorkClock.WORKING_HOURS, local(2, 14, 17), 4, local(2, 24, 12)),
        (WorkClock.WORKING_HOURS, local(2, 17, 12), 4, local(2, 24, 14)),
        (WorkClock.WORKING_DAYS, local(2, 13, 16), 1, local(2, 14, 18)),
        (WorkClock.WORKING_DAYS, local(2, 13, 16), 2, local(2, 24, 18)),
        (WorkClock.WORKING_DAYS, local(2, 13, 16), 15, local(3, 12, 18)),
        (WorkClock.WORKING_DAYS, local(2, 18, 0), 1, local(2, 24, 18)),
        (WorkClock.WORKING_DAYS, local(2, 27, 9), 1, local(2, 28, 18)),
        # the day of the start is not counted, whatever the time of day; a rest day before is as the Friday
        (WorkClock.WORKING_DAYS, local(3, 4, 0), 1, local(3, 5, 18)),
        (WorkClock.WORKING_DAYS, local(3, 4, 23, 59), 1, local(3, 5, 18)),
        (WorkClock.WORKING_DAYS, local(3, 6, 9), 3, local(3, 11, 18)),
        (WorkClock.WORKING_DAYS, local(3, 7, 9), 3, local(3, 11, 18)),
        (WorkClock.WORKING_DAYS, local(3, 4, 9), 0, local(3, 4, 9)),
    ],
)
def test_limits_end_at_known_moments(clock, start, amount, expected):
    assert due(CHINA, clock, start, amount) == expected
    assert elapsed(CHINA, clock, start, expected) == amount
    assert due_many(CHINA, clock, np.array([micros_of(start)]), amount).tolist() == [micros_of(expected)]


def test_the_day_of_the_start_can_count_as_the_first():
    assert due(START_COUNTS, WorkClock.WORKING_DAYS, local(3, 4, 9), 1) == local(3, 4, 18)
    assert due(START_COUNTS, WorkClock.WORKING_DAYS, local(3, 4, 18), 1) == local(3, 5, 18)
    assert due(START_COUNTS, WorkClock.WORKING_DAYS, local(3, 7, 9), 1) == local(3, 9, 18)


def test_years_without_holidays_count_plain_weekdays():
    assert due(CHINA, WorkClock.WORKING_DAYS, local(12, 31, 9, year=2026), 1) == local(1, 1, 18, year=2027)


def test_working_hours_over_a_change_of_the_clocks_are_real_hours():
    zone = ZoneInfo("America/New_York")
    before = datetime(2026, 3, 8, 0, tzinfo=zone)  # Sunday on which 02:00 becomes 03:00
    assert due(NEW_YORK, WorkClock.WORKING_HOURS, before, 3) == datetime(2026, 3, 8, 4, 30, tzinfo=zone)
    before = datetime(2026, 11, 1, 0, tzinfo=zone)  # Sunday on which 02:00 becomes 01:00
    assert due(NEW_YORK, WorkClock.WORKING_HOURS, before, 3.5) == datetime(2026, 11, 1, 2, 30, tzinfo=zone)


def test_a_pause_over_a_weekend_moves_the_deadline_by_the_hours_it_took():
    pause = (local(3, 6, 16), local(3, 9, 10))  # two hours of Friday, one of Monday
    assert due(CHINA, WorkClock.WORKING_HOURS, local(3, 6, 14), 4) == local(3, 6, 18)
    assert due_with_pauses(CHINA, WorkClock.WORKING_HOURS, local(3, 6, 14), 4, [pause]) == local(3, 9, 12)
    assert due_with_pauses(CHINA, WorkClock.EMERGENCY, local(3, 6, 14), 4, [pause]) == local(3, 9, 12)


def test_a_pause_takes_out_the_working_days_at_whose_close_it_lasts():
    start = local(3, 5, 10)
    over_weekend = (local(3, 6, 10), local(3, 9, 10))
    assert due(CHINA, WorkClock.WORKING_DAYS, start, 2) == local(3, 9, 18)
    assert due_with_pauses(CHINA, WorkClock.WORKING_DAYS, start, 2, [over_weekend]) == local(3, 10, 18)
    within_a_day = (local(3, 6, 10), local(3, 6, 15))
    assert due_with_pauses(CHINA, WorkClock.WORKING_DAYS, start, 2, [within_a_day]) == local(3, 9, 18)


def test_a_pause_after_the_limit_or_before_the_start_changes_nothing():
    start = local(3, 4, 9)
    pauses = [(local(3, 4, 18), None), (local(3, 1, 9), local(3, 4, 8))]
    assert due_with_pauses(CHINA, WorkClock.WORKING_HOURS, start, 8, pauses) == local(3, 4, 18)


def test_overlapping_pauses_count_once():
    pauses = [(local(3, 4, 10), local(3, 4, 12)), (local(3, 4, 9), local(3, 4, 11)), (local(3, 4, 12), local(3, 4, 12))]
    assert due_with_pauses(CHINA, WorkClock.WORKING_HOURS, local(3, 4, 9), 1, pauses) == local(3, 4, 14)


def test_the_countdown_stands_while_the_clock_does_and_goes_on_after():
    start, pause = local(3, 6, 14), (local(3, 6, 16), None)

    def left(now: datetime, pauses: list) -> float:
        return remaining(CHINA, WorkClock.WORKING_HOURS, start, 4, now=now, pauses=pauses)

    assert left(local(3, 6, 15), []) == 3
    assert left(local(3, 6, 17), [pause]) == left(local(3, 9, 10), [pause]) == left(local(6, 1, 10), [pause]) == 2
    closed = [(local(3, 6, 16), local(3, 9, 10))]
    assert [left(local(3, 9, hour), closed) for hour in (10, 11, 12, 14)] == [2, 1, 0, -1]


def test_the_countdown_of_working_days_ends_at_the_close_of_the_last():
    def left(now: datetime) -> float:
        return remaining(CHINA, WorkClock.WORKING_DAYS, local(3, 6, 14), 2, now=now)

    moments = [local(3, 6, 19), local(3, 9, 17), local(3, 9, 18), local(3, 10, 17), local(3, 10, 18), local(3, 11, 18)]
    assert [left(now) for now in moments] == [2, 2, 1, 1, 0, -1]


def test_before_the_start_the_whole_limit_is_left():
    assert remaining(CHINA, WorkClock.EMERGENCY, local(3, 4, 9), 5, now=local(3, 4, 8)) == 5


@pytest.mark.parametrize("clock", list(WorkClock))
def test_a_limit_whose_clock_still_stands_has_no_end(clock):
    with pytest.raises(CalendarError, match=r"the clock stands since 2026-03-05 .* end the pause now"):
        due_with_pauses(CHINA, clock, local(3, 4, 17), 24, [(local(3, 5, 9), None)])


@pytest.mark.parametrize("clock", list(WorkClock))
@pytest.mark.parametrize("amount", [-1, float("nan"), float("inf"), 1e9])
def test_impossible_amounts_are_refused(clock, amount):
    with pytest.raises(CalendarError, match="is not between 0 and"):
        due(CHINA, clock, local(3, 4), amount)
    with pytest.raises(CalendarError, match="is not between 0 and"):
        due_many(CHINA, clock, np.array([0]), [amount])


def test_fractions_of_working_days_are_refused():
    with pytest.raises(CalendarError, match=r"1.5 working days have a fraction; give whole days"):
        due(CHINA, WorkClock.WORKING_DAYS, local(3, 4), 1.5)
    with pytest.raises(CalendarError, match=r"1.5 working days have a fraction"):
        due_many(CHINA, WorkClock.WORKING_DAYS, np.array([0, 0]), [1, 1.5])


def test_naive_reversed_and_absurd_moments_are_refused():
    with pytest.raises(CalendarError, match="no time zone"):
        due(CHINA, WorkClock.EMERGENCY, local(3, 4).replace(tzinfo=None), 1)
    with pytest.raises(CalendarError, match="comes before the start"):
        elapsed(CHINA, WorkClock.EMERGENCY, local(3, 5), local(3, 4))
    with pytest.raises(CalendarError, match="ends before it begins"):
        due_with_pauses(CHINA, WorkClock.EMERGENCY, local(3, 4), 1, [(local(3, 5), local(3, 4))])
    for clock in WorkClock:
        with pytest.raises(CalendarError, match="check its year"):
            due_many(CHINA, clock, np.array([micros_of(local(3, 4)), 8 * 10**15]), 1)


def test_columns_of_other_lengths_are_refused_and_empty_ones_stay_empty():
    for clock in WorkClock:
        with pytest.raises(CalendarError, match="give one amount, or one a start"):
            due_many(CHINA, clock, np.array([0, 1]), [1, 2, 3])
        assert due_many(CHINA, clock, np.empty(0, np.int64), 4).shape == (0,)


@given(
    calendars, clocks, starts, amounts, st.tuples(st.timedeltas(timedelta(0), timedelta(days=20)), st.integers(0, 20))
)
def test_a_later_start_or_a_longer_limit_never_ends_earlier(calendar, clock, start, amount, changes):
    later, more = changes
    end = due(calendar, clock, start, amount)
    assert start <= end <= due(calendar, clock, start, amount + more)
    assert end <= due(calendar, clock, start + later, amount)


@given(calendars, st.sampled_from(HOURS), starts, st.integers(0, 60 * 60))
def test_hours_elapsed_at_the_end_are_the_limit(calendar, clock, start, minutes):
    assert elapsed(calendar, clock, start, due(calendar, clock, start, minutes / 60)) == minutes / 60


@given(calendars, starts, amounts)
def test_working_days_elapsed_at_the_end_are_the_limit_and_one_less_just_before(calendar, start, days):
    end = due(calendar, WorkClock.WORKING_DAYS, start, days)
    assert elapsed(calendar, WorkClock.WORKING_DAYS, start, end) == days
    if days:
        assert elapsed(calendar, WorkClock.WORKING_DAYS, start, end - timedelta(microseconds=1)) == days - 1


breaks = st.lists(st.tuples(st.integers(-50, 500), st.integers(0, 90)), max_size=4)


@given(calendars, clocks, starts, amounts, st.tuples(breaks, st.integers(0, 600)))
def test_nothing_is_left_exactly_from_the_deadline_on(calendar, clock, start, amount, course):
    stands, hours = course
    pauses = [(start + timedelta(hours=at), start + timedelta(hours=at + length)) for at, length in stands]
    end, now = due_with_pauses(calendar, clock, start, amount, pauses), start + timedelta(hours=hours)
    assert (remaining(calendar, clock, start, amount, now=now, pauses=pauses) <= 0) == (now >= end)
    assert remaining(calendar, clock, start, amount, now=end, pauses=pauses) == pytest.approx(0, abs=1e-6)
    assert end >= due(calendar, clock, start, amount)


@given(
    st.sampled_from([CHINA, LORD_HOWE]), starts.map(lambda at: at.replace(second=0, microsecond=0)), st.integers(0, 4)
)
def test_working_hours_are_the_minutes_that_the_local_clock_shows_as_worked(calendar, start, days):
    worked = 0
    for minute in range(days * 24 * 60):
        at = (start + timedelta(minutes=minute)).astimezone(calendar.zone)
        inside = any(span.start_min <= at.hour * 60 + at.minute < span.end_min for span in calendar.hours[at.weekday()])
        worked += inside and calendar.is_worked(at.date())
    assert elapsed(calendar, WorkClock.WORKING_HOURS, start, start + timedelta(days=days)) == worked / 60


@given(starts, st.integers(1, 30))
def test_working_days_are_the_worked_dates_after_the_start(start, days):
    day, left = start.astimezone(SHANGHAI).date(), days
    while left:
        day += timedelta(days=1)
        left -= CHINA.is_worked(day)
    assert due(CHINA, WorkClock.WORKING_DAYS, start, days) == datetime.combine(day, datetime.min.time(), SHANGHAI) + (
        timedelta(hours=18)
    )


def test_a_calendar_without_time_to_work_is_told_instead_of_searched_forever():
    bare = from_document(
        {"zone": "UTC", "hours": {"mon": ["00:00-00:01"]}, "working_weekdays": ["mon"], "covered_years": []}
    )
    start = datetime(2026, 1, 1, tzinfo=UTC)
    with pytest.raises(CalendarError, match="give the calendar"):
        due(bare, WorkClock.WORKING_HOURS, start, 20_000)
    with pytest.raises(CalendarError, match="give the calendar"):
        due_many(bare, WorkClock.WORKING_HOURS, np.array([micros_of(start)]), 20_000)
    assert due(bare, WorkClock.WORKING_DAYS, start, 2).date() == date(2026, 1, 12)


@given(calendars, clocks, st.lists(st.tuples(starts, amounts), min_size=1, max_size=20))
def test_many_limits_at_once_end_as_each_of_them(calendar, clock, cases):
    begun = np.array([micros_of(start) for start, _ in cases])
    expected = [micros_of(due(calendar, clock, start, amount)) for start, amount in cases]
    assert due_many(calendar, clock, begun, [amount for _, amount in cases]).tolist() == expected


@given(calendars, st.sampled_from(HOURS), st.lists(starts, min_size=1), st.floats(0, 300))
def test_many_limits_of_one_length_end_as_each_of_them(calendar, clock, moments, hours):
    begun = np.array([micros_of(start) for start in moments])
    expected = [micros_of(due(calendar, clock, start, hours)) for start in moments]
    assert due_many(calendar, clock, begun, hours).tolist() == expected
