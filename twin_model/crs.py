"""Coordinate reference systems: everything is stored as EPSG:4490 longitude and latitude, and measured in metres.

CGCS2000 (EPSG:4490) and WGS 84 agree to centimetres and are treated as equal.
"""

from functools import lru_cache

import numpy as np
from numpy.typing import NDArray
from pyproj import CRS, Transformer
from pyproj.aoi import AreaOfInterest
from pyproj.database import query_utm_crs_info
from pyproj.exceptions import CRSError as PyprojCrsError

from twin_model.china_offset import bd09_to_wgs84, gcj02_to_wgs84
from twin_model.errors import CrsError

Coordinates = NDArray[np.float64]

STORED_CRS = "EPSG:4490"
_WGS84 = "EPSG:4326"
"""Datums of other countries are tied to this one: straight to EPSG:4490 their shift of 100 m and more is left out."""
EARTH_RADIUS_M = 6_378_137.0
"""Semi-major axis of CGCS2000, metres."""
BEIJING_METRIC_CRS = "EPSG:4548"
BEIJING_EXTENT = (115.41, 39.43, 117.51, 41.06)
"""West, south, east, north of the municipality, degrees."""
CHINA_EXTENT = (73.5, 18.0, 135.1, 53.6)
"""West, south, east, north of the land area, degrees; a rectangle, so neighbours inside it get the same zones."""

_SHIFTED = {"gcj02": "GCJ-02", "bd09": "BD-09"}
_SAME_AS_STORED = frozenset({"EPSG:4490", "EPSG:4326", "EPSG:4979", "EPSG:4480", "OGC:CRS84", "OGC:CRS84h"})
_FIRST_CM_LON, _FIRST_CM_EPSG, _ZONE_WIDTH = 75, 4534, 3
_MARGIN_DEG = 3.0
_NEAR_DEG, _SMALL_DEG = 0.5, 5.0
_WHOLE_CIRCLE, _RIGHT_ANGLE, _HALF = 360.0, 90.0, 0.5


def parse_crs(name: str | None) -> str:
    """Canonical name of a coordinate reference system: an authority code, ``GCJ-02``, ``BD-09``, or WKT.

    Parameters
    ----------
    name : str or None
        What a file or a user gave: ``EPSG:4548``, ``4548``, ``gcj02``, a WKT text, …

    Raises
    ------
    CrsError
        If the name is missing or unknown.
    """
    if name is None or not name.strip():
        raise CrsError("the coordinate reference system is missing: name it with --crs, for example --crs EPSG:4490")
    shifted = _SHIFTED.get(name.strip().lower().replace("-", "").replace("_", "").replace(" ", ""))
    if shifted is not None:
        return shifted
    text = name.strip()
    unknown = (
        f"{text[:80]!r} is no coordinate reference system of the Earth: name it with --crs "
        "as EPSG:4490, EPSG:4326, EPSG:4548, GCJ-02 or BD-09"
    )
    try:
        crs = CRS.from_user_input(int(text) if text.isdigit() else text)
    except PyprojCrsError:
        raise CrsError(unknown) from None
    if crs.ellipsoid is None or abs(crs.ellipsoid.semi_major_metre - EARTH_RADIUS_M) > EARTH_RADIUS_M / 100:
        raise CrsError(unknown)
    return _canonical(crs)


def to_stored(x: Coordinates, y: Coordinates, crs: str) -> tuple[Coordinates, Coordinates]:
    """Coordinates as longitude and latitude in EPSG:4490.

    Parameters
    ----------
    x, y : (n,) float64
        Easting or longitude, and northing or latitude, in the units of `crs`; not-a-number passes through.
    crs : str
        As :func:`parse_crs` takes it.

    Returns
    -------
    (n,) float64, (n,) float64
        Longitude and latitude, degrees.

    Raises
    ------
    CrsError
        If the name is unknown, or most coordinates cannot be in that system.
    """
    name = _horizontal(parse_crs(crs))
    finite = np.isfinite(x) & np.isfinite(y)
    if name in _SHIFTED.values() or name in _SAME_AS_STORED or CRS.from_user_input(name).is_geographic:
        _check_degrees(x[finite], y[finite], name)
    else:
        _check_metres(x[finite], y[finite], name)
    if name in _SAME_AS_STORED:
        return x, y
    if name == "GCJ-02":
        return gcj02_to_wgs84(x, y)
    if name == "BD-09":
        return bd09_to_wgs84(x, y)
    lon, lat = _transformer(name, _WGS84).transform(x, y)
    _check_area_of_use(lon[finite], lat[finite], name)
    return np.where(np.isfinite(lon), lon, np.nan), np.where(np.isfinite(lat), lat, np.nan)


def to_metric(lon: Coordinates, lat: Coordinates, metric_crs: str) -> tuple[Coordinates, Coordinates]:
    """Easting and northing in metres of stored longitudes and latitudes.

    Parameters
    ----------
    lon, lat : (n,) float64
        Degrees, EPSG:4490.
    metric_crs : str
        As :func:`metric_crs_for` gives it.
    """
    east, north = _transformer(STORED_CRS, metric_crs).transform(lon, lat)
    return east, north


def from_metric(east: Coordinates, north: Coordinates, metric_crs: str) -> tuple[Coordinates, Coordinates]:
    """Give the stored longitude and latitude (degrees, EPSG:4490) of metric coordinates."""
    lon, lat = _transformer(metric_crs, STORED_CRS).transform(east, north)
    return lon, lat


def metric_crs_for(west: float, south: float, east: float, north: float) -> str:
    """Metric reference system for an extent: the local CGCS2000 3-degree zone in China, the UTM zone elsewhere.

    Parameters
    ----------
    west, south, east, north : float
        Extent, degrees, EPSG:4490.

    Raises
    ------
    CrsError
        If the extent is not on the globe.
    """
    lon, lat = (west + east) / 2, (south + north) / 2
    if not (abs(lon) <= _WHOLE_CIRCLE / 2 and abs(lat) <= _RIGHT_ANGLE):
        raise CrsError(f"the extent {west:g} {south:g} {east:g} {north:g} is not on the globe")
    if _within(lon, lat, BEIJING_EXTENT):
        return BEIJING_METRIC_CRS
    if _within(lon, lat, CHINA_EXTENT):
        zone = round((lon - _FIRST_CM_LON) / _ZONE_WIDTH)
        return f"EPSG:{_FIRST_CM_EPSG + zone}"
    found = query_utm_crs_info("WGS 84", AreaOfInterest(lon, lat, lon, lat), contains=True)
    if not found:
        raise CrsError(f"no UTM zone covers {lon:g}, {lat:g}: name the metric system in the city's settings")
    return f"EPSG:{found[0].code}"


def within_use(lon: Coordinates, lat: Coordinates, crs: str) -> bool:
    """Whether most stored coordinates lie in the area of use of a system; true for a system without one.

    Parameters
    ----------
    lon, lat : (n,) float64
        Degrees, EPSG:4490.
    crs : str
        As :func:`parse_crs` gives it.
    """
    name = _horizontal(crs)
    if name in _SHIFTED.values():
        return True
    use = CRS.from_user_input(name).area_of_use
    if use is None or not lon.size or use.west > use.east:
        return True
    near = (use.west - _NEAR_DEG, use.south - _NEAR_DEG, use.east + _NEAR_DEG, use.north + _NEAR_DEG)
    return _mostly((lon >= near[0]) & (lat >= near[1]) & (lon <= near[2]) & (lat <= near[3]))


@lru_cache(maxsize=16)
def height_unit_m(name: str) -> float:
    """Metres to a unit of height in a system: of its own upward axis, else of its plane coordinates, else 1.

    Parameters
    ----------
    name : str
        As :func:`parse_crs` gives it.
    """
    if name in _SHIFTED.values():
        return 1.0
    crs = CRS.from_user_input(name)
    upward = [axis for axis in crs.axis_info if axis.direction == "up"]
    axes = upward or (crs.axis_info if crs.is_projected else [])
    return float(axes[0].unit_conversion_factor) if axes else 1.0


def _canonical(crs: CRS) -> str:
    """Give the authority code of a system; of its parts where a compound has none of its own; else WKT."""
    authority = crs.to_authority(min_confidence=100) or crs.to_authority()
    if authority:
        return ":".join(authority)
    parts = [part.to_authority() for part in crs.sub_crs_list] if crs.is_compound else []
    if parts and all(part and part[0] == "EPSG" for part in parts):
        return "EPSG:" + "+".join(part[1] for part in parts)
    return str(crs.to_wkt())


@lru_cache(maxsize=16)
def _horizontal(name: str) -> str:
    """Name of the horizontal part of a canonical name: heights play no part in longitude and latitude."""
    if name in _SHIFTED.values() or name in _SAME_AS_STORED:
        return name
    crs = CRS.from_user_input(name)
    return _canonical(crs.sub_crs_list[0]) if crs.is_compound else name


@lru_cache(maxsize=16)
def _transformer(source: str, target: str) -> Transformer:
    return Transformer.from_crs(source, target, always_xy=True)


def _within(lon: float, lat: float, extent: tuple[float, float, float, float]) -> bool:
    west, south, east, north = extent
    return west <= lon <= east and south <= lat <= north


def _mostly(marks: NDArray[np.bool_]) -> bool:
    return bool(marks.size) and float(marks.mean()) > _HALF


def _check_degrees(lon: Coordinates, lat: Coordinates, name: str) -> None:
    if _mostly((np.abs(lon) > _WHOLE_CIRCLE) | (np.abs(lat) > _WHOLE_CIRCLE)):
        raise CrsError(
            f"the coordinates contradict {_short(name)}: {lon[0]:.1f}, {lat[0]:.1f} are metres, not degrees; "
            "name the projected system with --crs, for example --crs EPSG:4548"
        )
    if _mostly((np.abs(lat) > _RIGHT_ANGLE) & (np.abs(lon) <= _RIGHT_ANGLE)):
        raise CrsError(
            f"the coordinates contradict {_short(name)}: {lon[0]:.6g}, {lat[0]:.6g} are latitude then longitude; "
            "swap the two in the file or the mapping (longitude comes first); no --crs mends it"
        )


def _check_metres(x: Coordinates, y: Coordinates, name: str) -> None:
    if _mostly((np.abs(x) <= _WHOLE_CIRCLE) & (np.abs(y) <= _WHOLE_CIRCLE)) and not _starts_nearby(name):
        raise CrsError(
            f"the coordinates contradict {_short(name)}: {x[0]:.6g}, {y[0]:.6g} are degrees, not metres; "
            "name the geographic system with --crs, for example --crs EPSG:4490"
        )


def _starts_nearby(name: str) -> bool:
    """Whether the zero of a system lies at its area of use, so that metres may be as small as degrees are."""
    use = CRS.from_user_input(name).area_of_use
    if use is None or use.north - use.south > _SMALL_DEG:
        return False
    zero = np.zeros(1)
    return within_use(*_transformer(name, _WGS84).transform(zero, zero), name)


def _check_area_of_use(lon: Coordinates, lat: Coordinates, name: str) -> None:
    use = CRS.from_user_input(name).area_of_use
    if use is None or not lon.size:
        return
    outside = ~(
        (lon >= use.west - _MARGIN_DEG)
        & (lon <= use.east + _MARGIN_DEG)
        & (lat >= use.south - _MARGIN_DEG)
        & (lat <= use.north + _MARGIN_DEG)
    )
    if use.west <= use.east and _mostly(outside):
        raise CrsError(
            f"the coordinates contradict {_short(name)}: they fall outside its area of use "
            f"({use.west:g} to {use.east:g} E, {use.south:g} to {use.north:g} N); "
            "name the right system with --crs, for example EPSG:4548 or EPSG:4527 in Beijing"
        )


def _short(name: str) -> str:
    return name if len(name) <= len("EPSG:000000") else str(CRS.from_user_input(name).name)
