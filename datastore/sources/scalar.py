"""Small pieces of SQL that the importers share."""

from collections.abc import Sequence
from typing import Any

import duckdb


def first_row(con: duckdb.DuckDBPyConnection, sql: str, values: Sequence[object] = ()) -> tuple[Any, ...] | None:
    """First row of a result, or None.

    The result is read to its end: an unread rest would keep the connection from its next query.
    """
    rows = con.execute(sql, list(values)).fetchall()
    return rows[0] if rows else None


def next_key(con: duckdb.DuckDBPyConnection, table: str, key: str) -> int:
    """Key that a further row of a table takes."""
    row = first_row(con, f'SELECT coalesce(max("{key}") + 1, 0) FROM "{table}"')  # noqa: S608 - names of ours
    return int(row[0]) if row else 0


def quoted(name: str) -> str:
    """Column name as SQL writes it."""
    return '"' + name.replace('"', '""') + '"'
