"""How the triangles of meshes hang together: joined corners, edges; many meshes at once."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from twin_model.mesh import Mesh

MERGE_M = 0.001
"""Corners closer than this are one, metres."""
_HASH = np.array([0x9E3779B97F4A7C15, 0xC2B2AE3D27D4EB4F, 0x165667B19E3779F9, 0x27D4EB2F165667C5], dtype=np.uint64)
_SHIFT = np.uint64(29)


@dataclass(frozen=True)
class Meshes:
    """Meshes one after the other, their corners joined.

    Attributes
    ----------
    vertices
        (n, 3) float64 metres.
    faces
        (m, 3) int64 indices into `vertices`; none has a corner twice.
    source
        (m,) int64 triangle of the given meshes, counted over all of them.
    mesh_of_vertex, mesh_of_face
        (n,) and (m,) int64 mesh of each, ascending.
    collapsed
        (k,) int64 triangles that fell into a line or a point when corners were joined, by mesh.
    """

    vertices: NDArray[np.float64]
    faces: NDArray[np.int64]
    source: NDArray[np.int64]
    mesh_of_vertex: NDArray[np.int64]
    mesh_of_face: NDArray[np.int64]
    collapsed: NDArray[np.int64]


@dataclass(frozen=True)
class EdgeCounts:
    """Edges of each mesh by how their triangles meet; all (k,) int64.

    Attributes
    ----------
    edges
        Edges altogether.
    open, crowded, same_way
        With one triangle; with three or more; with two that run along it the same way.
    unbalanced
        Run along more often one way than the other.
    """

    edges: NDArray[np.int64]
    open: NDArray[np.int64]
    crowded: NDArray[np.int64]
    same_way: NDArray[np.int64]
    unbalanced: NDArray[np.int64]


def joined(meshes: Sequence[Mesh]) -> Meshes:
    """Join the corners of each mesh that round to the same millimetre; triangles that collapse are left out."""
    sizes = np.array([len(mesh.vertices) for mesh in meshes], dtype=np.int64)
    counts = np.array([len(mesh.faces) for mesh in meshes], dtype=np.int64)
    owner, face_owner = np.repeat(np.arange(len(sizes)), sizes), np.repeat(np.arange(len(sizes)), counts)
    vertices = np.concatenate([np.zeros((0, 3)), *(mesh.vertices for mesh in meshes)])
    faces = np.concatenate([np.zeros((0, 3), dtype=np.int32), *(mesh.faces for mesh in meshes)]).astype(np.int64)
    faces += np.repeat(np.cumsum(sizes) - sizes, counts)[:, None]
    first, index = _same(np.column_stack((owner, np.round(vertices / MERGE_M).astype(np.int64))))
    faces = index[faces]
    kept = (faces[:, 0] != faces[:, 1]) & (faces[:, 1] != faces[:, 2]) & (faces[:, 2] != faces[:, 0])
    collapsed = np.bincount(face_owner[~kept], minlength=len(sizes))
    return Meshes(vertices[first], faces[kept], np.flatnonzero(kept), owner[first], face_owner[kept], collapsed)


def _same(rows: NDArray[np.int64]) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
    """First of each set of equal rows, in order, and the set of each row; the first column ascends."""
    mixed = np.zeros(len(rows), dtype=np.uint64)
    for column, factor in zip(rows.T, _HASH, strict=True):
        mixed = (mixed ^ (mixed >> _SHIFT)) * _HASH[0] + column.view(np.uint64) * factor
    _, first, index = np.unique(mixed, return_index=True, return_inverse=True)
    if (rows[first][index] != rows).any():  # two different rows met in one number
        _, first, index = np.unique(rows, axis=0, return_index=True, return_inverse=True)
        index = index.reshape(-1)
    order = np.argsort(first, kind="stable")
    rank = np.empty(len(order), dtype=np.int64)
    rank[order] = np.arange(len(order))
    return first[order], rank[index]


def sides(faces: NDArray[np.integer]) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
    """Start and end, (3m,) each, of the sides of triangles, triangle by triangle."""
    start = faces.astype(np.int64, copy=False)
    return start.ravel(), start[:, [1, 2, 0]].ravel()


def edge_counts(meshes: Meshes, count: int) -> EdgeCounts:
    """Edges of each of `count` meshes."""
    start, end = sides(meshes.faces)
    total = len(meshes.vertices)
    ahead = start < end
    key = np.sort((np.where(ahead, start, end) * total + np.where(ahead, end, start)) * 2 + ahead)
    edge = key >> 1
    first = np.flatnonzero(np.append(True, edge[1:] != edge[:-1])[: len(edge)])
    uses = np.diff(np.append(first, len(edge)))
    forward = np.add.reduceat(key & 1, first) if len(first) else np.zeros(0, dtype=np.int64)
    mesh = meshes.mesh_of_vertex[edge[first] // max(total, 1)]

    def per_mesh(marked: NDArray[np.bool_]) -> NDArray[np.int64]:
        return np.bincount(mesh[marked], minlength=count)

    return EdgeCounts(
        np.bincount(mesh, minlength=count),
        per_mesh(uses == 1),
        per_mesh(uses > 2),  # noqa: PLR2004 - an edge joins two triangles
        per_mesh((uses == 2) & (forward != 1)),  # noqa: PLR2004
        per_mesh(2 * forward != uses),
    )


def duplicates(faces: NDArray[np.int64]) -> NDArray[np.bool_]:
    """(m,) whether an earlier triangle has the same corners in the same turn."""
    if not len(faces):
        return np.zeros(0, dtype=bool)
    turned = np.take_along_axis(faces, (np.argmin(faces, axis=1)[:, None] + np.arange(3)) % 3, axis=1)
    first, _ = _same(np.column_stack((turned, np.zeros(len(faces), dtype=np.int64))))
    found = np.ones(len(faces), dtype=bool)
    found[first] = False
    return found
