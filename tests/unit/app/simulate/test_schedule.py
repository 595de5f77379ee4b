import math
from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.simulate.schedule import CityClock, Schedule

BEGUN = datetime(2026, 11, 26, 8, tzinfo=UTC)


@given(st.lists(st.floats(0, 1e6)))
def test_things_come_in_the_order_of_their_time_and_then_of_their_coming(dues):
    schedule: Schedule[tuple[float, int]] = Schedule()
    for number, due in enumerate(dues):
        schedule.put(due, (due, number))
    assert len(schedule) == len(dues)
    taken = [schedule.pop(math.inf) for _ in dues]
    assert taken == sorted(taken)
    assert schedule.pop(math.inf) is None


@given(st.lists(st.floats(0, 100), min_size=1), st.floats(0, 100))
def test_nothing_comes_before_its_time(dues, now):
    schedule: Schedule[float] = Schedule()
    for due in dues:
        schedule.put(due, due)
    taken = []
    while (thing := schedule.pop(now)) is not None:
        taken.append(thing)
    assert taken == sorted(due for due in dues if due <= now)
    assert schedule.next_s > now


def test_an_empty_schedule_waits_for_ever():
    assert Schedule().next_s == math.inf


def test_a_time_that_is_none_is_refused():
    with pytest.raises(ValueError, match="number of seconds"):
        Schedule().put(math.nan, "x")


def clock_at(real_s, speed):
    return CityClock(BEGUN, speed, lambda: real_s, 100.0)


def test_the_citys_clock_goes_as_fast_as_it_is_told_to():
    clock = clock_at(130.0, 60.0)
    assert clock.seconds() == 1800
    assert clock.moment(clock.seconds()) == BEGUN + timedelta(minutes=30)


@given(st.floats(0.01, 1e4), st.floats(-1e6, 1e6))
def test_real_and_simulated_seconds_belong_together(speed, simulated):
    clock = clock_at(100.0, speed)
    assert clock.real_s(simulated) == max(simulated, 0) / speed
    assert clock.second_of(clock.moment(simulated)) == pytest.approx(simulated, abs=1e-5)
