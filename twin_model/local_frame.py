"""Metres around a point: the frame that meshes are stored in."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

SEMI_MAJOR_M = 6_378_137.0
FLATTENING = 1 / 298.257222101
"""GRS80, the ellipsoid of CGCS2000 (EPSG:4490)."""
ECCENTRICITY2 = FLATTENING * (2 - FLATTENING)


@dataclass(frozen=True)
class LocalFrame:
    """Metres east, north and up of a point, linear in degrees by the ellipsoid's radii at that point.

    For a building it equals the tangent plane to better than a centimetre: the error, most of it the fall of the
    ground away from the plane, grows with the square of the distance; at 300 m it is 10 mm in Beijing and at most
    16 mm up to 60 degrees north or south. Every 100 m of `base_m` stretch the frame by another 16 mm a kilometre.

    Parameters
    ----------
    lon, lat : float
        Origin, degrees, EPSG:4490.
    base_m : float
        Height of the origin above the vertical datum, metres.
    """

    lon: float
    lat: float
    base_m: float = 0.0

    @property
    def metres_per_degree(self) -> tuple[float, float]:
        """Metres to a degree of longitude and of latitude."""
        return metres_per_degree(self.lat)

    def to_local(self, positions: NDArray[np.float64]) -> NDArray[np.float64]:
        """Metres east, north, up of positions.

        Parameters
        ----------
        positions : (n, 3) float64
            Longitude, latitude (degrees, EPSG:4490) and height (metres above the datum).
        """
        east, north = self.metres_per_degree
        origin = np.array([self.lon, self.lat, self.base_m])
        return np.asarray((positions - origin) * np.array([east, north, 1.0]))

    def to_geographic(self, metres: NDArray[np.floating]) -> NDArray[np.float64]:
        """Longitude, latitude and height of (n, 3) metres east, north, up; the inverse of `to_local`."""
        east, north = self.metres_per_degree
        origin = np.array([self.lon, self.lat, self.base_m])
        return np.asarray(np.asarray(metres, dtype=np.float64) / np.array([east, north, 1.0]) + origin)


def metres_per_degree(lat: float) -> tuple[float, float]:
    """Metres to a degree of longitude and of latitude, at a latitude in degrees on GRS80."""
    east, north = metres_per_degree_at(np.array([lat], dtype=np.float64))[0].tolist()
    return east, north


def metres_per_degree_at(lat: NDArray[np.float64]) -> NDArray[np.float64]:
    """(n, 2) metres to a degree of longitude and of latitude, at (n,) latitudes in degrees on GRS80."""
    phi = np.radians(lat)
    curve = 1 - ECCENTRICITY2 * np.sin(phi) ** 2
    prime_vertical = SEMI_MAJOR_M / np.sqrt(curve)
    meridian = SEMI_MAJOR_M * (1 - ECCENTRICITY2) / curve**1.5
    return np.asarray(np.radians(1) * np.column_stack((prime_vertical * np.cos(phi), meridian)))
