"""Bounding regions of 3D Tiles: longitudes, latitudes and heights that hold what a tile shows."""

from collections.abc import Iterable
from dataclasses import dataclass
from math import degrees, radians

import numpy as np
from numpy.typing import NDArray

from twin_model.geocentric import to_geocentric

MARGIN_M = 0.01
"""Regions are drawn this much wider than what they hold, for vertices are rounded by up to half of that."""
MARGIN_DEGREES = MARGIN_M / 50_000
"""The same in degrees, wide enough up to 60 degrees from the equator."""


@dataclass(frozen=True)
class Region:
    """Extent of a tile.

    Parameters
    ----------
    west, south, east, north : float
        Degrees.
    low_m, high_m : float
        Heights above the ellipsoid, metres.
    """

    west: float
    south: float
    east: float
    north: float
    low_m: float
    high_m: float

    def in_radians(self) -> list[float]:
        """West, south, east, north in radians, lowest and highest height in metres: as 3D Tiles write it."""
        return [*(radians(side) for side in (self.west, self.south, self.east, self.north)), self.low_m, self.high_m]

    @property
    def diagonal_m(self) -> float:
        """Metres from one corner to the opposite one."""
        corners = np.array([(self.west, self.south, self.low_m), (self.east, self.north, self.high_m)])
        low, high = to_geocentric(corners)
        return float(np.linalg.norm(high - low))

    @property
    def middle(self) -> tuple[float, float]:
        """Longitude and latitude of the centre, degrees."""
        return (self.west + self.east) / 2, (self.south + self.north) / 2


def region_of(positions: NDArray[np.float64]) -> Region:
    """Region of positions, a little wider.

    Parameters
    ----------
    positions : (n, 3) float64
        Longitude, latitude (degrees), height above the ellipsoid (metres); at least one.
    """
    (west, south, low), (east, north, high) = positions.min(axis=0), positions.max(axis=0)
    side = MARGIN_DEGREES
    return Region(
        float(west - side), float(south - side), float(east + side), float(north + side),
        float(low - MARGIN_M), float(high + MARGIN_M),
    )  # fmt: skip


def union(regions: Iterable[Region]) -> Region:
    """Smallest region that holds all of at least one."""
    given = list(regions)
    return Region(
        min(each.west for each in given), min(each.south for each in given), max(each.east for each in given),
        max(each.north for each in given), min(each.low_m for each in given), max(each.high_m for each in given),
    )  # fmt: skip


def from_radians(values: list[float]) -> Region:
    """Region as 3D Tiles write it; the inverse of `Region.in_radians`."""
    west, south, east, north = (degrees(side) for side in values[:4])
    return Region(west, south, east, north, values[4], values[5])
