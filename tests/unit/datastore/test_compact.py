from datetime import UTC, datetime

import pytest

from datastore.compact import compact
from datastore.errors import StoreBusyError, StoreError, StoreNotFoundError
from datastore.fingerprint import fingerprint
from datastore.store import FILE_NAME, Store

PRIVATE = "王小明的电话"
MOMENT = datetime(2026, 1, 1, tzinfo=UTC).replace(tzinfo=None)


def on_disk(data_dir, text=PRIVATE):
    return [path.name for path in data_dir.rglob("*") if path.is_file() and text.encode() in path.read_bytes()]


@pytest.fixture
def data_dir(tmp_path):
    """Store that held a text and deleted it."""
    place = tmp_path / "it's a city"
    rows = [("C-1", b"salt", PRIVATE, MOMENT), ("C-2", b"salt", "kept", MOMENT)]
    with Store.open(place, create=True) as store, store.write() as con:
        con.executemany("INSERT INTO reporter VALUES (?, ?, ?, ?)", rows)
    with Store.open(place) as store, store.write() as con:
        con.execute("DELETE FROM reporter WHERE case_no = 'C-1'")
    return place


def test_the_engine_leaves_what_was_deleted_in_the_file(data_dir):
    assert on_disk(data_dir) == [FILE_NAME]


def test_what_was_deleted_is_in_no_file_afterwards(data_dir):
    done = compact(data_dir)
    assert on_disk(data_dir) == []
    assert done.rows > 0
    assert {path.name for path in data_dir.iterdir() if path.is_file()} == {FILE_NAME}


def test_everything_else_is_as_it_was(data_dir):
    with Store.open(data_dir) as store, store.read() as cur:
        before, version = fingerprint(cur), store.data_version()
    compact(data_dir)
    with Store.open(data_dir) as store, store.read() as cur:
        assert fingerprint(cur) == before
        assert store.data_version() == version
        assert cur.execute("SELECT body FROM reporter").fetchall() == [("kept",)]


def test_a_store_that_someone_has_open_is_left_alone(data_dir, monkeypatch):
    def taken(*_args, **_options):
        raise StoreBusyError("in use by process 7", data_dir / FILE_NAME, 7)

    monkeypatch.setattr(Store, "open", taken)
    with pytest.raises(StoreBusyError):
        compact(data_dir)
    assert on_disk(data_dir) == [FILE_NAME]


def test_a_copy_that_is_not_whole_is_not_taken(data_dir, monkeypatch):
    before = (data_dir / FILE_NAME).read_bytes()
    monkeypatch.setattr("datastore.compact._compare", _refuse)
    with pytest.raises(StoreError, match="not whole"):
        compact(data_dir)
    assert (data_dir / FILE_NAME).read_bytes() == before
    assert {path.name for path in data_dir.iterdir() if path.is_file()} == {FILE_NAME}


def _refuse(_con, path):
    raise StoreError("not whole", path)


def test_what_an_earlier_one_left_is_cleared_away(data_dir):
    (data_dir / f".{FILE_NAME}.compact-1").write_text("half a store")
    compact(data_dir)
    assert {path.name for path in data_dir.iterdir() if path.is_file()} == {FILE_NAME}


def test_a_directory_without_a_store_is_told(tmp_path):
    with pytest.raises(StoreNotFoundError):
        compact(tmp_path)
