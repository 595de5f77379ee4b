"""A few rows into a table, in the way that costs least: planning a statement takes longer than writing its rows."""

from collections.abc import Mapping, Sequence
from typing import Any, Literal

import duckdb

MAX_VALUES = 40
"""Values that are written sooner by a statement that holds them; of more, the engine's appender is faster."""

_VERBS = {"insert": "INSERT", "upsert": "INSERT OR REPLACE"}

Row = Mapping[str, Any]


def insert_rows(con: duckdb.DuckDBPyConnection, table: str, rows: Sequence[Row], columns: Sequence[str]) -> None:
    """Append rows to a table of the store, in the caller's transaction.

    Parameters
    ----------
    con : DuckDBPyConnection
        Writing cursor.
    table : str
    rows : sequence of mapping
        Values by column, of Python's own types; moments UTC without a zone.
    columns : sequence of str
        Those that are written; others take their default.
    """
    _write(con, "insert", table, rows, columns)


def replace_rows(con: duckdb.DuckDBPyConnection, table: str, rows: Sequence[Row], columns: Sequence[str]) -> None:
    """Append rows, each in place of the one that has its primary key, in the caller's transaction.

    Parameters
    ----------
    con, table, rows, columns
        As for `insert_rows`.
    """
    _write(con, "upsert", table, rows, columns)


def update_rows(
    con: duckdb.DuckDBPyConnection, table: str, key: str, rows: Sequence[Row], columns: Sequence[str]
) -> None:
    """Set columns of rows that are there, in the caller's transaction.

    Parameters
    ----------
    con : DuckDBPyConnection
        Writing cursor.
    table : str
    key : str
        Column that tells the rows apart.
    rows : sequence of mapping
        Key and values.
    columns : sequence of str
        Those to set, and the key.
    """
    if len(rows) == 1:
        names = [name for name in columns if name != key]
        sets = ", ".join(f"{name} = ?" for name in names)
        values = [rows[0][name] for name in (*names, key)]
        con.execute(f"UPDATE {table} SET {sets} WHERE {key} = ?", values)  # noqa: S608 - names of ours
    elif rows:
        appender = con.appender(table, columns=list(columns), action="update", key=[key])
        appender.append_rows([[row[name] for name in columns] for row in rows])
        appender.flush()


def _write(
    con: duckdb.DuckDBPyConnection,
    action: Literal["insert", "upsert"],
    table: str,
    rows: Sequence[Row],
    columns: Sequence[str],
) -> None:
    values = [[row[name] for name in columns] for row in rows]
    if len(rows) > 1 and len(rows) * len(columns) > MAX_VALUES:
        appender = con.appender(table, columns=list(columns), action=action)
        appender.append_rows(values)
        appender.flush()
    elif rows:
        marks = ", ".join([f"({', '.join('?' * len(columns))})"] * len(rows))
        con.execute(
            f"{_VERBS[action]} INTO {table} ({', '.join(columns)}) VALUES {marks}",
            [value for row in values for value in row],
        )
