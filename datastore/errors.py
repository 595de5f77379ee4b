"""Errors of the store: one root; each message names the thing, the place and the mend."""

from pathlib import Path


class DatastoreError(Exception):
    """Root of every error that the store raises."""


class StoreError(DatastoreError):
    """Something about one store.

    Parameters
    ----------
    message : str
        One sentence.
    path : Path
        The store's file or directory.
    """

    def __init__(self, message: str, path: Path) -> None:
        super().__init__(message)
        self.path = path


class StoreNotFoundError(StoreError):
    """There is no store in the directory."""


class StoreExistsError(StoreError):
    """There is a store already, and it is not one that may be replaced."""


class StoreBusyError(StoreError):
    """Another process has the store open.

    Parameters
    ----------
    message : str
        One sentence.
    path : Path
        The store's file.
    pid : int or None
        The other process, where the system tells.
    """

    def __init__(self, message: str, path: Path, pid: int | None) -> None:
        super().__init__(message, path)
        self.pid = pid


class StoreTooNewError(StoreError):
    """A later release wrote the store."""


class StoreDamagedError(StoreError):
    """The file is no store, or no longer one."""


class StoreFullError(StoreError):
    """No room is left on the disk."""


class StoreReadOnlyError(StoreError):
    """A write to a store that was opened for reading."""


class MigrationChangedError(StoreError):
    """A migration that the store has applied reads differently now."""


class MetaError(DatastoreError):
    """A value that describes the store is missing or cannot be read."""


class UnknownCodeError(DatastoreError):
    """A selection names a code that the store does not hold.

    Parameters
    ----------
    dimension : str
        What the code was looked up as: area, building, class, source or unit.
    codes : tuple of str
        The codes that were not found.
    """

    def __init__(self, dimension: str, codes: tuple[str, ...]) -> None:
        super().__init__(
            f"no {dimension} {', '.join(codes)} in this store; check the code or import its data set first"
        )
        self.dimension = dimension
        self.codes = codes
