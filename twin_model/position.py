"""Positions in space: longitude, latitude and height of the coordinates that 3D city models come in."""

import re
from functools import lru_cache

import numpy as np
from numpy.typing import NDArray
from pyproj import CRS, Transformer

from twin_model.crs import height_unit_m, parse_crs, to_stored, within_use
from twin_model.errors import CrsError

Positions = NDArray[np.float64]

_GEOCENTRIC_TARGET = "EPSG:4979"
_BY_AUTHORITY = re.compile(r"^(urn:|https?:)", re.IGNORECASE)


def positions_to_stored(positions: Positions, crs: str, *, swapped: bool = False) -> Positions:
    """Longitude, latitude (degrees, EPSG:4490) and height (metres) of positions.

    Heights keep the vertical datum of the source; those in feet become metres. Only geocentric coordinates get heights
    of their own, above the ellipsoid.

    Parameters
    ----------
    positions : (n, 3) float64
        Easting, northing and height, or longitude, latitude and height, in the units of `crs`.
    crs : str
        As :func:`twin_model.crs.parse_crs` takes it; of the vertical part of a compound system only the unit is
        used.
    swapped : bool
        True where northing or latitude comes first.

    Raises
    ------
    CrsError
        If the system is unknown, or most coordinates cannot be in it.
    """
    name = parse_crs(crs)
    if _is_geocentric(name):
        moved = _geocentric(name).transform(*positions.T)
        return np.column_stack(moved)
    x, y = (positions[:, 1], positions[:, 0]) if swapped else (positions[:, 0], positions[:, 1])
    lon, lat = to_stored(x, y, name)
    return np.column_stack((lon, lat, positions[:, 2] * height_unit_m(name)))


def comes_swapped(positions: Positions, crs: str, written: str) -> bool:
    """Whether a GML file has northing or latitude first.

    GML says that a system named by a URN or a URL has the axis order of its authority. Files with degrees keep to
    that; files in metres mostly have easting first whatever the authority says. The order that puts the sample into
    the system's area of use decides, the usual one if both do.

    Parameters
    ----------
    positions : (n, 3) float64
        Sample of the file.
    crs : str
        As :func:`twin_model.crs.parse_crs` gives it.
    written : str
        Name of the system as the file writes it.
    """
    system = CRS.from_user_input(parse_crs(crs)) if ":" in crs else None
    usual = bool(
        system is not None
        and system.is_geographic
        and _BY_AUTHORITY.match(written)
        and system.axis_info[0].direction == "north"
    )
    for swapped in (usual, not usual):
        try:
            moved = positions_to_stored(positions, crs, swapped=swapped)
        except CrsError:
            continue
        if within_use(moved[:, 0], moved[:, 1], crs):
            return swapped
    return usual


@lru_cache(maxsize=16)
def _is_geocentric(name: str) -> bool:
    return ":" in name and CRS.from_user_input(name).is_geocentric


@lru_cache(maxsize=4)
def _geocentric(name: str) -> Transformer:
    return Transformer.from_crs(name, _GEOCENTRIC_TARGET, always_xy=True)
