"""The simulator's camera: small pictures of a street with a problem, and of the same street without it.

Every picture says that it is simulated, in its image and in its EXIF. They show that photos come, are kept and are
compared; they are no test of anything that looks at what a photo shows.
"""

import io
from datetime import UTC, datetime, tzinfo
from random import Random
from typing import Any, Literal

from PIL import ExifTags, Image, ImageDraw, ImageEnhance

from app.simulate.problem import draw_problem
from app.simulate.street import HEIGHT, HORIZON, KERB, WIDTH, draw_passers, draw_street
from app.simulate.watermark import mark
from twin_model.local_frame import metres_per_degree

Phase = Literal["before", "after"]

SIZE = (480, 360)
"""Of a picture, pixels."""
QUALITY = 75
JITTER_M = 6.0
"""Standard deviation of where the camera says that it stands, metres, each way."""
FARTHEST_M = 25.0

"""However far that would be, each way, metres."""

NIGHT_ENDS_H, NIGHT_BEGINS_H = 6, 19
MARGIN_PX = 16
LOWEST_PX = 440
"""The lower edge of a picture is at least here in the view, so that what stands on the road is seen."""
GRAIN_SIZE = (240, 180)
GRAIN = 0.04
_PLACES = ((HORIZON + 60, KERB - 6), (KERB + 30, KERB + 50))
"""Rows of the view that a thing may stand in: on the pavement, or on the road."""


def take_photo(
    class_code: str, phase: Phase, *, seed: int, taken_at: datetime, zone: tzinfo, lon: float, lat: float
) -> bytes:
    """Take a picture.

    Parameters
    ----------
    class_code : str
        Of the case, such as ``E0102``.
    phase : {"before", "after"}
        With the problem, or without it.
    seed : int
        Of the case: the same for its two pictures. Equal arguments give equal bytes.
    taken_at : datetime
        Aware.
    zone : tzinfo
        Of the city: the clock that the camera writes.
    lon, lat : float
        Of the case, degrees, EPSG:4490; the camera says that it stands a few metres off.

    Returns
    -------
    bytes
        JPEG of 480 × 360 pixels and less than 40 kB, with the time and place of the shot in its EXIF.
    """
    clock = taken_at.astimezone(zone)
    moved = Random(f"{seed} {phase}")  # noqa: S311 - a picture, no secret
    picture = _framed(_view(class_code, phase, seed, moved), seed, phase, moved)
    picture = _lit(picture, clock.hour, moved)
    mark(picture, f"{clock:%Y-%m-%d %H:%M}")
    written = io.BytesIO()
    picture.save(written, "JPEG", quality=QUALITY, optimize=True, exif=_exif(clock, _stand(lon, lat, moved)))
    return written.getvalue()


def _view(class_code: str, phase: Phase, seed: int, moved: Random) -> Image.Image:
    """Whole view at the moment of the shot."""
    view = draw_street(seed)
    draw_passers(view, moved.getrandbits(32))
    case = Random(seed)  # noqa: S311 - a picture, no secret
    low, high = case.choice(_PLACES)
    place = (case.uniform(0.4, 0.6) * WIDTH, case.uniform(low, high))
    draw_problem(ImageDraw.Draw(view), case, class_code, place, is_solved=phase == "after")
    return view


def _framed(view: Image.Image, seed: int, phase: Phase, moved: Random) -> Image.Image:
    """Part of the view that the camera sees: nobody stands twice where they stood."""
    side = Random(seed).choice((0, 1)) ^ (phase == "after")  # noqa: S311 - a picture, no secret
    wide = moved.uniform(0.74, 0.82) * WIDTH
    high = wide * SIZE[1] / SIZE[0]
    left = MARGIN_PX + side * (WIDTH - 2 * MARGIN_PX - wide)
    top = moved.uniform(LOWEST_PX, HEIGHT - MARGIN_PX) - high
    turned = view.rotate(moved.uniform(-2, 2), Image.Resampling.BILINEAR)
    return turned.resize(SIZE, Image.Resampling.BICUBIC, (left, top, left + wide, top + high))


def _lit(picture: Image.Image, hour: int, moved: Random) -> Image.Image:
    """Picture in the light of the hour, with a small lens's grain."""
    is_day = NIGHT_ENDS_H <= hour < NIGHT_BEGINS_H
    light = ImageEnhance.Brightness(picture).enhance(moved.uniform(0.9, 1.1) if is_day else moved.uniform(0.4, 0.5))
    grain = Image.frombytes("L", GRAIN_SIZE, moved.randbytes(GRAIN_SIZE[0] * GRAIN_SIZE[1]))
    return Image.blend(light, grain.resize(SIZE, Image.Resampling.BILINEAR).convert("RGB"), GRAIN)


def _stand(lon: float, lat: float, moved: Random) -> tuple[float, float]:
    """Where the camera says that it stands, degrees."""
    east, north = (max(-FARTHEST_M, min(FARTHEST_M, moved.gauss(0, JITTER_M))) for _ in range(2))
    a_degree_east, a_degree_north = metres_per_degree(lat)
    return lon + east / a_degree_east, lat + north / a_degree_north


def _exif(clock: datetime, stand: tuple[float, float]) -> Image.Exif:
    """Say when, where, and that it is simulated."""
    exif = Image.Exif()
    exif[ExifTags.Base.ImageDescription] = "simulated"
    exif[ExifTags.Base.Make] = "citydeck"
    exif[ExifTags.Base.Model] = "simulator"
    offset = f"{clock:%z}"
    exif.get_ifd(ExifTags.IFD.Exif).update(
        {
            ExifTags.Base.DateTimeOriginal: f"{clock:%Y:%m:%d %H:%M:%S}",
            ExifTags.Base.OffsetTimeOriginal: f"{offset[:3]}:{offset[3:5]}",
        }
    )
    exif.get_ifd(ExifTags.IFD.GPSInfo).update(_gps(clock.astimezone(UTC), *stand))
    return exif


def _gps(moment: datetime, lon: float, lat: float) -> dict[int, Any]:
    return {
        ExifTags.GPS.GPSLongitudeRef: "E" if lon >= 0 else "W",
        ExifTags.GPS.GPSLongitude: _sexagesimal(abs(lon)),
        ExifTags.GPS.GPSLatitudeRef: "N" if lat >= 0 else "S",
        ExifTags.GPS.GPSLatitude: _sexagesimal(abs(lat)),
        ExifTags.GPS.GPSDateStamp: f"{moment:%Y:%m:%d}",
        ExifTags.GPS.GPSTimeStamp: (float(moment.hour), float(moment.minute), float(moment.second)),
    }


def _sexagesimal(degrees: float) -> tuple[float, float, float]:
    minutes = degrees % 1 * 60
    return float(int(degrees)), float(int(minutes)), minutes % 1 * 60
