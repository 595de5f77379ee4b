"""Moments as microseconds, and local days."""

from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from twin_model.errors import CalendarError, ServiceLevelError
from twin_model.zone_time import local_day, micros_of, moment_of, wall_micros, zone_named

HOUR = 3_600_000_000
ZONES = ["Asia/Shanghai", "America/New_York", "Australia/Lord_Howe", "Africa/Cairo", "Asia/Kathmandu"]


@given(st.integers(-2 * 10**15, 7 * 10**15))
def test_microseconds_survive_as_moments(micros):
    assert micros_of(moment_of(micros)) == micros


def test_a_naive_moment_is_refused():
    with pytest.raises(CalendarError, match="no time zone"):
        micros_of(datetime(2026, 1, 1, tzinfo=UTC).replace(tzinfo=None))


def test_a_moment_centuries_away_is_refused():
    with pytest.raises(CalendarError, match="check its year"):
        micros_of(datetime(2700, 1, 1, tzinfo=UTC))


@pytest.mark.parametrize("name", ["Mars/Olympus", "", "../etc", "Asia"])
def test_an_unknown_zone_is_refused_with_the_error_asked_for(name):
    with pytest.raises(ServiceLevelError, match=r"write e\.g\. Asia/Shanghai"):
        zone_named(name, "the list", ServiceLevelError)


@given(st.sampled_from(ZONES), st.integers(10**15, 2 * 10**15))
def test_a_moment_lies_between_the_midnights_of_its_local_day(name, micros):
    zone = ZoneInfo(name)
    day = local_day(zone, micros)
    assert wall_micros(zone, day) <= micros < wall_micros(zone, day + timedelta(days=1))


def test_a_day_on_which_the_clocks_go_forward_has_23_hours():
    zone = ZoneInfo("America/New_York")
    assert wall_micros(zone, date(2026, 3, 8), 1440) - wall_micros(zone, date(2026, 3, 8)) == 23 * HOUR


def test_a_day_has_begun_although_the_clock_was_set_back_before_its_midnight():
    zone = ZoneInfo("America/St_Johns")  # on 7 November 2010 at 00:01 the clocks went back to 23:01
    again_yesterday = datetime(2010, 11, 6, 23, 30, fold=1, tzinfo=zone)
    assert local_day(zone, micros_of(again_yesterday)) == date(2010, 11, 7)
