"""A few rows written in the cheapest way are the rows that were meant, however many there are."""

from collections.abc import Callable
from datetime import date, datetime
from typing import Any

import duckdb
import pytest

from datastore.few_rows import MAX_VALUES, insert_rows, replace_rows, update_rows
from datastore.store import Store

COLUMNS = ("id", "name", "part", "moment", "day", "small", "hash", "flag")
MANY = MAX_VALUES


@pytest.fixture
def con(store_factory: Callable[..., Store]):
    with store_factory().write() as opened:
        opened.execute(
            "CREATE TABLE thing (id INTEGER PRIMARY KEY, name VARCHAR, part FLOAT, moment TIMESTAMP, day DATE, "
            "small UTINYINT, hash BLOB, flag BOOLEAN, made VARCHAR DEFAULT 'here')"
        )
        yield opened


def row(number: int, **more: Any) -> dict[str, Any]:
    values = {
        "id": number, "name": f"第{number}", "part": number / 4, "moment": datetime(2026, 11, 30, 2, 3, 4, number),  # noqa: DTZ001
        "day": date(2026, 11, 30), "small": number % 256, "hash": bytes([number % 256, 0, 255]), "flag": number > 1,
    }  # fmt: skip
    return {**values, **more}


def stored(con: duckdb.DuckDBPyConnection) -> list[tuple[Any, ...]]:
    return con.execute(f"SELECT {', '.join(COLUMNS)} FROM thing ORDER BY id").fetchall()  # noqa: S608


def values(rows: list[dict[str, Any]]) -> list[tuple[Any, ...]]:
    return [tuple(each[name] for name in COLUMNS) for each in rows]


@pytest.mark.parametrize("count", [0, 1, 2, 5, 6, MANY])
def test_rows_are_written_as_they_are(con: duckdb.DuckDBPyConnection, count: int) -> None:
    rows = [row(number) for number in range(count)]
    insert_rows(con, "thing", rows, COLUMNS)
    assert stored(con) == values(rows)
    assert con.execute("SELECT DISTINCT made FROM thing").fetchall() == [("here",)] * bool(count)


@pytest.mark.parametrize("count", [2, MANY])
def test_nothing_is_kept_as_nothing(con: duckdb.DuckDBPyConnection, count: int) -> None:
    rows = [row(number, **dict.fromkeys(COLUMNS[1:])) for number in range(count)]
    insert_rows(con, "thing", rows, COLUMNS)
    assert stored(con) == values(rows)


@pytest.mark.parametrize("count", [1, 2, MANY])
def test_only_the_rows_and_columns_that_are_meant_are_changed(con: duckdb.DuckDBPyConnection, count: int) -> None:
    rows = [row(number) for number in range(MANY + 2)]
    insert_rows(con, "thing", rows, COLUMNS)
    changed = [row(number, name="anders", small=None, part=99.5) for number in range(1, count + 1)]
    update_rows(con, "thing", "id", changed, ("id", "name", "small"))
    wanted = [{**each, "name": "anders", "small": None} if 1 <= each["id"] <= count else each for each in rows]
    assert stored(con) == values(wanted)
    update_rows(con, "thing", "id", [], ("id", "name"))
    assert stored(con) == values(wanted)


@pytest.mark.parametrize("count", [1, 2, MANY])
def test_a_row_takes_the_place_of_the_one_with_its_key(con: duckdb.DuckDBPyConnection, count: int) -> None:
    insert_rows(con, "thing", [row(0), row(count)], COLUMNS)
    again = [row(number, name="neu") for number in range(1, count + 1)]
    replace_rows(con, "thing", again, COLUMNS)
    assert stored(con) == values([row(0), *again])


@pytest.mark.parametrize("count", [2, MANY])
def test_what_was_written_goes_with_the_transaction(store_factory: Callable[..., Store], count: int) -> None:
    store = store_factory()
    with store.write() as con:
        con.execute("CREATE TABLE thing (id INTEGER PRIMARY KEY, name VARCHAR)")
        insert_rows(con, "thing", [{"id": number, "name": "alt"} for number in range(count)], ("id", "name"))

    def spoil() -> None:
        with store.write() as con:
            rows = [{"id": number, "name": "neu"} for number in range(count)]
            update_rows(con, "thing", "id", rows, ("id", "name"))
            replace_rows(con, "thing", rows, ("id", "name"))
            insert_rows(con, "thing", [{"id": 1000 + number, "name": "x"} for number in range(count)], ("id", "name"))
            raise ValueError("changed my mind")

    with pytest.raises(ValueError, match="changed my mind"):
        spoil()
    with store.read() as cur:
        assert cur.execute("SELECT count(*), min(name), max(name) FROM thing").fetchall() == [(count, "alt", "alt")]
