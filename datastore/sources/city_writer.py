"""Objects of a city model into the store, batch by batch."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import duckdb
import numpy as np
import pyarrow as pa
import shapely
from numpy.typing import NDArray

from datastore.sources.area_index import AreaIndex
from datastore.sources.city_columns import Placed, building_table, code_of, detail_table, model_table
from datastore.sources.city_file import CityFile
from datastore.sources.city_tally import CityTally
from datastore.sources.options import CityOptions
from datastore.sources.rejects import RejectLog
from datastore.sources.scalar import next_key
from datastore.sources.texture_file import NoTexture, read_texture, texture_of
from datastore.table import insert_table
from twin_model.body_batch import BodyBatch, body_batch
from twin_model.building_model import building_models
from twin_model.city_object import GROUND_KIND, BadObject, CityObject
from twin_model.geometry import REASONS, check_polygons
from twin_model.outline import building_outlines, flat_outlines, outlines_to_stored
from twin_model.position import comes_swapped, positions_to_stored

BATCH_OBJECTS = 512
BATCH_CORNERS = 200_000
"""A batch goes to the store when it has as many objects, or as many corners: that bounds the memory."""

BUILDINGS = frozenset({"Building", "BuildingPart"})
_REACH = np.array([180.0, 90.0, 20_000.0])
"""Longitude, latitude and height beyond which nothing of a city is, degrees and metres."""


@dataclass
class CityWriter:
    """Takes objects and writes them in batches, in the transaction of the import.

    Parameters
    ----------
    con : duckdb.DuckDBPyConnection
        In the transaction of the import.
    path : Path
        The file.
    file : CityFile
        Where the objects come from.
    crs : str
        Canonical name of their reference system.
    options : CityOptions
        What the user said.
    dataset : str
        Name of the data set.
    dataset_id : int
        Its key.
    index : AreaIndex
        Where the areas are.
    taken : set of str
        Codes of buildings that the store has.
    """

    con: duckdb.DuckDBPyConnection
    path: Path
    file: CityFile
    crs: str
    options: CityOptions
    dataset: str
    dataset_id: int
    index: AreaIndex
    taken: set[str]
    tally: CityTally = field(default_factory=CityTally)
    rejects: RejectLog = field(default_factory=lambda: RejectLog(pa.table({})))
    extent: tuple[float, float, float, float] = (np.inf, np.inf, -np.inf, -np.inf)
    loaded: int = 0
    _waiting: list[CityObject] = field(default_factory=list)
    _corners: int = 0
    _swapped: bool | None = None
    _texture_id: dict[str, int] = field(default_factory=dict)
    _refs: set[int] = field(default_factory=set)

    def add(self, thing: CityObject | BadObject) -> None:
        """Take an object; a full batch is written."""
        if isinstance(thing, BadObject):
            self.rejects.add_object(thing.row, thing.source_ref, thing.reason, thing.detail)
            return
        self.tally.omitted.update(thing.omitted)
        if thing.kind not in BUILDINGS and thing.kind not in GROUND_KIND:
            self.tally.not_drawn[thing.kind] += 1
            return
        if not thing.geometries:
            self._reject(thing, "missing_geometry", "it has no surfaces; export it with its geometry")
            return
        ref = hash(thing.source_ref)
        if thing.code is not None and thing.code in self.taken:
            self._reject(thing, "duplicate_id", f"the code {thing.code} is in the store already; give it another")
            return
        if ref in self._refs:
            self._reject(thing, "duplicate_id", "an earlier object has this id; give each its own")
            return
        self._refs.add(ref)
        self._waiting.append(thing)
        self._corners += sum(len(body.positions) for body in thing.geometries)
        if len(self._waiting) >= BATCH_OBJECTS or self._corners >= BATCH_CORNERS:
            self.flush()

    def flush(self) -> None:
        """Write what waits."""
        waiting, self._waiting, self._corners = self._waiting, [], 0
        buildings = [thing for thing in waiting if thing.kind in BUILDINGS]
        ground = [thing for thing in waiting if thing.kind not in BUILDINGS]
        if buildings:
            self._write_buildings(*self._placed(buildings))
        if ground:
            self._write_ground(*self._placed(ground))

    def _placed(self, things: Sequence[CityObject]) -> tuple[list[CityObject], BodyBatch | None]:
        """Objects whose positions are on the globe, and their bodies."""
        positions = np.concatenate([body.positions for thing in things for body in thing.geometries])
        if self._swapped is None:
            self._swapped = self.file.gml_axes and comes_swapped(positions, self.crs, self.file.crs or self.crs)
        stored = positions_to_stored(positions, self.crs, swapped=self._swapped)
        sane = (np.abs(np.nan_to_num(stored, nan=np.inf)) <= _REACH).all(axis=1)
        owner = np.repeat(
            np.arange(len(things)), [sum(len(body.positions) for body in thing.geometries) for thing in things]
        )
        kept = np.ones(len(things), dtype=bool)
        kept[owner[~sane]] = False
        for at in np.flatnonzero(~kept).tolist():
            self._reject(things[at], "out_of_range", "a coordinate is not on the globe or 20 km high; check the source")
        chosen = [thing for thing, keep in zip(things, kept, strict=True) if keep]
        if not chosen:
            return [], None
        return chosen, body_batch([thing.geometries for thing in chosen], stored[kept[owner]])

    def _write_buildings(self, things: list[CityObject], batch: BodyBatch | None) -> None:
        if batch is None:
            return
        local = building_outlines(batch)
        footprints = self._checked(things, local, batch)
        area = np.nan_to_num(shapely.area(local))
        models: list[list[Any]] = [[] for _ in things]
        for at, model in building_models(batch):
            models[at].append(model)
        first = next_key(self.con, "building", "building_id")
        placed: list[Placed] = []
        for at, thing in enumerate(things):
            if footprints[at] is None:
                continue
            for model in models[at]:
                self.tally.add_model(thing.source_ref, model.lod, model.report)
            code = self._code(thing)
            placed.append(Placed(first + len(placed), code, thing, footprints[at], float(area[at]), tuple(models[at])))
        if not placed:
            return
        for image in dict.fromkeys(image for each in placed for model in each.models for image in model.images):
            self._take_texture(image)
        insert_table(self.con, "building", building_table(placed, self.options, self.index), self.dataset_id)
        insert_table(self.con, "building_detail", detail_table(placed), self.dataset_id)
        insert_table(self.con, "building_model", model_table(placed, self._texture_id), self.dataset_id)
        self._count([each.thing for each in placed])

    def _write_ground(self, things: list[CityObject], batch: BodyBatch | None) -> None:
        if batch is None:
            return
        outlines = self._checked(things, flat_outlines(batch), batch)
        kept = [at for at in range(len(things)) if outlines[at] is not None]
        if not kept:
            return
        first = next_key(self.con, "landuse", "landuse_id")
        rows = {
            "landuse_id": pa.array(range(first, first + len(kept)), pa.int32()),
            "name": pa.array([things[at].name for at in kept], pa.string()),
            "kind": pa.array([GROUND_KIND[things[at].kind] for at in kept], pa.string()),
            "elevation_m": pa.array(np.zeros(len(kept)), pa.float32()),
            "geom": pa.array(shapely.to_wkb(outlines[kept]), pa.binary()),
        }
        insert_table(self.con, "landuse", pa.table(rows), self.dataset_id)
        self._count([things[at] for at in kept])

    def _checked(self, things: Sequence[CityObject], local: NDArray[Any], batch: BodyBatch) -> NDArray[Any]:
        """Outlines in EPSG:4490; None for an object that is rejected for its outline."""
        checked = check_polygons(_polygonal(outlines_to_stored(local, batch.frames)))
        for at in np.flatnonzero(checked.reason != "").tolist():
            reason = str(checked.reason[at])
            none = reason == "missing_geometry"
            self._reject(
                things[at],
                "zero_area" if none else reason,
                "seen from above it covers nothing; draw its ground or roof" if none else REASONS[reason],
            )
        bounds = shapely.total_bounds(checked.geometry)
        if np.isfinite(bounds).all():
            west, south = np.minimum(self.extent[:2], bounds[:2]).tolist()
            east, north = np.maximum(self.extent[2:], bounds[2:]).tolist()
            self.extent = (west, south, east, north)
        return checked.geometry

    def _take_texture(self, image: str) -> None:
        """Read a texture once, and put it into the store."""
        if image in self._texture_id:
            return
        inside = self.file.embedded.get(image)
        found = read_texture(self.path.parent, image) if inside is None else texture_of(image, inside)
        if isinstance(found, NoTexture):
            self._texture_id[image] = -1
            self.tally.textures[found.path] = (found.fault, found.why)
            return
        key = next_key(self.con, "building_texture", "texture_id")
        self._texture_id[image] = key
        self.tally.textures[image] = ("taken", "")
        row = {name: [value] for name, value in vars(found).items()} | {"texture_id": pa.array([key], pa.int32())}
        insert_table(self.con, "building_texture", pa.table(row), self.dataset_id)

    def _code(self, thing: CityObject) -> str:
        plain = code = thing.code or code_of(self.dataset, thing.source_ref)
        again = 1
        while code in self.taken:
            again += 1
            code = f"{plain}-{again}"
        self.taken.add(code)
        return code

    def _reject(self, thing: CityObject, reason: str, detail: str) -> None:
        self.rejects.add_object(thing.row, thing.source_ref, reason, detail)

    def _count(self, things: Sequence[CityObject]) -> None:
        self.loaded += len(things)
        self.tally.drawn.update(thing.kind for thing in things)


def _polygonal(geometry: NDArray[Any]) -> NDArray[Any]:
    """Geometries with lines and points of a union taken out; an empty one becomes None."""
    kept = geometry.copy()
    for at in np.flatnonzero(shapely.get_type_id(geometry) == shapely.GeometryType.GEOMETRYCOLLECTION.value):
        parts = shapely.get_parts(geometry[at])
        polygons = [part for part in parts if part.geom_type in {"Polygon", "MultiPolygon"}]
        kept[at] = shapely.union_all(polygons) if polygons else None
    kept[shapely.is_empty(kept)] = None
    return kept
