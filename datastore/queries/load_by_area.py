"""How much load does each area of a level carry, for colouring the map?"""

from datetime import datetime

import duckdb
import ibis.expr.types as ir
import pyarrow as pa

from datastore.queries.bound import Bound, bind
from datastore.queries.facts import open_cases, reported_cases
from datastore.queries.measures import flow, lateness
from datastore.queries.run import compiled, first_day, moments, run, today
from datastore.queries.tables import AREA, LEVEL_COLUMNS
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
        Street, community or grid.
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
    return run(cur, question(bind(cur, selection), int(level)), moments(cur, as_of, RECENT_DAYS))


@compiled
def question(bound: Bound, level: int) -> ir.Table:
    """Areas, left-joined with three counts."""
    column = LEVEL_COLUMNS[level]
    reported = reported_cases(bound, (column,))
    of_day = reported_cases(bound, (column, "reported_day"))
    still_open = open_cases(bound)
    counts = reported.group_by(area_id=reported[column]).aggregate(**flow(reported))
    late = still_open.group_by(area_id=still_open[column]).aggregate(overdue=lateness(still_open)["overdue"])
    recent = (
        of_day.filter(of_day.reported_day.between(first_day(), today()))
        .group_by(area_id=of_day[column])
        .aggregate(recent=of_day.n.sum())
    )
    joined = (
        AREA.filter(AREA.level == level)
        .select("area_id", "code")
        .left_join(counts, "area_id")
        .drop("area_id_right")
        .left_join(late, "area_id")
        .drop("area_id_right")
        .left_join(recent, "area_id")
    )
    figures = ("open", "overdue", "recent", "reported")
    return joined.select("area_id", "code", **{name: joined[name].fill_null(0) for name in figures}).order_by("area_id")
