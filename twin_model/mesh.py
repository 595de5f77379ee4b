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


def surface_m2(mesh: Mesh) -> float:
    """Area of all triangles, square metres."""
    return float(np.linalg.norm(area_vectors(mesh.vertices, mesh.faces), axis=1).sum())


def enclosed_m3(mesh: Mesh) -> float:
    """Volume that the triangles enclose, cubic metres; negative inside out, and without meaning for an open mesh."""
    if not len(mesh.faces):
        return 0.0
    middle = mesh.vertices.mean(axis=0)
    towards = mesh.vertices[mesh.faces[:, 0]] - middle
    return float(np.einsum("ij,ij->", towards, area_vectors(mesh.vertices, mesh.faces)) / 3)


def bounds(mesh: Mesh) -> NDArray[np.float64]:
    """(2, 3) lowest and highest coordinate of the vertices that triangles use, metres; not-a-number without any."""
    if not len(mesh.faces):
        return np.full((2, 3), np.nan)
    used = mesh.vertices[mesh.faces.ravel()]
    return np.stack((used.min(axis=0), used.max(axis=0)))
