"""Shells of a mesh: which triangles bound one body, also where several bodies meet along an edge."""

import numpy as np
from numpy.typing import NDArray
from scipy.sparse import coo_array
from scipy.sparse.csgraph import connected_components

from twin_model.mesh_topology import sides

_SAME_ANGLE = 1e-6
"""Triangles at an edge lie in one half-plane when the angle between them is less, radians."""
_PAIR = 2


def shells(vertices: NDArray[np.float64], faces: NDArray[np.int64]) -> NDArray[np.int64]:
    """(m,) shell of each triangle of a mesh: those that hang together by `neighbours`."""
    one, other = neighbours(vertices, faces)
    return _groups(one // 3, other // 3, len(faces))


def parted(vertices: NDArray[np.float64], faces: NDArray[np.int64]) -> tuple[NDArray[np.float64], NDArray[np.int64]]:
    """Give bodies that only touch corners of their own: two parts of a building may share a wall or its edge.

    Parameters
    ----------
    vertices : (n, 3) float64
        Metres.
    faces : (m, 3) int64
        Indices into `vertices`.
    """
    one, other = neighbours(vertices, faces)
    # A side's corners are its own number and the next one of its triangle; neighbours run opposite ways.
    after_one, after_other = _next(one), _next(other)
    same = faces.ravel()[one] == faces.ravel()[other]
    ends = np.where(same, other, after_other), np.where(same, after_other, other)
    groups = _groups(np.concatenate((one, after_one)), np.concatenate(ends), faces.size)
    _, first = np.unique(groups, return_index=True)
    return vertices[faces.ravel()[first]], groups.reshape(-1, 3)


def neighbours(vertices: NDArray[np.float64], faces: NDArray[np.int64]) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
    """Pairs of sides, numbered 3 * triangle + corner, at which two triangles go on from one to the other.

    Where more than two triangles meet at an edge, those are paired that have the body between them; none are where as
    many do not run along it one way as the other.
    """
    start, end = sides(faces)
    size = int(faces.max(initial=-1)) + 1
    edge = np.minimum(start, end) * size + np.maximum(start, end)
    order = np.argsort(edge, kind="stable")
    first = np.flatnonzero(np.append(True, np.diff(edge[order]) != 0)[: len(order)])
    uses = np.diff(np.append(first, len(order)))
    pairs = first[uses == _PAIR]
    found = [np.stack((order[pairs], order[pairs + 1]))]
    for at, count in zip(first[uses > _PAIR].tolist(), uses[uses > _PAIR].tolist(), strict=True):
        found.append(_pairs_around(vertices, faces, order[at : at + count]))
    one, other = np.concatenate(found, axis=1)
    return one, other


def _pairs_around(
    vertices: NDArray[np.float64], faces: NDArray[np.int64], around: NDArray[np.int64]
) -> NDArray[np.int64]:
    """(2, k) pairs of the sides at one edge."""
    corners = faces.ravel()
    tail, head, tip = corners[around], corners[_next(around)], corners[_next(_next(around))]
    low, high = min(tail[0], head[0]), max(tail[0], head[0])
    forward = tail == low
    if 2 * forward.sum() != len(around):
        return np.zeros((2, 0), dtype=np.int64)
    along = vertices[high] - vertices[low]
    along = along / max(float(np.linalg.norm(along)), 1e-12)
    towards = vertices[tip] - vertices[low]
    towards -= np.outer(towards @ along, along)
    zero = towards[0] / max(float(np.linalg.norm(towards[0])), 1e-12)
    angle = np.arctan2(towards @ np.cross(along, zero), towards @ zero)
    step = np.round(angle % (2 * np.pi) / _SAME_ANGLE).astype(np.int64) % round(2 * np.pi / _SAME_ANGLE)
    # Going round, a body begins at a triangle that runs backwards along the edge and ends at one that runs forwards.
    turn = np.lexsort((~forward, step))
    begins = np.flatnonzero(~forward[turn])
    turn = np.roll(turn, -begins[0])
    if (forward[turn][0::2] | ~forward[turn][1::2]).any():
        return np.zeros((2, 0), dtype=np.int64)
    return np.stack((around[turn[0::2]], around[turn[1::2]]))


def _next(side: NDArray[np.int64]) -> NDArray[np.int64]:
    """Next side of the same triangle."""
    return np.asarray(side - side % 3 + (side + 1) % 3)


def _groups(one: NDArray[np.int64], other: NDArray[np.int64], count: int) -> NDArray[np.int64]:
    links = coo_array((np.ones(len(one), dtype=np.int8), (one, other)), shape=(count, count))
    return np.asarray(connected_components(links, directed=False)[1], dtype=np.int64)
