"""Files of photos: ``photos/ab/<sha256>.jpg`` below the data directory, each named by its own bytes."""

import errno
import os
import re
import tempfile
from pathlib import Path

from datastore.errors import StoreError, StoreFullError, UnknownPhotoError

FOLDER = "photos"
SMALL = "-320"
"""Ending of the name of the small copy."""

_NAME = re.compile(r"[0-9a-f]{64}")
_NO_ROOM = (errno.ENOSPC, errno.EDQUOT, errno.EFBIG)


def photo_path(data_dir: Path, sha256: str, *, small: bool = False) -> Path:
    """File of a photo.

    Parameters
    ----------
    data_dir : Path
        Data directory.
    sha256 : str
        Of the stored photo: 64 lower-case hexadecimal digits.
    small : bool, optional
        Whether the small copy is asked for.

    Raises
    ------
    UnknownPhotoError
        If it is no such name, or there is no such photo.
    """
    if not _NAME.fullmatch(sha256):
        raise UnknownPhotoError(f"{sha256[:80]!r} is no photo: its name has 64 hexadecimal digits")
    path = place_of(data_dir, sha256, small=small)
    if not path.is_file():
        raise UnknownPhotoError(f"there is no photo {sha256}; take its name from the case that shows it")
    return path


def place_of(data_dir: Path, sha256: str, *, small: bool) -> Path:
    """Where the file of a photo is, or will be."""
    return data_dir / FOLDER / sha256[:2] / f"{sha256}{SMALL if small else ''}.jpg"


def write_photo(path: Path, image: bytes) -> None:
    """Write a file whole or not at all, and durably; one that is there already is left alone.

    Raises
    ------
    StoreFullError
        If no room is left.
    StoreError
        If the folder cannot be written to.
    """
    try:
        if path.is_file() and path.stat().st_size == len(image):
            return
        path.parent.mkdir(parents=True, exist_ok=True)
        _replace(path, image)
        for folder in (path.parent, path.parent.parent):
            _sync(folder)
    except OSError as error:
        if error.errno in _NO_ROOM:
            raise StoreFullError(f"no room left on the disk of {path.parent}; free some and try again", path) from error
        why = error.strerror or str(error)
        raise StoreError(f"cannot write {path}: {why}; check the folder's owner and mode", path) from error


def _replace(path: Path, image: bytes) -> None:
    handle, name = tempfile.mkstemp(prefix=".", suffix=".part", dir=path.parent)
    part = Path(name)
    try:
        with os.fdopen(handle, "wb") as file:
            file.write(image)
            file.flush()
            os.fsync(file.fileno())
        part.replace(path)
    except BaseException:
        part.unlink(missing_ok=True)
        raise


def _sync(folder: Path) -> None:
    handle = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)
