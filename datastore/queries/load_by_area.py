"""The load that each area of a level carries, for colouring the map."""

from datetime import datetime

import duckdb
import pyarrow as pa

from datastore.queries.area_counts import area_counts
from datastore.queries.bound import bind
from datastore.queries.run import moments
from twin_model.area import AreaLevel
from twin_model.selection import Selection

RECENT_DAYS = 30


def load_by_area(cur: duckdb.DuckDBPyConnection, selection: Selection, level: AreaLevel, as_of: datetime) -> pa.Table:
    """Cases of a selection in every area of a level.

    Parameters
    ----------
    cur : DuckDBPyConnection
        Reading cursor.
    selection : Selection
        Cases that count.
    level : AreaLevel
        Street, community or grid; a district's load is that of `case_totals`.
    as_of : datetime
        Aware.

    Returns
    -------
    pyarrow.Table
        One row for every area of the level, by area_id: area_id (int32), code, open, overdue, recent (reported in
        the last `RECENT_DAYS` local days), reported (int64).

    Raises
    ------
    UnknownCodeError
        If the selection names a code that the store does not hold.
    """
    areas = cur.sql(
        "SELECT area_id, code FROM area WHERE level = $level ORDER BY area_id", params={"level": int(level)}
    ).to_arrow_table()
    values = moments(cur, as_of, RECENT_DAYS)
    counts = area_counts(cur, bind(cur, selection), int(level), areas["area_id"].to_numpy(), values)
    for name in ("open", "overdue", "recent", "reported"):
        areas = areas.append_column(name, pa.array(counts[name]))
    return areas
