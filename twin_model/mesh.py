"""Triangle meshes of buildings."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray


@dataclass(frozen=True)
class Mesh:
    """A mesh in metres, with the meaning of each triangle.

    Parameters
    ----------
    vertices : (n, 3) float64
        Metres east, north and up of a `twin_model.local_frame.LocalFrame`.
    faces : (m, 3) int32
        Triangles, outward by the right-hand rule.
    surfaces : (m,) uint8
        `twin_model.surface.SurfaceKind` of each triangle.
    """

    vertices: NDArray[np.float64]
    faces: NDArray[np.int32]
    surfaces: NDArray[np.uint8]


def area_vectors(vertices: NDArray[np.floating], faces: NDArray[np.integer]) -> NDArray[np.float64]:
    """(m, 3) vectors along the outward normals of triangles, as long as the triangles are large (m²)."""
    a, b, c = (vertices[faces[:, corner]].astype(np.float64, copy=False) for corner in range(3))
    return np.asarray(np.cross(b - a, c - a) / 2)
