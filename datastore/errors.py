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


class PhotoError(DatastoreError):
    """A photo that is not taken; the message says why and what to send instead."""


class PhotoTooLargeError(PhotoError):
    """It has too many bytes or too many pixels."""


class PhotoTypeError(PhotoError):
    """It is no image of a kind that is taken."""


class PhotoUnreadableError(PhotoError):
    """It begins like an image, and cannot be read to its end."""


class UnknownPhotoError(PhotoError):
    """There is no such photo."""


class DeskError(DatastoreError):
    """Something that the desk cannot do; the message says what would help."""


class DeskClosedError(DeskError):
    """The desk takes no more commands: it is closing, or the store is read only."""


class UnknownCaseError(DatastoreError):
    """No case has the number.

    Parameters
    ----------
    case_no : str
        The number.
    """

    def __init__(self, case_no: str) -> None:
        super().__init__(f"no case has the number {case_no}; check it")
        self.case_no = case_no
