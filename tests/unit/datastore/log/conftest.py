"""A store with a small log: history of several batches of tiles, and live events after it."""

from collections.abc import Callable
from datetime import UTC, datetime, timedelta

import duckdb
import pyarrow as pa
import pytest

from datastore.log.import_leaves import append_imports, number_history
from datastore.log.keys import open_key
from datastore.log.tables import insert_tiles
from datastore.log.tail import LogTail
from datastore.store import Store
from datastore.table import insert_table
from twin_model.case_chain import entry_bytes
from twin_model.merkle import leaf_hash

HISTORY = 700
FIRST = datetime(2026, 1, 1, tzinfo=UTC)


def naive(moment):
    return moment.astimezone(UTC).replace(tzinfo=None)


def case_no(number):
    return f"110108{FIRST + timedelta(minutes=number):%Y%m%d}{number:06d}"


def put_cases(con: duckdb.DuckDBPyConnection, count: int, first: int = 0) -> None:
    """Cases as an importer of an earlier release left them, which knew no log."""
    keys = {
        table: con.execute(f"SELECT {key}, code FROM {table} ORDER BY {key}").fetchall()  # noqa: S608 - names of ours
        for table, key in (("case_source", "source_id"), ("case_class", "class_id"))
    }
    numbers = range(first, first + count)
    moments = [naive(FIRST + timedelta(minutes=number)) for number in numbers]
    rows = {
        "case_id": pa.array(numbers, pa.int32()),
        "case_no": [case_no(number) for number in numbers],
        "source_id": pa.array([keys["case_source"][number % 2][0] for number in numbers], pa.uint8()),
        "class_id": pa.array([keys["case_class"][number % 3][0] for number in numbers], pa.int16()),
        "stage": pa.array([70 if number % 2 else 40 for number in numbers], pa.uint8()),
        "reported_at": pa.array(moments, pa.timestamp("us")),
        "closed_at": pa.array([m if number % 2 else None for number, m in zip(numbers, moments, strict=True)],
                              pa.timestamp("us")),
        "reported_day": pa.array([moment.date() for moment in moments]),
        "reported_hour": pa.array([moment.hour for moment in moments], pa.uint8()),
        "lon": [116 + number / 7e4 for number in numbers],
        "lat": [39.9 if number % 5 else None for number in numbers],
        "source_ref": [f'r"{number}' if number % 4 == 0 else None for number in numbers],
        "dataset_id": pa.array([0] * count, pa.int16()),
    }  # fmt: skip
    insert_table(con, "cases", pa.table(rows))


def put_history(con: duckdb.DuckDBPyConnection) -> None:
    put_cases(con, HISTORY)
    number_history(con)
    append_imports(con)


class Writer:
    """A writer of live events, as plain as can be."""

    def __init__(self, con: duckdb.DuckDBPyConnection) -> None:
        self.con = con
        self.tail = LogTail.open(con)
        self.last: dict[str, bytes] = {}

    def event(self, number: int, kind: str, **data: object) -> int:
        """Append one event of a case, old or new, and bring its row up to it."""
        no = case_no(number)
        row = self.con.execute("SELECT log_first, log_last FROM cases WHERE case_no = ?", [no]).fetchall()
        prev = b""
        if row:
            entries = self.con.execute("SELECT entry FROM log_entry WHERE seq = ?", [row[0][1]]).fetchall()
            prev = leaf_hash(entries[0][0].encode())
        moment = FIRST + timedelta(days=30, minutes=self.tail.size)
        entry = entry_bytes(kind=kind, case_no=no, actor="op", moment=moment, prev=prev, data=data)
        leaf = leaf_hash(entry)
        seq = self.tail.append(leaf)
        key = row[0][0] if row else seq
        self.con.execute(
            "INSERT INTO case_event VALUES (?, ?, ?, ?, ?, ?, ?, ?)",
            [seq, key, no, kind, naive(moment), "op", entry.decode(), leaf],
        )
        if not row:
            put_cases(self.con, 1, number)
            self.con.execute("UPDATE cases SET log_first = ? WHERE case_no = ?", [seq, no])
        self.con.execute("UPDATE cases SET log_last = ? WHERE case_no = ?", [seq, no])
        insert_tiles(self.con, self.tail.take_tiles())
        return seq


@pytest.fixture
def store(store_factory: Callable[..., Store]) -> Store:
    return store_factory()


@pytest.fixture
def history(store: Store) -> Store:
    """A store with history alone."""
    with store.write() as con:
        put_history(con)
    return store


@pytest.fixture
def key(store: Store):
    return open_key(store.path.parent, "citydeck/test")
