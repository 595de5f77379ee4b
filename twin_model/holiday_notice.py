"""Public holidays of China as the State Council's notices set them, copied into rows of our own."""

from collections.abc import Collection

import chinese_calendar  # type: ignore[import-untyped]

from twin_model.calendar_day import CalendarDay, DayKind

NOTICE_SOURCE = f"国务院办公厅节假日安排 (chinesecalendar {chinese_calendar.__version__})"
"""Source that the rows name."""


def noticed_years() -> tuple[int, ...]:
    """Years whose holidays are known, ascending."""
    return tuple(sorted({day.year for day in chinese_calendar.holidays}))


def noticed_days(years: Collection[int]) -> tuple[CalendarDay, ...]:
    """Holidays and make-up working days of years, by day; none of a year that no notice is known for."""
    tables = ((DayKind.HOLIDAY, chinese_calendar.holidays), (DayKind.MAKE_UP, chinese_calendar.workdays))
    rows = [
        CalendarDay(day, kind, chinese_calendar.Holiday(name).chinese, NOTICE_SOURCE)
        for kind, table in tables
        for day, name in table.items()
        if day.year in years
    ]
    return tuple(sorted(rows, key=lambda row: row.day))
