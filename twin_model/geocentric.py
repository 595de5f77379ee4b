"""Earth-centred coordinates (EPSG:4978), which 3D Tiles are written in."""

from math import cos, radians, sin

import numpy as np
from numpy.typing import NDArray

SEMI_MAJOR_M = 6_378_137.0
FLATTENING = 1 / 298.257223563
"""WGS 84. The ellipsoid of CGCS2000 (EPSG:4490) is the same to a tenth of a millimetre."""
ECCENTRICITY2 = FLATTENING * (2 - FLATTENING)
ROUNDS = 5
"""Bowring's iteration is exact to a nanometre near the ground after three."""


def to_geocentric(positions: NDArray[np.float64]) -> NDArray[np.float64]:
    """Metres from the Earth's centre.

    Parameters
    ----------
    positions : (n, 3) float64
        Longitude, latitude (degrees) and height above the ellipsoid (metres).

    Returns
    -------
    (n, 3) float64
        X, Y, Z in metres, EPSG:4978.
    """
    lon, lat, height = np.radians(positions[:, 0]), np.radians(positions[:, 1]), positions[:, 2]
    prime_vertical = SEMI_MAJOR_M / np.sqrt(1 - ECCENTRICITY2 * np.sin(lat) ** 2)
    across = (prime_vertical + height) * np.cos(lat)
    up = (prime_vertical * (1 - ECCENTRICITY2) + height) * np.sin(lat)
    return np.stack((across * np.cos(lon), across * np.sin(lon), up), axis=1)


def from_geocentric(metres: NDArray[np.float64]) -> NDArray[np.float64]:
    """Longitude, latitude (degrees) and height above the ellipsoid (metres); the inverse of `to_geocentric`.

    Parameters
    ----------
    metres : (n, 3) float64
        X, Y, Z, EPSG:4978; not near the Earth's axis.
    """
    x, y, z = metres.T
    across = np.hypot(x, y)
    lat = np.arctan2(z, across * (1 - ECCENTRICITY2))
    height = np.zeros_like(lat)
    for _ in range(ROUNDS):
        prime_vertical = SEMI_MAJOR_M / np.sqrt(1 - ECCENTRICITY2 * np.sin(lat) ** 2)
        height = across / np.cos(lat) - prime_vertical
        lat = np.arctan2(z, across * (1 - ECCENTRICITY2 * prime_vertical / (prime_vertical + height)))
    return np.stack((np.degrees(np.arctan2(y, x)), np.degrees(lat), height), axis=1)


def frame_axes(lon: float, lat: float) -> NDArray[np.float64]:
    """East, north and up at a place, as the columns of a rotation from there to the Earth's centre.

    Parameters
    ----------
    lon, lat : float
        Degrees.

    Returns
    -------
    (3, 3) float64.
    """
    a, b = radians(lon), radians(lat)
    east = (-sin(a), cos(a), 0.0)
    north = (-sin(b) * cos(a), -sin(b) * sin(a), cos(b))
    up = (cos(b) * cos(a), cos(b) * sin(a), sin(b))
    return np.array((east, north, up)).T
