"""Triangles of polygons: a fan where the polygon is convex, ear clipping (mapbox-earcut) where it is not."""

import mapbox_earcut
import numpy as np
from numpy.typing import NDArray

ONE_TURN_RAD = 2 * np.pi
TURN_TOLERANCE_RAD = 1e-3


def convex_rings(x: NDArray[np.int64], y: NDArray[np.int64], sizes: NDArray[np.int64]) -> NDArray[np.bool_]:
    """Which rings turn one way only and once round, so that a fan from their first vertex covers them.

    Parameters
    ----------
    x, y
        (n,) int64 vertices of all rings end to end, each ring open and clockwise.
    sizes
        (r,) int64 vertices per ring.

    Returns
    -------
    (r,) bool.
    """
    if sizes.size == 0:
        return np.zeros(0, dtype=np.bool_)
    starts = np.cumsum(sizes) - sizes
    ring = np.repeat(np.arange(sizes.size), sizes)
    position = np.arange(x.size) - starts[ring]
    second = starts[ring] + (position + 1) % sizes[ring]
    third = starts[ring] + (position + 2) % sizes[ring]
    along = (x[second] - x, y[second] - y)
    onward = (x[third] - x[second], y[third] - y[second])
    cross = (along[0] * onward[1] - along[1] * onward[0]).astype(np.float64)
    dot = (along[0] * onward[0] + along[1] * onward[1]).astype(np.float64)
    never_left = np.maximum.reduceat(cross, starts) <= 0
    turned = np.abs(np.add.reduceat(np.arctan2(cross, dot), starts))
    return np.asarray(never_left & (turned < ONE_TURN_RAD + TURN_TOLERANCE_RAD))


def ear_clip(vertices: NDArray[np.float64], ring_ends: NDArray[np.uint32]) -> NDArray[np.uint32]:
    """Triangles of one polygon with holes.

    Parameters
    ----------
    vertices
        (n, 2) float64, rings open, end to end, the outer one first.
    ring_ends
        (r,) uint32, index after the last vertex of each ring.

    Returns
    -------
    (3 t,) uint32 vertex indices.
    """
    return np.asarray(mapbox_earcut.triangulate_float64(vertices, ring_ends), dtype=np.uint32)
