"""Triangles cut where a corner of another lies on their open side, so that the two meet corner to corner."""

from itertools import pairwise

import numpy as np
from numpy.typing import NDArray

from twin_model.mesh_topology import MERGE_M, sides

REACH_M = 2 * MERGE_M
"""A corner this close to a side lies on it, metres."""
MOST_ROUNDS = 4


def stitched(vertices: NDArray[np.float64], faces: NDArray[np.int64]) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
    """Cut the triangles of one mesh at the corners on their open sides.

    Parameters
    ----------
    vertices : (n, 3) float64
        Metres.
    faces : (m, 3) int64
        Indices into `vertices`.

    Returns
    -------
    faces : (k, 3) int64
        As given where nothing is to be cut.
    source : (k,) int64
        Triangle that each was cut from.
    """
    source = np.arange(len(faces))
    for _ in range(MOST_ROUNDS):
        cut, origin = _round(vertices, faces)
        if len(cut) == len(faces):
            break
        faces, source = cut, source[origin]
    return faces, source


def _round(vertices: NDArray[np.float64], faces: NDArray[np.int64]) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
    """Cut each triangle along at most one of its open sides."""
    start, end = sides(faces)
    size = len(vertices)
    edge = np.minimum(start, end) * size + np.maximum(start, end)
    _, index, uses = np.unique(edge, return_inverse=True, return_counts=True)
    open_ = np.flatnonzero(uses[index] == 1)
    corners = np.unique(np.concatenate((start[open_], end[open_])))
    kept = np.ones(len(faces), dtype=bool)
    new, origin = [], []
    for side in open_.tolist():
        face = side // 3
        if not kept[face]:
            continue
        on = _on_side(vertices, int(start[side]), int(end[side]), corners)
        if len(on):
            kept[face] = False
            a, b, c = np.roll(faces[face], -(side % 3))
            stops = [int(a), *on.tolist(), int(b)]
            pieces = [(p, q, int(c)) for p, q in pairwise(stops) if int(c) not in {p, q}]
            new += pieces
            origin += [face] * len(pieces)
    if not new:
        return faces, np.arange(len(faces))
    return np.concatenate((faces[kept], new)), np.concatenate((np.flatnonzero(kept), origin))


def _on_side(vertices: NDArray[np.float64], start: int, end: int, corners: NDArray[np.int64]) -> NDArray[np.int64]:
    """Corners on a side, from its start to its end."""
    along = vertices[end] - vertices[start]
    length = float(np.linalg.norm(along))
    towards = vertices[corners] - vertices[start]
    at = towards @ along / max(length, 1e-12)
    off = np.linalg.norm(towards - at[:, None] * along / max(length, 1e-12), axis=1)
    on = (off <= REACH_M) & (at > REACH_M) & (at < length - REACH_M)
    return np.asarray(corners[on][np.argsort(at[on])])
