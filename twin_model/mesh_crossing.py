"""Triangles of a mesh that run through each other."""

import numpy as np
import shapely
from numpy.typing import NDArray

DEPTH_M = 0.01
"""Triangles cross when a side pierces another triangle by more than this, metres; less is a touch."""


def crossing_meshes(
    vertices: NDArray[np.float64], faces: NDArray[np.int64], mesh_of_face: NDArray[np.int64], count: int
) -> NDArray[np.bool_]:
    """(count,) whether a side of a triangle pierces another triangle of the same mesh.

    Triangles that overlap in one plane are not looked for.

    Parameters
    ----------
    vertices : (n, 3) float64
        Metres.
    faces : (m, 3) int64
        Indices into `vertices`.
    mesh_of_face : (m,) int64
        Mesh of each triangle, below `count`.
    count : int
        Number of meshes.
    """
    found = np.zeros(count, dtype=bool)
    if not len(faces):
        return found
    corners = vertices[faces]
    one, other = _near(corners, mesh_of_face)
    unit = np.cross(corners[:, 1] - corners[:, 0], corners[:, 2] - corners[:, 0])
    size = np.sqrt(np.einsum("ij,ij->i", unit, unit))
    # A triangle without extent is pierced by nothing.
    unit /= np.where(size > DEPTH_M**2, size, np.inf)[:, None]
    for first, second in ((one, other), (other, one)):
        sides = np.einsum("ijk,ik->ij", corners[first], unit[second])
        sides -= np.einsum("ij,ij->i", corners[second, 0], unit[second])[:, None]
        rows = np.flatnonzero((sides.min(axis=1) < -DEPTH_M) & (sides.max(axis=1) > DEPTH_M))
        first, second, sides = first[rows], second[rows], sides[rows]  # noqa: PLW2901 - what is left of the pairs
        for corner in range(3):
            ends = corner, (corner + 1) % 3
            own = (faces[second][:, :, None] == faces[first][:, None, ends]).any(axis=(1, 2))
            above, below = sides[:, ends[0]], sides[:, ends[1]]
            through = np.flatnonzero(
                ~own & (np.minimum(above, below) < -DEPTH_M) & (np.maximum(above, below) > DEPTH_M)
            )
            share = above[through] / (above[through] - below[through])
            start, end = (corners[first[through], at] for at in ends)
            point = start + share[:, None] * (end - start)
            hit = _is_within(point, corners[second[through]], unit[second[through]])
            found[mesh_of_face[first[through[hit]]]] = True
    return found


def _near(corners: NDArray[np.float64], mesh: NDArray[np.int64]) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
    """Pairs of triangles of one mesh whose boxes overlap, each pair once."""
    low, high = corners.min(axis=1), corners.max(axis=1)
    # Meshes stand around one origin: moved apart, one tree serves them all.
    step = float(high[:, 0].max() - low[:, 0].min()) + 1.0
    east = mesh * step
    boxes = shapely.box(low[:, 0] + east, low[:, 1], high[:, 0] + east, high[:, 1])
    one, other = shapely.STRtree(boxes).query(boxes)
    kept = (one < other) & (low[one, 2] <= high[other, 2]) & (low[other, 2] <= high[one, 2])
    return one[kept], other[kept]


def _is_within(
    point: NDArray[np.float64], triangle: NDArray[np.float64], unit: NDArray[np.float64]
) -> NDArray[np.bool_]:
    """(n,) whether points in the planes of triangles lie within them, clear of their sides."""
    within = np.ones(len(point), dtype=bool)
    for corner in range(3):
        start = triangle[:, corner]
        along = triangle[:, (corner + 1) % 3] - start
        length = np.sqrt(np.einsum("ij,ij->i", along, along))
        within &= np.einsum("ij,ij->i", point - start, np.cross(unit, along)) > DEPTH_M * length
    return within
