"""The parts of an area against each other."""

from datetime import datetime

import duckdb
import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from datastore.errors import UnknownCodeError
from datastore.queries.area_counts import area_counts
from datastore.queries.bound import bind
from datastore.queries.run import moments
from twin_model.area import AreaLevel
from twin_model.selection import Areas, Selection


def areas_ranked(cur: duckdb.DuckDBPyConnection, selection: Selection, parent_code: str, as_of: datetime) -> pa.Table:
    """Cases of a selection in each area right below one.

    Parameters
    ----------
    cur : DuckDBPyConnection
        Reading cursor.
    selection : Selection
        Cases that count.
    parent_code : str
        Area whose parts are compared.
    as_of : datetime
        Aware.

    Returns
    -------
    pyarrow.Table
        One row an area, most open cases first, then by code: area_id, code, name, name_en, population, reported,
        closed, open, overdue, due_soon, day_reported (int64), closing_rate (float64, empty without cases). Without
        rows where nothing is below.

    Raises
    ------
    UnknownCodeError
        If the store does not hold the area or a code of the selection.
    """
    rows = cur.execute("SELECT area_id, level FROM area WHERE code = ?", [parent_code]).fetchall()
    if not rows:
        raise UnknownCodeError("area", (parent_code,))
    parent_id, level = rows[0]
    areas, below = _children(cur, parent_id, level)
    if level != AreaLevel.DISTRICT:  # a district's cases need no narrowing, a street's do
        selection &= Areas((parent_code,))
    values = moments(cur, as_of)
    counts = area_counts(cur, bind(cur, selection), below, areas["area_id"].to_numpy(), values)
    reported = counts["reported"]
    rate = np.divide(counts["closed"], reported, out=np.zeros(len(reported)), where=reported > 0)
    for name in ("reported", "closed", "open", "overdue", "due_soon"):
        areas = areas.append_column(name, pa.array(counts[name]))
    areas = areas.append_column("day_reported", pa.array(counts["recent"]))
    areas = areas.append_column("closing_rate", pa.array(rate, mask=reported == 0))
    return areas.sort_by([("open", "descending"), ("code", "ascending")])


def _children(cur: duckdb.DuckDBPyConnection, parent_id: int, level: int) -> tuple[pa.Table, int]:
    """Areas right below one, of the highest level that is there, and that level."""
    found = cur.sql(
        "SELECT level, area_id, code, name, name_en, population FROM area WHERE parent_id = $parent AND level > $level",
        params={"parent": parent_id, "level": level},
    ).to_arrow_table()
    below = pc.min(found["level"]).as_py() or AreaLevel.GRID
    return found.filter(pc.equal(found["level"], below)).drop_columns(["level"]), below
