"""Rows that every new store starts with: sources, default classes and what the store says of itself."""

import duckdb

from datastore.meta import NEW_STORE_META, write_meta
from datastore.table import insert_table
from twin_model.case_class import case_class_table
from twin_model.source import DEFAULT_SOURCES


def insert_references(con: duckdb.DuckDBPyConnection) -> None:
    """Insert the default sources and classes and the first meta values, in the caller's transaction."""
    con.executemany(
        "INSERT INTO case_source VALUES (?, ?, ?, ?, ?)",
        [(row.source_id, row.code, row.name_zh, row.name_en, row.proactive) for row in DEFAULT_SOURCES],
    )
    insert_table(con, "case_class", case_class_table())
    write_meta(con, NEW_STORE_META)
