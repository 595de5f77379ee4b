"""The buildings of an area that meet conditions, the most loaded first: what the map shows of them, as a table."""

from collections.abc import Mapping
from datetime import datetime

import duckdb
import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
from numpy.typing import NDArray

from datastore.queries.building_lods import LOD_NUMBER
from datastore.queries.load_by_building import MEASURES, load_by_building
from twin_model.area import AreaLevel
from twin_model.selection import Selection

SIZES = {"height": "height_m", "storeys": "storeys"}
"""Columns of a building that conditions may limit, by what they are called."""

Limits = tuple[float | None, float | None]


def buildings_ranked(
    cur: duckdb.DuckDBPyConnection,
    selection: Selection,
    as_of: datetime,
    *,
    area_code: str = "",
    uses: tuple[str, ...] = (),
    limits: tuple[tuple[str, Limits], ...] = (),
    metric: str = "open",
    limit: int = 200,
) -> pa.Table:
    """Rank the buildings of an area that meet all conditions by their cases.

    Parameters
    ----------
    cur : DuckDBPyConnection
        Reading cursor.
    selection : Selection
        Cases that count.
    as_of : datetime
        Aware.
    area_code : str
        Area that the buildings stand in; ``""`` for all.
    uses : tuple of str
        Uses of which it must be one; empty for any.
    limits : tuple of (str, (float or None, float or None))
        By name (of `SIZES` or of the measures ``open``, ``overdue``, ``recent``): least and most, both inclusive.
    metric : str
        Measure that ranks them.
    limit : int
        Most rows to give.

    Returns
    -------
    pyarrow.Table
        Most cases first: code, name, address, use, height_m, height_source, storeys, footprint_m2, lod (empty for a
        block), open, overdue, recent, reported, matching and buildings (how many meet the conditions, and how many
        there are; the same in every row). One row without a code tells these two where no building meets them.

    Raises
    ------
    UnknownCodeError
        If the selection names a code that the store does not hold.
    """
    load = load_by_building(cur, selection, as_of)
    told = dict(limits)
    standing, everywhere = _standing(cur, area_code, uses, told)
    counts = {name: _counts(standing, load, name) for name in MEASURES}
    kept = np.ones(len(standing), dtype=bool)
    for name, (least, most) in told.items():
        if name in counts:
            kept &= (counts[name] >= (least or 0)) & (counts[name] <= (np.inf if most is None else most))
    places = np.flatnonzero(kept)
    order = places[np.lexsort((standing[places], -counts["reported"][places], -counts[metric][places]))][:limit]
    rows = _rows(cur, standing[order])
    for name in MEASURES:
        rows = rows.append_column(name, pa.array(counts[name][order], pa.int32()))
    if not rows.num_rows:
        rows = pa.Table.from_pylist([{}], schema=rows.schema)
    size = rows.num_rows
    return rows.append_column("matching", pa.array([len(places)] * size, pa.int64())).append_column(
        "buildings", pa.array([everywhere] * size, pa.int64())
    )


def _standing(
    cur: duckdb.DuckDBPyConnection, area_code: str, uses: tuple[str, ...], limits: Mapping[str, Limits]
) -> tuple[NDArray[np.int32], int]:
    """Ids, ascending, of the buildings of an area that have a use and a size, and how many it has of any."""
    where, params = ["true"], {}
    if area_code:
        where = [
            f"{level.key}_id = (SELECT area_id FROM area WHERE code = $area AND level = {level:d})"  # noqa: S608 - names of ours
            for level in (AreaLevel.STREET, AreaLevel.COMMUNITY, AreaLevel.GRID)
        ]
        where, params = [f"({' OR '.join(where)})"], {"area": area_code}
    ((everywhere,),) = cur.execute(f"SELECT count(*) FROM building WHERE {where[0]}", params or None).fetchall()  # noqa: S608 - names of ours
    chosen: dict[str, object] = dict(params)
    if uses:
        where.append('list_contains($uses::VARCHAR[], "use")')
        chosen["uses"] = list(uses)
    for name, column in SIZES.items():
        for end, sign, value in zip(("least", "most"), (">=", "<="), limits.get(name, (None, None)), strict=True):
            if value is not None:
                where.append(f"{column} {sign} ${name}_{end}")
                chosen[f"{name}_{end}"] = value
    sql = f"SELECT building_id FROM building WHERE {' AND '.join(where)} ORDER BY building_id"  # noqa: S608 - names of ours
    return cur.sql(sql, params=chosen).to_arrow_table()["building_id"].to_numpy(), int(everywhere)


def _counts(standing: NDArray[np.int32], load: pa.Table, name: str) -> NDArray[np.int32]:
    """Cases of each building; 0 for one without any."""
    places = pc.index_in(pa.array(standing), load["building_id"].combine_chunks()).to_numpy(zero_copy_only=False)
    found = np.isfinite(places)
    counts = np.zeros(len(standing), np.int32)
    counts[found] = load[name].to_numpy()[places[found].astype(np.int64)]
    return counts


def _rows(cur: duckdb.DuckDBPyConnection, ids: NDArray[np.int32]) -> pa.Table:
    return cur.sql(
        f"""
        WITH chosen AS (SELECT unnest($ids::INTEGER[]) AS building_id, unnest($places::INTEGER[]) AS place),
        best AS (
            SELECT building_id, arg_max(lod, ({LOD_NUMBER}, lod)) AS lod FROM building_model
            WHERE {LOD_NUMBER} > 0 AND list_contains($ids::INTEGER[], building_id) GROUP BY building_id
        )
        SELECT b.code, b.name, address, b."use", height_m, height_source, storeys, footprint_m2, lod
        FROM chosen JOIN building AS b USING (building_id) LEFT JOIN building_detail USING (building_id)
        LEFT JOIN best USING (building_id) ORDER BY place
        """,  # noqa: S608 - an expression of ours
        params={"ids": ids.tolist(), "places": list(range(len(ids)))},
    ).to_arrow_table()
