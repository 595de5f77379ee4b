"""The store: one DuckDB file in a data directory, read by many threads and written by one at a time."""

import logging
import os
import re
import threading
from collections import deque
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from enum import Enum, auto
from pathlib import Path
from types import TracebackType
from typing import Self

import duckdb

from datastore import migrate
from datastore.errors import (
    DatastoreError,
    MetaError,
    StoreBusyError,
    StoreDamagedError,
    StoreError,
    StoreFullError,
    StoreNotFoundError,
    StoreReadOnlyError,
    StoreTooNewError,
)
from datastore.log.import_leaves import append_imports, number_history
from datastore.meta import Meta, read_meta
from datastore.reference import insert_references
from datastore.rollup import is_behind, refresh_rollups
from datastore.settle import settle

log = logging.getLogger(__name__)

FILE_NAME = "city.duckdb"
MEMORY_SHARE = 0.5
"""Part of the machine's memory that queries may take before they spill to the data directory."""

JOINED_SINCE = 3
"""Migration from which on cases know their building; those of an earlier store are joined as it is applied."""
LOGGED_SINCE = 4
"""Migration from which on cases are in the log; those of an earlier store enter it as it is applied."""

DATA_VERSION, SCENE_VERSION = "data_version", "scene_version"


class Change(Enum):
    """What a write may change for whoever has asked before it."""

    NOTHING = auto()
    """Only what is asked for case by case."""
    FIGURES = auto()
    """Cases and what is counted of them."""
    EVERYTHING = auto()
    """The city, too."""


_TOUCHED: dict[Change, tuple[str, ...]] = {
    Change.NOTHING: (),
    Change.FIGURES: (DATA_VERSION,),
    Change.EVERYTHING: (DATA_VERSION, SCENE_VERSION),
}
_NO_ROOM = ("No space left on device", "failed to offload data block", "File too large", "Disk quota exceeded")
_INTERRUPTED = "Query interrupted"
"""What the engine says instead of KeyboardInterrupt when Ctrl-C comes in the middle of a query."""
_DURABLE = "COMMIT succeeded and is durable"
"""What the engine says when it has committed, and then could not fold its log into the file."""
_UNFOLDED = "1TB"
"""Size that the engine's log may reach once it could not be folded into the file: any."""
RESTART_WAIT_S = 30.0
_LOCK_HOLDER = re.compile(r"PID (\d+)")


class Store:
    """An open store; make one with `Store.open` and close it, or use it in a ``with`` statement.

    A reader gets a cursor of its own and one moment of the store. A writer holds a lock and a transaction.
    """

    def __init__(
        self, path: Path, con: duckdb.DuckDBPyConnection, *, read_only: bool, threads: int | None = None
    ) -> None:
        self.path = path
        self.read_only = read_only
        self._con = con
        self._threads = threads
        self._engine = threading.Condition()
        self._users = 0
        self._gave_up = False
        self._write_lock = threading.Lock()
        self._idle: deque[duckdb.DuckDBPyConnection] = deque()
        meta = read_meta(con)
        self._versions = {DATA_VERSION: meta.data_version, SCENE_VERSION: meta.scene_version}

    @classmethod
    def open(cls, data_dir: Path, *, create: bool = False, read_only: bool = False, threads: int | None = None) -> Self:
        """Open the store in a data directory.

        Parameters
        ----------
        data_dir : Path
            Directory that holds, or will hold, ``city.duckdb``.
        create : bool
            Make an empty store where there is none.
        read_only : bool
            Several processes may read one store together while none writes.
        threads : int, optional
            Threads of DuckDB; all processors without it.

        Raises
        ------
        StoreNotFoundError
            If there is no store and ``create`` is false.
        StoreBusyError
            If another process has it open.
        StoreError
            If the directory cannot be looked into or made.
        StoreTooNewError, StoreDamagedError, MigrationChangedError, StoreFullError
            If the file cannot be used.
        """
        path = Path(data_dir) / FILE_NAME
        if not has_store(path.parent):
            if read_only or not create:
                raise StoreNotFoundError(f"no store in {data_dir}; run citydeck init or citydeck demo", path)
            make_data_dir(path.parent)
        con = _connect(path, read_only=read_only, threads=threads)
        try:
            _prepare(con, path, read_only=read_only)
            return cls(path, con, read_only=read_only, threads=threads)
        except duckdb.Error as error:
            con.close()
            raise explained(error, path) or _damaged(path, error) from error
        except BaseException:
            con.close()
            raise

    @contextmanager
    def read(self) -> Iterator[duckdb.DuckDBPyConnection]:
        """Lend a cursor for one reader; any number of threads may hold one each.

        All that is asked inside the block sees the store at one moment, however much is written beside it.

        Raises
        ------
        DatastoreError
            If the disk is full or the file damaged.
        """
        with self._begun(keep=True) as cursor:
            try:
                yield cursor
            except duckdb.Error as error:
                known = explained(error, self.path)
                if known is None:
                    raise
                raise known from error

    @contextmanager
    def write(self, change: Change = Change.EVERYTHING) -> Iterator[duckdb.DuckDBPyConnection]:
        """Lend the one writing cursor, inside a transaction that commits when the block ends.

        Whatever leaves the block as an exception, a keyboard interrupt too, rolls everything back. The versions go up
        in the same transaction.

        Parameters
        ----------
        change : Change
            What may differ afterwards for whoever has asked before.

        Raises
        ------
        StoreReadOnlyError
            If the store was opened for reading.
        StoreFullError, StoreDamagedError
            If the commit cannot be written.
        """
        if self.read_only:
            raise StoreReadOnlyError(f"{self.path} is open for reading only", self.path)
        with self._write_lock, self._begun(keep=False) as cursor:
            try:
                yield cursor
                versions = _bump_versions(cursor, change)
                self._commit(cursor)
            except BaseException as error:
                with suppress(duckdb.Error):  # a failed commit has rolled back by itself
                    cursor.execute("ROLLBACK")
                if isinstance(error, RuntimeError | duckdb.Error) and _INTERRUPTED in str(error):
                    raise KeyboardInterrupt from error
                known = explained(error, self.path) if isinstance(error, duckdb.Error) else None
                if known is None:
                    raise
                raise known from error
            self._versions |= versions

    def _commit(self, cursor: duckdb.DuckDBPyConnection) -> None:
        try:
            cursor.execute("COMMIT")
        except duckdb.FatalException as error:
            self._gave_up = True
            if _DURABLE not in str(error):
                raise
            log.error("%s has no room to be brought up to date; all is kept beside it, free some", self.path)  # noqa: TRY400 - one sentence

    @contextmanager
    def _begun(self, *, keep: bool) -> Iterator[duckdb.DuckDBPyConnection]:
        """Lend a cursor in a transaction, which is rolled back unless it was committed.

        Parameters
        ----------
        keep : bool
            Whether it is used again: not after a writer, who leaves temporary tables in it.

        Raises
        ------
        DatastoreError
            If the engine does not begin one.
        """
        cursor = self._borrow(keep=keep)
        try:
            yield cursor
        finally:
            cursor.abort()  # a result that was not read to its end would block the next reader
            try:
                cursor.execute("ROLLBACK")
            except duckdb.FatalException:
                self._gave_up = True
            except duckdb.Error:  # a commit, or a failed statement, has ended the transaction already
                pass
            self._give_back(cursor, keep=keep)

    def _borrow(self, *, keep: bool) -> duckdb.DuckDBPyConnection:
        for _ in range(2):
            with self._engine:
                self._restart()
                self._users += 1
                cursor = self._idle.pop() if keep and self._idle else self._con.cursor()
            try:
                cursor.execute("BEGIN")
            except duckdb.Error as error:
                self._gave_up |= isinstance(error, duckdb.FatalException)
                self._give_back(cursor, keep=keep)
                failed = error
            else:
                return cursor
        raise explained(failed, self.path) or _damaged(self.path, failed) from failed

    def _give_back(self, cursor: duckdb.DuckDBPyConnection, *, keep: bool) -> None:
        with self._engine:
            self._users -= 1
            if keep and not self._gave_up:
                self._idle.append(cursor)
            else:
                cursor.close()
            self._engine.notify_all()

    def _restart(self) -> None:
        """Start the engine anew where it has given up: after a fault it answers nobody, though nothing is lost.

        Without folding its log into the file from now on: there was no room for that.
        """
        while self._gave_up and self._users:
            if not self._engine.wait(RESTART_WAIT_S):
                raise StoreError(f"{self.path} waits for those who still read it; try again in a moment", self.path)
        if self._gave_up:
            while self._idle:
                self._idle.pop().close()
            self._con.close()
            self._con = _connect(self.path, read_only=self.read_only, threads=self._threads, unfolded=True)
            meta = read_meta(self._con)
            self._versions = {DATA_VERSION: meta.data_version, SCENE_VERSION: meta.scene_version}
            self._gave_up = False

    def data_version(self) -> int:
        """Count of committed writes; part of every cache key."""
        return self._versions[DATA_VERSION]

    def scene_version(self) -> int:
        """Count of committed writes that may have changed more than cases: what the city looks like."""
        return self._versions[SCENE_VERSION]

    def meta(self) -> Meta:
        """Read what the store says of itself."""
        with self.read() as cursor:
            return read_meta(cursor)

    def close(self) -> None:
        """Write everything into the one file and let go of it."""
        with self._write_lock:
            while self._idle:
                self._idle.pop().close()
            self._con.close()

    def __enter__(self) -> Self:
        """Give the open store."""
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        """Close the store."""
        self.close()


def has_store(data_dir: Path) -> bool:
    """Whether a data directory holds a store.

    Raises
    ------
    StoreError
        If the directory cannot be looked into.
    """
    with using_directory(data_dir):
        return (data_dir / FILE_NAME).is_file()


def make_data_dir(data_dir: Path) -> None:
    """Make a data directory, and what it lies in, where there is none.

    Raises
    ------
    StoreError
        If it cannot be made: a file is in its place, say.
    """
    with using_directory(data_dir):
        data_dir.mkdir(parents=True, exist_ok=True)


@contextmanager
def using_directory(data_dir: Path) -> Iterator[None]:
    """Tell what the file system refuses inside the block as a fault of the data directory.

    Raises
    ------
    StoreError
        Instead of an OSError.
    """
    try:
        yield
    except OSError as error:
        why = "it is a file" if isinstance(error, FileExistsError) else error.strerror or str(error)
        raise StoreError(f"{data_dir} cannot be used as a data directory: {why}; choose another", data_dir) from error


def explained(error: duckdb.Error, path: Path) -> DatastoreError | None:
    """Sentence for an error of the engine that a user can mend, or None for an error of ours."""
    text = str(error)
    if "Could not set lock on file" in text:
        holder = _LOCK_HOLDER.search(text)
        pid = int(holder[1]) if holder else None
        who = f"process {pid}" if pid else "another process"
        return StoreBusyError(f"{path} is in use by {who}; stop it first, or use another data directory", path, pid)
    if any(sign in text for sign in _NO_ROOM):
        return StoreFullError(f"no room left on the disk of {path}; free some and try again, nothing was changed", path)
    if "Permission denied" in text:
        return StoreError(f"no permission to open {path}; check its owner and mode", path)
    if "newer version of DuckDB" in text or "storage version" in text.lower():
        return StoreTooNewError(
            f"{path} was written by a later DuckDB than {duckdb.__version__}; upgrade citydeck", path
        )
    if isinstance(error, duckdb.FatalException | duckdb.InternalException | duckdb.SerializationException) or (
        "not a valid DuckDB database file" in text or "Corrupt database file" in text
    ):
        return _damaged(path, error)
    return None


def _damaged(path: Path, error: duckdb.Error) -> StoreDamagedError:
    first_line = str(error).partition("\n")[0]
    return StoreDamagedError(f"{path} cannot be read as a store ({first_line}); restore it from a backup", path)


def _connect(path: Path, *, read_only: bool, threads: int | None, unfolded: bool = False) -> duckdb.DuckDBPyConnection:
    memory = os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES") * MEMORY_SHARE
    config: dict[str, str | bool | int | float | list[str]] = {
        "autoinstall_known_extensions": False,  # a closed network has nowhere to install from
        "autoload_known_extensions": False,
        "memory_limit": f"{memory / 2**20:.0f}MiB",
        "temp_directory": str(path.parent / "tmp"),
    }
    if threads is not None:
        config["threads"] = threads
    if unfolded:
        config["wal_autocheckpoint"] = _UNFOLDED
    try:
        return duckdb.connect(path, read_only=read_only, config=config)
    except duckdb.Error as error:
        raise explained(error, path) or _damaged(path, error) from error


def _prepare(con: duckdb.DuckDBPyConnection, path: Path, *, read_only: bool) -> None:
    """Bring the tables up to this release, all or nothing."""
    missing = migrate.pending(con, path, migrate.known_migrations())
    if not missing:
        if not read_only and is_behind(con):
            _catch_up(con)
        return
    if read_only:
        raise StoreReadOnlyError(f"{path} is from an earlier release; open it once for writing to bring it up", path)
    con.execute("BEGIN")
    try:
        migrate.apply(con, missing)
        if missing[0].number == 1:
            insert_references(con)
        elif missing[0].number <= JOINED_SINCE:
            settle(con)
        if 1 < missing[0].number <= LOGGED_SINCE:
            number_history(con)
            append_imports(con)
        con.execute("COMMIT")
    except BaseException:
        with suppress(duckdb.Error):
            con.execute("ROLLBACK")
        raise


def _catch_up(con: duckdb.DuckDBPyConnection) -> None:
    """Count what a desk that was killed had written, and not counted yet."""
    con.execute("BEGIN")
    try:
        refresh_rollups(con)
        _bump_versions(con, Change.FIGURES)
        con.execute("COMMIT")
    except BaseException:
        with suppress(duckdb.Error):
            con.execute("ROLLBACK")
        raise


def _bump_versions(cursor: duckdb.DuckDBPyConnection, change: Change) -> dict[str, int]:
    """Count a write in the versions that it touches, and give these."""
    bumped = {}
    for key in _TOUCHED[change]:
        rows = cursor.execute(
            "UPDATE meta SET value = (value::BIGINT + 1)::VARCHAR WHERE key = ? RETURNING value", [key]
        ).fetchall()
        if not rows:
            raise MetaError(f"meta key {key} is missing; the store was not set up by citydeck")
        bumped[key] = int(rows[0][0])
    return bumped
