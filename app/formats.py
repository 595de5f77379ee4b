"""Numbers, shares, times and spans as people read them."""

from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

from app.i18n import Catalogue

NO_VALUE = "–"
HOUR = timedelta(hours=1)
COMPACT_FROM = 1000
COMPACT_WHOLE_K = 9.95
"""Thousands from which `compact` leaves the decimal out."""
DAYS_FROM_H = 48
"""Spans from this many hours on are written in days."""


def number(value: float | None) -> str:
    """Whole number with thousands separators."""
    return NO_VALUE if value is None else f"{value:,.0f}"


def metres(value: float | None) -> str:
    """Length in metres, to the decimetre."""
    return NO_VALUE if value is None else f"{value:,.1f} m"


def square_metres(value: float | None) -> str:
    """Area in whole square metres."""
    return NO_VALUE if value is None else f"{value:,.0f} m²"


def cubic_metres(value: float | None) -> str:
    """Volume in whole cubic metres."""
    return NO_VALUE if value is None else f"{value:,.0f} m³"


def compact(value: float) -> str:
    """Whole number in at most four characters, thousands as ``k``: for legends, where there is no room."""
    if value < COMPACT_FROM:
        return f"{value:.0f}"
    thousands = value / 1000
    return f"{thousands:.1f}k" if thousands < COMPACT_WHOLE_K else f"{thousands:.0f}k"


def percent(value: float | None, digits: int = 2) -> str:
    """Share in 0..1 as per cent."""
    return NO_VALUE if value is None else f"{100 * value:.{digits}f}%"


def as_utc(moment: datetime) -> datetime:
    """Make a moment from the store aware; the store keeps UTC without saying so."""
    return moment.replace(tzinfo=UTC) if moment.tzinfo is None else moment.astimezone(UTC)


def minute(moment: datetime | None, zone: ZoneInfo) -> str:
    """Date and minute in the city's time zone."""
    return NO_VALUE if moment is None else f"{as_utc(moment).astimezone(zone):%Y-%m-%d %H:%M}"


def short_minute(moment: datetime | None, as_of: datetime, zone: ZoneInfo) -> str:
    """Month, day and minute in the city's time zone; the date alone where the year is not the as-of moment's."""
    if moment is None:
        return NO_VALUE
    local = as_utc(moment).astimezone(zone)
    return f"{local:%m-%d %H:%M}" if local.year == as_utc(as_of).astimezone(zone).year else f"{local:%Y-%m-%d}"


def day(value: date | None) -> str:
    """ISO date."""
    return NO_VALUE if value is None else value.isoformat()


def span(hours: float, texts: Catalogue) -> str:
    """Length of time in its two most telling units."""
    hours = abs(hours)
    if hours >= DAYS_FROM_H:
        return texts.t("span.days", days=f"{hours / 24:,.0f}")
    whole = int(hours)
    minutes = int((hours - whole) * 60)
    return texts.t("span.hours", hours=whole, minutes=minutes) if minutes else texts.t("span.whole_hours", hours=whole)


def countdown(deadline: datetime | None, as_of: datetime, texts: Catalogue) -> str:
    """Time left to a deadline, or past it."""
    if deadline is None:
        return NO_VALUE
    hours = (as_utc(deadline) - as_utc(as_of)) / HOUR
    return texts.t("case.left" if hours >= 0 else "case.late", span=span(hours, texts))


def freshness(last: datetime | None, as_of: datetime, texts: Catalogue) -> str:
    """How long before the as-of moment something was last seen."""
    if last is None:
        return NO_VALUE
    hours = max((as_utc(as_of) - as_utc(last)) / HOUR, 0.0)
    if hours < 1:
        return texts.t("span.just_now")
    if hours < DAYS_FROM_H:
        return texts.t("span.hours_ago", hours=f"{hours:.0f}")
    return texts.t("span.days_ago", days=f"{hours / 24:,.0f}")


def second(moment: datetime | None, zone: ZoneInfo) -> str:
    """Date and second in the city's time zone."""
    return NO_VALUE if moment is None else f"{as_utc(moment).astimezone(zone):%Y-%m-%d %H:%M:%S}"
