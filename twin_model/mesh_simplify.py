"""Simpler meshes: fewer triangles, no farther from the given ones than a tolerance."""

from collections.abc import Iterator

import fast_simplification
import manifold3d
import numpy as np
import trimesh
from numpy.typing import NDArray

from twin_model.errors import GeometryError
from twin_model.mesh import Mesh
from twin_model.mesh_facts import mesh_facts
from twin_model.mesh_holes import flat_fillings
from twin_model.mesh_topology import joined

STEPS = (2.0, 1.4, 1.0, 0.7, 0.5, 0.25)
"""Shares of the tolerance that are asked of the simplifier of closed meshes, one after the other: what it keeps to is
not what is measured here."""
REDUCTIONS = (0.95, 0.9, 0.8, 0.7, 0.6, 0.5, 0.4, 0.3, 0.2, 0.1)
"""Shares of the triangles that the simplifier of open meshes is asked to take away, one after the other."""


def simplified(mesh: Mesh, tolerance_m: float) -> Mesh:
    """Mesh with as few triangles as were found within a tolerance; the given one where nothing can go.

    The distance is measured at the vertices, at the middles of the edges and at the centres of the triangles of either
    mesh, to the surface of the other. A watertight mesh stays watertight; one that lacks its ground only is simplified
    as if it had it.

    Parameters
    ----------
    mesh : Mesh
        Metres.
    tolerance_m : float
        Largest distance, metres, above 0.

    Returns
    -------
    Mesh
        Each triangle has the kind of the given triangle nearest to its centre.

    Raises
    ------
    GeometryError
        If the tolerance is not above 0.
    """
    if not tolerance_m > 0:
        raise GeometryError(f"a tolerance of {tolerance_m:g} m holds nothing: give one above 0")
    if not len(mesh.faces):
        return mesh
    lid = _lid(mesh)
    ways = _open_ways(mesh) if lid is None else _closed_ways(lid, tolerance_m)
    for vertices, faces in ways:
        if not len(faces):
            continue
        bare = Mesh(vertices, faces, np.zeros(len(faces), dtype=np.uint8))
        _, nearest = _nearest(vertices[faces].mean(axis=1), mesh if lid is None else lid)
        own = nearest < len(mesh.faces)
        found = Mesh(vertices, faces[own], mesh.surfaces[nearest[own]])
        simpler = 0 < len(found.faces) < len(mesh.faces) and (lid is None or _is_closed(bare))
        if simpler and deviation_m(mesh, found) <= tolerance_m:
            return found
    return mesh


def deviation_m(one: Mesh, other: Mesh) -> float:
    """Largest distance of the samples of either mesh (see `simplified`) to the surface of the other, metres."""
    return max(_distance(_samples(one), other), _distance(_samples(other), one))


def _samples(mesh: Mesh) -> NDArray[np.float64]:
    corners = mesh.vertices[mesh.faces]
    middles = (corners + np.roll(corners, -1, axis=1)) / 2
    return np.concatenate((corners.reshape(-1, 3), middles.reshape(-1, 3), corners.mean(axis=1)))


def _distance(points: NDArray[np.float64], mesh: Mesh) -> float:
    return float(_nearest(points, mesh)[0].max(initial=0.0))


def _nearest(points: NDArray[np.float64], mesh: Mesh) -> tuple[NDArray[np.float64], NDArray[np.int64]]:
    """Distance from each point to the mesh, metres, and the nearest triangle."""
    body = trimesh.Trimesh(mesh.vertices, mesh.faces, process=False)
    _, distance, triangle = trimesh.proximity.closest_point(body, points)  # type: ignore[no-untyped-call]  # untyped there
    return np.asarray(distance, dtype=np.float64), np.asarray(triangle, dtype=np.int64)


_Triangles = tuple[NDArray[np.float64], NDArray[np.int32]]


def _closed_ways(mesh: Mesh, tolerance_m: float) -> Iterator[_Triangles]:
    """Simpler closed meshes, the simplest first."""
    body = manifold3d.Manifold(
        manifold3d.Mesh64(
            vert_properties=np.ascontiguousarray(mesh.vertices),
            tri_verts=np.ascontiguousarray(mesh.faces, dtype=np.uint64),
        )
    )
    for step in STEPS:
        found = body.simplify(step * tolerance_m).to_mesh64()
        yield np.array(found.vert_properties)[:, :3], np.array(found.tri_verts).astype(np.int32)


def _open_ways(mesh: Mesh) -> Iterator[_Triangles]:
    """Simpler surfaces, the simplest first."""
    for share in REDUCTIONS:
        vertices, faces = fast_simplification.simplify(
            np.ascontiguousarray(mesh.vertices, dtype=np.float64),
            np.ascontiguousarray(mesh.faces, dtype=np.int32),
            target_reduction=share,
        )[:2]
        yield np.asarray(vertices, dtype=np.float64), np.asarray(faces, dtype=np.int32)


def _lid(mesh: Mesh) -> Mesh | None:
    """Close a mesh by triangles in its flat holes, put at the end; None where that does not close it."""
    shape = joined([mesh])
    if len(shape.faces) != len(mesh.faces):
        return None
    faces = np.concatenate((shape.faces, flat_fillings(shape.vertices, shape.faces))).astype(np.int32)
    whole = Mesh(shape.vertices, faces, np.zeros(len(faces), dtype=np.uint8))
    return whole if _is_closed(whole) else None


def _is_closed(mesh: Mesh) -> bool:
    return bool(mesh_facts(joined([mesh]), solid=False).watertight[0])
