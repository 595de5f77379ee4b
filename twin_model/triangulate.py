"""Flat polygons with holes cut into triangles, many at once."""

from itertools import pairwise

import mapbox_earcut
import numpy as np
from numpy.typing import NDArray

TRIANGLE, QUAD = 3, 4


def triangulate(
    xy: NDArray[np.float64], ring_start: NDArray[np.integer], polygon_start: NDArray[np.integer]
) -> tuple[NDArray[np.int32], NDArray[np.int32]]:
    """Triangles that cover polygons and use every vertex of their rings.

    Triangles and quadrilaterals are cut all at once; the others by ear clipping, one after the other.

    Parameters
    ----------
    xy : (n, 2) float64
        Corners of all rings one after the other, rings not closed, counter-clockwise outside; holes may turn either
        way.
    ring_start : (r + 1,) int
        Where each ring starts in `xy`, and the end.
    polygon_start : (p + 1,) int
        Where each polygon starts in the rings, its outer ring first, and the end.

    Returns
    -------
    faces : (m, 3) int32
        Indices into `xy`, counter-clockwise, polygon by polygon.
    polygon : (m,) int32
        Polygon of each triangle. A polygon without area has none.
    """
    first = np.asarray(ring_start)[np.asarray(polygon_start)]
    sizes, rings = np.diff(first), np.diff(polygon_start)
    threes = np.flatnonzero((sizes == TRIANGLE) & (rings == 1))
    fours = np.flatnonzero((sizes == QUAD) & (rings == 1))
    others = np.flatnonzero((rings > 1) | (sizes > QUAD))
    faces = [first[threes, None] + np.arange(TRIANGLE), first[np.repeat(fours, 2), None] + _quads(xy, first[fours])]
    polygons = [threes, np.repeat(fours, 2)]
    for polygon in others.tolist():
        ends = ring_start[polygon_start[polygon] + 1 : polygon_start[polygon + 1] + 1] - first[polygon]
        ends = ends[np.diff(ends, prepend=0) > 0]  # a ring without a corner bounds nothing
        found = _ears(xy[first[polygon] : first[polygon + 1]], ends)
        faces.append(found + first[polygon])
        polygons.append(np.full(len(found), polygon))
    owner = np.concatenate(polygons)
    order = np.argsort(owner, kind="stable")
    return np.concatenate(faces)[order].astype(np.int32), owner[order].astype(np.int32)


def _quads(xy: NDArray[np.float64], first: NDArray[np.integer]) -> NDArray[np.int64]:
    """(2n, 3) corners of the two triangles of quadrilaterals, cut where both triangles stay inside."""
    corner = xy[first[:, None] + np.arange(QUAD)]

    def smaller(one: tuple[int, int, int], other: tuple[int, int, int]) -> NDArray[np.float64]:
        areas = [_cross(corner[:, b] - corner[:, a], corner[:, c] - corner[:, a]) for a, b, c in (one, other)]
        return np.minimum(*areas)

    along = smaller((0, 1, 2), (0, 2, 3)) >= smaller((0, 1, 3), (1, 2, 3))
    ways = np.where(along[:, None], [[0, 1, 2, 0, 2, 3]], [[0, 1, 3, 1, 2, 3]])
    return np.asarray(ways.reshape(-1, TRIANGLE), dtype=np.int64)


def _cross(a: NDArray[np.float64], b: NDArray[np.float64]) -> NDArray[np.float64]:
    return np.asarray(a[..., 0] * b[..., 1] - a[..., 1] * b[..., 0])


def _ears(xy: NDArray[np.float64], ends: NDArray[np.integer]) -> NDArray[np.int64]:
    """(m, 3) triangles of one polygon, counter-clockwise."""
    found = mapbox_earcut.triangulate_float64(np.ascontiguousarray(xy), ends.astype(np.uint32))
    faces = found.reshape(-1, TRIANGLE).astype(np.int64)
    turn = _cross(xy[faces[:, 1]] - xy[faces[:, 0]], xy[faces[:, 2]] - xy[faces[:, 0]])
    if turn.sum() < 0:
        faces = faces[:, ::-1]
    if len(faces) and len(faces) < len(xy) + 2 * (len(ends) - 1) - 2:
        return _conforming(xy, ends, faces)
    return faces


def _conforming(xy: NDArray[np.float64], ends: NDArray[np.integer], faces: NDArray[np.int64]) -> NDArray[np.int64]:
    """Cut triangles at the corners on their sides: ear clipping may pass over those in line with others."""
    following = np.arange(len(xy)) + 1
    following[ends - 1] = np.append(0, ends[:-1])
    rings = np.concatenate((np.arange(len(xy)) * len(xy) + following, following * len(xy) + np.arange(len(xy))))
    reach = float(np.ptp(xy, axis=0).max()) * 1e-9
    for _ in range(len(xy)):
        start, end = faces.ravel(), faces[:, [1, 2, 0]].ravel()
        key = start * len(xy) + end
        loose = np.flatnonzero(~np.isin(key, end * len(xy) + start) & ~np.isin(key, rings))
        stops = [(int(side), _between(xy, int(start[side]), int(end[side]), reach)) for side in loose]
        side, found = next(((side, found) for side, found in stops if len(found)), (-1, []))
        if side < 0:
            break
        face = side // TRIANGLE
        a, b, c = np.roll(faces[face], -(side % TRIANGLE)).tolist()
        pieces = [(p, q, c) for p, q in pairwise([a, *found, b])]
        faces = np.concatenate((faces[:face], pieces, faces[face + 1 :]))
    return faces


def _between(xy: NDArray[np.float64], start: int, end: int, reach: float) -> list[int]:
    """Corners on a side, from its start to its end, one at each place."""
    along, towards = xy[end] - xy[start], xy - xy[start]
    length = max(float(np.hypot(*along)), 1e-300)
    share = towards @ along / length**2
    edge = reach / length
    on = np.flatnonzero((np.abs(_cross(along, towards)) / length <= reach) & (share > edge) & (share < 1 - edge))
    on = on[np.argsort(share[on], kind="stable")]
    apart = np.diff(share[on], prepend=-1.0) > edge
    return [int(corner) for corner in on[apart]]
