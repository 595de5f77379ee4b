"""Shapes that the tests of meshes build from."""

import numpy as np
import shapely

from twin_model.extrusion import extrude
from twin_model.mesh import Mesh, area_vectors


def block(x=0.0, y=0.0, z=0.0, size=(10.0, 8.0, 6.0)):
    """A box with its lowest corner at x, y, z."""
    (mesh,) = extrude(np.array([shapely.box(0, 0, *size[:2])], dtype=object), np.array(size[2:]))
    return Mesh(mesh.vertices + np.array((x, y, z)), mesh.faces, mesh.surfaces)


def together(*meshes):
    """Several meshes as one, nothing joined."""
    starts = np.cumsum([0, *(len(mesh.vertices) for mesh in meshes)])
    return Mesh(
        np.concatenate([mesh.vertices for mesh in meshes]),
        np.concatenate([mesh.faces + at for mesh, at in zip(meshes, starts, strict=False)]).astype(np.int32),
        np.concatenate([mesh.surfaces for mesh in meshes]),
    )


def soup(mesh):
    """The mesh with three corners of their own for each triangle."""
    faces = np.arange(3 * len(mesh.faces), dtype=np.int32).reshape(-1, 3)
    return Mesh(mesh.vertices[mesh.faces.ravel()], faces, mesh.surfaces)


def without(mesh, *rows):
    """The mesh less some triangles."""
    return Mesh(mesh.vertices, np.delete(mesh.faces, rows, 0), np.delete(mesh.surfaces, rows))


def with_faces(mesh, faces):
    return Mesh(mesh.vertices, np.asarray(faces, dtype=np.int32), mesh.surfaces)


def star(radii, holes=()):
    """A polygon around the origin through a corner at each of the radii, with holes."""
    angles = np.linspace(0, 2 * np.pi, len(radii), endpoint=False)
    return shapely.Polygon(np.column_stack((radii * np.cos(angles), radii * np.sin(angles))), holes)


def enclosed_m3(mesh):
    """Volume that the triangles enclose: negative inside out."""
    towards = mesh.vertices[mesh.faces[:, 0]] - mesh.vertices.mean(axis=0)
    return float(np.einsum("ij,ij->", towards, area_vectors(mesh.vertices, mesh.faces)) / 3)
