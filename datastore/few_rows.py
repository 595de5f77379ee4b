"""A few rows into a table, in the way that costs least: planning a statement takes longer than writing its rows."""

from collections.abc import Mapping, Sequence
from typing import Any

import duckdb
import pyarrow as pa

from datastore.table import insert_table

_CHANGED = "changed_rows"


def insert_rows(
    con: duckdb.DuckDBPyConnection, table: str, rows: Sequence[Mapping[str, Any]], schema: pa.Schema
) -> None:
    """Append rows to a table of the store by column name, in the caller's transaction.

    Parameters
    ----------
    con : DuckDBPyConnection
        Writing cursor.
    table : str
    rows : sequence of mapping
        Values by column, of Python's own types; moments UTC without a zone.
    schema : pyarrow.Schema
        Columns and their types.
    """
    if len(rows) == 1:
        names = schema.names
        marks = ", ".join("?" * len(names))
        con.execute(
            f"INSERT INTO {table} ({', '.join(names)}) VALUES ({marks})",  # noqa: S608 - names of ours
            [rows[0][name] for name in names],
        )
    elif rows:
        insert_table(con, table, table_of(rows, schema))


def update_rows(
    con: duckdb.DuckDBPyConnection, table: str, key: str, rows: Sequence[Mapping[str, Any]], schema: pa.Schema
) -> None:
    """Set columns of rows that are there, in the caller's transaction.

    Parameters
    ----------
    con : DuckDBPyConnection
        Writing cursor.
    table : str
    key : str
        Column of numbers that tells the rows apart, and by which they lie roughly in order.
    rows : sequence of mapping
        Key and values.
    schema : pyarrow.Schema
        Columns to set, the key among them.
    """
    names = [name for name in schema.names if name != key]
    if len(rows) == 1:
        sets = ", ".join(f"{name} = ?" for name in names)
        values = [rows[0][name] for name in (*names, key)]
        con.execute(f"UPDATE {table} SET {sets} WHERE {key} = ?", values)  # noqa: S608 - names of ours
    elif rows:
        sets = ", ".join(f"{name} = b.{name}" for name in names)
        keys = [row[key] for row in rows]
        con.register(_CHANGED, table_of(rows, schema))
        con.execute(
            f"UPDATE {table} SET {sets} FROM {_CHANGED} AS b "  # noqa: S608 - names of ours
            f"WHERE {table}.{key} = b.{key} AND {table}.{key} BETWEEN $first AND $last",
            {"first": min(keys), "last": max(keys)},
        )
        con.unregister(_CHANGED)


def table_of(rows: Sequence[Mapping[str, Any]], schema: pa.Schema) -> pa.Table:
    """Arrow table of rows."""
    return pa.table([pa.array([row[each.name] for row in rows], each.type) for each in schema], schema=schema)
