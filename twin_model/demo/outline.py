"""The district's frame: its outline in metres, and the way back to degrees."""

from functools import lru_cache

import numpy as np
import shapely
from numpy.typing import NDArray
from pyproj import Transformer
from shapely import Polygon

from twin_model.errors import GeometryError

METRIC_CRS = "EPSG:4548"
"""CGCS2000 / 3-degree Gauss-Krueger CM 117E: metres, true to about 5 cm a kilometre in Haidian."""
GEOGRAPHIC_CRS = "EPSG:4490"
STEP_DEGREES = 0.002
"""Outline edges are cut this fine before projecting: a straight line in degrees is a slight curve in metres."""


@lru_cache(maxsize=2)
def _transformer(source: str, target: str) -> Transformer:
    return Transformer.from_crs(source, target, always_xy=True)


def to_metres(lon_lat: NDArray[np.float64]) -> NDArray[np.float64]:
    """Project (n, 2) longitude and latitude (degrees, EPSG:4490) to (n, 2) easting and northing (m, EPSG:4548)."""
    x, y = _transformer(GEOGRAPHIC_CRS, METRIC_CRS).transform(lon_lat[:, 0], lon_lat[:, 1])
    return np.column_stack((x, y))


def to_degrees(metres: NDArray[np.float64]) -> NDArray[np.float64]:
    """Unproject (n, 2) easting and northing (m, EPSG:4548) to (n, 2) longitude and latitude (degrees, EPSG:4490)."""
    lon, lat = _transformer(METRIC_CRS, GEOGRAPHIC_CRS).transform(metres[:, 0], metres[:, 1])
    return np.column_stack((lon, lat))


def district_polygon(outline: NDArray[np.float64]) -> Polygon:
    """District in metres, its edges densified so that they stay straight in degrees.

    Parameters
    ----------
    outline
        (n, 2) float64 ring, degrees, EPSG:4490.

    Raises
    ------
    GeometryError
        If the ring is not a valid polygon.
    """
    polygon = Polygon(outline)
    if not polygon.is_valid:
        raise GeometryError(f"the district outline is no polygon: {shapely.is_valid_reason(polygon)}; mend the ring")
    ring = to_metres(shapely.get_coordinates(shapely.segmentize(polygon, STEP_DEGREES)))
    return Polygon(np.round(ring, 3))
