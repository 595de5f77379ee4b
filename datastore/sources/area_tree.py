"""The tree of areas: parents found, the district derived where nobody gave one, keys dense and in code order."""

from dataclasses import dataclass
from typing import Any

import duckdb
import numpy as np
import pyarrow as pa
import shapely
from numpy.typing import NDArray

from datastore.meta import read_meta, write_meta
from datastore.rollup import refresh_rollups
from datastore.sources.area_index import relocate
from datastore.sources.layer_import import area_m2
from datastore.table import insert_table
from twin_model.area import CODE_LENGTHS, AreaLevel, codes_above
from twin_model.crs import metric_crs_for

DERIVED = "derived"
CITY_CODE = "CITY"
_DISTRICT_DIGITS = 6
_GAP_DEG = 1e-6
"""Slivers between neighbours up to about 0.1 m are closed when their union is taken."""


@dataclass
class AreaRow:
    """One area on its way into the store.

    Parameters
    ----------
    code, name : str
        As stored.
    level : AreaLevel
        Its level.
    geometry : shapely geometry or None
        EPSG:4490.
    geom_source : str
        surveyed, schematic, derived or none.
    dataset_id : int
        Where it came from.
    parent : str or None
        Code or name of the area that holds it, where the source says.
    name_en, kind : str or None
        As stored.
    population : int or None
        Residents.
    old_id : int or None
        Key that it had before.
    """

    code: str
    name: str
    level: AreaLevel
    geometry: Any
    geom_source: str
    dataset_id: int
    parent: str | None = None
    name_en: str | None = None
    kind: str | None = None
    population: int | None = None
    old_id: int | None = None


def stored_areas(con: duckdb.DuckDBPyConnection) -> list[AreaRow]:
    """Areas that the store holds now, less a derived district, in key order."""
    table = con.sql(
        "SELECT a.code, a.name, a.level, ST_AsWKB(a.geom) AS wkb, a.geom_source, a.dataset_id, p.code AS parent, "
        "a.name_en, a.kind, a.population, a.area_id FROM area a LEFT JOIN area p ON p.area_id = a.parent_id "
        "WHERE NOT (a.level = 1 AND a.geom_source = 'derived') ORDER BY a.area_id"
    ).to_arrow_table()
    rows = []
    for row in table.to_pylist():
        wkb, old_id = row.pop("wkb"), row.pop("area_id")
        geometry = shapely.from_wkb(wkb) if wkb is not None else None
        rows.append(AreaRow(**{**row, "level": AreaLevel(row["level"])}, geometry=geometry, old_id=old_id))
    return rows


def rebuild_areas(con: duckdb.DuckDBPyConnection, rows: list[AreaRow], before: list[AreaRow], dataset_id: int) -> None:
    """Write the areas anew and give everything that lies in them its keys again.

    Parameters
    ----------
    con : duckdb.DuckDBPyConnection
        In the transaction of the import.
    rows : list of AreaRow
        Every area that the store is to hold, less a derived district.
    before : list of AreaRow
        What it held, to follow cases that name their area.
    dataset_id : int
        Takes the derived district.
    """
    if rows and not any(row.level is AreaLevel.DISTRICT for row in rows):
        rows = [_derive_district(con, rows, dataset_id), *rows]
    rows = sorted(rows, key=lambda row: (row.level, row.code))
    parents = _parents(rows)
    con.execute("DELETE FROM area")
    if rows:
        metric = _settle_metric_crs(con, rows)
        insert_table(con, "area", _area_table(rows, parents, metric))
    relocate(con, _successors(rows, before))
    refresh_rollups(con)


def _derive_district(con: duckdb.DuckDBPyConnection, rows: list[AreaRow], dataset_id: int) -> AreaRow:
    top = min(row.level for row in rows)
    members = [row for row in rows if row.level is top]
    prefixes = {row.code[:_DISTRICT_DIGITS] for row in members}
    prefix = prefixes.pop() if len(prefixes) == 1 else ""
    code = prefix if len(prefix) == _DISTRICT_DIGITS and prefix.isdigit() else CITY_CODE
    meta = read_meta(con)
    shapes = [shapely.buffer(row.geometry, _GAP_DEG, join_style="mitre") for row in members if row.geometry is not None]
    outline = shapely.buffer(shapely.union_all(shapes), -_GAP_DEG, join_style="mitre") if shapes else None
    name = meta.city_name_zh or meta.city_name_en or code
    people = [row.population for row in members]
    return AreaRow(
        code,
        name,
        AreaLevel.DISTRICT,
        outline,
        DERIVED if outline is not None else "none",
        dataset_id,
        name_en=meta.city_name_en or None,
        population=None if None in people else sum(person for person in people if person is not None),
    )


def _parents(rows: list[AreaRow]) -> list[int | None]:
    """Key of each area's parent: as the source says, else by national code, else the smallest area that holds it."""
    by_code = {row.code: index for index, row in enumerate(rows)}
    by_name = {(row.level, row.name): index for index, row in enumerate(rows)}
    trees: dict[AreaLevel, tuple[shapely.STRtree, NDArray[np.int64]]] = {}
    for level in AreaLevel:
        ids = np.array(
            [i for i, row in enumerate(rows) if row.level is level and row.geometry is not None], dtype=np.int64
        )
        trees[level] = (shapely.STRtree([rows[i].geometry for i in ids]), ids)
    return [_parent(index, rows, by_code, by_name, trees) for index in range(len(rows))]


def _parent(
    index: int,
    rows: list[AreaRow],
    by_code: dict[str, int],
    by_name: dict[tuple[AreaLevel, str], int],
    trees: dict[AreaLevel, tuple[shapely.STRtree, NDArray[np.int64]]],
) -> int | None:
    row = rows[index]
    above = [level for level in reversed(AreaLevel) if level < row.level]
    if not above:
        return None
    named = (
        [] if row.parent is None else [by_code.get(row.parent), *(by_name.get((level, row.parent)) for level in above)]
    )
    if CODE_LENGTHS.get(len(row.code)) is row.level and row.code.isascii() and row.code.isdigit():
        named += [by_code.get(code) for code in codes_above(row.code)]
    known = [candidate for candidate in named if candidate is not None and rows[candidate].level < row.level]
    # A whole district stands in for a street or community only when the map shows nothing nearer.
    near = [candidate for candidate in known if rows[candidate].level is not AreaLevel.DISTRICT]
    if near or (known and row.level is AreaLevel.STREET):
        return (near or known)[0]
    if row.geometry is not None:
        point = shapely.point_on_surface(row.geometry)
        for level in above:
            tree, ids = trees[level]
            hits = tree.query(point, predicate="intersects")
            if len(hits):
                return int(ids[hits.min()])
    return known[0] if known else 0


def _settle_metric_crs(con: duckdb.DuckDBPyConnection, rows: list[AreaRow]) -> str:
    metric = read_meta(con).metric_crs
    shapes = [row.geometry for row in rows if row.geometry is not None]
    if not metric and shapes:
        metric = metric_crs_for(*(float(edge) for edge in shapely.total_bounds(np.array(shapes, dtype=object))))
        write_meta(con, {"metric_crs": metric})
    return metric


def _area_table(rows: list[AreaRow], parents: list[int | None], metric: str) -> pa.Table:
    geometry = np.array([row.geometry for row in rows] + [None], dtype=object)[:-1]
    missing = shapely.is_missing(geometry)
    size = np.full(len(rows), np.nan)
    if not missing.all():
        size[~missing] = area_m2(geometry[~missing], metric)
    label = shapely.point_on_surface(geometry)
    return pa.table(
        {
            "area_id": pa.array(range(len(rows)), pa.int32()),
            "code": pa.array([row.code for row in rows], pa.string()),
            "level": pa.array([int(row.level) for row in rows], pa.uint8()),
            "parent_id": pa.array(parents, pa.int32()),
            "name": pa.array([row.name for row in rows], pa.string()),
            "name_en": pa.array([row.name_en for row in rows], pa.string()),
            "kind": pa.array([row.kind for row in rows], pa.string()),
            "population": pa.array([row.population for row in rows], pa.int32()),
            "area_m2": pa.array(size, mask=missing),
            "lon": pa.array(shapely.get_x(label), mask=missing),
            "lat": pa.array(shapely.get_y(label), mask=missing),
            "geom": pa.array(shapely.to_wkb(geometry), pa.binary()),
            "geom_source": pa.array([row.geom_source for row in rows], pa.string()),
            "dataset_id": pa.array([row.dataset_id for row in rows], pa.int16()),
        }
    )


def _successors(rows: list[AreaRow], before: list[AreaRow]) -> dict[int, int]:
    """Old key -> new key, by code, else by name and level."""
    by_code = {row.code: index for index, row in enumerate(rows)}
    by_name = {(row.level, row.name): index for index, row in enumerate(rows)}
    found: dict[int, int] = {}
    for row in before:
        index = by_code.get(row.code, by_name.get((row.level, row.name)))
        if row.old_id is not None and index is not None:
            found[row.old_id] = index
    return found
