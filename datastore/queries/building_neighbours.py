"""The buildings nearest to one."""

import duckdb
import numpy as np
import pyarrow as pa
import shapely

from datastore.queries.building_surroundings import Footprint, box_around, footprint_of, nearest

FIRST_REACH_M = 60.0
"""How far from a building its neighbours are looked for first, metres."""
FARTHEST_M = 4000.0
"""What is farther away is no neighbour, metres."""

_GROWTH = 2.0


def building_neighbours(cur: duckdb.DuckDBPyConnection, code: str, limit: int) -> pa.Table:
    """Find the buildings nearest to one, wall to wall.

    Parameters
    ----------
    cur : DuckDBPyConnection
        Reading cursor.
    code : str
        Building code.
    limit : int
        Most rows to give.

    Returns
    -------
    pyarrow.Table
        Nearest first: code, name, address, use, height_m, distance_m (float32, 0 where they touch), open (int64,
        open cases there), lon, lat. Looked for among the buildings whose own point lies in a box around the footprint,
        which grows until it holds enough or reaches `FARTHEST_M`.
    """
    home = footprint_of(cur, code)
    reach = FIRST_REACH_M
    near = _buildings_in(cur, home, reach, code)
    while near.num_rows < 2 * limit and reach < FARTHEST_M:
        reach *= _GROWTH
        near = _buildings_in(cur, home, reach, code)
    chosen, distance = nearest(home, shapely.from_wkb(near["geom"].to_numpy(zero_copy_only=False)), np.inf, limit)
    near = near.take(pa.array(chosen)).drop_columns(["geom"])
    return (
        near.append_column("distance_m", pa.array(distance, pa.float32()))
        .append_column("open", _open_at(cur, near["building_id"].to_pylist()))
        .drop_columns(["building_id"])
    )


def _buildings_in(cur: duckdb.DuckDBPyConnection, home: Footprint, reach_m: float, code: str) -> pa.Table:
    return cur.sql(
        """
        SELECT building_id, building.code, name, address, "use", height_m, lon, lat, ST_AsWKB(geom) AS geom
        FROM building LEFT JOIN building_detail USING (building_id)
        WHERE lon BETWEEN $west AND $east AND lat BETWEEN $south AND $north AND building.code <> $code
        ORDER BY building_id
        """,
        params={**box_around(home, reach_m), "code": code},
    ).to_arrow_table()


def _open_at(cur: duckdb.DuckDBPyConnection, building_ids: list[int]) -> pa.Array:
    counts = dict(
        cur.execute(
            "SELECT building_id, count(*) FROM open_case WHERE list_contains(?::INTEGER[], building_id) GROUP BY 1",
            [building_ids],
        ).fetchall()
    )
    return pa.array([counts.get(each, 0) for each in building_ids], pa.int64())
