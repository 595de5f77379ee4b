"""Parameters of the Features API, read strictly: what is unknown, doubled or unreadable is an error."""

import math
import re
from collections.abc import Iterable
from datetime import UTC, datetime

from werkzeug.datastructures import MultiDict

from app.api.features.collections import Collection
from app.api.features.errors import FeatureRequestError
from datastore.queries.features import Box, Wanted

DEFAULT_LIMIT = 100
MAX_LIMIT = 10_000
MAX_OFFSET = 2**31 - 1
FORMATS = ("json",)
PAGING = ("limit", "offset", "bbox", "datetime", "f")
FLAT, UPRIGHT = 4, 6
"""Numbers of a box without and with heights."""
OPEN_END = ("", "..")

_WHOLE = re.compile(r"[0-9]{1,18}")
_NUMBER = re.compile(r"[+-]?([0-9]+(\.[0-9]*)?|\.[0-9]+)([eE][+-]?[0-9]+)?")
_DATE_TIME = re.compile(
    r"[0-9]{4}-[0-9]{2}-[0-9]{2}[Tt][0-9]{2}:[0-9]{2}:[0-9]{2}(\.[0-9]+)?([Zz]|[+-][0-9]{2}:[0-9]{2})"
)
_FRACTION = re.compile(r"\.[0-9]+")


def check_known(arguments: MultiDict[str, str], known: Iterable[str]) -> None:
    """See that every parameter is known and given once, and that the format is one of ours.

    Raises
    ------
    FeatureRequestError
        If not.
    """
    names = set(known)
    for name, values in arguments.lists():
        if name not in names:
            raise FeatureRequestError(f"no parameter is called {name!r} here; there are {', '.join(sorted(names))}")
        if len(values) > 1:
            raise FeatureRequestError(f"parameter {name!r} is given {len(values)} times; give it once")
    if arguments.get("f", FORMATS[0]) not in FORMATS:
        raise FeatureRequestError(f"f={arguments['f']!r} is not one of {', '.join(FORMATS)}")


def read_wanted(arguments: MultiDict[str, str], of: Collection) -> Wanted:
    """Which features a request for items asks for.

    ``datetime`` is read and checked, and then matches everything: no feature of ours has a time, and the standard
    lets the parameter match features without one (OGC 17-069r4, /req/core/fc-time-response C).

    Parameters
    ----------
    arguments : MultiDict
        Query parameters.
    of : Collection
        The collection asked.

    Raises
    ------
    FeatureRequestError
        If a parameter is unknown, given twice or unreadable.
    """
    check_known(arguments, (*PAGING, *of.filters))
    if "datetime" in arguments:
        check_datetime(arguments["datetime"])
    return Wanted(
        boxes=read_bbox(arguments["bbox"]) if "bbox" in arguments else (),
        equal={
            name: _value(name, text, of.properties[name].kind) for name, text in arguments.items() if name in of.filters
        },
        limit=min(_whole("limit", arguments.get("limit", str(DEFAULT_LIMIT)), 1), MAX_LIMIT),
        offset=_bounded_offset(arguments.get("offset", "0")),
    )


def read_bbox(text: str) -> tuple[Box, ...]:
    """Boxes of a ``bbox``: one, or two where it crosses the antimeridian. Heights, if given, are left aside.

    Raises
    ------
    FeatureRequestError
        If it is no box of longitudes and latitudes.
    """
    parts = text.split(",")
    if len(parts) not in (FLAT, UPRIGHT):
        raise FeatureRequestError(f"bbox has {len(parts)} numbers; give west,south,east,north or, with heights, six")
    numbers = [_number(part) for part in parts]
    if len(parts) == UPRIGHT:
        west, south, low, east, north, high = numbers
        if low > high:
            raise FeatureRequestError(f"bbox has its lower height {low:g} above its upper height {high:g}")
    else:
        west, south, east, north = numbers
    if not (abs(west) <= 180 and abs(east) <= 180):  # noqa: PLR2004 - the extent of longitudes
        raise FeatureRequestError(f"bbox goes from longitude {west:g} to {east:g}; both must be in -180 … 180")
    if not -90 <= south <= north <= 90:  # noqa: PLR2004 - the extent of latitudes
        raise FeatureRequestError(f"bbox goes from latitude {south:g} to {north:g}; they must rise in -90 … 90")
    if west > east:
        return ((west, south, 180.0, north), (-180.0, south, east, north))
    return ((west, south, east, north),)


def check_datetime(text: str) -> None:
    """See that a ``datetime`` is a moment or an interval of RFC 3339.

    Raises
    ------
    FeatureRequestError
        If it is not, or ends before it begins.
    """
    ends = text.split("/")
    if len(ends) > 2 or (len(ends) == 2 and all(end in OPEN_END for end in ends)):  # noqa: PLR2004 - an interval's two ends
        raise FeatureRequestError(
            f"datetime {text!r} is neither a moment nor an interval such as 2026-01-01T00:00:00Z/.."
        )
    moments = [_moment(end) for end in ends if len(ends) == 1 or end not in OPEN_END]
    if moments != sorted(moments):
        raise FeatureRequestError(f"datetime {text!r} ends before it begins")


def _moment(text: str) -> datetime:
    # A fraction may be of any length; Python reads six digits of it.
    shortened = _FRACTION.sub(lambda found: found[0][:7], text.upper()) if _DATE_TIME.fullmatch(text) else ""
    try:
        return datetime.fromisoformat(shortened).astimezone(UTC)
    except (ValueError, OverflowError) as error:
        raise FeatureRequestError(f"datetime {text!r} is no moment of RFC 3339 such as 2026-01-01T00:00:00Z") from error


def _bounded_offset(text: str) -> int:
    offset = _whole("offset", text, 0)
    if offset > MAX_OFFSET:
        raise FeatureRequestError(f"offset={text} is more than {MAX_OFFSET}")
    return offset


def _whole(name: str, text: str, least: int) -> int:
    if not _WHOLE.fullmatch(text) or int(text) < least:
        raise FeatureRequestError(f"{name}={text!r} is no whole number from {least}")
    return int(text)


def _number(text: str) -> float:
    number = float(text) if _NUMBER.fullmatch(text.strip()) else math.nan
    if not math.isfinite(number):
        raise FeatureRequestError(f"bbox holds {text!r}, which is no number")
    return number


def _value(name: str, text: str, kind: str) -> str | int | bool:
    """Value of a property's filter, by the property's JSON type."""
    if kind == "boolean":
        if text not in ("true", "false"):
            raise FeatureRequestError(f"{name}={text!r} is neither true nor false")
        return text == "true"
    if kind == "integer":
        return _whole(name, text, 0)
    return text
