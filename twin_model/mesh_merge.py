"""Many meshes as one, each vertex and triangle with the number of what it belongs to."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from twin_model.mesh import Mesh


@dataclass(frozen=True)
class MergedMesh:
    """Meshes one after the other, in the order given.

    Attributes
    ----------
    mesh
        All vertices and triangles; none are joined.
    vertex_id, face_id
        (n,) and (m,) int32 id of the mesh that each comes from.
    vertex_start, face_start
        (k + 1,) int64 where each mesh starts in the vertices and the triangles, and the end.
    """

    mesh: Mesh
    vertex_id: NDArray[np.int32]
    face_id: NDArray[np.int32]
    vertex_start: NDArray[np.int64]
    face_start: NDArray[np.int64]


def merged(meshes: Sequence[Mesh], ids: NDArray[np.integer], offsets: NDArray[np.float64] | None = None) -> MergedMesh:
    """Merge meshes.

    Parameters
    ----------
    meshes : sequence of Mesh
        Each in metres of its own frame.
    ids : (k,) int
        Number of each, such as its building id.
    offsets : (k, 3) float64, optional
        Place of the origin of each in the common frame, metres; 0 without.
    """
    sizes = np.array([len(mesh.vertices) for mesh in meshes], dtype=np.int64)
    counts = np.array([len(mesh.faces) for mesh in meshes], dtype=np.int64)
    vertex_start, face_start = np.append(0, np.cumsum(sizes)), np.append(0, np.cumsum(counts))
    vertices = np.concatenate([np.zeros((0, 3)), *(mesh.vertices for mesh in meshes)])
    if offsets is not None:
        vertices += np.repeat(offsets, sizes, axis=0)
    faces = np.concatenate([np.zeros((0, 3), dtype=np.int32), *(mesh.faces for mesh in meshes)])
    faces = (faces + np.repeat(vertex_start[:-1], counts)[:, None]).astype(np.int32)
    surfaces = np.concatenate([np.zeros(0, dtype=np.uint8), *(mesh.surfaces for mesh in meshes)])
    numbers = np.asarray(ids, dtype=np.int32)
    return MergedMesh(
        Mesh(vertices, faces, surfaces), np.repeat(numbers, sizes), np.repeat(numbers, counts), vertex_start, face_start
    )
