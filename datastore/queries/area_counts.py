"""Cases by area of one level: three plain counts that the ranking and the map put beside the areas."""

from collections.abc import Mapping
from datetime import date, datetime

import duckdb
import ibis.expr.types as ir
import numpy as np
import pyarrow as pa
from numpy.typing import NDArray

from datastore.queries.bound import Bound
from datastore.queries.facts import open_cases, reported_cases
from datastore.queries.measures import flow, lateness
from datastore.queries.run import compiled, first_day, run, today
from datastore.queries.tables import LEVEL_COLUMNS
from twin_model.area import AreaLevel


def area_counts(
    cur: duckdb.DuckDBPyConnection,
    bound: Bound,
    level: int,
    area_ids: NDArray[np.int32],
    values: Mapping[str, datetime | date],
) -> dict[str, NDArray[np.int64]]:
    """Count the cases of a bound selection in areas of one level.

    Parameters
    ----------
    cur : DuckDBPyConnection
        Reading cursor.
    bound : Bound
        Cases that count.
    level : int
        Street, community or grid.
    area_ids : (n,) int32
        Areas of that level.
    values : mapping
        Of `datastore.queries.run.moments`; ``recent`` counts from its first day.

    Returns
    -------
    dict of str to (n,) int64
        reported, closed, open, overdue, due_soon, recent.
    """
    answers = [
        run(cur, question(bound, level), values, few=level != AreaLevel.GRID)
        for question in (flow_question, late_question, recent_question)
    ]
    return {name: counts for answer in answers for name, counts in _spread(answer, area_ids).items()}


@compiled
def flow_question(bound: Bound, level: int) -> ir.Table:
    """Count reported, closed and open cases by area."""
    cases = reported_cases(bound, (LEVEL_COLUMNS[level],))
    return cases.group_by(area_id=cases[LEVEL_COLUMNS[level]]).aggregate(**flow(cases))


@compiled
def late_question(bound: Bound, level: int) -> ir.Table:
    """Count late cases by area."""
    cases = open_cases(bound)
    return cases.group_by(area_id=cases[LEVEL_COLUMNS[level]]).aggregate(**lateness(cases))


@compiled
def recent_question(bound: Bound, level: int) -> ir.Table:
    """Count cases by area that were reported in the span of days that ends today."""
    cases = reported_cases(bound, (LEVEL_COLUMNS[level], "reported_day"))
    chosen = cases.filter(cases.reported_day.between(first_day(), today()))
    return chosen.group_by(area_id=chosen[LEVEL_COLUMNS[level]]).aggregate(recent=chosen.n.sum())


def _spread(answer: pa.Table, area_ids: NDArray[np.int32]) -> dict[str, NDArray[np.int64]]:
    """Put counts where their area is; areas without a row have zero, rows of other areas or of none are left out."""
    ids = answer["area_id"].fill_null(-1).to_numpy()
    place_of = np.full(max(ids.max(initial=0), area_ids.max(initial=0)) + 1, -1)
    place_of[area_ids] = np.arange(len(area_ids))
    place = np.where(ids < 0, -1, place_of[ids])
    ours = place >= 0
    spread = {}
    for name in answer.column_names[1:]:
        spread[name] = np.zeros(len(area_ids), np.int64)
        spread[name][place[ours]] = answer[name].to_numpy()[ours]
    return spread
