"""A store written anew into a fresh file: what was deleted or overwritten is in no block of it any more."""

import os
import shutil
from dataclasses import dataclass
from pathlib import Path

import duckdb

from datastore.errors import StoreError
from datastore.store import FILE_NAME, Change, Store

_FRESH = "fresh"
_OWN = Path(FILE_NAME).stem
_PARTS = f".{FILE_NAME}.compact-"
"""Beginning of the name of the file in the making."""

_CATALOGUE = (
    "SELECT 'table', table_name, sql FROM duckdb_tables() WHERE database_name = $name AND NOT internal "
    "UNION ALL SELECT 'view', view_name, sql FROM duckdb_views() WHERE database_name = $name AND NOT internal "
    "UNION ALL SELECT 'index', index_name, sql FROM duckdb_indexes() WHERE database_name = $name "
    "UNION ALL SELECT 'macro', function_name, macro_definition FROM duckdb_functions() "
    "WHERE database_name = $name AND NOT internal "
    "UNION ALL SELECT 'constraint', table_name, constraint_text FROM duckdb_constraints() WHERE database_name = $name "
    "ORDER BY ALL"
)


@dataclass(frozen=True)
class Compacted:
    """Sizes of a store's file.

    Parameters
    ----------
    before, after : int
        Bytes.
    rows : int
        That were written.
    """

    before: int
    after: int
    rows: int


def compact(data_dir: Path) -> Compacted:
    """Write the store of a data directory anew and put it in the place of the old file, all or nothing.

    The engine keeps the bytes of deleted rows in the file until they happen to be overwritten. The new file holds live
    rows only, in the same order. It stands beside the old one until it is whole, so that there must be room for both.

    Parameters
    ----------
    data_dir : Path
        Nobody may have the store open.

    Raises
    ------
    StoreNotFoundError, StoreBusyError, StoreFullError, StoreDamagedError
        As `datastore.store.Store.open` and a write have it; the store is as it was.
    StoreError
        If the new file does not hold what the old one does; the store is as it was.
    """
    Store.open(data_dir).close()  # what a process left that was killed goes into the file
    path, fresh = data_dir / FILE_NAME, data_dir / f"{_PARTS}{os.getpid()}"
    for left in data_dir.glob(f"{_PARTS}*"):
        left.unlink(missing_ok=True)
    before = path.stat().st_size
    try:
        # The old file stays locked until the new one is in its place: nobody can write to what is about to go.
        with Store.open(data_dir) as store:
            rows = _copy(store, fresh)
            shutil.copymode(path, fresh)
            fresh.replace(path)
            _sync(data_dir)
    finally:
        for left in (fresh, Path(f"{fresh}.wal")):
            left.unlink(missing_ok=True)
    return Compacted(before, path.stat().st_size, rows)


def _copy(store: Store, fresh: Path) -> int:
    with store.write(Change.NOTHING) as con:
        con.execute(f"ATTACH '{_quoted(fresh)}' AS {_FRESH}")
    with store.write(Change.NOTHING) as con:
        con.execute(f"COPY FROM DATABASE {_OWN} TO {_FRESH}")
        rows = _compare(con, store.path)
    with store.write(Change.NOTHING) as con:
        con.execute(f"DETACH {_FRESH}")
    if Path(f"{fresh}.wal").exists():
        raise StoreError(f"{fresh} is not whole; {store.path} is as it was", store.path)
    return rows


def _compare(con: duckdb.DuckDBPyConnection, path: Path) -> int:
    """See that both files hold the same tables and as many rows; gives their number."""
    old, new = (con.execute(_CATALOGUE, {"name": name}).fetchall() for name in (_OWN, _FRESH))
    tables = [name for kind, name, _ in old if kind == "table"]
    counts = [
        [int(con.execute(f'SELECT count(*) FROM {place}."{name}"').fetchall()[0][0]) for name in tables]  # noqa: S608 - names of ours
        for place in (_OWN, _FRESH)
    ]
    if old != new or counts[0] != counts[1]:
        raise StoreError(f"{path} could not be copied whole; it is as it was, run citydeck verify", path)
    return sum(counts[0])


def _sync(directory: Path) -> None:
    """Make a file's new name durable."""
    place = os.open(directory, os.O_RDONLY)
    try:
        os.fsync(place)
    finally:
        os.close(place)


def _quoted(path: Path) -> str:
    return str(path.resolve()).replace("'", "''")
