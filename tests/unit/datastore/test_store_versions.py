"""Two versions of a store, of its figures and of its looks; and an engine that gave up, which is started anew."""

import threading
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

import duckdb
import pytest

from datastore.errors import StoreDamagedError, StoreFullError
from datastore.meta import write_meta
from datastore.store import Change, Store


def versions(store: Store) -> tuple[int, int]:
    return store.data_version(), store.scene_version()


@pytest.mark.parametrize(
    ("change", "more"), [(Change.NOTHING, (0, 0)), (Change.FIGURES, (1, 0)), (Change.EVERYTHING, (1, 1))]
)
def test_a_write_counts_in_the_versions_that_it_touches(
    store_factory: Callable[..., Store], change: Change, more: tuple[int, int]
) -> None:
    store = store_factory()
    before = versions(store)
    with store.write(change) as con:
        write_meta(con, {"probe": "1"})
        assert versions(store) == before
    assert versions(store) == tuple(old + new for old, new in zip(before, more, strict=True))
    meta = store.meta()
    assert (meta.data_version, meta.scene_version) == versions(store)
    assert meta.other["probe"] == "1"


def test_a_write_that_fails_counts_in_neither(store_factory: Callable[..., Store]) -> None:
    store = store_factory()
    before = versions(store)

    def fail() -> None:
        with store.write() as con:
            write_meta(con, {"probe": "1"})
            raise ValueError("changed my mind")

    with pytest.raises(ValueError, match="changed my mind"):
        fail()
    assert versions(store) == before
    assert "probe" not in store.meta().other


def test_a_store_knows_its_versions_when_it_is_opened_again(tmp_path: Path) -> None:
    with Store.open(tmp_path, create=True) as store:
        with store.write(Change.FIGURES), pytest.raises(duckdb.Error):
            store._con.execute("SELECT nonsense")
        with store.write():
            pass
        before = versions(store)
    with Store.open(tmp_path) as store:
        assert versions(store) == before == (2, 1)


# ---- an engine that gave up ----

GAVE_UP = "FATAL Error: Failed: database has been invalidated because of a previous fatal error."
NOT_FOLDED = "Transaction COMMIT succeeded and is durable, but the autocheckpoint failed. File too large"


class Cursor:
    """A cursor that says of some statements that the engine has given up, after it has done them."""

    def __init__(self, inner: duckdb.DuckDBPyConnection, faults: dict[str, str]) -> None:
        self._inner, self._faults = inner, faults

    def execute(self, statement: str, *values: Any) -> Any:
        done = self._inner.execute(statement, *values)
        fault = self._faults.pop(statement, None)
        if fault is not None:
            raise duckdb.FatalException(fault)
        return done

    def __getattr__(self, name: str) -> Any:
        return getattr(self._inner, name)


class Faulty:
    """A connection that lends such cursors."""

    def __init__(self, inner: duckdb.DuckDBPyConnection, faults: dict[str, str]) -> None:
        self._inner, self._faults = inner, faults

    def cursor(self) -> Cursor:
        return Cursor(self._inner.cursor(), self._faults)

    def __getattr__(self, name: str) -> Any:
        return getattr(self._inner, name)


@pytest.fixture
def store(store_factory: Callable[..., Store]) -> Store:
    return store_factory()


def test_a_commit_that_is_durable_counts_though_the_file_could_not_be_brought_up_to_date(store: Store) -> None:
    store._con = Faulty(store._con, {"COMMIT": NOT_FOLDED})  # type: ignore[assignment]
    with store.write() as con:
        write_meta(con, {"probe": "kept"})
    assert store.meta().other["probe"] == "kept"
    assert isinstance(store._con, duckdb.DuckDBPyConnection)
    with store.read() as cur:
        assert cur.execute("SELECT current_setting('wal_autocheckpoint')").fetchall()[0][0] != "16.0 MiB"
    with store.write() as con:
        write_meta(con, {"probe": "again"})
    assert store.meta().other["probe"] == "again"


def test_a_commit_that_did_not_happen_is_told_and_the_next_one_happens(store: Store) -> None:
    store._con = Faulty(store._con, {"COMMIT": "Failed to create checkpoint: File too large"})  # type: ignore[assignment]
    before = versions(store)

    def write() -> None:
        with store.write() as con:
            write_meta(con, {"probe": "x"})

    with pytest.raises(StoreFullError, match="no room left"):
        write()
    write()
    assert store.data_version() > before[0]


def test_a_reader_who_meets_an_engine_that_gave_up_gets_one_that_has_not(store: Store) -> None:
    store._con = Faulty(store._con, {"BEGIN": GAVE_UP})  # type: ignore[assignment]
    with store.read() as cur:
        assert cur.execute("SELECT 1").fetchall() == [(1,)]


def test_an_engine_that_gives_up_again_at_once_is_told(store: Store, monkeypatch: pytest.MonkeyPatch) -> None:
    def connect(*_args: object, **_named: object) -> Faulty:
        return Faulty(duckdb.connect(store.path), {"BEGIN": GAVE_UP})

    store._con = Faulty(store._con, {"BEGIN": GAVE_UP})  # type: ignore[assignment]
    monkeypatch.setattr("datastore.store._connect", connect)
    with pytest.raises(StoreDamagedError, match="cannot be read as a store"), store.read():
        pass


def test_the_engine_is_not_started_anew_under_somebody_who_reads(store: Store) -> None:
    entered, free = threading.Event(), threading.Event()

    def read_long() -> list[Any]:
        with store.read() as cur:
            entered.set()
            free.wait(60)
            return cur.execute("SELECT count(*) FROM meta").fetchall()

    with ThreadPoolExecutor(2) as pool:
        first = pool.submit(read_long)
        assert entered.wait(60)
        store._gave_up = True
        second = pool.submit(lambda: store.meta().data_version)
        assert not second.done()
        free.set()
        assert first.result(60)
        assert second.result(60) == store.data_version()
    assert not store._gave_up
