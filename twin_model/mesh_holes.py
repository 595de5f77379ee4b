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
    loops = _loops(faces)
    flat = [(loop, normal) for loop in loops if (normal := _flat_normal(vertices[loop])) is not None]
    found = [np.zeros((0, 3), dtype=np.int64)]
    while flat:
        # The largest first: what lies in its plane and within it is cut out of it.
        outer, normal = max(flat, key=lambda pair: float(np.linalg.norm(pair[1])))
        inner = [loop for loop, turn in flat if _is_cut_out(vertices, outer, normal, loop, turn)]
        rings = [outer, *inner]
        filled = mesh_of_polygons([[vertices[ring] for ring in rings]], [0]).mesh.faces
        found.append(np.concatenate(rings)[filled])
        used = {id(ring) for ring in rings}
        flat = [pair for pair in flat if id(pair[0]) not in used]
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
    vertices: NDArray[np.float64],
    outer: NDArray[np.int64],
    normal: NDArray[np.float64],
    loop: NDArray[np.int64],
    turn: NDArray[np.float64],
) -> bool:
    """Whether a loop lies in the plane of another, turned the other way, and within it."""
    unit, other = normal / np.linalg.norm(normal), turn / np.linalg.norm(turn)
    off = np.abs((vertices[loop] - vertices[outer[0]]) @ unit).max()
    if loop is outer or unit @ other > -SAME_WAY or off > FLAT_M:
        return False
    kept = np.delete(np.arange(3), np.argmax(np.abs(unit)))
    ring = shapely.Polygon(vertices[outer][:, kept])
    return bool(shapely.contains_xy(ring, *vertices[loop][:, kept].mean(axis=0)))
