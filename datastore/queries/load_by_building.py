"""The load that each building carries, for colouring the city and filtering it."""

from datetime import datetime

import duckdb
import ibis.expr.types as ir
import numpy as np
import pyarrow as pa
from numpy.typing import NDArray

from datastore.queries.bound import Bound, bind
from datastore.queries.facts import joined_cases, open_cases
from datastore.queries.load_by_area import RECENT_DAYS
from datastore.queries.run import as_of_moment, compiled, first_day, moments, run, today
from twin_model.selection import Selection

MEASURES = ("open", "overdue", "recent", "reported")


def load_by_building(cur: duckdb.DuckDBPyConnection, selection: Selection, as_of: datetime) -> pa.Table:
    """Cases of a selection at every building that has any.

    Parameters
    ----------
    cur : DuckDBPyConnection
        Reading cursor.
    selection : Selection
        Cases that count.
    as_of : datetime
        Aware.

    Returns
    -------
    pyarrow.Table
        By building_id: building_id (int32), open, overdue, recent (reported in the last `RECENT_DAYS` local days),
        reported (int32).

    Raises
    ------
    UnknownCodeError
        If the selection names a code that the store does not hold.
    """
    bound = bind(cur, selection)
    values = moments(cur, as_of, RECENT_DAYS)
    reported, still_open, recent = (
        run(cur, question(bound), values) for question in (reported_question, open_question, recent_question)
    )
    whole = _count(reported["building_id"], reported["n"])
    ids = np.flatnonzero(whole)
    counts = {
        "open": _count(still_open["building_id"]),
        "overdue": _count(still_open["building_id"], still_open["overdue"]),
        "recent": _count(recent["building_id"], recent["n"]),
        "reported": whole,
    }
    at = {name: np.pad(count, (0, len(whole) - len(count)))[ids].astype(np.int32) for name, count in counts.items()}
    return pa.table({"building_id": ids.astype(np.int32), **at})


@compiled
def reported_question(bound: Bound) -> ir.Table:
    """Give buildings and numbers of cases: numpy sums them up faster than SQL does by so many groups."""
    return joined_cases(bound, ()).select("building_id", "n")


@compiled
def open_question(bound: Bound) -> ir.Table:
    """Give buildings of open cases, and whether these are late."""
    cases = open_cases(bound)
    cases = cases.filter(cases.building_id.notnull())
    return cases.select("building_id", overdue=(cases.deadline_at < as_of_moment()).fill_null(False).cast("uint8"))


@compiled
def recent_question(bound: Bound) -> ir.Table:
    """Give buildings and numbers of cases that were reported in the span of days that ends today."""
    cases = joined_cases(bound, ("reported_day",))
    return cases.filter(cases.reported_day.between(first_day(), today())).select("building_id", "n")


def _count(building_id: pa.ChunkedArray, n: pa.ChunkedArray | None = None) -> NDArray[np.float64]:
    """Sum of n, or number of rows, by building_id."""
    weights = None if n is None else n.to_numpy()
    return np.bincount(building_id.to_numpy(), weights).astype(np.float64)
