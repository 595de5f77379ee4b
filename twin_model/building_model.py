"""Models of buildings: the bodies of one level of detail as one mesh, mended where that is possible, and measured."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import groupby

import numpy as np
from numpy.typing import NDArray

from twin_model.body_batch import BodyBatch
from twin_model.city_object import LodGeometry, lod_number
from twin_model.local_frame import LocalFrame
from twin_model.mesh import Mesh
from twin_model.mesh_repair import Repaired, corner_weights, repaired_all
from twin_model.mesh_report import REASONS, MeshReport, State
from twin_model.mesh_surface import triangulated

MOST_REPEATS = 1e6
"""Texture coordinates beyond this are a slip of the source."""

_STATES: tuple[State, ...] = ("valid", "repaired", "as_found")


@dataclass(frozen=True)
class BuildingModel:
    """A building at one level of detail.

    Parameters
    ----------
    lod : str
        As the source has it.
    frame : LocalFrame
        Of the mesh; its base is the lowest corner.
    mesh : Mesh
        Metres of the frame.
    report : MeshReport
        State, reasons and measures over all bodies.
    images : tuple of str
        Paths of its textures.
    texture : (m,) int32, optional
        Position in `images` of each triangle's texture, -1 without one.
    uv : (m, 6) float32, optional
        Texture coordinates of each triangle's corners.
    """

    lod: str
    frame: LocalFrame
    mesh: Mesh
    report: MeshReport
    images: tuple[str, ...] = ()
    texture: NDArray[np.int32] | None = None
    uv: NDArray[np.float32] | None = None

    @property
    def height_m(self) -> float:
        """Height of the highest corner above the lowest, metres."""
        return float(np.ptp(self.mesh.vertices[:, 2])) if len(self.mesh.vertices) else 0.0


@dataclass(frozen=True)
class _Body:
    """One body as a mesh."""

    mesh: Mesh
    report: MeshReport
    images: tuple[str, ...]
    texture: NDArray[np.int32]
    uv: NDArray[np.float64]


def building_models(batch: BodyBatch) -> Iterator[tuple[int, BuildingModel]]:
    """Models of a batch of buildings, and the object that each is of; LoDs upwards.

    A body is mended by itself: two sound bodies that touch are not one faulty body.

    Parameters
    ----------
    batch : BodyBatch
        Bodies of buildings.
    """
    bodies = _bodies(batch)
    places = sorted(range(len(bodies)), key=lambda at: (batch.owner[at], lod_number(batch.bodies[at].lod)))
    for (owner, lod), group in groupby(places, key=lambda at: (int(batch.owner[at]), batch.bodies[at].lod)):
        model = _joined([bodies[at] for at in group], lod, batch.frames[owner])
        if model is not None:
            yield owner, model


def _bodies(batch: BodyBatch) -> list[_Body]:
    """Bodies of a batch as meshes, mended: solids together, and the others together."""
    whole = triangulated(batch.positions, batch.ring_start, batch.polygon_start, batch.surfaces)
    body_of_polygon = np.repeat(np.arange(len(batch.bodies)), np.diff(batch.body_start))
    ends = np.searchsorted(body_of_polygon[whole.polygon], np.arange(len(batch.bodies) + 1))
    corner = batch.ring_start[batch.polygon_start[batch.body_start]]
    found = [
        Mesh(
            batch.positions[corner[at] : corner[at + 1]],
            np.ascontiguousarray(whole.mesh.faces[ends[at] : ends[at + 1]] - corner[at], dtype=np.int32),
            whole.mesh.surfaces[ends[at] : ends[at + 1]],
        )
        for at in range(len(batch.bodies))
    ]
    mended: dict[int, Repaired] = {}
    for solid in (True, False):
        mine = [at for at, body in enumerate(batch.bodies) if body.solid == solid]
        mended.update(zip(mine, repaired_all([found[at] for at in mine], solid=solid) if mine else (), strict=True))
    return [
        _body(body, found[at], mended[at], whole.polygon[ends[at] : ends[at + 1]] - batch.body_start[at])
        for at, body in enumerate(batch.bodies)
    ]


def _body(body: LodGeometry, found: Mesh, mended: Repaired, polygon: NDArray[np.int64]) -> _Body:
    """Mended body with its textures; `polygon` is that of each triangle as found."""
    mesh, report, source = mended
    if body.texture is None or body.uv is None or not len(source):
        untextured = np.full(len(mesh.faces), -1, dtype=np.int32)
        return _Body(mesh, report, body.images, untextured, np.full((len(mesh.faces), 3, 2), np.nan))
    texture = np.where(source >= 0, body.texture[polygon[source]], -1)
    # Mending may cut a triangle or turn it over: its corners take their place in the one that it came from.
    uv = corner_weights(found, mesh, source) @ body.uv[found.faces[source]]
    mapped = (texture >= 0) & (np.abs(np.nan_to_num(uv, nan=np.inf)) < MOST_REPEATS).all(axis=(1, 2))
    texture = np.where(mapped, texture, -1).astype(np.int32)
    return _Body(mesh, report, body.images, texture, np.where(mapped[:, None, None], uv, np.nan))


def _joined(bodies: Sequence[_Body], lod: str, frame: LocalFrame) -> BuildingModel | None:
    """Bodies side by side as one model; None where they have no triangle."""
    bodies = [body for body in bodies if len(body.mesh.faces)]
    if not bodies:
        return None
    base = min(float(body.mesh.vertices[:, 2].min()) for body in bodies)
    offset = np.concatenate(([0], np.cumsum([len(body.mesh.vertices) for body in bodies])))
    mesh = Mesh(
        np.concatenate([body.mesh.vertices for body in bodies]) - (0.0, 0.0, base),
        np.concatenate([body.mesh.faces + start for body, start in zip(bodies, offset, strict=False)]).astype(np.int32),
        np.concatenate([body.mesh.surfaces for body in bodies]),
    )
    images = tuple(dict.fromkeys(image for body in bodies for image in body.images))
    own = LocalFrame(frame.lon, frame.lat, frame.base_m + base)
    report = _combined([body.report for body in bodies])
    if not images:
        return BuildingModel(lod, own, mesh, report)
    places = [np.array([*(images.index(image) for image in body.images), -1]) for body in bodies]
    texture = np.concatenate([place[body.texture] for place, body in zip(places, bodies, strict=True)])
    uv = np.nan_to_num(np.concatenate([body.uv for body in bodies])).reshape(-1, 6)
    return BuildingModel(lod, own, mesh, report, images, texture.astype(np.int32), uv.astype(np.float32))


def _combined(reports: Sequence[MeshReport]) -> MeshReport:
    """Report over several bodies: the worst state, every reason, sums."""
    if len(reports) == 1:
        return reports[0]
    state = max((report.state for report in reports), key=_STATES.index)
    given = {reason for report in reports for reason in report.reason.split(",")}
    volumes = [report.volume_m3 for report in reports if report.volume_m3 is not None]
    watertight = all(report.watertight for report in reports)
    return MeshReport(
        state,
        ",".join(reason for reason in REASONS if reason in given),
        watertight,
        sum(volumes) if watertight else None,
        sum(report.surface_m2 for report in reports),
        sum(report.euler_number for report in reports),
    )
