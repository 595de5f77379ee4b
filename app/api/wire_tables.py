"""Wire tables by name: which query answers, which columns travel, how they are encoded."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

import pyarrow as pa
import pyarrow.compute as pc

from app.errors import UnknownTableError
from datastore.errors import UnknownCodeError
from datastore.queries.area_lookup import breadcrumb
from datastore.queries.building_components import building_components
from datastore.queries.building_model_tiles import building_model_tiles
from datastore.queries.building_models import building_models
from datastore.queries.case_by_no import case_by_no
from datastore.queries.case_classes import case_classes
from datastore.queries.load_by_area import load_by_area
from datastore.queries.load_by_building import MEASURES, load_by_building
from datastore.queries.open_case_points import STATE_CODES, open_case_points
from datastore.queries.scene import areas_scene, buildings_scene, landuse_scene, roads_scene
from layers.wire import encode_lines, encode_points, encode_polygons, encode_rows
from layers.wire_mesh import encode_meshes, encode_surfaces
from twin_model.area import AreaLevel
from twin_model.errors import SelectionError
from twin_model.selection import Selection

MAX_CASE_POINTS = 20_000
"""The most urgent open cases that one table gives; more would hide one another."""
HEIGHT_QUANTUM_M = 0.1
CELL_DIGITS = 3
NEAR_M = 60.0
"""How far from a building its components are looked for, metres."""
MAX_NEAR = 400
NO_LOAD = pa.table({name: pa.array([], pa.int64()) for name in ("area_id", "open", "overdue", "recent", "reported")})


@dataclass(frozen=True)
class TableRequest:
    """What a table's address asks for.

    Attributes
    ----------
    selection
        Cases that count, for tables that depend on cases.
    level
        Level of the areas.
    parent
        Code of the area that holds them, or "" for all.
    code
        Code of one area or building or number of one case, or "".
    metric
        Of buildings' load: which of its measures.
    tile
        Mesh tile (`twin_model.mesh_tile`), or None.
    lod
        Level of detail of a model; "" for the best.
    kind
        Of land use ``hill``, ``ground`` (all others) or "" for all; of cases ``urgent`` (late or due soon), ``open``
        (the others) or "".
    """

    selection: Selection
    level: AreaLevel
    parent: str = ""
    code: str = ""
    kind: str = ""
    metric: str = "open"
    tile: int | None = None
    lod: str = ""


Cursor = Any
Source = Callable[[Cursor, TableRequest, datetime | None], pa.Table]


@dataclass(frozen=True)
class WireTable:
    """One table: where its rows come from and how they travel.

    Attributes
    ----------
    rows
        Query, from cursor, request and as-of moment.
    encode
        Encoder of `layers.wire`.
    lasting
        Whether encoding takes long enough, and the table changes seldom enough, to keep it on disk.
    quanta
        Steps of float columns.
    """

    rows: Source
    encode: Callable[[pa.Table, Mapping[str, float] | None], bytes]
    lasting: bool = False
    quanta: Mapping[str, float] = field(default_factory=dict)


def wire_table(name: str) -> WireTable:
    """Table of a name.

    Raises
    ------
    UnknownTableError
        If there is none.
    """
    if name not in TABLES:
        raise UnknownTableError(f"no table is called {name!r}; there are {', '.join(sorted(TABLES))}")
    return TABLES[name]


def level_of(text: str) -> AreaLevel:
    """Area level of its key in an address.

    Raises
    ------
    SelectionError
        If it is none.
    """
    levels = {level.key: level for level in AreaLevel}
    if text not in levels:
        raise SelectionError(f"level {text!r} is not one of {', '.join(levels)}")
    return levels[text]


def _areas(cursor: Cursor, request: TableRequest, _as_of: datetime | None) -> pa.Table:
    level = _stored_level(cursor, request.code) if request.code else request.level
    table = areas_scene(cursor, level, request.code or request.parent or None)
    drawn = _drawn(table).select(["area_id", "code", "name", "name_en", "geom"])
    return drawn.set_column(2, "name", _spoken(drawn["name"]))


def _stored_level(cursor: Cursor, code: str) -> AreaLevel:
    """Level of an area as the store holds it: not every city's codes tell it."""
    found = breadcrumb(cursor, code)["level"].to_pylist()
    if not found:
        raise UnknownCodeError("area", (code,))
    return AreaLevel(found[-1])


def _grid(cursor: Cursor, request: TableRequest, _as_of: datetime | None) -> pa.Table:
    return _drawn(areas_scene(cursor, AreaLevel.GRID, request.parent or None)).select(
        ["area_id", "code", "name", "geom"]
    )


def _labels(cursor: Cursor, request: TableRequest, _as_of: datetime | None) -> pa.Table:
    table = areas_scene(cursor, request.level, request.parent or None)
    placed = table.filter(pc.and_(pc.is_valid(table["lon"]), pc.is_valid(table["lat"])))
    name = _spoken(placed["name"])
    labels = placed.select(["code", "lon", "lat"]).append_column("name", name)
    labels = labels.append_column("name_en", pc.coalesce(placed["name_en"], name))
    if request.level is AreaLevel.GRID:  # a cell's name is its code, of which the end tells it from its neighbours
        number = pc.utf8_slice_codeunits(placed["code"], -CELL_DIGITS)
        labels = labels.drop_columns(["name", "name_en"]).append_column("name", number).append_column("name_en", number)
    return labels.append_column("weight", pc.fill_null(placed["population"], 0))


def _buildings(cursor: Cursor, _request: TableRequest, _as_of: datetime | None) -> pa.Table:
    # In the order of grid cells, neighbours follow one another, so that the steps between them are short.
    table = buildings_scene(cursor).sort_by([("grid_id", "ascending"), ("building_id", "ascending")])
    return _drawn(table).select(
        ["building_id", "code", "name", "use", "height_m", "height_source", "storeys", "grid_id", "street_id", "geom"]
    )


def _roads(cursor: Cursor, _request: TableRequest, _as_of: datetime | None) -> pa.Table:
    # What comes later is painted over what comes earlier: wide roads over the ends of narrow ones.
    table = roads_scene(cursor).sort_by([("width_m", "ascending"), ("road_id", "ascending")])
    return _drawn(table).select(["class", "width_m", "geom"])


def _landuse(cursor: Cursor, request: TableRequest, _as_of: datetime | None) -> pa.Table:
    table = _drawn(landuse_scene(cursor)).select(["kind", "elevation_m", "geom"])
    if not request.kind:
        return table
    hills = pc.equal(table["kind"], "hill")
    return table.filter(hills if request.kind == "hill" else pc.invert(hills))


def _area_load(cursor: Cursor, request: TableRequest, as_of: datetime | None) -> pa.Table:
    if request.level is AreaLevel.DISTRICT:
        raise SelectionError("loads are counted for parts of the district: level is street, community or grid")
    if as_of is None:
        return NO_LOAD
    return load_by_area(cursor, request.selection, request.level, as_of).drop_columns("code")


def _building_load(cursor: Cursor, request: TableRequest, as_of: datetime | None) -> pa.Table:
    if request.metric not in MEASURES:
        raise SelectionError(f"metric {request.metric!r} is not one of {', '.join(MEASURES)}")
    if as_of is None:
        return pa.table({"building_id": pa.array([], pa.int32()), request.metric: pa.array([], pa.int32())})
    load = load_by_building(cursor, request.selection, as_of).select(["building_id", request.metric])
    return load.filter(pc.greater(load[request.metric], 0))


def _model_tiles(cursor: Cursor, _request: TableRequest, _as_of: datetime | None) -> pa.Table:
    return building_model_tiles(cursor)


def _models(cursor: Cursor, request: TableRequest, _as_of: datetime | None) -> pa.Table:
    if request.tile is None:
        raise SelectionError("models are given by tile: add tile=… as the table model_tiles names them")
    return building_models(cursor, tile=request.tile).select([*SOLID, "building_id"])


def _model(cursor: Cursor, request: TableRequest, _as_of: datetime | None) -> pa.Table:
    found = building_models(cursor, code=request.code, lod=request.lod or None)
    return found.select([*SOLID, "texture_ids", "uv", "building_id", "code", "height_m"])


def _components(cursor: Cursor, request: TableRequest, _as_of: datetime | None) -> pa.Table:
    near = building_components(cursor, request.code, NEAR_M, MAX_NEAR)
    return near.select(["code", "class_name_zh", "class_name_en", "state", "distance_m", "lon", "lat"])


SOLID = ("lon", "lat", "vertices", "faces", "surfaces")
"""Columns that a mesh is drawn from."""


def _area_columns(cursor: Cursor, request: TableRequest, as_of: datetime | None) -> pa.Table:
    areas = areas_scene(cursor, request.level, request.parent or None)
    placed = areas.filter(pc.is_valid(areas["lon"])).select(["area_id", "code", "name", "name_en", "lon", "lat"])
    placed = placed.set_column(2, "name", _spoken(placed["name"]))
    return placed.join(_area_load(cursor, request, as_of), "area_id", join_type="inner").sort_by("area_id")


def _cases(cursor: Cursor, request: TableRequest, as_of: datetime | None) -> pa.Table:
    if as_of is None:
        return pa.table({"lon": pa.array([], pa.float64()), "lat": pa.array([], pa.float64()), "state": NO_TEXT})
    table = open_case_points(cursor, request.selection, as_of, MAX_CASE_POINTS)
    if request.kind:
        plain = pc.equal(table["state"], STATE_CODES["open"])
        table = table.filter(plain if request.kind == "open" else pc.invert(plain))
    # What comes later is painted over what comes earlier: the latest case of all last.
    table = table.take(pa.array(range(table.num_rows - 1, -1, -1), pa.int64()))
    names = pa.array([name for name, _ in sorted(STATE_CODES.items(), key=lambda item: item[1])])
    states = names.take(table["state"].combine_chunks())
    named = table.set_column(table.schema.get_field_index("state"), "state", states)
    classes = case_classes(cursor).select(["class_id", "name_zh", "name_en"])
    rows = pc.index_in(named["class_id"], classes["class_id"].combine_chunks())
    found = classes.drop_columns("class_id").take(rows.combine_chunks())
    return named.append_column("class_zh", found["name_zh"]).append_column("class_en", found["name_en"])


def _case(cursor: Cursor, request: TableRequest, _as_of: datetime | None) -> pa.Table:
    table = case_by_no(cursor, request.code).select(["case_no", "lon", "lat"])
    return table.filter(pc.and_(pc.is_valid(table["lon"]), pc.is_valid(table["lat"])))


NO_TEXT = pa.array([], pa.string())


def _spoken(names: pa.ChunkedArray) -> pa.ChunkedArray:
    """Names as people say them: a community is known by its place, not by the committee that its register names."""
    return pc.replace_substring_regex(names, "社区居委会$", "社区")


def _drawn(table: pa.Table) -> pa.Table:
    """Rows that have a shape."""
    return table.filter(pc.is_valid(table["geom"]))


TABLES: Mapping[str, WireTable] = {
    "areas": WireTable(_areas, encode_polygons, lasting=True),
    "grid": WireTable(_grid, encode_polygons, lasting=True),
    "roads": WireTable(_roads, encode_lines, lasting=True, quanta={"width_m": HEIGHT_QUANTUM_M}),
    "landuse": WireTable(_landuse, encode_polygons, lasting=True, quanta={"elevation_m": HEIGHT_QUANTUM_M}),
    "buildings": WireTable(_buildings, encode_polygons, lasting=True, quanta={"height_m": HEIGHT_QUANTUM_M}),
    "building_load": WireTable(_building_load, encode_rows),
    "model_tiles": WireTable(_model_tiles, encode_rows),
    "models": WireTable(_models, encode_meshes),
    "model": WireTable(_model, encode_surfaces, quanta={"height_m": HEIGHT_QUANTUM_M}),
    "components": WireTable(_components, encode_points, quanta={"distance_m": HEIGHT_QUANTUM_M}),
    "labels": WireTable(_labels, encode_points),
    "area_load": WireTable(_area_load, encode_rows),
    "area_columns": WireTable(_area_columns, encode_points),
    "cases": WireTable(_cases, encode_points),
    "case": WireTable(_case, encode_points),
}
"""Geometry by what changes seldom; loads and cases by what changes with every case."""
