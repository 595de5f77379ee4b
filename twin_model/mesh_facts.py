"""Facts of many meshes at once: measures, and the faults that they have."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from scipy.sparse import coo_array
from scipy.sparse.csgraph import connected_components

from twin_model.mesh import area_vectors
from twin_model.mesh_crossing import crossing_meshes
from twin_model.mesh_report import REASONS, MeshReport
from twin_model.mesh_topology import EdgeCounts, Meshes, duplicates, edge_counts

SMALLEST_M3 = 1e-6
"""Less is no volume, cubic metres."""


@dataclass(frozen=True)
class MeshFacts:
    """What is known of meshes whose corners are joined; one entry a mesh.

    Attributes
    ----------
    edges
        How their triangles meet.
    watertight
        Every edge has two triangles, which run along it in opposite ways.
    untidy
        Triangles are there twice, or collapsed.
    crossing
        A triangle runs through another.
    turned_in
        A part that hangs together by itself faces inwards: a hollow, or a body inside out.
    volume_m3, surface_m2
        Volume, without meaning unless watertight, and area of all triangles.
    euler
        Vertices - edges + triangles.
    """

    edges: EdgeCounts
    watertight: NDArray[np.bool_]
    untidy: NDArray[np.bool_]
    crossing: NDArray[np.bool_]
    turned_in: NDArray[np.bool_]
    volume_m3: NDArray[np.float64]
    surface_m2: NDArray[np.float64]
    euler: NDArray[np.int64]

    def faults(self, number: int) -> frozenset[str]:
        """Keys of `twin_model.mesh_report.FAULTS` that a solid has."""
        edges = self.edges
        marks = {
            "open_edges": edges.open[number] > 0,
            "non_manifold_edges": edges.crowded[number] + edges.same_way[number] > 0,
            "self_intersecting": self.crossing[number],
            "no_volume": self.watertight[number] and self.volume_m3[number] <= SMALLEST_M3,
        }
        return frozenset(key for key, mark in marks.items() if mark)

    def report(self, number: int, reasons: frozenset[str] = frozenset(), *, as_found: bool = False) -> MeshReport:
        """Report on one mesh: as found, repaired for reasons, or valid without."""
        watertight = bool(self.watertight[number])
        return MeshReport(
            "as_found" if as_found else "repaired" if reasons else "valid",
            ",".join(reason for reason in REASONS if reason in reasons),
            watertight,
            float(self.volume_m3[number]) if watertight else None,
            float(self.surface_m2[number]),
            int(self.euler[number]),
        )


def mesh_facts(meshes: Meshes, *, solid: bool) -> MeshFacts:
    """Facts of meshes.

    Parameters
    ----------
    meshes : Meshes
        Corners joined.
    solid : bool
        Whether to look for triangles that run through each other, in those that are watertight; surfaces may.
    """
    faces, owner, count = meshes.faces, meshes.mesh_of_face, len(meshes.collapsed)
    vectors = area_vectors(meshes.vertices, faces)
    towards = np.einsum("ij,ij->i", meshes.vertices[faces[:, 0]], vectors)
    edges = edge_counts(meshes, count)
    watertight = (edges.edges > 0) & (edges.open + edges.crowded + edges.same_way == 0)
    volume = np.bincount(owner, towards, count) / 3
    used = np.zeros(len(meshes.vertices), dtype=bool)
    used[faces.ravel()] = True
    crossing = np.zeros(count, dtype=bool)
    if solid:
        asked = watertight[owner]
        crossing = crossing_meshes(meshes.vertices, faces[asked], owner[asked], count)
    return MeshFacts(
        edges,
        watertight,
        (np.bincount(owner[duplicates(faces)], minlength=count) > 0) | (meshes.collapsed > 0),
        crossing,
        _turned_in(meshes, towards, count),
        volume,
        np.bincount(owner, np.linalg.norm(vectors, axis=1), count).astype(np.float64),
        np.bincount(meshes.mesh_of_vertex[used], minlength=count) - edges.edges + np.bincount(owner, minlength=count),
    )


def _turned_in(meshes: Meshes, towards: NDArray[np.float64], count: int) -> NDArray[np.bool_]:
    """(count,) whether a part of a mesh encloses less than nothing; `towards` is thrice each triangle's share."""
    size = len(meshes.vertices)
    one, other = meshes.faces[:, :2].ravel(), meshes.faces[:, 1:].ravel()
    links = coo_array((np.ones(len(one), dtype=np.int8), (one, other)), shape=(size, size))
    parts, part = connected_components(links, directed=False) if size else (0, np.zeros(0, dtype=np.int32))
    volume = np.bincount(part[meshes.faces[:, 0]], towards, parts) / 3
    found = np.zeros(count, dtype=bool)
    found[meshes.mesh_of_vertex[volume[part] < -SMALLEST_M3]] = True
    return found
