"""Ibis expressions to SQL, once for each canonical selection, and SQL to Arrow.

Moments and other values that change from call to call stay placeholders in the SQL, so that the compiled text serves
every moment.
"""

from collections.abc import Callable, Hashable, Mapping
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from functools import lru_cache
from typing import Concatenate, ParamSpec

import duckdb
import ibis
import ibis.expr.datatypes as dt
import ibis.expr.types as ir
import pyarrow as pa

from datastore.meta import last_whole_day
from datastore.queries.bound import Bound, store_zone
from twin_model.case import DUE_SOON_H

COMPILED_QUERIES = 512
"""Texts kept for each question."""

P = ParamSpec("P")


@dataclass(frozen=True)
class Compiled:
    """SQL of a question with ``$name`` placeholders, and the columns it gives.

    Parameters
    ----------
    sql : str
        DuckDB's dialect.
    names : frozenset of str
        Placeholders in it.
    schema : pyarrow.Schema
        Columns and types of the answer.
    """

    sql: str
    names: frozenset[str]
    schema: pa.Schema


@ibis.udf.scalar.builtin(name="PLACEHOLDER_AS_OF")  # type: ignore[untyped-decorator]  # Ibis has no stubs
def as_of_moment() -> dt.timestamp:
    """Stand for the as-of moment."""


@ibis.udf.scalar.builtin(name="PLACEHOLDER_DUE_SOON_UNTIL")  # type: ignore[untyped-decorator]  # as above
def due_soon_until() -> dt.timestamp:
    """Stand for the moment up to which a deadline is soon."""


@ibis.udf.scalar.builtin(name="PLACEHOLDER_TODAY")  # type: ignore[untyped-decorator]  # as above
def today() -> dt.date:
    """Stand for the last local day that is over at the as-of moment."""


@ibis.udf.scalar.builtin(name="PLACEHOLDER_FIRST_DAY")  # type: ignore[untyped-decorator]  # as above
def first_day() -> dt.date:
    """Stand for the first local day of a span that ends today."""


_PLACEHOLDERS = ("as_of", "due_soon_until", "today", "first_day")


def compiled(build: Callable[Concatenate[Bound, P], ir.Table]) -> Callable[Concatenate[Bound, P], Compiled]:
    """Make a function that builds an expression give its SQL instead, kept for each bound selection."""

    @lru_cache(maxsize=COMPILED_QUERIES)
    def text(bound: Bound, *args: Hashable, **kwargs: Hashable) -> Compiled:
        expression = build(bound, *args, **kwargs)  # type: ignore[arg-type]  # the signature is build's own
        return compile_sql(expression)

    return text  # type: ignore[return-value]  # as above


def compile_sql(expression: ir.Table) -> Compiled:
    """Write an expression as SQL."""
    sql = str(ibis.to_sql(expression, dialect="duckdb"))
    names = set()
    for name in _PLACEHOLDERS:
        call = f"PLACEHOLDER_{name.upper()}()"
        if call in sql:
            sql = sql.replace(call, f"${name}")
            names.add(name)
    schema = pa.schema([(field.name, field.type) for field in expression.schema().to_pyarrow()])
    return Compiled(sql, frozenset(names), schema)


def run(
    cur: duckdb.DuckDBPyConnection,
    query: Compiled,
    values: Mapping[str, datetime | date] | None = None,
    *,
    few: bool = False,
) -> pa.Table:
    """Run a compiled question.

    Parameters
    ----------
    cur : DuckDBPyConnection
        Reading cursor.
    query : Compiled
        The question.
    values : mapping, optional
        Values of its placeholders; more than it uses is fine.
    few : bool
        The answer has few rows: fetch them as Python values, which saves planning the question a second time as
        DuckDB's way to Arrow does.
    """
    params = {name: (values or {})[name] for name in query.names}
    if few:
        rows = (cur.execute(query.sql, params) if params else cur.execute(query.sql)).fetchall()
        columns = zip(*rows, strict=True) if rows else [()] * len(query.schema)
        return pa.table([pa.array(*each) for each in zip(columns, query.schema.types, strict=True)], query.schema)
    relation = cur.sql(query.sql, params=params) if params else cur.sql(query.sql)
    return relation.to_arrow_table().cast(query.schema)


def moments(
    cur: duckdb.DuckDBPyConnection, as_of: datetime, days: int = 1, *, running: bool = False
) -> dict[str, datetime | date]:
    """Values of the placeholders at a moment.

    Parameters
    ----------
    cur : DuckDBPyConnection
        Reading cursor.
    as_of : datetime
        Aware.
    days : int
        Length of the span that ends today, at least 1.
    running : bool
        Today is the local day that runs, not the last one that is over.
    """
    last = last_whole_day(as_of, store_zone(cur)) + timedelta(days=int(running))
    now = as_of.astimezone(UTC).replace(tzinfo=None)
    return {
        "as_of": now,
        "due_soon_until": now + timedelta(hours=DUE_SOON_H),
        "today": last,
        "first_day": last - timedelta(days=days - 1),
    }
