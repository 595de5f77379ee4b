"""Files of a tileset to import, from a directory or a zip archive; nothing outside of it is opened."""

import posixpath
import stat
import zipfile
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import BinaryIO, Protocol

from datastore.sources.errors import SourceError

TILESET = "tileset.json"
ARCHIVES = (".zip", ".3tz")
LARGEST_JSON = 512 << 20
"""Bytes of a JSON file that is still read."""
FREE_BYTES = 1 << 30
MOST_EXPANSION = 200
"""An archive may unpack to `FREE_BYTES`, or to this many times its own size: 3D data shrinks tenfold at best."""
_ENCRYPTED = 0x1


class TilesetFiles(Protocol):
    """Files by their addresses relative to the folder of the first ``tileset.json``."""

    @property
    def start(self) -> str:
        """Address of the first file."""
        ...

    @property
    def sizes(self) -> Mapping[str, int]:
        """Address -> bytes."""
        ...

    def open(self, name: str) -> BinaryIO:
        """Open one of `sizes`."""
        ...


@dataclass(frozen=True)
class FolderFiles:
    """Files below a directory. Symbolic links are not followed: what they lead to is not listed.

    Parameters
    ----------
    folder : Path
        The directory.
    start : str
        Name of the first file.
    sizes : mapping of str to int
        Every regular file below.
    """

    folder: Path
    start: str
    sizes: Mapping[str, int]

    def open(self, name: str) -> BinaryIO:
        """Open a file."""
        return (self.folder / name).open("rb")


@dataclass(frozen=True)
class ArchiveFiles:
    """Files of a zip archive.

    Parameters
    ----------
    archive : ZipFile
        Open.
    prefix : str
        Folder of the first file within it, ending with a slash, or empty.
    start : str
        Name of the first file.
    sizes : mapping of str to int
        Every regular file in that folder.
    """

    archive: zipfile.ZipFile
    prefix: str
    start: str
    sizes: Mapping[str, int]

    def open(self, name: str) -> BinaryIO:
        """Open a file."""
        return self.archive.open(self.prefix + name)  # type: ignore[return-value]  # reads like any binary file


def tileset_files(path: Path) -> TilesetFiles:
    """Files of a tileset.

    Parameters
    ----------
    path : Path
        A directory that holds ``tileset.json``, a tileset's JSON file, or a zip archive of either.

    Raises
    ------
    SourceError
        If there is no tileset, or the archive is broken, locked or unpacks to far more than its size.
    """
    try:
        if path.is_dir():
            return _folder(path, TILESET)
        if path.suffix.lower() in ARCHIVES:
            return _archive(path)
        if path.is_file():
            return _folder(path.parent, path.name)
    except OSError as error:
        raise SourceError(f"{path}: cannot be read: {error.strerror or error}") from error
    except zipfile.BadZipFile as error:
        raise SourceError(f"{path}: not a sound zip archive ({error}); pack it again") from error
    raise SourceError(f"{path}: there is no such file or directory")


def resolved(base: str, uri: str) -> str | None:
    """Address that a file's own address leads to; None where it leaves the tileset's folder."""
    plain = uri.partition("?")[0].partition("#")[0]
    joined = posixpath.normpath(posixpath.join(posixpath.dirname(base), plain))
    return None if joined.startswith(("../", "/")) or joined == ".." or "\\" in joined or "\0" in joined else joined


def _folder(folder: Path, start: str) -> FolderFiles:
    sizes = {}
    for path in sorted(folder.rglob("*")):
        if _is_plain(path, folder):
            sizes[path.relative_to(folder).as_posix()] = path.stat().st_size
    if start not in sizes:
        raise SourceError(f"{folder}: there is no {start} in it; name the tileset's JSON file")
    return FolderFiles(folder, start, sizes)


def _is_plain(path: Path, folder: Path) -> bool:
    """Whether a path is a regular file, reached without a symbolic link."""
    if not path.is_file() or path.is_symlink():
        return False
    return not any(parent.is_symlink() for parent in path.parents if parent != folder and folder in parent.parents)


def _archive(path: Path) -> ArchiveFiles:
    archive = zipfile.ZipFile(path)
    entries = [each for each in archive.infolist() if not each.is_dir() and not stat.S_ISLNK(each.external_attr >> 16)]
    if any(each.flag_bits & _ENCRYPTED for each in entries):
        raise SourceError(f"{path}: the archive is locked with a password; pack it without one")
    whole, packed = sum(each.file_size for each in entries), path.stat().st_size
    if whole > max(FREE_BYTES, MOST_EXPANSION * packed):
        raise SourceError(f"{path}: {packed:,} bytes that unpack to {whole:,} are no tileset; unpack it and look")
    names = [each.filename for each in entries]
    starts = sorted((name for name in names if posixpath.basename(name) == TILESET), key=lambda name: name.count("/"))
    if not starts:
        raise SourceError(f"{path}: there is no {TILESET} in the archive")
    prefix = starts[0].removesuffix(TILESET)
    sizes = {each.filename.removeprefix(prefix): each.file_size for each in entries if each.filename.startswith(prefix)}
    return ArchiveFiles(archive, prefix, TILESET, sizes)
