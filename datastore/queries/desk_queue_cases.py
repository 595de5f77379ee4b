"""The cases of a queue, a page of them at a time, and what they can be narrowed down by."""

from datetime import datetime

import duckdb
import pyarrow as pa

from datastore.queries.case_names import with_names
from datastore.queries.desk_filter import DeskFilter, cursor_rows, filter_sql
from datastore.queries.desk_scope import DeskScope, moments, open_cases, place_of, queue_sql
from twin_model.case import CaseState
from twin_model.desk_queue import Queue

MAX_ROWS = 200
"""Rows of a page at most."""

SORTS = {
    "deadline": "deadline_at ASC NULLS LAST, reported_at, case_id",
    "newest": "reported_at DESC, case_id DESC",
    "oldest": "reported_at, case_id",
    "class": "class_id, deadline_at ASC NULLS LAST, case_id",
    "street": "street_id NULLS LAST, community_id NULLS LAST, deadline_at ASC NULLS LAST, case_id",
    "unit": "unit_id NULLS LAST, deadline_at ASC NULLS LAST, case_id",
    "stage": "stage, deadline_at ASC NULLS LAST, case_id",
}
"""Orders of a queue, by name."""

SCHEMA = pa.schema(
    [
        ("case_no", pa.string()), ("stage", pa.uint8()), ("hold", pa.string()), ("reported_at", pa.timestamp("us")),
        ("deadline_at", pa.timestamp("us")), ("lon", pa.float64()), ("lat", pa.float64()),
        ("state", pa.string()), ("class_id", pa.int16()), ("source_id", pa.uint8()), ("unit_id", pa.int16()),
        ("street_id", pa.int32()), ("community_id", pa.int32()), ("building_id", pa.int32()), ("matching", pa.int64()),
    ]
)  # fmt: skip

_STATE = (
    f"CASE WHEN deadline_at < $as_of THEN '{CaseState.OVERDUE}' WHEN deadline_at < $soon THEN '{CaseState.DUE_SOON}' "
    f"ELSE '{CaseState.OPEN}' END"
)
_DIMENSIONS = {
    "class": ("class_id", "case_class", "class_id", "name_zh, name_en"),
    "source": ("source_id", "case_source", "source_id", "name_zh, name_en"),
    "unit": ("unit_id", "unit", "unit_id", "name_zh, name_en"),
    "street": ("street_id", "area", "area_id", "name, name_en"),
}


def desk_queue_cases(
    cur: duckdb.DuckDBPyConnection,
    scope: DeskScope,
    queue: Queue,
    as_of: datetime,
    *,
    wanted: DeskFilter = DeskFilter(),  # noqa: B008 - frozen
    sort: str = "deadline",
    limit: int = MAX_ROWS,
    offset: int = 0,
) -> pa.Table:
    """Cases of a queue in an order, for those that the scope may see.

    Parameters
    ----------
    cur : DuckDBPyConnection
        Reading cursor.
    scope : DeskScope
        Who asks; a street or department gets its own cases only.
    queue : Queue
        A queue of another role is empty.
    as_of : datetime
        Aware; decides the state.
    wanted : DeskFilter
        Which of them.
    sort : str
        One of `SORTS`.
    limit, offset : int
        Rows to give, at most `MAX_ROWS`, and rows to leave out before them.

    Returns
    -------
    pyarrow.Table
        case_no, stage, hold (null for none), reported_at, deadline_at (UTC), lon, lat, file (JSON of
        `twin_model.case_file.CaseFile`, null for a case of history), state (`twin_model.case.CaseState`), matching
        (rows of all pages), and codes and names as `datastore.queries.case_names.with_names` gives them.
    """
    condition, values = filter_sql(wanted)
    place = place_of(cur, scope)
    begin, among = open_cases([queue])
    columns = ", ".join(f"{_STATE} AS state" if name == "state" else f"open_case.{name}" for name in SCHEMA.names[:-1])
    sql = (
        f"{begin}SELECT {columns}, count(*) OVER () AS matching FROM {among} "  # noqa: S608 - names of ours
        f"WHERE {queue_sql(scope, place, queue)} AND {condition} "
        f"ORDER BY {SORTS[sort]} LIMIT {min(max(int(limit), 0), MAX_ROWS)} OFFSET {max(int(offset), 0)}"
    )
    rows = cursor_rows(cur, sql, values | moments(as_of))
    columns_of = zip(*rows, strict=True) if rows else [()] * len(SCHEMA)
    table = pa.table([pa.array(*each) for each in zip(columns_of, SCHEMA.types, strict=True)], SCHEMA)
    return with_names(cur, _with_files(cur, table))


def _with_files(cur: duckdb.DuckDBPyConnection, rows: pa.Table) -> pa.Table:
    """Put in what is known of the cases of a page that were touched live: long texts, read for these alone."""
    numbers = rows["case_no"].to_pylist()
    found = cur.execute("SELECT case_no, file FROM case_desk WHERE case_no = ANY(?::VARCHAR[])", [numbers]).fetchall()
    files = dict(found)
    return rows.append_column("file", pa.array([files.get(number) for number in numbers], pa.string()))


def desk_queue_choices(cur: duckdb.DuckDBPyConnection, scope: DeskScope, queue: Queue, as_of: datetime) -> pa.Table:
    """Classes, sources, units and streets of a queue's cases, with how many there are of each.

    Returns
    -------
    pyarrow.Table
        dimension (``class``, ``source``, ``unit`` or ``street``), code, name_zh, name_en, cases; most cases first.
    """
    place = place_of(cur, scope)
    keys = [column for column, *_ in _DIMENSIONS.values()]
    sets = ", ".join(f"({key})" for key in keys)
    begin, among = open_cases([queue])
    base = (
        f"{begin}SELECT {', '.join(keys)}, count(*) AS cases FROM {among} WHERE {queue_sql(scope, place, queue)} "  # noqa: S608 - names of ours
        f"GROUP BY GROUPING SETS ({sets})"
    )
    parts = [_counted(name, *spec) for name, spec in _DIMENSIONS.items()]
    sql = f"WITH counted AS ({base}) {' UNION ALL '.join(parts)} ORDER BY dimension, cases DESC, code"
    rows = cursor_rows(cur, sql, moments(as_of))
    names = ("dimension", "code", "name_zh", "name_en", "cases")
    types = (pa.string(), pa.string(), pa.string(), pa.string(), pa.int64())
    columns_of = zip(*rows, strict=True) if rows else [()] * len(names)
    return pa.table([pa.array(*each) for each in zip(columns_of, types, strict=True)], names)


def _counted(name: str, column: str, table: str, key: str, names: str) -> str:
    """Write the SQL of the rows of one dimension, with the names of what was counted."""
    zh, en = names.split(", ")
    return (
        f"SELECT '{name}' AS dimension, code, {zh} AS name_zh, {en} AS name_en, cases "  # noqa: S608 - names of ours
        f"FROM counted JOIN {table} ON {table}.{key} = counted.{column} WHERE counted.{column} IS NOT NULL"
    )
