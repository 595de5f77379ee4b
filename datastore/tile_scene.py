"""What the store holds of a city, as a tileset needs it."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime

import duckdb
import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
import shapely
from numpy.typing import NDArray

from datastore.queries.load_by_building import load_by_building
from datastore.queries.tile_buildings import tile_buildings, tile_models, tile_textures
from twin_model.mesh import Mesh
from twin_model.property_table import PropertyClass
from twin_model.selection import Everything
from twin_model.tile_buildings import PROPERTIES, Footprints, building_class
from twin_model.tile_content import IMAGE_TYPES, Image, Material
from twin_model.tile_models import Models, Skin

BLOCK_LOD, BLOCK_STATE = "1", "block"
"""Of a building that is drawn as the block of its footprint and height."""
UNKNOWN = "unknown"
BATCH_MODELS = 10_000
"""Models that are read and held together: about 10 MB where they are plain, more where they are fine."""
WHITE = (1.0, 1.0, 1.0)
"""A texture is seen in its own colours."""


@dataclass(frozen=True)
class TileBuildings:
    """All buildings.

    Parameters
    ----------
    ids : (n,) int32
        Their keys, ascending.
    places : (n, 2) float64
        Longitude and latitude, degrees.
    footprints : Footprints
        Their shapes, with the ground above the ellipsoid.
    rows : pyarrow.Table
        Columns of `twin_model.tile_buildings.PROPERTIES`.
    modelled : (n,) bool
        Whether there is a model.
    cls : PropertyClass
        Describes the rows.
    ground_m : float
        Height of the ground above the ellipsoid at most buildings, metres.
    """

    ids: NDArray[np.int32]
    places: NDArray[np.float64]
    footprints: Footprints
    rows: pa.Table
    modelled: NDArray[np.bool_]
    cls: PropertyClass
    ground_m: float

    def as_blocks(self) -> "TileBuildings":
        """Give the same buildings, none with a model."""
        count = len(self.ids)
        rows = _set(self.rows, "lod", pa.array([BLOCK_LOD] * count))
        rows = _set(rows, "state", pa.array([BLOCK_STATE] * count))
        none = np.zeros(count, dtype=bool)
        return TileBuildings(self.ids, self.places, self.footprints, rows, none, _class(rows), self.ground_m)


def read_buildings(cur: duckdb.DuckDBPyConnection, as_of: datetime | None, height_offset_m: float) -> TileBuildings:
    """Read every building of a store that has any.

    Parameters
    ----------
    cur : DuckDBPyConnection
        Reading cursor.
    as_of : datetime or None
        Aware; cases that are open then are counted. None for a store without cases.
    height_offset_m : float
        Height of the sources' vertical datum above the ellipsoid, metres.
    """
    table = tile_buildings(cur)
    bases = table["base"].to_numpy()
    stated = np.isfinite(bases)
    # A building of which nobody said how high it stands stands as high as most do.
    ground = float(np.median(bases[stated])) if stated.any() else 0.0
    base = np.where(stated, bases, ground)
    shape = shapely.from_wkb(table["geom"].to_numpy(zero_copy_only=False))
    modelled = pc.is_valid(table["lod"]).to_numpy()
    rows = _set(table, "base", pa.array(base))
    for name, filled in (("use", UNKNOWN), ("lod", BLOCK_LOD), ("state", BLOCK_STATE)):
        rows = _set(rows, name, pc.fill_null(table[name], filled))
    rows = _with_load(cur, rows, as_of).select([each.name for each in PROPERTIES])
    places = np.stack((table["lon"].to_numpy(), table["lat"].to_numpy()), axis=1)
    height = table["height"].to_numpy().astype(np.float64)
    footprints = Footprints(shape, height, base + height_offset_m)
    return TileBuildings(
        table["building_id"].to_numpy(), places, footprints, rows, modelled, _class(rows), ground + height_offset_m
    )


def read_models(
    cur: duckdb.DuckDBPyConnection,
    buildings: TileBuildings,
    tiles: Sequence[NDArray[np.int64]],
    height_offset_m: float,
) -> Iterator[tuple[Models, bool]]:
    """Read the best models of the buildings of tiles, for one tile after the other.

    Parameters
    ----------
    cur : DuckDBPyConnection
        Reading cursor.
    buildings : TileBuildings
        All of them.
    tiles : sequence of (k,) int64
        Rows of `buildings` of each tile, ascending; a model's feature is the place of its building among them.
    height_offset_m : float
        As in `read_buildings`.

    Yields
    ------
    models : Models
    watertight : bool
        Whether all of them are closed.
    """
    for some in _batches(buildings, tiles):
        rows = np.concatenate(some)
        table = tile_models(cur, buildings.ids[rows[buildings.modelled[rows]]].tolist()).combine_chunks()
        found = table["building_id"].to_numpy()
        for chosen in some:
            ids = buildings.ids[chosen]
            with_model = np.flatnonzero(buildings.modelled[chosen])
            mine = table.take(pa.array(np.searchsorted(found, ids[with_model])))
            yield _models(mine, with_model, height_offset_m), bool(pc.all(mine["watertight"], min_count=0).as_py())


def _batches(buildings: TileBuildings, tiles: Sequence[NDArray[np.int64]]) -> Iterator[list[NDArray[np.int64]]]:
    """Tiles in groups whose models are read together."""
    some: list[NDArray[np.int64]] = []
    count = 0
    for chosen in tiles:
        some.append(chosen)
        count += int(buildings.modelled[chosen].sum())
        if count >= BATCH_MODELS:
            yield some
            some, count = [], 0
    if some:
        yield some


def read_textures(cur: duckdb.DuckDBPyConnection, texture_ids: Sequence[int]) -> dict[int, Material]:
    """Materials of textures, less those whose images glTF does not take."""
    if not texture_ids:
        return {}
    rows = tile_textures(cur, texture_ids).to_pylist()
    return {
        row["texture_id"]: Material(row["path"], WHITE, Image(row["media_type"], row["image"]))
        for row in rows
        if row["media_type"] in IMAGE_TYPES
    }


def _models(rows: pa.Table, features: NDArray[np.int64], height_offset_m: float) -> Models:
    origins = np.stack([rows[name].to_numpy() for name in ("lon", "lat", "base_m")], axis=1)
    blobs = [rows[name].to_pylist() for name in ("vertices", "faces", "surfaces", "texture_ids", "uv")]
    found = list(zip(*blobs, strict=True))
    meshes = [
        Mesh(
            np.frombuffer(vertices, "<f4").reshape(-1, 3).astype(np.float64),
            np.frombuffer(faces, "<i4").reshape(-1, 3),
            np.frombuffer(surfaces, np.uint8),
        )
        for vertices, faces, surfaces, _, _ in found
    ]
    skins = [
        None if ids is None else Skin(np.frombuffer(ids, "<i4"), np.frombuffer(uv, "<f4").reshape(-1, 3, 2))
        for *_, ids, uv in found
    ]
    return Models(features, origins + np.array([0.0, 0.0, height_offset_m]), meshes, skins)


def _with_load(cur: duckdb.DuckDBPyConnection, rows: pa.Table, as_of: datetime | None) -> pa.Table:
    """Open and overdue cases beside each building."""
    counts = {name: np.zeros(rows.num_rows, dtype=np.uint32) for name in ("open", "overdue")}
    if as_of is not None:
        load = load_by_building(cur, Everything(), as_of)
        where = np.searchsorted(rows["building_id"].to_numpy(), load["building_id"].to_numpy())
        for name, column in counts.items():
            column[where] = load[name].to_numpy()
    for name, column in counts.items():
        rows = rows.append_column(name, pa.array(column))
    return rows


def _class(rows: pa.Table) -> PropertyClass:
    enumerated = [each.name for each in PROPERTIES if each.kind == "ENUM"]
    return building_class({name: sorted(pc.unique(rows[name]).to_pylist()) for name in enumerated})


def _set(table: pa.Table, name: str, column: pa.Array | pa.ChunkedArray) -> pa.Table:
    return table.set_column(table.schema.get_field_index(name), name, column)
