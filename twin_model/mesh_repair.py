"""Mending of meshes: what can be put right without inventing is, the rest stays as found and is told."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import trimesh
from numpy.typing import NDArray
from scipy.spatial import KDTree

from twin_model.mesh import Mesh, area_vectors
from twin_model.mesh_facts import SMALLEST_M3, mesh_facts
from twin_model.mesh_holes import flat_fillings
from twin_model.mesh_report import MeshReport
from twin_model.mesh_shells import parted, shells
from twin_model.mesh_stitch import stitched
from twin_model.mesh_topology import MERGE_M, EdgeCounts, Meshes, duplicates, edge_counts, joined
from twin_model.surface import SurfaceKind

_FOUND_LATE = frozenset(("self_intersecting", "no_volume"))
"""Faults that are looked for in closed meshes only."""

Repaired = tuple[Mesh, MeshReport, NDArray[np.int32]]


def repaired(mesh: Mesh, *, solid: bool) -> Repaired:
    """Mesh with its corners joined and its faults mended, a report, and the source of each triangle.

    Parameters
    ----------
    mesh : Mesh
        As read.
    solid : bool
        Whether it should enclose a volume; a surface (LoD 0, terrain, a MultiSurface) is not held to that.

    Returns
    -------
    mesh : Mesh
        Corners within the same millimetre joined. A solid that cannot be mended keeps its triangles as found.
    report : MeshReport
        State, reasons and measures.
    source : (k,) int32
        Triangle of the given mesh from which each comes; -1 for one that fills a hole. `corner_weights` carries
        texture coordinates over.
    """
    return repaired_all([mesh], solid=solid)[0]


def repaired_all(meshes: Sequence[Mesh], *, solid: bool) -> list[Repaired]:
    """`repaired` for many meshes: those that are sound are found together, the others mended one by one."""
    finite = np.array([np.isfinite(mesh.vertices).all() for mesh in meshes], dtype=bool)
    found = joined([mesh if good else _without_faces(mesh) for mesh, good in zip(meshes, finite, strict=True)])
    facts = mesh_facts(found, solid=solid)
    sound = ~facts.untidy
    if solid:
        sound &= facts.watertight & (facts.volume_m3 > SMALLEST_M3) & ~facts.crossing & ~facts.turned_in
    parts = _parts(found, np.cumsum([0, *(len(mesh.faces) for mesh in meshes)]))
    results = [
        _given(mesh, part, facts.report(number)) for number, (mesh, part) in enumerate(zip(meshes, parts, strict=True))
    ]
    ill = [number for number in np.flatnonzero(~sound).tolist() if len(parts[number].faces)]
    better = [_mended(parts[number], solid=solid, collapsed=bool(found.collapsed[number])) for number in ill]
    now = mesh_facts(_together(better), solid=solid)
    for place, number in enumerate(ill):
        faults = now.faults(place) if solid else frozenset()
        if faults:
            # What the repairs opened anew is no fault of the mesh as found.
            own = facts.faults(number)
            report = facts.report(number, own | (faults & _FOUND_LATE) if own else faults, as_found=True)
            results[number] = _given(meshes[number], parts[number], report)
        else:
            report = now.report(place, frozenset(better[place].reasons))
            results[number] = _given(meshes[number], better[place], report)
    for number in np.flatnonzero([not len(part.faces) for part in parts]).tolist():
        results[number] = _nothing(meshes[number], "empty" if finite[number] else "not_finite")
    return results


def corner_weights(before: Mesh, after: Mesh, source: NDArray[np.integer]) -> NDArray[np.float64]:
    """Weights that carry values at corners of the triangles of a mesh to those of the repaired one.

    Parameters
    ----------
    before, after : Mesh
        What `repaired` took and gave.
    source : (k,) int
        What it gave with them.

    Returns
    -------
    (k, 3, 3) float64
        Of each corner of a new triangle, the weights of its source's three corners: the values at its corners are
        ``weights[i] @ values[source[i]]``. Zero for a triangle that fills a hole.
    """
    weights = np.zeros((len(after.faces), 3, 3))
    known = np.asarray(source) >= 0
    old = before.vertices[before.faces[source[known]]]
    origin = old[:, :1]
    one, other = old[:, 1:2] - origin, old[:, 2:] - origin
    towards = after.vertices[after.faces[known]] - origin
    a, b, c = (one * one).sum(axis=2), (one * other).sum(axis=2), (other * other).sum(axis=2)
    d, e = (towards * one).sum(axis=2), (towards * other).sum(axis=2)
    area = a * c - b * b
    divisor = np.where(area > 0, area, 1.0)
    u, v = (c * d - b * e) / divisor, (a * e - b * d) / divisor
    weights[known] = np.stack((1 - u - v, u, v), axis=2)
    return weights


@dataclass(frozen=True)
class _Part:
    """One mesh on the way: its triangles, where they came from (-1: added), and what was done to it."""

    vertices: NDArray[np.float64]
    faces: NDArray[np.int64]
    source: NDArray[np.int64]
    reasons: tuple[str, ...] = ()

    def done(self, reason: str, faces: NDArray[np.int64], source: NDArray[np.int64] | None = None) -> "_Part":
        """Next state, after a repair."""
        return _Part(self.vertices, faces, self.source if source is None else source, (*self.reasons, reason))

    @property
    def edges(self) -> EdgeCounts:
        """How the triangles meet."""
        return edge_counts(_together([self]), 1)


def _parts(meshes: Meshes, first_face: NDArray[np.int64]) -> list[_Part]:
    count = len(meshes.collapsed)
    at_face = np.searchsorted(meshes.mesh_of_face, np.arange(count + 1)).tolist()
    at_vertex = np.searchsorted(meshes.mesh_of_vertex, np.arange(count + 1)).tolist()
    return [
        _Part(
            meshes.vertices[at_vertex[number] : at_vertex[number + 1]],
            meshes.faces[at_face[number] : at_face[number + 1]] - at_vertex[number],
            meshes.source[at_face[number] : at_face[number + 1]] - first_face[number],
        )
        for number in range(count)
    ]


def _together(parts: Sequence[_Part]) -> Meshes:
    vertices, faces = [len(part.vertices) for part in parts], [len(part.faces) for part in parts]
    start = np.cumsum([0, *vertices])
    number = np.arange(len(parts))
    return Meshes(
        np.concatenate([np.zeros((0, 3)), *(part.vertices for part in parts)]),
        np.concatenate(
            [np.zeros((0, 3), dtype=np.int64), *(part.faces + at for part, at in zip(parts, start[:-1], strict=True))]
        ),
        np.concatenate([np.zeros(0, dtype=np.int64), *(part.source for part in parts)]),
        np.repeat(number, vertices),
        np.repeat(number, faces),
        np.zeros(len(parts), dtype=np.int64),
    )


def _given(mesh: Mesh, part: _Part, report: MeshReport) -> Repaired:
    if (part.source >= 0).all():
        kinds = mesh.surfaces[part.source]
    else:
        filling = _filling_kinds(part.vertices, part.faces)
        kinds = np.where(part.source >= 0, mesh.surfaces[part.source], filling).astype(np.uint8)
    return Mesh(part.vertices, part.faces.astype(np.int32), kinds), report, part.source.astype(np.int32)


def _filling_kinds(vertices: NDArray[np.float64], faces: NDArray[np.int64]) -> NDArray[np.uint8]:
    """Kind of triangles that fill holes: ground where they lie lowest and level, else closures."""
    up = vertices[faces][..., 2]
    lowest = up.max(axis=1) <= up.min(initial=np.inf) + MERGE_M
    return np.where(lowest, SurfaceKind.GROUND, SurfaceKind.CLOSURE).astype(np.uint8)


def _without_faces(mesh: Mesh) -> Mesh:
    return Mesh(np.zeros((0, 3)), mesh.faces[:0], mesh.surfaces[:0])


def _nothing(mesh: Mesh, reason: str) -> Repaired:
    report = MeshReport("as_found", reason, watertight=False, volume_m3=None, surface_m2=0.0, euler_number=0)
    return _without_faces(mesh), report, np.zeros(0, dtype=np.int32)


def _mended(part: _Part, *, solid: bool, collapsed: bool) -> _Part:
    """Mend what can be mended; whether that is all is left to the caller."""
    if collapsed:
        part = part.done("degenerate_faces", part.faces)
    again = duplicates(part.faces)
    if again.any():
        part = part.done("duplicate_faces", part.faces[~again], part.source[~again])
    return _closed(part) if solid else part


def _closed(part: _Part) -> _Part:
    """Close the shells of a mesh and turn them outwards."""
    if part.edges.open[0]:
        part = _with_near_corners_joined(part)
        faces, origin = stitched(part.vertices, part.faces)
        if len(faces) != len(part.faces):
            part = part.done("t_junctions", faces, part.source[origin])
    if part.edges.crowded[0]:
        vertices, faces = parted(part.vertices, part.faces)
        part = _Part(vertices, faces, part.source, part.reasons)
    if part.edges.same_way[0]:
        body = trimesh.Trimesh(part.vertices, part.faces, process=False)
        trimesh.repair.fix_winding(body)  # type: ignore[no-untyped-call]  # trimesh leaves it untyped
        part = part.done("flipped_faces", np.asarray(body.faces, dtype=np.int64))
    return _outward(_filled(part))


def _filled(part: _Part) -> _Part:
    """Fill the flat holes, and what is left of three or four corners."""
    whole = part.faces
    if part.edges.open[0]:
        whole = np.concatenate((whole, flat_fillings(part.vertices, whole)))
        if edge_counts(_together([_Part(part.vertices, whole, part.source)]), 1).open[0]:
            body = trimesh.Trimesh(part.vertices, whole, process=False)
            trimesh.repair.fill_holes(body)
            whole = np.asarray(body.faces, dtype=np.int64)
    added = len(whole) - len(part.faces)
    if not added:
        return part
    return part.done("holes_filled", whole, np.concatenate((part.source, np.full(added, -1))))


def _with_near_corners_joined(part: _Part) -> _Part:
    """Join corners that are near but round to different millimetres."""
    pairs = KDTree(part.vertices).query_pairs(MERGE_M, output_type="ndarray")
    if not len(pairs):
        return part
    index = np.arange(len(part.vertices))
    for low, high in np.sort(pairs, axis=1):
        index[index == index[high]] = index[low]
    faces = index[part.faces]
    kept = (faces[:, 0] != faces[:, 1]) & (faces[:, 1] != faces[:, 2]) & (faces[:, 2] != faces[:, 0])
    return _Part(part.vertices, faces[kept], part.source[kept], part.reasons)


def _outward(part: _Part) -> _Part:
    """Turn shells that are inside out; one within another is a hollow and stays."""
    vertices, faces = part.vertices, part.faces
    shell = shells(vertices, faces)
    towards = np.einsum("ij,ij->i", vertices[faces[:, 0]], area_vectors(vertices, faces))
    volume = np.bincount(shell, towards)
    if not (volume < 0).any():
        return part
    corners = vertices[faces]
    members = [corners[shell == one].reshape(-1, 3) for one in range(len(volume))]
    boxes = [(member.min(axis=0), member.max(axis=0)) for member in members]
    around = [box for box, size in zip(boxes, volume, strict=True) if size > 0]
    turned = faces.copy()
    for one in np.flatnonzero(volume < 0).tolist():
        low, high = boxes[one]
        if not any((low > other[0]).all() and (high < other[1]).all() for other in around):
            turned[shell == one] = faces[shell == one][:, ::-1]
    return part if (turned == faces).all() else part.done("inside_out", turned)
