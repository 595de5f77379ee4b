"""How do the parts of an area stand against each other?"""

from datetime import datetime

import duckdb
import ibis
import ibis.expr.types as ir
import pyarrow as pa

from datastore.errors import UnknownCodeError
from datastore.queries.bound import Bound, bind
from datastore.queries.facts import open_cases, reported_cases
from datastore.queries.measures import closing_rate, flow, lateness
from datastore.queries.run import compiled, moments, run, today
from datastore.queries.tables import AREA, LEVEL_COLUMNS
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
    rows = cur.execute(
        "SELECT parent.area_id, parent.level, min(child.level) FROM area AS parent "
        "LEFT JOIN area AS child ON child.parent_id = parent.area_id WHERE parent.code = ? GROUP BY ALL",
        [parent_code],
    ).fetchall()
    if not rows:
        raise UnknownCodeError("area", (parent_code,))
    parent_id, level, child_level = rows[0]
    if level != AreaLevel.DISTRICT:  # a district's cases need no narrowing, a street's do
        selection &= Areas((parent_code,))
    query = question(bind(cur, selection), parent_id, child_level or AreaLevel.GRID)
    return run(cur, query, moments(cur, as_of))


@compiled
def question(bound: Bound, parent_id: int, level: int) -> ir.Table:
    """Areas of one level, left-joined with their counts."""
    column = LEVEL_COLUMNS[level]
    reported = reported_cases(bound, (column,))
    of_day = reported_cases(bound, (column, "reported_day"))
    still_open = open_cases(bound)
    counts = reported.group_by(area_id=reported[column]).aggregate(**flow(reported))
    late = still_open.group_by(area_id=still_open[column]).aggregate(**lateness(still_open))
    day = (
        of_day.filter(of_day.reported_day == today())
        .group_by(area_id=of_day[column])
        .aggregate(day_reported=of_day.n.sum())
    )
    areas = AREA.filter(AREA.parent_id == parent_id, AREA.level == level)
    joined = (
        areas.select("area_id", "code", "name", "name_en", "population")
        .left_join(counts, "area_id")
        .drop("area_id_right")
        .left_join(late, "area_id")
        .drop("area_id_right")
        .left_join(day, "area_id")
        .drop("area_id_right")
    )
    figures = ("reported", "closed", "open", "overdue", "due_soon", "day_reported")
    return (
        joined.mutate({name: joined[name].fill_null(0) for name in figures})
        .mutate(closing_rate=closing_rate(ibis._.closed, ibis._.reported))
        .order_by(ibis.desc("open"), "code")
    )
