"""What is near a building, measured from its footprint in metres."""

from typing import Any

import duckdb
import numpy as np
import shapely
from numpy.typing import NDArray

from twin_model.local_frame import metres_per_degree

Footprint = shapely.Polygon | shapely.MultiPolygon


def footprint_of(cur: duckdb.DuckDBPyConnection, code: str) -> Footprint:
    """Footprint of a building, EPSG:4490; an empty one for an unknown code."""
    rows = cur.execute("SELECT ST_AsWKB(geom) FROM building WHERE code = ?", [code]).fetchall()
    shape = shapely.from_wkb(rows[0][0]) if rows else None
    return shape if isinstance(shape, shapely.Polygon | shapely.MultiPolygon) else shapely.Polygon()


def box_around(home: Footprint, reach_m: float) -> dict[str, float]:
    """Box around a footprint, degrees, as ``west``, ``south``, ``east``, ``north``; one that holds nothing for none."""
    if home.is_empty:
        return {"west": 1.0, "south": 1.0, "east": 0.0, "north": 0.0}
    west, south, east, north = home.bounds
    per_lon, per_lat = metres_per_degree((south + north) / 2)
    wide, high = reach_m / per_lon, reach_m / per_lat
    return {"west": west - wide, "south": south - high, "east": east + wide, "north": north + high}


def nearest(
    home: Footprint, shapes: NDArray[Any], within_m: float, limit: int
) -> tuple[NDArray[np.int64], NDArray[np.float64]]:
    """Positions of the shapes nearest to a footprint, nearest first, and their distances.

    Parameters
    ----------
    home : shapely.Polygon or shapely.MultiPolygon
        Footprint, EPSG:4490.
    shapes : (n,) object
        Geometries, EPSG:4490.
    within_m : float
        Farthest that one may be, metres.
    limit : int
        Most to give.

    Returns
    -------
    (k,) int64, (k,) float64
        Positions among the shapes; metres, 0 where they touch.
    """
    if not len(shapes) or home.is_empty:
        return np.zeros(0, np.int64), np.zeros(0)
    west, south, east, north = home.bounds
    centre, scale = np.array([(west + east) / 2, (south + north) / 2]), metres_per_degree((south + north) / 2)

    def to_metres(degrees: NDArray[np.float64]) -> NDArray[np.float64]:
        return np.asarray((degrees - centre) * scale)

    here = shapely.transform(home, to_metres)
    distance = np.asarray(shapely.distance(shapely.transform(shapes, to_metres), here), dtype=np.float64)
    order = np.argsort(distance, kind="stable")
    order = order[distance[order] <= within_m][:limit]
    return order, distance[order]
