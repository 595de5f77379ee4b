"""The cases at one building that came last."""

import duckdb
import pyarrow as pa

from datastore.queries.building_key import building_key
from datastore.queries.case_names import with_names


def building_cases(cur: duckdb.DuckDBPyConnection, code: str, limit: int) -> pa.Table:
    """Newest cases at a building.

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
        Latest first: case_no, stage, reported_at, filed_at, dispatched_at, handled_at, closed_at, deadline_at (UTC),
        lon, lat, building_m (metres to the footprint, 0 inside), address, description, and the names of
        `datastore.queries.case_list.newest_cases`.
    """
    rows = cur.sql(
        """
        SELECT case_no, stage, reported_at, filed_at, dispatched_at, handled_at, closed_at, deadline_at, lon, lat,
               building_m, address, description, class_id, source_id, unit_id, street_id, community_id, building_id
        FROM cases WHERE rowid IN (
            SELECT rowid FROM cases WHERE building_id = $building ORDER BY reported_at DESC, case_id DESC LIMIT $limit
        ) ORDER BY reported_at DESC, case_id DESC
        """,
        params={"building": building_key(cur, code), "limit": limit},
    ).to_arrow_table()
    return with_names(cur, rows)
