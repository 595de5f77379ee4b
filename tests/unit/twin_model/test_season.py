"""Seasons of the year."""

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from twin_model.season import Season

some_days = st.dates(date(2020, 1, 1), date(2030, 12, 31))


def test_the_heating_season_spans_the_turn_of_the_year():
    season = Season.from_text("11-15/03-15")
    inside = [date(2026, 11, 15), date(2026, 12, 31), date(2026, 1, 1), date(2026, 3, 15)]
    assert all(season.holds(day) for day in inside)
    assert not any(season.holds(day) for day in (date(2026, 11, 14), date(2026, 3, 16), date(2026, 7, 1)))


@given(some_days, some_days, some_days)
def test_a_season_changes_only_at_its_turns(first, last, day):
    season = Season((first.month, first.day), (last.month, last.day))
    before = day - timedelta(days=1)
    if season.holds(before) != season.holds(day):
        assert day in season.turns(day.year) + season.turns(before.year)


@given(some_days, some_days)
def test_the_text_survives_the_round_trip(first, last):
    season = Season((first.month, first.day), (last.month, last.day))
    assert Season.from_text(season.text) == season


@pytest.mark.parametrize("text", ["", "winter", "11-15", "13-01/14-01", "02-30/03-01", "11-15/03-15 "])
def test_what_is_no_season_is_refused(text):
    with pytest.raises(ValueError, match=r"season|month|day"):
        Season.from_text(text)
