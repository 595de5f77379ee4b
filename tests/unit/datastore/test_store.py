import os
import subprocess
import sys
import threading
from collections.abc import Callable
from pathlib import Path

import duckdb
import pytest

from datastore.errors import (
    StoreBusyError,
    StoreDamagedError,
    StoreError,
    StoreFullError,
    StoreNotFoundError,
    StoreReadOnlyError,
    StoreTooNewError,
)
from datastore.store import FILE_NAME, Store, explained
from twin_model.case_class import default_case_classes
from twin_model.source import DEFAULT_SOURCES

ADD_UNIT = "INSERT INTO unit VALUES (1, 'W01', '水务', 'Water', 'department')"
COUNT_UNITS = "SELECT count(*) FROM unit"


def count(store: Store) -> int:
    with store.read() as cur:
        return int(cur.execute(COUNT_UNITS).fetchall()[0][0])


def test_a_new_store_holds_the_reference_rows(store_factory: Callable[..., Store]) -> None:
    store = store_factory()
    with store.read() as cur:
        sources = cur.execute("SELECT code FROM case_source ORDER BY source_id").fetchall()
        classes = cur.execute("SELECT code FROM case_class ORDER BY class_id").fetchall()
    assert [code for (code,) in sources] == [source.code for source in DEFAULT_SOURCES]
    assert [code for (code,) in classes] == [each.code for each in default_case_classes()]
    assert store.data_version() == 0
    assert not store.meta().demo


def test_a_missing_store_says_what_to_run(tmp_path: Path) -> None:
    with pytest.raises(StoreNotFoundError, match="run citydeck init or citydeck demo"):
        Store.open(tmp_path)
    assert not list(tmp_path.iterdir())


def test_a_write_is_seen_after_it_and_raises_the_data_version(store_factory: Callable[..., Store]) -> None:
    store = store_factory()
    with store.write() as con:
        con.execute(ADD_UNIT)
        assert count(store) == 0
    assert count(store) == 1
    assert store.data_version() == store.meta().data_version == 1


@pytest.mark.parametrize("error", [ValueError, KeyboardInterrupt, SystemExit])
def test_whatever_breaks_a_write_leaves_the_store_as_it_was(
    store_factory: Callable[..., Store], error: type[BaseException]
) -> None:
    store = store_factory()

    def write_and_fail() -> None:
        with store.write() as con:
            con.execute(ADD_UNIT)
            raise error

    with pytest.raises(error):
        write_and_fail()
    assert count(store) == 0
    assert store.data_version() == store.meta().data_version == 0
    with store.write() as con:
        con.execute(ADD_UNIT)
    assert count(store) == 1


def test_a_statement_that_fails_takes_the_whole_write_back(store_factory: Callable[..., Store]) -> None:
    store = store_factory()
    with pytest.raises(duckdb.ConstraintException), store.write() as con:
        con.executemany("INSERT INTO unit VALUES (?, '', '', '', 'other')", [(1,), (2,), (1,)])
    assert count(store) == 0


def test_what_was_written_is_there_when_opened_again(tmp_path: Path) -> None:
    with Store.open(tmp_path, create=True) as store, store.write() as con:
        con.execute(ADD_UNIT)
    with Store.open(tmp_path) as store:
        assert (count(store), store.data_version()) == (1, 1)
    assert [path.name for path in tmp_path.iterdir()] == [FILE_NAME]


def test_a_reader_sees_one_moment(store_factory: Callable[..., Store]) -> None:
    store = store_factory()
    with store.read() as cur:
        before = cur.execute(COUNT_UNITS).fetchall()
        with store.write() as con:
            con.execute(ADD_UNIT)
        assert cur.execute(COUNT_UNITS).fetchall() == before
    assert count(store) == 1


def test_a_result_left_unread_does_not_block_the_next_reader(store_factory: Callable[..., Store]) -> None:
    store = store_factory()
    with store.read() as cur:
        cur.execute("SELECT * FROM case_class").fetchone()
    with store.read() as cur:
        assert cur.sql(COUNT_UNITS).to_arrow_table().num_rows == 1


def test_a_reader_s_mistake_does_not_spoil_the_next_one(store_factory: Callable[..., Store]) -> None:
    store = store_factory()
    with pytest.raises(duckdb.CatalogException), store.read() as cur:
        cur.execute("SELECT * FROM nowhere")
    assert count(store) == 0


def test_writers_take_turns_and_readers_see_whole_writes(store_factory: Callable[..., Store]) -> None:
    store = store_factory()
    torn: list[int] = []
    done = threading.Event()

    def write(first: int) -> None:
        for number in range(5):
            with store.write() as con:
                for each in (0, 1):
                    con.execute(
                        "INSERT INTO unit VALUES ($id, $id::VARCHAR, '', '', 'other')",
                        {"id": 2 * (first + number) + each},
                    )

    def read() -> None:
        while not done.is_set():
            found = count(store)
            if found % 2:
                torn.append(found)

    reader = threading.Thread(target=read)
    reader.start()
    writers = [threading.Thread(target=write, args=(first,)) for first in (0, 5, 10)]
    for writer in writers:
        writer.start()
    for writer in writers:
        writer.join()
    done.set()
    reader.join()
    assert not torn
    assert (count(store), store.data_version()) == (30, 15)


def test_a_store_open_for_reading_refuses_to_write(tmp_path: Path) -> None:
    Store.open(tmp_path, create=True).close()
    with Store.open(tmp_path, read_only=True) as store, pytest.raises(StoreReadOnlyError), store.write():
        pass


def test_a_store_in_use_names_the_process(store_factory: Callable[..., Store]) -> None:
    store = store_factory()
    code = (
        "import sys; from pathlib import Path; from datastore.store import Store\n"
        "try: Store.open(Path(sys.argv[1]))\n"
        "except Exception as error: print(type(error).__name__, error.pid, error)"
    )
    run = subprocess.run(  # noqa: S603 - this interpreter
        [sys.executable, "-c", code, str(store.path.parent)], capture_output=True, text=True, check=True
    )
    holder = os.getpid()
    assert run.stdout.startswith(f"{StoreBusyError.__name__} {holder} {store.path} is in use by process {holder}")


@pytest.mark.parametrize("content", [b"", b"no database at all" * 400])
def test_a_file_that_is_no_store_is_not_touched(tmp_path: Path, content: bytes) -> None:
    path = tmp_path / FILE_NAME
    path.write_bytes(content)
    with pytest.raises(StoreDamagedError, match="cannot be read as a store"):
        Store.open(tmp_path)
    assert path.read_bytes() == content


def test_a_cut_file_is_called_damaged(tmp_path: Path) -> None:
    Store.open(tmp_path, create=True).close()
    path = tmp_path / FILE_NAME
    path.write_bytes(path.read_bytes()[:20_000])
    with pytest.raises(StoreDamagedError, match="restore it from a backup"):
        Store.open(tmp_path)


def test_someone_else_s_database_is_left_alone(tmp_path: Path) -> None:
    with duckdb.connect(tmp_path / FILE_NAME) as con:
        con.execute("CREATE TABLE theirs (x INTEGER)")
    with pytest.raises(StoreDamagedError, match="is a DuckDB file but no citydeck store"):
        Store.open(tmp_path, create=True)


def test_no_extension_is_fetched(store_factory: Callable[..., Store]) -> None:
    with store_factory().read() as cur:
        names = ("autoinstall_known_extensions", "autoload_known_extensions")
        values = [cur.execute("SELECT current_setting(?)", [name]).fetchall()[0][0] for name in names]
    assert values == [False, False]


@pytest.mark.parametrize(
    ("text", "kind"),
    [
        ("IO Error: Could not write file: No space left on device", StoreFullError),
        ("IO Error: Trying to read a database file with version number 99; storage version", StoreTooNewError),
        ("IO Error: Corrupt database file: computed checksum", StoreDamagedError),
    ],
)
def test_errors_of_the_engine_become_sentences(text: str, kind: type[Exception]) -> None:
    found = explained(duckdb.IOException(text), Path("data/city.duckdb"))
    assert isinstance(found, kind)
    assert "data/city.duckdb" in str(found)


def test_our_own_mistakes_are_not_explained_away() -> None:
    assert explained(duckdb.BinderException("Referenced column not found"), Path("x")) is None


@pytest.mark.parametrize("name", ["file", "file/below", "x" * 300])
def test_a_directory_that_cannot_be_made_is_one_sentence(tmp_path: Path, name: str) -> None:
    (tmp_path / "file").write_text("ours", encoding="utf-8")
    with pytest.raises(StoreError, match=r"cannot be used as a data directory: .*; choose another"):
        Store.open(tmp_path / name, create=True)
    assert (tmp_path / "file").read_text(encoding="utf-8") == "ours"
