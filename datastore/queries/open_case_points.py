"""Where the open cases are."""

from datetime import datetime

import duckdb
import ibis
import ibis.expr.types as ir
import pyarrow as pa

from datastore.queries.bound import Bound, bind
from datastore.queries.facts import open_cases
from datastore.queries.run import as_of_moment, compiled, due_soon_until, moments, run
from twin_model.selection import Selection

STATE_CODES = {"open": 0, "due_soon": 1, "overdue": 2}
"""Values of the ``state`` column: small numbers, because they travel by the hundred thousand."""


def open_case_points(cur: duckdb.DuckDBPyConnection, selection: Selection, as_of: datetime, limit: int) -> pa.Table:
    """Places and states of the placed open cases of a selection, the most urgent first.

    Parameters
    ----------
    cur : DuckDBPyConnection
        Reading cursor.
    selection : Selection
        Cases that count.
    as_of : datetime
        Aware; decides the state.
    limit : int
        Most rows to give.

    Returns
    -------
    pyarrow.Table
        lon, lat (float64, degrees, EPSG:4490), state (uint8, `STATE_CODES`), case_no (string), class_id (int16).

    Raises
    ------
    UnknownCodeError
        If the selection names a code that the store does not hold.
    """
    return run(cur, question(bind(cur, selection), limit), moments(cur, as_of))


@compiled
def question(bound: Bound, limit: int) -> ir.Table:
    """Open rows with a place by deadline."""
    rows = open_cases(bound)
    state = ibis.cases(
        (rows.deadline_at < as_of_moment(), STATE_CODES["overdue"]),
        (rows.deadline_at < due_soon_until(), STATE_CODES["due_soon"]),
        else_=STATE_CODES["open"],
    )
    placed = rows.filter(rows.lon.notnull(), rows.lat.notnull()).order_by("deadline_at", "case_id").limit(limit)
    return placed.select("lon", "lat", state=state.cast("uint8"), case_no=placed.case_no, class_id=placed.class_id)
