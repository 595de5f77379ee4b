"""Parameters of Open311 requests for requests, read strictly where they are known and left aside where not."""

import math
import re
from datetime import UTC, datetime, timedelta, tzinfo

from werkzeug.datastructures import MultiDict

from app.api.open311.service_request import CLOSED, OPEN
from app.api.request_errors import RequestError
from datastore.queries.open311_requests import Box, RequestsWanted

MAX_SPAN = timedelta(days=90)
MAX_REQUESTS = 1000
"""Requests in one answer, at most and by default."""
MAX_PAGE = 10_000
MAX_NUMBERS = 1000
"""Requests that one may ask for by their numbers at once."""
_BOX_NUMBERS = 4
_DATE = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}")
_MOMENT = re.compile(
    r"([0-9]{4}-[0-9]{2}-[0-9]{2})T([0-9]{2}:[0-9]{2}(?::[0-9]{2})?)(\.[0-9]+)?(Z|[+-][0-9]{2}:?[0-9]{2})",
    re.IGNORECASE,
)
_LOST_PLUS = re.compile(r" (?=[0-9]{2}:?[0-9]{2}$)")
"""A plus that was not percent-encoded comes as a blank."""
_DECIMAL = re.compile(r"[+-]?([0-9]+(\.[0-9]*)?|\.[0-9]+)([eE][+-]?[0-9]{1,3})?")


def one(arguments: MultiDict[str, str], name: str) -> str:
    """Value of a parameter without blanks around it, ``""`` where it is not given.

    Raises
    ------
    RequestError
        If it is given twice with different values.
    """
    values = list(dict.fromkeys(value.strip() for value in arguments.getlist(name)))
    if len(values) > 1:
        raise RequestError(f"parameter {name} is given {len(values)} times with different values; give it once")
    return values[0] if values else ""


def listed(arguments: MultiDict[str, str], name: str) -> tuple[str, ...]:
    """Values of a parameter that is a list, by commas or by being given again."""
    values = [part.strip() for value in arguments.getlist(name) for part in value.split(",")]
    return tuple(dict.fromkeys(value for value in values if value))


def read_numbers(arguments: MultiDict[str, str]) -> tuple[str, ...]:
    """Numbers of the requests that are asked for, which overrule everything else; none for none.

    Raises
    ------
    RequestError
        If there are too many.
    """
    numbers = listed(arguments, "service_request_id")
    if len(numbers) > MAX_NUMBERS:
        raise RequestError(f"service_request_id has {len(numbers)} values; ask for at most {MAX_NUMBERS} at once")
    return numbers


def read_wanted(arguments: MultiDict[str, str], now: datetime, zone: tzinfo) -> RequestsWanted:
    """Which requests are asked for.

    Parameters
    ----------
    arguments : MultiDict
        Query parameters.
    now : datetime
        Aware; the last 90 days before it are given where no time is asked for.
    zone : tzinfo
        Of the city, for dates without a time.

    Raises
    ------
    RequestError
        If one cannot be read.
    """
    start, end = _span(arguments, "start_date", "end_date", zone)
    after, before = _span(arguments, "updated_after", "updated_before", zone)
    if start is None and after is None:
        start = now - MAX_SPAN
    size = _whole(arguments, "page_size", MAX_REQUESTS, MAX_REQUESTS)
    return RequestsWanted(
        start=start,
        end=end,
        updated_after=after,
        updated_before=before,
        classes=listed(arguments, "service_code"),
        is_open=_status(listed(arguments, "status")),
        box=_box(one(arguments, "bbox")),
        limit=size,
        offset=(_whole(arguments, "page", 1, MAX_PAGE) - 1) * size,
    )


def moment_of(text: str, name: str, zone: tzinfo) -> datetime:
    """Moment as W3C writes it, with zone; a date alone is its first moment in the city.

    Raises
    ------
    RequestError
        If it is none.
    """
    read = _LOST_PLUS.sub("+", text)
    parts = _MOMENT.fullmatch(read)
    try:
        if parts:
            day, clock, fraction, offset = parts.groups()
            return datetime.fromisoformat(f"{day}T{clock}{(fraction or '')[:7]}{offset.upper()}").astimezone(UTC)
        if _DATE.fullmatch(read):
            return datetime.fromisoformat(read).replace(tzinfo=zone).astimezone(UTC)
    except (ValueError, OverflowError):
        pass
    raise RequestError(f"{name} {text[:60]!r} is no W3C moment with a zone such as 2026-01-31T08:00:00+08:00")


def number_of(text: str, name: str) -> float:
    """Read a number.

    Raises
    ------
    RequestError
        If it is none.
    """
    number = float(text) if _DECIMAL.fullmatch(text) else math.nan
    if not math.isfinite(number):
        raise RequestError(f"{name} {text[:60]!r} is no number")
    return number


def _span(
    arguments: MultiDict[str, str], first: str, last: str, zone: tzinfo
) -> tuple[datetime | None, datetime | None]:
    """Two ends of a time of at most 90 days; where one is given, the other is 90 days from it."""
    texts = {name: one(arguments, name) for name in (first, last)}
    start, end = (moment_of(text, name, zone) if text else None for name, text in texts.items())
    try:
        if start is None and end is not None:
            start = end - MAX_SPAN
        if end is None and start is not None:
            end = start + MAX_SPAN
    except OverflowError as error:
        raise RequestError(f"{first} or {last} lies too far away; give a year that cases are from") from error
    if start is not None and end is not None and not timedelta(0) <= end - start <= MAX_SPAN:
        why = "ends before it begins" if end < start else f"spans more than {MAX_SPAN.days} days"
        raise RequestError(f"the time from {first} to {last} {why}; ask for {MAX_SPAN.days} days or less at once")
    return start, end


def _status(values: tuple[str, ...]) -> bool | None:
    wrong = [value for value in values if value not in (OPEN, CLOSED)]
    if wrong:
        raise RequestError(f"status {wrong[0][:60]!r} is neither {OPEN} nor {CLOSED}")
    return values[0] == OPEN if len(values) == 1 else None


def _box(text: str) -> Box | None:
    if not text:
        return None
    parts = text.split(",")
    if len(parts) != _BOX_NUMBERS:
        raise RequestError(f"bbox has {len(parts)} numbers; give west,south,east,north in degrees")
    west, south, east, north = (number_of(part.strip(), "bbox") for part in parts)
    if west > east or south > north:
        raise RequestError(
            "bbox has its west beyond its east or its south beyond its north; give west,south,east,north"
        )
    return west, south, east, north


def _whole(arguments: MultiDict[str, str], name: str, otherwise: int, most: int) -> int:
    text = one(arguments, name)
    if not text:
        return otherwise
    if not (text.isascii() and text.isdecimal() and len(text) <= len(str(most)) and 1 <= int(text) <= most):
        raise RequestError(f"{name} {text[:60]!r} is no whole number from 1 to {most}")
    return int(text)
