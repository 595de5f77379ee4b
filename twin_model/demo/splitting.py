"""Splitting polygons by straight cuts and by arterials."""

import numpy as np
import shapely
from numpy.typing import NDArray
from shapely import Polygon

from twin_model.demo.streets import half_planes

DUST_M2 = 1e-2
"""Pieces smaller than this are rounding, not land."""


def unit_vectors(angles: NDArray[np.float64]) -> NDArray[np.float64]:
    """(n, 2) unit vectors of angles in radians, counter-clockwise from east."""
    return np.column_stack((np.cos(angles), np.sin(angles)))


def extents(polygons: NDArray[np.object_], directions: NDArray[np.float64]) -> NDArray[np.float64]:
    """(n, 2) least and greatest coordinate of each polygon along its (n, 2) direction, metres."""
    coords, owner = shapely.get_coordinates(polygons, return_index=True)
    along = (coords * directions[owner]).sum(axis=1)
    starts = np.searchsorted(owner, np.arange(len(polygons)))
    return np.column_stack((np.minimum.reduceat(along, starts), np.maximum.reduceat(along, starts)))


def cut(
    polygons: NDArray[np.object_], points: NDArray[np.float64], normals: NDArray[np.float64]
) -> tuple[NDArray[np.object_], NDArray[np.int64]]:
    """Cut each polygon by the line through its point, across its normal.

    Returns
    -------
    tuple
        The pieces (each one polygon) and the index of the polygon that each came from.
    """
    behind = shapely.intersection(polygons, half_planes(points, normals))
    ahead = shapely.intersection(polygons, half_planes(points, -normals))
    return pieces_of(np.concatenate((behind, ahead)), np.tile(np.arange(len(polygons)), 2))


def pieces_of(
    geometries: NDArray[np.object_], origin: NDArray[np.int64]
) -> tuple[NDArray[np.object_], NDArray[np.int64]]:
    """Single polygons in geometries, less dust, with the origin of each; ordered by origin."""
    parts, index = shapely.get_parts(geometries, return_index=True)
    land = shapely.area(parts) > DUST_M2
    parts, source = parts[land], origin[index[land]]
    order = np.argsort(source, kind="stable")
    return parts[order], source[order]


def longest_edge_angle(polygons: NDArray[np.object_]) -> NDArray[np.float64]:
    """(n,) direction of each polygon's longest edge, radians in [-pi/4, pi/4): the nearest to east or its normal."""
    coords, owner = shapely.get_coordinates(polygons, return_index=True)
    delta = np.diff(coords, axis=0)
    same = owner[1:] == owner[:-1]
    delta, owner = delta[same], owner[:-1][same]
    order = np.lexsort((np.hypot(*delta.T), owner))
    last = np.searchsorted(owner[order], np.arange(len(polygons)), side="right") - 1
    longest = delta[order][last]
    quarter = np.pi / 2
    angle: NDArray[np.float64] = (np.arctan2(longest[:, 1], longest[:, 0]) + quarter / 2) % quarter - quarter / 2
    return angle


def cut_to_share(polygon: Polygon, angle: float, share: float) -> tuple[Polygon, Polygon]:
    """Cut a polygon across the direction of an angle (radians) so that the first piece has a share of its area."""
    normal = unit_vectors(np.array([angle]))
    middle = shapely.get_coordinates(polygon.centroid)
    (low, high), wanted = extents(np.array([polygon]), normal)[0] - (middle @ normal[0])[0], share * polygon.area
    while high - low > 1.0:
        reach = (low + high) / 2
        piece = shapely.intersection(polygon, half_planes(middle + normal * reach, normal)[0])
        low, high = (reach, high) if piece.area < wanted else (low, reach)
    place = middle + normal * (low + high) / 2
    behind, ahead = half_planes(place, normal)[0], half_planes(place, -normal)[0]
    return shapely.intersection(polygon, behind), shapely.intersection(polygon, ahead)


def subtract(
    polygons: NDArray[np.object_], rows: NDArray[np.int64], surfaces: NDArray[np.int64], taken: NDArray[np.object_]
) -> None:
    """Take surfaces away from polygons, in place.

    Parameters
    ----------
    polygons
        (n,) polygons that lose land.
    rows, surfaces
        (k,) pairs: the polygon, and which of the surfaces it loses.
    taken
        (m,) surfaces.
    """
    order = np.argsort(rows, kind="stable")
    rows, surfaces = rows[order], surfaces[order]
    turn = np.arange(len(rows)) - np.searchsorted(rows, rows)
    for nth in range(int(turn.max(initial=-1)) + 1):
        now = turn == nth
        polygons[rows[now]] = shapely.difference(polygons[rows[now]], taken[surfaces[now]])
