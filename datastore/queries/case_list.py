"""The cases that came last, and the most urgent ones."""

from datetime import datetime

import duckdb
import ibis
import ibis.expr.types as ir
import pyarrow as pa

from datastore.queries.bound import Bound, bind
from datastore.queries.case_names import with_names
from datastore.queries.measures import state_of
from datastore.queries.predicate import select
from datastore.queries.run import compiled, first_day, moments, run
from datastore.queries.tables import CASES, OPEN_CASE
from twin_model.selection import Selection

LATELY_DAYS = 3
"""The newest cases are looked for in these last days first, because most lists end there."""

_COLUMNS = ("case_no", "stage", "reported_at", "deadline_at", "lon", "lat")
_KEYS = ("class_id", "source_id", "unit_id", "street_id", "community_id", "building_id")


def newest_cases(cur: duckdb.DuckDBPyConnection, selection: Selection, as_of: datetime, limit: int) -> pa.Table:
    """Cases of a selection that were reported last.

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
        Latest first: case_no, stage, reported_at, deadline_at (UTC), lon, lat, state (`twin_model.case.CaseState`),
        class_code, class_name_zh, class_name_en, source_code, source_name_zh, source_name_en, unit_code,
        unit_name_zh, unit_name_en, street_code, street_name, street_name_en, community_code, community_name,
        community_name_en, building_code, building_name, building_address. Names of what a case lacks are empty.

    Raises
    ------
    UnknownCodeError
        If the selection names a code that the store does not hold.
    """
    bound = bind(cur, selection)
    values = moments(cur, as_of, LATELY_DAYS)
    rows = run(cur, newest_question(bound, limit, lately=True), values, few=True)
    if rows.num_rows < limit:
        rows = run(cur, newest_question(bound, limit, lately=False), values, few=True)
    return with_names(cur, rows)


def most_urgent_cases(cur: duckdb.DuckDBPyConnection, selection: Selection, as_of: datetime, limit: int) -> pa.Table:
    """Open cases of a selection by deadline, the most overdue first, those without a deadline last by report.

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
        Columns of `newest_cases`.

    Raises
    ------
    UnknownCodeError
        If the selection names a code that the store does not hold.
    """
    rows = run(cur, urgent_question(bind(cur, selection), limit), moments(cur, as_of), few=True)
    return with_names(cur, rows)


@compiled
def newest_question(bound: Bound, limit: int, *, lately: bool) -> ir.Table:
    """Take the last rows by time of report, from the last days only or from all."""
    rows = select(CASES, bound)
    if lately:
        rows = rows.filter(rows.reported_day >= first_day())
    return _listed(_needed(rows).order_by(ibis.desc("reported_at"), ibis.desc("case_id")).limit(limit))


@compiled
def urgent_question(bound: Bound, limit: int) -> ir.Table:
    """Take the first open rows by deadline, then those without one, which have waited longest."""
    rows = _needed(select(OPEN_CASE, bound))
    deadline = ibis.asc("deadline_at", nulls_first=False)
    return _listed(rows.order_by(deadline, "reported_at", "case_id").limit(limit))


def _needed(rows: ir.Table) -> ir.Table:
    return rows.select("case_id", *_COLUMNS, *_KEYS)


def _listed(rows: ir.Table) -> ir.Table:
    return rows.select(*_COLUMNS, state=state_of(rows), **{key: rows[key] for key in _KEYS})
