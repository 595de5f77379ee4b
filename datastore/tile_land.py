"""What lies on the ground in a store, as a tileset needs it."""

import duckdb
import numpy as np
import pyarrow as pa
import shapely
from numpy.typing import NDArray

from datastore.queries.scene import areas_scene, landuse_scene, roads_scene
from twin_model.area import AreaLevel
from twin_model.tile_ground import AREA, HILL, LANDUSE_ORDER, PARTS, PROPERTIES, GroundShapes


def read_ground(cur: duckdb.DuckDBPyConnection) -> GroundShapes:
    """Read streets (or the district where there are none with a shape), land use and roads; there may be none."""
    found = [_areas(cur), _landuse(cur), _roads(cur)]
    return GroundShapes(
        np.concatenate([each.shape for each in found]),
        np.concatenate([each.width_m for each in found]),
        np.concatenate([each.rank for each in found]),
        np.concatenate([each.part for each in found]),
        pa.concat_tables([each.rows for each in found]),
    )


def _areas(cur: duckdb.DuckDBPyConnection) -> GroundShapes:
    for level in (AreaLevel.STREET, AreaLevel.DISTRICT):
        table = areas_scene(cur, level)
        table = table.filter(table["geom"].is_valid())
        if table.num_rows:
            break
    count = table.num_rows
    return _shapes(
        _wkb(table), np.full(count, PARTS[AREA]),
        layer=["area"] * count, kind=[level.key] * count, code=table["code"], name=table["name"],
    )  # fmt: skip


def _landuse(cur: duckdb.DuckDBPyConnection) -> GroundShapes:
    table = landuse_scene(cur)
    table = table.filter(table["geom"].is_valid())
    kinds = table["kind"].to_pylist()
    order = {kind: place for place, kind in enumerate(LANDUSE_ORDER)}
    rank = np.array([order.get(kind, len(order)) for kind in kinds], dtype=np.int64)
    part = np.array([PARTS[kind if kind in PARTS else "other"] for kind in kinds], dtype=np.uint8)
    height = table["elevation_m"].to_numpy().astype(np.float32)
    height[part != PARTS[HILL]] = 0.0
    return _shapes(
        _wkb(table), part, rank=rank, layer=["landuse"] * len(kinds), kind=kinds, name=table["name"], elevation=height
    )


def _roads(cur: duckdb.DuckDBPyConnection) -> GroundShapes:
    table = roads_scene(cur)
    # Wide roads come first, as tables of features are read from the top.
    table = table.sort_by([("width_m", "descending"), ("road_id", "ascending")])
    count = table.num_rows
    return _shapes(
        _wkb(table), np.full(count, PARTS["road"]), width_m=table["width_m"].to_numpy().astype(np.float64),
        layer=["road"] * count, kind=table["class"], name=table["name"],
    )  # fmt: skip


def _wkb(table: pa.Table) -> NDArray[np.object_]:
    return np.asarray(shapely.from_wkb(table["geom"].to_numpy(zero_copy_only=False)), dtype=object)


def _shapes(
    shape: NDArray[np.object_],
    part: NDArray[np.integer],
    *,
    rank: NDArray[np.int64] | None = None,
    width_m: NDArray[np.float64] | None = None,
    **columns: object,
) -> GroundShapes:
    count = len(shape)
    blank = {"code": [None] * count, "name": [None] * count, "elevation": np.zeros(count, dtype=np.float32)}
    kinds = {each.name: pa.float32() if each.kind == "FLOAT32" else pa.string() for each in PROPERTIES}
    given = {**blank, **columns}
    chosen = {name: given[name] for name in kinds}
    rows = pa.table(chosen).cast(pa.schema(list(kinds.items())))
    return GroundShapes(
        shape,
        np.zeros(count) if width_m is None else width_m,
        np.zeros(count, dtype=np.int64) if rank is None else rank,
        part.astype(np.uint8),
        rows,
    )
