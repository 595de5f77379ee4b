"""Numbers and times as people read them."""

# ruff: noqa: DTZ001 - the store's times are naive UTC

from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

from app import formats
from app.i18n import catalogue

ZH, EN = catalogue("zh-CN"), catalogue("en")
NOW = datetime(2026, 11, 22, 16, tzinfo=UTC)
BEIJING = ZoneInfo("Asia/Shanghai")


def test_numbers_have_thousands_separators() -> None:
    assert (formats.number(2_040_552), formats.number(None)) == ("2,040,552", "–")


def test_legends_have_short_numbers() -> None:
    assert [formats.compact(n) for n in (7, 999, 5614, 9949, 9960, 11_440)] == [
        "7",
        "999",
        "5.6k",
        "9.9k",
        "10k",
        "11k",
    ]


def test_shares_are_per_cent() -> None:
    assert formats.percent(1_857_530 / 2_040_552) == "91.03%"
    assert formats.percent(4_435 / 2_040_552, 3) == "0.217%"


def test_times_are_the_citys() -> None:
    assert formats.minute(NOW, BEIJING) == "2026-11-23 00:00"
    assert formats.short_minute(datetime(2026, 11, 22, 1, 5), NOW, BEIJING) == "11-22 09:05"
    assert formats.short_minute(datetime(2025, 11, 22, 1, 5), NOW, BEIJING) == "2025-11-22"
    assert formats.day(date(2026, 1, 2)) == "2026-01-02"


def test_a_deadline_counts_down_and_then_up() -> None:
    assert formats.countdown(NOW + timedelta(hours=2.5), NOW, EN) == "2 h 30 min left"
    assert formats.countdown(NOW - timedelta(hours=50), NOW, EN) == "2 d late"
    assert formats.countdown(None, NOW, EN) == "–"


def test_freshness_is_relative_to_the_as_of_moment() -> None:
    assert formats.freshness(NOW - timedelta(minutes=5), NOW, ZH) == "1 小时内"
    assert formats.freshness(NOW - timedelta(hours=5), NOW, ZH) == "5 小时前"
    assert formats.freshness(NOW - timedelta(days=9), NOW, ZH) == "9 天前"
