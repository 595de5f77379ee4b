"""Flat holes of a mesh filled: a ground or a wall that its source left out."""

import numpy as np
import shapely
from numpy.typing import NDArray

from twin_model.mesh_surface import mesh_of_polygons
from twin_model.mesh_topology import sides

FLAT_M = 0.01
"""The corners around a flat hole are this close to one plane, metres."""
SAME_WAY = 0.999
"""Cosine between the normals of holes in one plane."""
SMALLEST_M2 = 1e-6


def flat_fillings(vertices: NDArray[np.float64], faces: NDArray[np.int64]) -> NDArray[np.int64]:
    """(k, 3) triangles that close the flat holes of a mesh, courtyards left open; other holes are left as they are.

    Parameters
    ----------
    vertices : (n, 3) float64
        Metres.
    faces : (m, 3) int64
        Indices into `vertices`; neighbours agree on their direction.
    """
    found = [np.zeros((0, 3), dtype=np.int64)]
    flat = [(loop, normal) for loop in _loops(faces) if (normal := _flat_normal(vertices[loop])) is not None]
    normals = np.array([normal for _, normal in flat]).reshape(-1, 3)
    size = np.linalg.norm(normals, axis=1)
    units, corner = normals / size[:, None], vertices[np.array([loop[0] for loop, _ in flat], dtype=np.int64)]
    left = np.ones(len(flat), dtype=bool)
    # The largest first: what lies in its plane and within it is cut out of it.
    for at in np.argsort(-size, kind="stable").tolist():
        if not left[at]:
            continue
        left[at] = False
        outer, unit = flat[at][0], units[at]
        beside = left & (units @ unit <= -SAME_WAY) & (np.abs((corner - corner[at]) @ unit) <= FLAT_M)
        inner = [
            other for other in np.flatnonzero(beside).tolist() if _is_cut_out(vertices, outer, unit, flat[other][0])
        ]
        left[inner] = False
        rings = [outer, *(flat[other][0] for other in inner)]
        filled = mesh_of_polygons([[vertices[ring] for ring in rings]], [0]).mesh.faces
        found.append(np.concatenate(rings)[filled])
    return np.concatenate(found)


def _loops(faces: NDArray[np.int64]) -> list[NDArray[np.int64]]:
    """Rings of open edges, run along as a triangle in the hole would; rings that touch themselves are left out."""
    start, end = sides(faces)
    size = int(faces.max(initial=-1)) + 1
    open_ = ~np.isin(start * size + end, end * size + start)
    # Each open edge backwards: that is how the missing triangle runs.
    tails, heads = end[open_], start[open_]
    if len(np.unique(tails)) != len(tails) or len(np.unique(heads)) != len(heads):
        once = (np.bincount(tails, minlength=size) == 1) & (np.bincount(heads, minlength=size) == 1)
        kept = once[tails] & once[heads]
        tails, heads = tails[kept], heads[kept]
    following = dict(zip(tails.tolist(), heads.tolist(), strict=True))
    loops = []
    while following:
        first, at = following.popitem()
        loop = [first]
        while at != first and at in following:
            loop.append(at)
            at = following.pop(at)
        if at == first:
            loops.append(np.array(loop))
    return loops


def _flat_normal(ring: NDArray[np.float64]) -> NDArray[np.float64] | None:
    """Vector along the normal of a flat ring, as long as its area is large (m²); None for any other ring."""
    towards = ring - ring[0]
    normal = np.cross(towards, np.roll(towards, -1, axis=0)).sum(axis=0) / 2
    size = float(np.linalg.norm(normal))
    if size < SMALLEST_M2 or np.abs(towards @ normal).max() > FLAT_M * size:
        return None
    return np.asarray(normal)


def _is_cut_out(
    vertices: NDArray[np.float64], outer: NDArray[np.int64], unit: NDArray[np.float64], loop: NDArray[np.int64]
) -> bool:
    """Whether a loop lies in the plane of another, whose normal is given, and within it."""
    if np.abs((vertices[loop] - vertices[outer[0]]) @ unit).max() > FLAT_M:
        return False
    kept = np.delete(np.arange(3), np.argmax(np.abs(unit)))
    ring = shapely.Polygon(vertices[outer][:, kept])
    return bool(shapely.contains_xy(ring, *vertices[loop][:, kept].mean(axis=0)))
