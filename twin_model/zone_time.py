"""Moments as microseconds since 1970 in UTC, and local days and times of day in a zone."""

from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from twin_model.errors import CalendarError, TwinModelError

EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
FIRST_YEAR, LAST_YEAR = 1900, 2200
"""Years whose moments the clocks take; what lies outside is a slip of the pen, not a case."""

_MICROSECOND = timedelta(microseconds=1)


def zone_named(name: str, where: str, error: type[TwinModelError] = CalendarError) -> ZoneInfo:
    """Time zone of an IANA name.

    Parameters
    ----------
    name : str
        ``Asia/Shanghai``.
    where : str
        What has the zone, for messages.
    error : type, optional
        Raised if no zone has the name.

    Raises
    ------
    TwinModelError
        Of the type given, if no zone has the name.
    """
    try:
        return ZoneInfo(name)
    except (ZoneInfoNotFoundError, ValueError, OSError) as cause:
        raise error(f"{where}: zone {name!r} is no IANA time zone; write e.g. Asia/Shanghai") from cause


def micros_of(moment: datetime) -> int:
    """Microseconds since 1970 in UTC of an aware moment.

    Raises
    ------
    CalendarError
        If the moment is naive, or its year lies outside `FIRST_YEAR` to `LAST_YEAR`.
    """
    if moment.utcoffset() is None:
        raise CalendarError(f"moment {moment} has no time zone; give it one, e.g. tzinfo=UTC")
    if not FIRST_YEAR <= moment.year < LAST_YEAR:
        raise CalendarError(f"moment {moment} is not between {FIRST_YEAR} and {LAST_YEAR}; check its year")
    return (moment - EPOCH) // _MICROSECOND


def moment_of(micros: int) -> datetime:
    """Aware moment, in UTC, of microseconds since 1970."""
    return EPOCH + timedelta(microseconds=micros)


def wall_micros(zone: ZoneInfo, day: date, minute: int = 0) -> int:
    """Microseconds since 1970 in UTC at which a zone's clocks show a time of a day.

    Parameters
    ----------
    zone : ZoneInfo
    day : date
    minute : int
        Minutes after midnight on the clock's face, 0 to 1,440.

    Notes
    -----
    A time that an autumn change shows twice is the first of the two; a time that a spring change skips is read with
    the offset before the change (PEP 495, fold 0).
    """
    local = datetime(day.year, day.month, day.day, tzinfo=zone) + timedelta(minutes=minute)
    return (local - EPOCH) // _MICROSECOND


def local_day(zone: ZoneInfo, micros: int) -> date:
    """Day in a zone that a moment belongs to: the last one that has begun by then."""
    day = moment_of(micros).astimezone(zone).date()
    tomorrow = day + timedelta(days=1)
    # A clock set back across midnight shows yesterday's date again; the day has begun all the same.
    return tomorrow if wall_micros(zone, tomorrow) <= micros else day
