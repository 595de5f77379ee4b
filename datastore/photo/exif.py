"""What a camera wrote beside its picture: which way is up, when it was, and where.

All of it is the camera's own word. A part that cannot be read is taken as not written: it never makes a photo unusable.
"""

import math
import struct
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta, tzinfo
from typing import Any

from PIL import ExifTags, Image

from twin_model.photo import TimeRule

UNREADABLE = (
    OSError, ValueError, SyntaxError, EOFError, TypeError, KeyError, IndexError, AttributeError, ZeroDivisionError,
    OverflowError, NotImplementedError, struct.error,
)  # fmt: skip
"""What Pillow raises on malformed metadata."""

_TIMES = (
    (ExifTags.Base.DateTimeOriginal, ExifTags.Base.OffsetTimeOriginal),
    (ExifTags.Base.DateTimeDigitized, ExifTags.Base.OffsetTimeDigitized),
)
"""Clock and offset; the third pair of EXIF tells when the file was last changed, not when the picture was taken."""

_STYLE = "%Y:%m:%d %H:%M:%S"
_ORIENTATIONS = range(1, 9)
_SIXTIES = (1.0, 60.0, 3600.0)


@dataclass(frozen=True)
class CameraNotes:
    """What a camera wrote.

    Parameters
    ----------
    orientation : int
        EXIF orientation, 1 (upright) … 8.
    taken_at : datetime or None
        Aware, UTC.
    time_rule : TimeRule
        How it was found.
    lon, lat : float or None
        Degrees, WGS 84.
    """

    orientation: int
    taken_at: datetime | None
    time_rule: TimeRule
    lon: float | None
    lat: float | None


def read_camera_notes(exif: object, zone: tzinfo, now: datetime, ahead_s: float) -> CameraNotes:
    """Read what the camera of a picture wrote.

    Parameters
    ----------
    exif : object
        Bytes of the EXIF block; anything else says nothing.
    zone : tzinfo
        Of the city: the clock of a camera that wrote no offset is read in it.
    now : datetime
        Aware.
    ahead_s : float
        How far the camera's clock may be ahead of `now`, seconds.
    """
    base, shot, gps = _directories(exif)
    taken_at, rule = _moment(shot, gps, zone)
    if taken_at is not None and taken_at > now + timedelta(seconds=ahead_s):
        taken_at, rule = None, TimeRule.AHEAD
    turned = base.get(ExifTags.Base.Orientation)
    orientation = turned if isinstance(turned, int) and turned in _ORIENTATIONS else 1
    lon, lat = _place(gps)
    return CameraNotes(orientation, taken_at, rule, lon, lat)


def _directories(exif: object) -> tuple[dict[int, Any], dict[int, Any], dict[int, Any]]:
    """Tags of the image, of the shot and of the satellite fix; empty where a directory cannot be read."""
    if not isinstance(exif, bytes):
        return {}, {}, {}
    written = Image.Exif()
    try:
        written.load(exif)
        base = dict(written)
    except UNREADABLE:
        return {}, {}, {}
    return base, _directory(written, ExifTags.IFD.Exif), _directory(written, ExifTags.IFD.GPSInfo)


def _directory(written: Image.Exif, tag: int) -> dict[int, Any]:
    try:
        return dict(written.get_ifd(tag))
    except UNREADABLE:
        return {}


def _moment(shot: dict[int, Any], gps: dict[int, Any], zone: tzinfo) -> tuple[datetime | None, TimeRule]:
    for clock_tag, offset_tag in _TIMES:
        clock = _clock(shot.get(clock_tag))
        if clock is None:
            continue
        offset = _offset(shot.get(offset_tag))
        moment = _utc(clock, offset or zone)
        if moment is not None:
            return moment, TimeRule.OFFSET if offset else TimeRule.CITY
    moment = _satellite_moment(gps)
    return moment, TimeRule.SATELLITE if moment else TimeRule.NONE


def _clock(written: object) -> datetime | None:
    try:
        return datetime.strptime(str(written).rstrip("\0 "), _STYLE)  # noqa: DTZ007 - it is a clock without a zone
    except ValueError:
        return None


def _offset(written: object) -> tzinfo | None:
    try:
        return datetime.strptime(str(written).rstrip("\0 "), "%z").tzinfo
    except ValueError:
        return None


def _utc(clock: datetime, zone: tzinfo) -> datetime | None:
    try:
        return clock.replace(tzinfo=zone).astimezone(UTC)
    except OverflowError:
        return None


def _satellite_moment(gps: dict[int, Any]) -> datetime | None:
    day = str(gps.get(ExifTags.GPS.GPSDateStamp)).rstrip("\0 ")
    hours = _sexagesimal(gps.get(ExifTags.GPS.GPSTimeStamp))
    if hours is None or not 0 <= hours < 24:  # noqa: PLR2004 - hours of a day
        return None
    try:
        return datetime.strptime(day, "%Y:%m:%d").replace(tzinfo=UTC) + timedelta(seconds=round(hours * 3600))
    except (ValueError, OverflowError):
        return None


def _place(gps: dict[int, Any]) -> tuple[float | None, float | None]:
    lon = _angle(gps.get(ExifTags.GPS.GPSLongitude), gps.get(ExifTags.GPS.GPSLongitudeRef), "E", "W", 180.0)
    lat = _angle(gps.get(ExifTags.GPS.GPSLatitude), gps.get(ExifTags.GPS.GPSLatitudeRef), "N", "S", 90.0)
    # Cameras without a fix write zeros.
    return (None, None) if lon is None or lat is None or (lon, lat) == (0.0, 0.0) else (lon, lat)


def _angle(written: object, side: object, positive: str, negative: str, most: float) -> float | None:
    degrees = _sexagesimal(written)
    named = str(side).rstrip("\0 ").upper()
    if degrees is None or degrees > most or named not in (positive, negative):
        return None
    return degrees if named == positive else -degrees


def _sexagesimal(written: object) -> float | None:
    """Degrees or hours of three rational numbers; None for anything else."""
    if not isinstance(written, tuple) or len(written) != len(_SIXTIES):
        return None
    try:
        total = sum(float(part) / unit for part, unit in zip(written, _SIXTIES, strict=True))
    except (TypeError, ValueError, ZeroDivisionError, OverflowError):
        return None
    return total if math.isfinite(total) and total >= 0 else None
