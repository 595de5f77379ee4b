"""A changed list of responsibilities, tried on the cases of a store."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta

import duckdb
import pyarrow as pa

from datastore.meta import read_meta
from datastore.queries.responsibility_history import responsibility_history
from twin_model.errors import ResponsibilityError
from twin_model.responsibility import Responsibilities
from twin_model.responsibility_moves import count_moves
from twin_model.responsibility_what_if import WhatIf, what_if

Progress = Callable[[str, float], None]

_NAMES: Mapping[str, str] = {
    "unit": "SELECT code, name_zh FROM unit",
    "class": "SELECT code, name_zh FROM case_class",
    "street": "SELECT code, name FROM area WHERE length(code) <= 9",
}
_READ_SHARE, _COMPARE_SHARE = 0.6, 0.8


@dataclass(frozen=True)
class Trial:
    """What a changed list would have done.

    Parameters
    ----------
    result : WhatIf
    examples : mapping of int to str
        Case number by row of the input, for the rows that the result names.
    names : mapping of str to mapping of str to str
        ``unit``, ``class`` and ``street``: Chinese name by code.
    moves : pyarrow.Table or None
        As `twin_model.responsibility_moves.count_moves` gives them, where they were asked for.
    """

    result: WhatIf
    examples: Mapping[int, str]
    names: Mapping[str, Mapping[str, str]]
    moves: pa.Table | None


def try_list(
    cur: duckdb.DuckDBPyConnection,
    before: Responsibilities,
    after: Responsibilities,
    span: tuple[datetime, datetime],
    at: datetime,
    *,
    moves: bool,
    progress: Progress,
) -> Trial:
    """Compare what two lists say of the cases that were reported in a span of time.

    Parameters
    ----------
    cur : DuckDBPyConnection
        Reading cursor.
    before, after : Responsibilities
    span : tuple of datetime
        Aware; first moment, and first moment after.
    at : datetime
        Aware; both lists are asked as of this moment.
    moves : bool
        Whether to count the moved cases by units, class and street together.
    progress : function
        Told the phase and the fraction done.

    Raises
    ------
    ResponsibilityError
        If no case was reported in the span.
    """
    progress("read the cases", 0.0)
    cases = responsibility_history(cur, *span)
    if not cases.num_rows:
        raise ResponsibilityError("no case was reported in that time; give an earlier --since or a later --until")
    progress("ask both lists", _READ_SHARE)
    result = what_if(before, after, cases, at)
    progress("count what moves", _COMPARE_SHARE)
    counted = count_moves(before, after, cases, at) if moves else None
    rows = sorted(
        {row for flow in (result.flows, result.from_history) for each in flow["examples"] for row in each.as_py()}
    )
    examples = _case_numbers(cur, rows, cases["case_id"].take(pa.array(rows, pa.int64())).to_pylist())
    names = {what: dict(cur.execute(query).fetchall()) for what, query in _NAMES.items()}
    progress("done", 1.0)
    return Trial(result, examples, names, counted)


def report_span(cur: duckdb.DuckDBPyConnection, since: date | None, until: date | None) -> tuple[datetime, datetime]:
    """Span of the reports of local days, both inclusive; open where a day is left out.

    Raises
    ------
    ResponsibilityError
        If the last day lies before the first.
    """
    if since and until and until < since:
        raise ResponsibilityError(f"--until {until} lies before --since {since}; turn them round")
    zone = read_meta(cur).zone
    first, last = (
        None if day is None else datetime.combine(day, time(), zone).astimezone(UTC)
        for day in (since, until + timedelta(days=1) if until else None)
    )
    return first or datetime(1, 1, 2, tzinfo=UTC), last or datetime(9999, 12, 30, tzinfo=UTC)


def _case_numbers(cur: duckdb.DuckDBPyConnection, rows: Sequence[int], ids: Sequence[int]) -> dict[int, str]:
    found = cur.execute(
        "SELECT case_id, case_no FROM cases WHERE case_id IN (SELECT unnest(?::INTEGER[]))", [list(ids)]
    ).fetchall()
    number = dict(found)
    return {row: number[case_id] for row, case_id in zip(rows, ids, strict=True)}
