"""Public holidays of China as rows of our own."""

from datetime import date

from twin_model.calendar_day import DayKind
from twin_model.holiday_notice import noticed_days, noticed_years


def test_the_years_of_the_demo_are_known():
    assert {2024, 2025, 2026} <= set(noticed_years())


def test_the_spring_festival_of_2026_has_nine_holidays_and_two_make_up_days():
    rows = [row for row in noticed_days({2026}) if row.name == "春节"]
    holidays = [row.day for row in rows if row.kind is DayKind.HOLIDAY]
    assert (min(holidays), max(holidays), len(holidays)) == (date(2026, 2, 15), date(2026, 2, 23), 9)
    assert [row.day for row in rows if row.kind is DayKind.MAKE_UP] == [date(2026, 2, 14), date(2026, 2, 28)]
    assert all(row.source for row in rows)


def test_no_day_stands_twice_and_unknown_years_have_none():
    days = [row.day for row in noticed_days(set(noticed_years()))]
    assert days == sorted(set(days))
    assert noticed_days({1949}) == ()
