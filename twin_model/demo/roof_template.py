"""Shapes of buildings on a lattice of named lines and levels: built once, then set up for thousands at a time."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TypeAlias

import numpy as np
from numpy.typing import NDArray

from twin_model.mesh_surface import mesh_of_polygons
from twin_model.surface import SurfaceKind

Point: TypeAlias = tuple[int, int, int]
"""Line along u, line along v, level."""
Face: TypeAlias = tuple[tuple[Point, ...], SurfaceKind]
"""A flat convex polygon, counter-clockwise from outside."""


@dataclass(frozen=True)
class Template:
    """Closed mesh whose corners stand on lines and levels; it holds wherever those are, while they keep their order.

    Attributes
    ----------
    lattice
        (n, 3) int64 line along u, line along v and level of each corner.
    faces
        (m, 3) int32 triangles, outward by the right-hand rule.
    surfaces
        (m,) uint8 `SurfaceKind`.
    """

    lattice: NDArray[np.int64]
    faces: NDArray[np.int32]
    surfaces: NDArray[np.uint8]

    def placed(
        self, u: NDArray[np.float64], v: NDArray[np.float64], z: NDArray[np.float64], axis: NDArray[np.float64]
    ) -> NDArray[np.float32]:
        """(b, n, 3) corners of b buildings, metres east, north and up.

        Parameters
        ----------
        u, v, z : (b, lines) float64
            Place of each line and level, ascending, metres.
        axis : (b, 2) float64
            Direction of u, east and north.
        """
        along, across = u[:, self.lattice[:, 0]], v[:, self.lattice[:, 1]]
        cos, sin = axis[:, :1], axis[:, 1:]
        east, north = along * cos - across * sin, along * sin + across * cos
        return np.stack((east, north, z[:, self.lattice[:, 2]]), axis=2).astype(np.float32)


def template(faces: Sequence[Face]) -> Template:
    """Join polygons that enclose a building into a mesh; corners that lie on a neighbour's edge become its own too.

    Parameters
    ----------
    faces : sequence of (points, kind)
        Edges that are not along u, v or z are shared whole.
    """
    points = np.unique(np.array([point for ring, _ in faces for point in ring], dtype=np.int64), axis=0)
    rings = [_with_points_between(np.array(ring, dtype=np.int64), points) for ring, _ in faces]
    cut = mesh_of_polygons([[ring.astype(np.float64)] for ring in rings], [kind for _, kind in faces])
    lattice, index = np.unique(np.concatenate(rings), axis=0, return_inverse=True)
    return Template(lattice, index.reshape(-1)[cut.mesh.faces].astype(np.int32), cut.mesh.surfaces)


def _with_points_between(ring: NDArray[np.int64], points: NDArray[np.int64]) -> NDArray[np.int64]:
    """Ring with the points that lie on its edges along u, v or z."""
    parts = []
    for start, end in zip(ring, np.roll(ring, -1, axis=0), strict=True):
        parts.append(start[None])
        moving = np.flatnonzero(start != end)
        if len(moving) == 1:
            axis = moving[0]
            low, high = sorted((start[axis], end[axis]))
            level = (np.delete(points, axis, 1) == np.delete(start, axis)).all(axis=1)
            found = points[level & (points[:, axis] > low) & (points[:, axis] < high)]
            found = found[np.argsort(found[:, axis])]
            parts.append(found if end[axis] > start[axis] else found[::-1])
    return np.concatenate(parts)


def terraces(levels: NDArray[np.int64]) -> list[Face]:
    """Faces of a building of flat roofs.

    Parameters
    ----------
    levels : (lines of u - 1, lines of v - 1) int64
        Level of the roof over each cell between neighbouring lines; 0 is open ground. Cells that meet at a corner
        only must not both be built on.
    """
    faces: list[Face] = []
    for west, south, east, north in rectangles(levels > 0):
        faces.append((_level_ring(west, south, east, north, 0)[::-1], SurfaceKind.GROUND))
    for level in range(1, int(levels.max()) + 1):
        for west, south, east, north in rectangles(levels == level):
            faces.append((_level_ring(west, south, east, north, level), SurfaceKind.ROOF))
    edged = np.pad(levels, 1)
    faces += _walls(edged[:-1, 1:-1], edged[1:, 1:-1], along_v=True)
    faces += _walls(edged[1:-1, :-1].T, edged[1:-1, 1:].T, along_v=False)
    return faces


def _level_ring(west: int, south: int, east: int, north: int, level: int) -> tuple[Point, ...]:
    return ((west, south, level), (east, south, level), (east, north, level), (west, north, level))


def _walls(before: NDArray[np.int64], after: NDArray[np.int64], *, along_v: bool) -> list[Face]:
    """Walls on each line between the cells before and after it."""
    steps = np.arange(max(int(before.max()), int(after.max())))
    faces: list[Face] = []
    for line in range(len(before)):
        for low, high, forward in ((after[line], before[line], True), (before[line], after[line], False)):
            shown = (steps >= low[:, None]) & (steps < high[:, None])
            for start, bottom, end, top in rectangles(shown):
                # Seen from outside, a wall that faces along +u runs towards +v, and one along +v towards -u.
                ends = (start, end) if forward == along_v else (end, start)
                ring = [(ends[0], bottom), (ends[1], bottom), (ends[1], top), (ends[0], top)]
                place = [(line, at, level) if along_v else (at, line, level) for at, level in ring]
                faces.append((tuple(place), SurfaceKind.WALL))
    return faces


def rectangles(mask: NDArray[np.bool_]) -> list[tuple[int, int, int, int]]:
    """Rectangles of cells that cover the true ones once: first column, first row, ends; the fewer of two ways."""
    one, other = _grown(mask), _grown(mask.T)
    if len(one) <= len(other):
        return one
    return [(west, south, east, north) for south, west, north, east in other]


def _grown(mask: NDArray[np.bool_]) -> list[tuple[int, int, int, int]]:
    left = mask.copy()
    found = []
    for i, j in np.argwhere(mask).tolist():
        if not left[i, j]:
            continue
        end = j + int(np.argmin(np.append(left[i, j:], False)))
        until = i + int(np.argmin(np.append(left[i:, j:end].all(axis=1), False)))
        left[i:until, j:end] = False
        found.append((i, j, until, end))
    return found
