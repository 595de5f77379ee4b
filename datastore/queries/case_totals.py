"""How many cases are reported, closed, open and late, and how many came and went on the last day."""

from datetime import datetime

import duckdb
import ibis
import ibis.expr.types as ir
import pyarrow as pa

from datastore.queries.bound import Bound, bind
from datastore.queries.facts import closed_cases, open_cases, reported_cases
from datastore.queries.measures import closing_rate, flow, lateness
from datastore.queries.run import compiled, moments, run, today
from twin_model.selection import Selection


def case_totals(
    cur: duckdb.DuckDBPyConnection, selection: Selection, as_of: datetime, *, running: bool = False
) -> pa.Table:
    """Headline figures of a selection.

    Parameters
    ----------
    cur : DuckDBPyConnection
        Reading cursor.
    selection : Selection
        Cases that count.
    as_of : datetime
        Aware; late is what was due before it, and the last day is the last local day that is over at it.
    running : bool
        The last day is the one that runs, so far.

    Returns
    -------
    pyarrow.Table
        One row: reported, closed, open, overdue, due_soon (int64), closing_rate (float64, 0 to 1, empty without
        cases), day (date32), day_reported, day_closed (int64).

    Raises
    ------
    UnknownCodeError
        If the selection names a code that the store does not hold.
    """
    return run(cur, question(bind(cur, selection)), moments(cur, as_of, running=running), few=True)


@compiled
def question(bound: Bound) -> ir.Table:
    """Join four sums into one row."""
    reported = reported_cases(bound, ())
    of_day = reported_cases(bound, ("reported_day",))
    closed = closed_cases(bound, ())
    still_open = open_cases(bound)
    sums = (
        reported.aggregate(**flow(reported))
        .cross_join(still_open.aggregate(**lateness(still_open)))
        .cross_join(of_day.filter(of_day.reported_day == today()).aggregate(day_reported=ibis._.n.sum().fill_null(0)))
        .cross_join(closed.filter(closed.closed_day == today()).aggregate(day_closed=ibis._.n.sum().fill_null(0)))
    )
    return sums.select(
        "reported",
        "closed",
        "open",
        "overdue",
        "due_soon",
        closing_rate=closing_rate(sums.closed, sums.reported),
        day=today(),
        day_reported=sums.day_reported,
        day_closed=sums.day_closed,
    )
