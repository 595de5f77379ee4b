"""Meshes of surfaces: flat polygons in space, as CityJSON and CityGML have them, cut into triangles."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from twin_model.mesh import Mesh
from twin_model.triangulate import triangulate

Ring = NDArray[np.float64]

_KEPT_AXES = np.array([[1, 2], [2, 0], [0, 1]])
"""Axes that stay when the one along the polygon's normal is dropped; the order keeps the turn."""


@dataclass(frozen=True)
class Triangulation:
    """Polygons as triangles, and where each came from.

    Parameters
    ----------
    mesh : Mesh
        Its vertices are the corners of all rings one after the other, in the order given; none are joined.
    polygon : (m,) int32
        Polygon of each triangle.
    corners : (m, 3) int32
        Corner of each triangle's corner, counted over all rings in the order given: take per-corner values, such as
        texture coordinates, with it.
    """

    mesh: Mesh
    polygon: NDArray[np.int32]
    corners: NDArray[np.int32]


def mesh_of_polygons(polygons: Sequence[Sequence[Ring]], surfaces: Sequence[int]) -> Triangulation:
    """Cut flat polygons into triangles that face as their outer rings turn.

    Parameters
    ----------
    polygons : sequence of sequences of (k, 3) float64
        Rings of each polygon, the outer one first, not closed, metres of one local frame. An outer ring turns
        counter-clockwise seen from outside; a hole may turn either way.
    surfaces : sequence of int
        `twin_model.surface.SurfaceKind` of each polygon.

    Returns
    -------
    Triangulation
        A polygon without area, or of fewer than three corners, has no triangle.
    """
    rings = [np.asarray(ring, dtype=np.float64).reshape(-1, 3) for polygon in polygons for ring in polygon]
    ring_start = np.concatenate(([0], np.cumsum([len(ring) for ring in rings], dtype=np.int64)))
    polygon_start = np.concatenate(([0], np.cumsum([len(polygon) for polygon in polygons], dtype=np.int64)))
    vertices = np.concatenate(rings) if rings else np.zeros((0, 3))
    return triangulated(vertices, ring_start, polygon_start, np.asarray(surfaces, dtype=np.uint8))


def triangulated(
    vertices: NDArray[np.float64],
    ring_start: NDArray[np.int64],
    polygon_start: NDArray[np.int64],
    surfaces: NDArray[np.uint8],
) -> Triangulation:
    """`mesh_of_polygons` of rings that are already one after the other.

    Parameters
    ----------
    vertices : (n, 3) float64
        Corners of all rings, metres.
    ring_start : (r + 1,) int64
        Where each ring starts in `vertices`, and the end.
    polygon_start : (p + 1,) int64
        Where each polygon starts in the rings, and the end.
    surfaces : (p,) uint8
        Kind of each polygon.
    """
    if not len(surfaces) or not len(vertices):
        nothing = np.zeros((0, 3), dtype=np.int32)
        return Triangulation(Mesh(vertices, nothing, np.zeros(0, dtype=np.uint8)), np.zeros(0, dtype=np.int32), nothing)
    normal = _normals(vertices, ring_start, polygon_start)
    axis = np.argmax(np.abs(normal), axis=1)
    backwards = np.take_along_axis(normal, axis[:, None], axis=1)[:, 0] < 0
    kept = np.where(backwards[:, None], _KEPT_AXES[axis][:, ::-1], _KEPT_AXES[axis])
    owner = np.repeat(np.arange(len(surfaces)), np.diff(ring_start[polygon_start]))
    flat = np.take_along_axis(vertices, kept[owner], axis=1)
    faces, polygon = triangulate(flat, ring_start, polygon_start)
    return Triangulation(Mesh(vertices, faces, surfaces[polygon]), polygon, faces)


def _normals(
    vertices: NDArray[np.float64], ring_start: NDArray[np.int64], polygon_start: NDArray[np.int64]
) -> NDArray[np.float64]:
    """(p, 3) vectors along the normals of the outer rings, by Newell's sum."""
    outer = polygon_start[:-1]
    start, end = ring_start[outer], ring_start[outer + 1]
    sizes = end - start
    # Measured from each ring's first corner, so that large coordinates do not drown a small ring.
    which = np.repeat(np.arange(len(outer)), sizes)
    step = np.arange(len(which)) - np.repeat(np.cumsum(sizes) - sizes, sizes)
    here = start[which] + step
    following = start[which] + (step + 1) % np.maximum(sizes[which], 1)
    origin = vertices[np.minimum(start, len(vertices) - 1)][which]
    turns = np.cross(vertices[here] - origin, vertices[following] - origin)
    return np.stack([np.bincount(which, turns[:, axis], len(outer)) for axis in range(3)], axis=1)
