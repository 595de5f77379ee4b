"""How many cases came and went on each of the last days."""

from datetime import datetime

import duckdb
import ibis
import ibis.expr.types as ir
import pyarrow as pa

from datastore.queries.bound import Bound, bind
from datastore.queries.facts import closed_cases, reported_cases
from datastore.queries.run import compiled, first_day, moments, run, today
from twin_model.selection import Selection


def daily_trend(cur: duckdb.DuckDBPyConnection, selection: Selection, as_of: datetime, days: int) -> pa.Table:
    """Cases of a selection by local day, for the days that end with the last whole one before a moment.

    Parameters
    ----------
    cur : DuckDBPyConnection
        Reading cursor.
    selection : Selection
        Cases that count.
    as_of : datetime
        Aware.
    days : int
        Number of days, at least 1.

    Returns
    -------
    pyarrow.Table
        One row a day without gaps, first day first: day (date32), reported, closed (int64).

    Raises
    ------
    UnknownCodeError
        If the selection names a code that the store does not hold.
    """
    return run(cur, question(bind(cur, selection), days), moments(cur, as_of, days), few=True)


@compiled
def question(bound: Bound, days: int) -> ir.Table:
    """Join every day with both counts."""
    reported = reported_cases(bound, ("reported_day",))
    closed = closed_cases(bound, ())
    came = (
        reported.filter(reported.reported_day.between(first_day(), today()))
        .group_by(day=reported.reported_day)
        .aggregate(reported=reported.n.sum())
    )
    went = (
        closed.filter(closed.closed_day.between(first_day(), today()))
        .group_by(day=closed.closed_day)
        .aggregate(closed=closed.n.sum())
    )
    calendar = ibis.range(days).unnest().name("place").as_table()
    every_day = calendar.select(day=(first_day() + calendar.place.as_interval("D")).cast("date"))
    return (
        every_day.left_join(came, "day")
        .drop("day_right")
        .left_join(went, "day")
        .select("day", reported=ibis._.reported.fill_null(0), closed=ibis._.closed.fill_null(0))
        .order_by("day")
    )
