"""A few rows and many are written by different ways of the engine, and nobody can tell from the table."""

from collections.abc import Iterator
from datetime import date, datetime
from typing import Any

import duckdb
import pytest

from datastore.few_rows import MAX_VALUES, insert_rows, replace_rows, update_rows

COLUMNS = ("key", "small", "exact", "text", "hash", "moment", "day")
FEW, MANY = MAX_VALUES // len(COLUMNS), MAX_VALUES // len(COLUMNS) + 1


@pytest.fixture
def con() -> Iterator[duckdb.DuckDBPyConnection]:
    with duckdb.connect() as connection:
        connection.execute(
            "CREATE TABLE kept (key INTEGER PRIMARY KEY, small UTINYINT, exact DOUBLE, text VARCHAR, hash BLOB, "
            "moment TIMESTAMP, day DATE, other VARCHAR DEFAULT 'as ever')"
        )
        yield connection


def row(key: int, **changes: Any) -> dict[str, Any]:
    values = (
        key,
        255,
        0.1 + 0.2,
        'it\'s 中文 "quoted"',
        b"\x00\xff",
        datetime(2026, 1, 2, 3, 4, 5, 678901),  # noqa: DTZ001 - as the store keeps moments
        date(2026, 1, 2),
    )
    return {**dict(zip(COLUMNS, values, strict=True)), **changes}


def stored(con: duckdb.DuckDBPyConnection) -> list[dict[str, Any]]:
    found = con.execute("SELECT * FROM kept ORDER BY key")
    names = [column[0] for column in found.description or ()]
    return [dict(zip(names, values, strict=True)) for values in found.fetchall()]


@pytest.mark.parametrize("count", [0, 1, FEW, MANY, 300])
def test_rows_are_stored_as_they_are_however_many(con: duckdb.DuckDBPyConnection, count: int) -> None:
    rows = [row(key) for key in range(count)]
    insert_rows(con, "kept", rows, COLUMNS)
    assert stored(con) == [{**each, "other": "as ever"} for each in rows]


@pytest.mark.parametrize("count", [1, FEW, MANY])
def test_nothing_is_a_value_too(con: duckdb.DuckDBPyConnection, count: int) -> None:
    rows = [{**dict.fromkeys(COLUMNS), "key": key} for key in range(count)]
    insert_rows(con, "kept", rows, COLUMNS)
    assert [each["text"] for each in stored(con)] == [None] * count


@pytest.mark.parametrize("count", [1, FEW, MANY])
def test_rows_go_with_the_transaction_that_they_were_written_in(con: duckdb.DuckDBPyConnection, count: int) -> None:
    con.execute("BEGIN")
    insert_rows(con, "kept", [row(key) for key in range(count)], COLUMNS)
    con.execute("ROLLBACK")
    assert stored(con) == []


@pytest.mark.parametrize("count", [2, FEW, MANY])
def test_a_key_that_is_there_is_refused_or_replaced(con: duckdb.DuckDBPyConnection, count: int) -> None:
    insert_rows(con, "kept", [row(0, text="old")], COLUMNS)
    rows = [row(key, text="new") for key in range(count)]
    with pytest.raises(duckdb.ConstraintException):
        insert_rows(con, "kept", rows, COLUMNS)
    assert [each["text"] for each in stored(con)] == ["old"]
    replace_rows(con, "kept", rows, COLUMNS)
    assert [each["text"] for each in stored(con)] == ["new"] * count


@pytest.mark.parametrize("count", [0, 1, 2, MANY])
def test_columns_are_set_in_the_rows_of_the_keys_and_nowhere_else(con: duckdb.DuckDBPyConnection, count: int) -> None:
    insert_rows(con, "kept", [row(key, text="old") for key in range(MANY + 1)], COLUMNS)
    update_rows(con, "kept", "key", [{"key": key, "text": "new"} for key in range(count)], ("key", "text"))
    assert [each["text"] for each in stored(con)] == ["new"] * count + ["old"] * (MANY + 1 - count)
    assert all(each["exact"] == 0.1 + 0.2 for each in stored(con))
