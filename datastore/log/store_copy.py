"""A store's file as it is: opened for reading only, wherever it lies and whatever it is called."""

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import duckdb

from datastore import migrate
from datastore.errors import StoreDamagedError, StoreNotFoundError, StoreReadOnlyError
from datastore.store import explained


@contextmanager
def opened_file(path: Path, *, threads: int | None = None) -> Iterator[duckdb.DuckDBPyConnection]:
    """Open a store's file for reading.

    Parameters
    ----------
    path : Path
        The file: a store that nobody has open, or a copy of one.
    threads : int, optional
        Threads of DuckDB; all processors without it.

    Raises
    ------
    StoreNotFoundError
        If there is no such file.
    StoreBusyError
        If another process has it open for writing.
    StoreReadOnlyError
        If it is from an earlier release.
    StoreTooNewError, StoreDamagedError, StoreError
        If it cannot be used.
    """
    if not path.is_file():
        raise StoreNotFoundError(f"no store at {path}; name its file or its data directory", path)
    config: dict[str, str | bool | int | float | list[str]] = {
        "autoinstall_known_extensions": False,
        "autoload_known_extensions": False,
    }
    if threads is not None:
        config["threads"] = threads
    try:
        with duckdb.connect(str(path), read_only=True, config=config) as con:
            if migrate.pending(con, path, migrate.known_migrations()):
                raise StoreReadOnlyError(f"{path} is from an earlier release; open it once with this one", path)
            yield con
    except duckdb.Error as error:
        known = explained(error, path)
        if known is None:
            text = str(error).partition("\n")[0]
            known = StoreDamagedError(f"{path} cannot be read as a store ({text}); restore it from a backup", path)
        raise known from error
