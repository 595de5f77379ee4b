import math
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from app.simulate.arrivals import PER_DAY, RATE, Arrivals
from app.simulate.cast import SOURCE_ACTORS
from app.simulate.chance import chance
from app.simulate.report import FOUND_BY
from twin_model.demo.case_mix import REPORTED_BY_SOURCE
from twin_model.demo.case_times import HISTORY_DAYS

ZONE = ZoneInfo("Asia/Shanghai")
MONDAY = datetime(2026, 11, 23, tzinfo=ZONE)
sources = st.sampled_from(sorted(PER_DAY))
evens = st.floats(0, 1)


@given(sources, st.floats(1, 1e6), evens)
def test_the_hours_of_a_week_add_up_to_seven_average_days(source, rate, even):
    arrivals = Arrivals(rate, even)
    assert arrivals.expected(source, MONDAY, 7 * 24) == pytest.approx(7 * arrivals.per_day(source))


@given(st.floats(1, 1e6))
def test_the_sources_add_up_to_the_rate(rate):
    assert math.fsum(Arrivals(rate).per_day(source) for source in PER_DAY) == pytest.approx(rate)


@pytest.mark.parametrize("source", ["COLLECTOR", "ASSESSMENT"])
def test_the_counted_sources_compare_as_published(source):
    assert PER_DAY[source] == pytest.approx(REPORTED_BY_SOURCE[source] / HISTORY_DAYS, abs=0.5)
    assert pytest.approx(sum(REPORTED_BY_SOURCE.values()) / HISTORY_DAYS, abs=10) == RATE


def test_every_source_has_somebody_who_reports_and_a_way_to_say_it():
    assert set(PER_DAY) == set(SOURCE_ACTORS) == set(FOUND_BY)


def test_inspectors_report_most_and_work_by_day():
    arrivals = Arrivals()
    assert max(PER_DAY, key=arrivals.per_day) == "COLLECTOR"
    assert arrivals.per_hour("COLLECTOR", MONDAY + timedelta(hours=10)) > 100 * arrivals.per_hour("COLLECTOR", MONDAY)
    assert arrivals.per_hour("ASSESSMENT", MONDAY) == 0


@given(sources, st.integers(0, 23))
def test_an_even_day_has_equal_hours(source, hour):
    arrivals = Arrivals(even=1.0)
    assert arrivals.per_hour(source, MONDAY + timedelta(hours=hour)) == arrivals.per_hour(source, MONDAY)


def a_week(arrivals, source, seed):
    moment, found = MONDAY, []
    for number in range(1, 100_000):
        moment = arrivals.next_after(source, moment, chance(seed, source, number))
        if moment >= MONDAY + timedelta(days=7):
            break
        found.append(moment)
    return found


@settings(max_examples=12)
@given(sources, st.integers(0, 1000))
def test_as_many_come_as_are_expected(source, seed):
    arrivals = Arrivals(rate=3000)
    expected = arrivals.expected(source, MONDAY, 7 * 24)
    found = a_week(arrivals, source, seed)
    assert abs(len(found) - expected) <= 5 * math.sqrt(expected)
    assert found == sorted(found)
    assert all(arrivals.per_hour(source, moment) > 0 for moment in found)


def test_the_same_seed_gives_the_same_moments():
    assert a_week(Arrivals(), "PUBLIC", 3) == a_week(Arrivals(), "PUBLIC", 3)
    assert a_week(Arrivals(), "PUBLIC", 3) != a_week(Arrivals(), "PUBLIC", 4)


def test_each_hour_has_its_share():
    arrivals = Arrivals(rate=20_000)
    found = a_week(arrivals, "COLLECTOR", 5)
    for hour in range(24):
        expected = math.fsum(
            arrivals.per_hour("COLLECTOR", MONDAY + timedelta(days=day, hours=hour)) for day in range(7)
        )
        came = sum(moment.hour == hour for moment in found)
        assert abs(came - expected) <= 5 * math.sqrt(expected) + 5


def test_a_source_that_rests_at_night_comes_back_in_the_morning():
    evening = MONDAY + timedelta(hours=20)
    next_one = Arrivals().next_after("ASSESSMENT", evening, chance(1, "x"))
    assert next_one >= MONDAY + timedelta(days=1, hours=7)
