"""Areas, buildings and components as features: those that match, page by page. Geometry is WKB, EPSG:4490."""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime
from typing import Any

import duckdb
import numpy as np
import pyarrow as pa
import shapely
from numpy.typing import NDArray

from datastore.queries.building_lods import LOD_NUMBER
from datastore.queries.dataset_levels import surface_kinds, tells_walls_from_roofs
from twin_model.area import AreaLevel
from twin_model.cim import building_cim_level

Box = tuple[float, float, float, float]
"""West, south, east and north, degrees."""

_AREA = "{0}_id IN (SELECT area_id FROM area WHERE code = ${0})"
_OF_DATASET = {
    "dataset": "dataset_id IN (SELECT dataset_id FROM dataset WHERE name = $dataset)",
    "simulated": "dataset_id IN (SELECT dataset_id FROM dataset WHERE simulated = $simulated)",
}
_OF_AREAS = {name: _AREA.format(name) for name in ("street", "community", "grid")}

AREA_FILTERS: Mapping[str, str] = {
    "code": "code = $code",
    "name": "name = $name",
    "kind": "kind = $kind",
    "parent": "parent_id IN (SELECT area_id FROM area WHERE code = $parent)",
    "geom_source": "geom_source = $geom_source",
    **_OF_DATASET,
}
BUILDING_FILTERS: Mapping[str, str] = {
    "code": "code = $code",
    "name": "name = $name",
    "use": '"use" = $use',
    "height_source": "height_source = $height_source",
    "storeys": "storeys = $storeys",
    "address": "building_id IN (SELECT building_id FROM building_detail WHERE address = $address)",
    **_OF_AREAS,
    **_OF_DATASET,
}
COMPONENT_FILTERS: Mapping[str, str] = {
    "code": "code = $code",
    "class": "class_id IN (SELECT class_id FROM case_class WHERE code = $class)",
    "state": "state = $state",
    "owner": "owner_unit_id IN (SELECT unit_id FROM unit WHERE code = $owner)",
    **_OF_AREAS,
    **_OF_DATASET,
}
"""Condition of each property that features can be filtered by; the value is the parameter of its name."""


@dataclass(frozen=True)
class Wanted:
    """Which features match, and which of those are given.

    Parameters
    ----------
    boxes : tuple of (west, south, east, north)
        Degrees; a feature matches that intersects any of them, or that has no shape. Empty: wherever it is.
    equal : mapping
        Values that properties must have, by the names of the collection's filters.
    limit, offset : int
        At most so many, after so many that are left out.
    """

    boxes: tuple[Box, ...] = ()
    equal: Mapping[str, str | int | bool] = field(default_factory=dict)
    limit: int = 100
    offset: int = 0


@dataclass(frozen=True)
class FeaturePage:
    """Some of the features that match.

    Parameters
    ----------
    matched : int
        How many match in all.
    rows : pyarrow.Table
        Those of the page, in the store's order; the last column is geom (WKB, EPSG:4490; may be null).
    """

    matched: int
    rows: pa.Table


def area_features(
    cur: duckdb.DuckDBPyConnection, level: AreaLevel, wanted: Wanted, as_of: datetime | None
) -> FeaturePage:
    """Areas of a level, with the cases that are open in each.

    Parameters
    ----------
    cur : DuckDBPyConnection
        Reading cursor.
    level : AreaLevel
        Street, community or grid.
    wanted : Wanted
        By `AREA_FILTERS`.
    as_of : datetime or None
        Aware; a case is overdue whose deadline lies before it.
    """
    found = _matching(cur, "area", "area_id", {**AREA_FILTERS, "level": "level = $level"}, _at(wanted, int(level)))
    rows = cur.sql(
        f"""
        WITH {_PAGE}, {_open_cases(f"{level.key}_id")}
        SELECT area.code, area.name, area.name_en, area.kind, parent.code AS parent, area.population,
               round(area.area_m2, 1) AS area_m2, area.geom_source,
               coalesce(open, 0) AS open, coalesce(overdue, 0) AS overdue,
               {_DATASET}, ST_AsWKB(area.geom) AS geom
        FROM page JOIN area ON area.area_id = id LEFT JOIN area AS parent ON parent.area_id = area.parent_id
        LEFT JOIN cases_open ON place_id = id JOIN dataset ON dataset.dataset_id = area.dataset_id
        ORDER BY id
        """,  # noqa: S608 - parts of ours, chosen by the level
        params=_page_of(found, wanted) | {"as_of": _naive(as_of)},
    )
    return FeaturePage(len(found), rows.to_arrow_table())


def building_features(cur: duckdb.DuckDBPyConnection, wanted: Wanted, as_of: datetime | None) -> FeaturePage:
    """Give buildings with what is known of each, the LoDs that came with it and the cases that are open at it.

    Parameters
    ----------
    cur : DuckDBPyConnection
        Reading cursor.
    wanted : Wanted
        By `BUILDING_FILTERS`.
    as_of : datetime or None
        Aware; a case is overdue whose deadline lies before it.
    """
    found = _matching(cur, "building", "building_id", BUILDING_FILTERS, wanted)
    rows = cur.sql(
        f"""
        WITH {_PAGE}, {_open_cases("building_id")}, models AS (
            SELECT building_id AS model_id, list(lod ORDER BY number, lod) AS lods,
                   arg_max(lod, (number, lod)) FILTER (number > 0) AS best_lod,
                   arg_max(surfaces, (number, lod)) FILTER (number > 0) AS surfaces
            FROM (SELECT *, {LOD_NUMBER} AS number FROM building_model WHERE building_id IN (SELECT id FROM page))
            GROUP BY building_id
        )
        SELECT building.code, building.name, "use", round(height_m::DOUBLE, 2) AS height_m, height_source, storeys,
               round(footprint_m2::DOUBLE, 1) AS footprint_m2, address, base_m,
               coalesce(lods, []) AS lods, best_lod, surfaces,
               street.code AS street, street.name AS street_name, community.code AS community,
               community.name AS community_name, grid.code AS grid,
               coalesce(open, 0) AS open, coalesce(overdue, 0) AS overdue,
               {_DATASET}, ST_AsWKB(building.geom) AS geom
        FROM page JOIN building ON building.building_id = id
        LEFT JOIN building_detail AS detail ON detail.building_id = id
        LEFT JOIN models ON model_id = id LEFT JOIN cases_open ON place_id = id
        {_areas_of("building")} JOIN dataset ON dataset.dataset_id = building.dataset_id
        ORDER BY id
        """,  # noqa: S608 - parts of ours
        params=_page_of(found, wanted) | {"as_of": _naive(as_of)},
    )
    return FeaturePage(len(found), _with_levels(rows.to_arrow_table()))


def component_features(cur: duckdb.DuckDBPyConnection, wanted: Wanted) -> FeaturePage:
    """Components of the city: lamps, covers, trees and the like, as points.

    Parameters
    ----------
    cur : DuckDBPyConnection
        Reading cursor.
    wanted : Wanted
        By `COMPONENT_FILTERS`.
    """
    found = _matching(cur, "component", "component_id", COMPONENT_FILTERS, wanted, point=True)
    table = cur.sql(
        f"""
        WITH {_PAGE}
        SELECT component.code, class.code AS class, class.name_zh AS class_zh, class.name_en AS class_en, state,
               owner.code AS owner, owner.name_zh AS owner_zh, owner.name_en AS owner_en, maintainer.code AS maintainer,
               street.code AS street, street.name AS street_name, community.code AS community,
               community.name AS community_name, grid.code AS grid, {_DATASET}, component.lon, component.lat
        FROM page JOIN component ON component_id = id
        JOIN case_class AS class ON class.class_id = component.class_id
        LEFT JOIN unit AS owner ON owner.unit_id = owner_unit_id
        LEFT JOIN unit AS maintainer ON maintainer.unit_id = maintainer_unit_id
        {_areas_of("component")} JOIN dataset ON dataset.dataset_id = component.dataset_id
        ORDER BY id
        """,  # noqa: S608 - parts of ours
        params=_page_of(found, wanted),
    ).to_arrow_table()
    points = shapely.points(table["lon"].to_numpy(), table["lat"].to_numpy())
    rows = table.drop_columns(["lon", "lat"]).append_column("geom", pa.array(shapely.to_wkb(points), pa.binary()))
    return FeaturePage(len(found), rows)


def area_bounds(cur: duckdb.DuckDBPyConnection, level: AreaLevel) -> Box | None:
    """Box around the shapes of a level's areas, degrees; None where none has a shape."""
    shapes = cur.sql(
        "SELECT ST_AsWKB(geom) AS geom FROM area WHERE level = $level AND geom IS NOT NULL",
        params={"level": int(level)},
    )
    return _around(shapes.to_arrow_table())


def building_bounds(cur: duckdb.DuckDBPyConnection) -> Box | None:
    """Box around all footprints, degrees; None in a store without buildings."""
    return _around(cur.sql("SELECT ST_AsWKB(geom) AS geom FROM building").to_arrow_table())


def component_bounds(cur: duckdb.DuckDBPyConnection) -> Box | None:
    """Box around all components, degrees; None in a store without any."""
    (edges,) = cur.execute("SELECT min(lon), min(lat), max(lon), max(lat) FROM component").fetchall()
    west, south, east, north = edges
    return None if west is None else (west, south, east, north)


_PAGE = "page AS (SELECT unnest($ids::INTEGER[]) AS id)"
_DATASET = "dataset.name AS dataset, dataset.licence, dataset.simulated"


def _with_levels(rows: pa.Table) -> pa.Table:
    """Put the level of detail that is drawn and the CIM level in the place of what they follow from."""
    levels = [
        building_cim_level(lod, source, semantic=tells_walls_from_roofs(surface_kinds([surfaces or b""])))
        for lod, source, surfaces in zip(
            *(rows[name].to_pylist() for name in ("best_lod", "height_source", "surfaces")), strict=True
        )
    ]
    columns = {
        "lod": pa.array([level.lod for level in levels], pa.string()),
        "cim_level": pa.array([level.level for level in levels], pa.int8()),
        "cim_basis": pa.array([level.basis for level in levels], pa.string()),
    }
    place = rows.schema.get_field_index("best_lod")
    rows = rows.drop_columns(["best_lod", "surfaces"])
    for name, column in reversed(columns.items()):
        rows = rows.add_column(place, name, column)
    return rows


def _open_cases(column: str) -> str:
    """Open and overdue cases of the places on the page, which a column of the open cases names."""
    return f"""cases_open AS (
            SELECT {column} AS place_id, count(*) AS open, count(*) FILTER (deadline_at < $as_of::TIMESTAMP) AS overdue
            FROM open_case WHERE {column} IN (SELECT id FROM page) GROUP BY {column}
        )"""  # noqa: S608 - a column of ours


def _areas_of(table: str) -> str:
    """Join the areas that rows of a table lie in."""
    return " ".join(
        f"LEFT JOIN area AS {name} ON {name}.area_id = {table}.{name}_id" for name in ("street", "community", "grid")
    )


def _at(wanted: Wanted, level: int) -> Wanted:
    return replace(wanted, equal={**wanted.equal, "level": level})


def _naive(moment: datetime | None) -> datetime | None:
    return None if moment is None else moment.astimezone(UTC).replace(tzinfo=None)


def _page_of(found: NDArray[np.int32], wanted: Wanted) -> dict[str, Any]:
    return {"ids": found[wanted.offset : wanted.offset + wanted.limit].tolist()}


def _matching(
    cur: duckdb.DuckDBPyConnection, table: str, key: str, filters: Mapping[str, str], wanted: Wanted,
    *, point: bool = False,
) -> NDArray[np.int32]:  # fmt: skip
    """Keys of the rows that match, ascending.

    The engine knows only the boxes around shapes: where such a box lies wholly inside a wanted one it decides, else
    the shape does.
    """
    conditions = [filters[name] for name in wanted.equal]
    params: dict[str, Any] = dict(wanted.equal)
    doubtful = "NULL"
    if wanted.boxes and point:
        inside = [f"(lon BETWEEN $w{i} AND $e{i} AND lat BETWEEN $s{i} AND $n{i})" for i in range(len(wanted.boxes))]
        conditions.append(f"({' OR '.join(inside)})")
        for i, box in enumerate(wanted.boxes):
            params |= {f"{side}{i}": edge for side, edge in zip("wsen", box, strict=True)}
    elif wanted.boxes:
        near = [f"geom && ST_GeomFromWKB($box{i})" for i in range(len(wanted.boxes))]
        edges = {f"edge{i}_{j}": edge for i, box in enumerate(wanted.boxes) for j, edge in enumerate(_edges(box))}
        conditions.append(f"(geom IS NULL OR {' OR '.join(near)})")
        crossed = " OR ".join(f"geom && ST_GeomFromWKB(${name})" for name in edges)
        doubtful = f"CASE WHEN {crossed} THEN ST_AsWKB(geom) END"
        params |= edges | {f"box{i}": shapely.to_wkb(shapely.box(*box)) for i, box in enumerate(wanted.boxes)}
    where = " AND ".join(conditions) or "true"
    rows = cur.sql(
        f"SELECT {key} AS id, {doubtful} AS doubtful FROM {table} WHERE {where} ORDER BY {key}",  # noqa: S608 - parts of ours
        params=params,
    ).to_arrow_table()
    found: NDArray[np.int32] = rows["id"].to_numpy()
    return found if doubtful == "NULL" else found[_certain(rows["doubtful"], wanted.boxes)]


def _edges(box: Box) -> tuple[bytes, ...]:
    """Give the four sides of a box, WKB."""
    corners = shapely.get_coordinates(shapely.box(*box))
    return tuple(shapely.to_wkb(shapely.LineString(corners[i : i + 2])) for i in range(4))


def _certain(doubtful: pa.ChunkedArray, boxes: tuple[Box, ...]) -> NDArray[np.bool_]:
    """Whether each row intersects a box; one without a shape to look at does."""
    wkb = doubtful.to_numpy()
    rows = np.flatnonzero(doubtful.is_valid().to_numpy())
    shapes = shapely.from_wkb(wkb[rows])
    certain = np.ones(len(wkb), bool)
    certain[rows] = np.any([shapely.intersects(shapes, shapely.box(*box)) for box in boxes], axis=0)
    return certain


def _around(shapes: pa.Table) -> Box | None:
    if not shapes.num_rows:
        return None
    wkb: Any = shapes["geom"].to_numpy()
    west, south, east, north = shapely.total_bounds(shapely.from_wkb(wkb)).tolist()
    return (west, south, east, north)
