"""Which table answers: the smallest that has every column a selection and a question need.

The rollups hold the same cases as ``cases``, only summed, so a question whose columns a rollup has gets the same
answer from it. A time window needs ``reported_day`` if it is whole local days and ``reported_at`` if not; an area
needs its level's column; a polygon needs the cases themselves; and so on. What no rollup can answer goes to ``cases``.
"""

from collections.abc import Iterable

import ibis
import ibis.expr.types as ir

from datastore.queries.bound import Bound
from datastore.queries.predicate import columns_of, select
from datastore.queries.tables import (
    CASE_BY_BUILDING,
    CASE_BY_CLOSED_DAY,
    CASE_BY_COMMUNITY,
    CASE_BY_DAY,
    CASE_BY_GRID,
    CASES,
    OPEN_CASE,
)
from twin_model.case import CaseStage


def reported_cases(bound: Bound, columns: Iterable[str]) -> ir.Table:
    """Give cases of a selection, counted by ``n``, with at least these columns, ``stage`` and ``last_reported_at``."""
    wanted = {*columns, "stage", "last_reported_at", "n"} | columns_of(bound)
    for rollup in (CASE_BY_COMMUNITY, CASE_BY_DAY, CASE_BY_GRID):  # smallest first
        if wanted.issubset(rollup.columns):
            return select(rollup, bound)
    chosen = select(CASES, bound)
    kept = sorted(wanted.intersection(CASES.columns))
    return chosen.select(*kept, n=ibis.literal(1, "int32"), last_reported_at=chosen.reported_at)


def joined_cases(bound: Bound, columns: Iterable[str]) -> ir.Table:
    """Give cases of a selection that have a building, counted by ``n``, with at least these and ``building_id``."""
    wanted = {*columns, "building_id", "n"} | columns_of(bound)
    if wanted.issubset(CASE_BY_BUILDING.columns):
        return select(CASE_BY_BUILDING, bound)
    chosen = select(CASES.filter(CASES.building_id.notnull()), bound)
    return chosen.select(*sorted(wanted.intersection(CASES.columns)), n=ibis.literal(1, "int32"))


def closed_cases(bound: Bound, columns: Iterable[str]) -> ir.Table:
    """Give closed cases of a selection with their ``closed_day``, counted by ``n``, with at least these columns."""
    wanted = {*columns, "closed_day", "n"} | columns_of(bound)
    if wanted.issubset(CASE_BY_CLOSED_DAY.columns):
        return select(CASE_BY_CLOSED_DAY, bound)
    closed = CASES.filter(CASES.stage == int(CaseStage.CLOSED), CASES.closed_day.notnull())
    kept = sorted(wanted.intersection(CASES.columns))
    return select(closed, bound).select(*kept, n=ibis.literal(1, "int32"))


def open_cases(bound: Bound) -> ir.Table:
    """Give open cases of a selection, one row each."""
    return select(OPEN_CASE, bound)
