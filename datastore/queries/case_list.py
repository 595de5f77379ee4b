"""Which cases came last, and which are the most urgent?"""

from datetime import datetime

import duckdb
import ibis
import ibis.expr.types as ir
import pyarrow as pa

from datastore.queries.bound import Bound, bind
from datastore.queries.measures import state_of
from datastore.queries.predicate import select
from datastore.queries.run import compiled, moments, run
from datastore.queries.tables import AREA, CASE_CLASS, CASE_SOURCE, CASES, OPEN_CASE, UNIT
from twin_model.selection import Selection


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
        Latest first: case_no, stage, state (`twin_model.case.CaseState`), reported_at, deadline_at (UTC), lon, lat,
        class_code, class_name_zh, class_name_en, source_code, source_name_zh, source_name_en, unit_name_zh,
        unit_name_en, street_code, street_name, street_name_en, community_code, community_name, community_name_en,
        grid_code. Names of what a case lacks are empty.

    Raises
    ------
    UnknownCodeError
        If the selection names a code that the store does not hold.
    """
    return run(cur, newest_question(bind(cur, selection), limit), moments(cur, as_of))


def most_urgent_cases(cur: duckdb.DuckDBPyConnection, selection: Selection, as_of: datetime, limit: int) -> pa.Table:
    """Open cases of a selection by deadline, the most overdue first.

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
    return run(cur, urgent_question(bind(cur, selection), limit), moments(cur, as_of))


@compiled
def newest_question(bound: Bound, limit: int) -> ir.Table:
    """Last rows by time of report."""
    order = (ibis.desc("reported_at"), ibis.desc("case_id"))
    return _with_names(select(CASES, bound).order_by(*order).limit(limit)).order_by(*order).drop("case_id")


@compiled
def urgent_question(bound: Bound, limit: int) -> ir.Table:
    """First open rows by deadline."""
    order = ("deadline_at", "case_id")
    rows = select(OPEN_CASE, bound)
    first = rows.filter(rows.deadline_at.notnull()).order_by(*order).limit(limit)
    return _with_names(first).order_by(*order).drop("case_id")


def _with_names(rows: ir.Table) -> ir.Table:
    """Few cases with the names of what they point at."""
    source, kind, unit = _names(CASE_SOURCE, "source"), _names(CASE_CLASS, "class"), _names(UNIT, "unit")
    street, community, grid = (_area_names(level) for level in ("street", "community", "grid"))
    return (
        rows.join(source, "source_id")
        .join(kind, "class_id")
        .left_join(unit, "unit_id")
        .left_join(street, "street_id")
        .left_join(community, "community_id")
        .left_join(grid, "grid_id")
        .select(
            "case_id",
            "case_no",
            "stage",
            "reported_at",
            "deadline_at",
            "lon",
            "lat",
            *(f"{stem}_{name}" for stem in ("class", "source") for name in ("code", "name_zh", "name_en")),
            "unit_name_zh",
            "unit_name_en",
            *(f"{stem}_{name}" for stem in ("street", "community") for name in ("code", "name", "name_en")),
            "grid_code",
            state=state_of(rows),
        )
    )


def _names(table: ir.Table, stem: str) -> ir.Table:
    return table.select(f"{stem}_id", **{f"{stem}_{name}": table[name] for name in ("code", "name_zh", "name_en")})


def _area_names(stem: str) -> ir.Table:
    return AREA.select(
        **{f"{stem}_id": AREA.area_id, f"{stem}_code": AREA.code},
        **{f"{stem}_name": AREA.name, f"{stem}_name_en": AREA.name_en},
    )
