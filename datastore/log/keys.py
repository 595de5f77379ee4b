"""The log's signing key and its signed heads: in the store, and in a file for a witness outside."""

import os
import re
import uuid
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

import duckdb
from cryptography.exceptions import UnsupportedAlgorithm
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from cryptography.hazmat.primitives.serialization import (
    Encoding,
    NoEncryption,
    PrivateFormat,
    load_pem_private_key,
)

from datastore.errors import DatastoreError
from datastore.log.tail import LogTail
from datastore.meta import write_meta
from datastore.store import Change, Store
from twin_model.checkpoint import (
    Checkpoint,
    VerifierKey,
    parse_checkpoint,
    parse_verifier_key,
    sign_checkpoint,
    split_notes,
    verifier_key_of,
)
from twin_model.errors import TwinModelError

KEY_FILE, PUBLIC_FILE, NOTES_FILE = "log-key.pem", "log-key.pub", "checkpoints.txt"
STORE_KEY = "store_uuid"
"""Meta key of the name that tells this store from every other."""

_OWNER_ONLY = 0o600
_LAST_BYTES = 4096
_LAST_NOTE = re.compile(rb"\n\n(?:\xe2\x80\x94 [^\n]+\n)+\n")


class LogKeyError(DatastoreError):
    """The log's key cannot be used; the message says why and what to do."""


@dataclass(frozen=True)
class LogKey:
    """Signing key of a log.

    Parameters
    ----------
    origin : str
        Name of the log and of the key: ``citydeck/<store uuid>``.
    private : Ed25519PrivateKey
    """

    origin: str
    private: Ed25519PrivateKey

    @property
    def verifier(self) -> VerifierKey:
        """Public half."""
        return verifier_key_of(self.origin, self.private)


def log_origin(con: duckdb.DuckDBPyConnection) -> str:
    """Name of the store's log; a store without a name gets one, in the caller's transaction."""
    rows = con.execute("SELECT value FROM meta WHERE key = ?", [STORE_KEY]).fetchall()
    name = rows[0][0] if rows else str(uuid.uuid4())
    if not rows:
        write_meta(con, {STORE_KEY: name})
    return f"citydeck/{name}"


def open_key(data_dir: Path, origin: str) -> LogKey:
    """Signing key of a log; made, with its public half in ``log-key.pub``, where there is none.

    The key and the checkpoints of another log that the directory held before (a demo that was built anew) are put aside
    under the other's name, not removed.

    Parameters
    ----------
    data_dir : Path
        Data directory of the store.
    origin : str
        As `log_origin` gives it.

    Raises
    ------
    LogKeyError
        If the key is lost while its public half is there, cannot be read, or the directory cannot be written to.
    """
    with _using_key(data_dir):
        private, public = data_dir / KEY_FILE, data_dir / PUBLIC_FILE
        if public.exists() and (other := parse_verifier_key(public.read_text()).name) != origin:
            _put_aside(data_dir, other)
        if not private.exists():
            if public.exists():
                raise LogKeyError(
                    f"{private} is gone, and {PUBLIC_FILE} tells that the log was signed with it; restore it from a "
                    f"backup, or remove {PUBLIC_FILE} to sign with a new key, and tell whoever keeps the checkpoints"
                )
            _make_key(private)
        loaded = load_pem_private_key(private.read_bytes(), password=None)
        if not isinstance(loaded, Ed25519PrivateKey):
            raise LogKeyError(f"{private} is no Ed25519 key; restore it from a backup")
        key = LogKey(origin, loaded)
        if not public.exists():
            _write_new(public, key.verifier.text.encode() + b"\n", 0o644)
        elif public.read_text().strip() != key.verifier.text:
            raise LogKeyError(f"{private} is not the key whose public half is in {PUBLIC_FILE}; restore both")
        return key


def read_verifier_key(path: Path) -> VerifierKey:
    """Public key of a log from a file.

    Raises
    ------
    LogKeyError
        If it cannot be read or is none.
    """
    with _using_key(path):
        return parse_verifier_key(path.read_text(encoding="utf-8"))


def read_notes(path: Path) -> list[str]:
    """Checkpoints from a file.

    Raises
    ------
    LogKeyError
        If it cannot be read.
    """
    with _using_key(path):
        return split_notes(path.read_text(encoding="utf-8"))


def write_checkpoint(con: duckdb.DuckDBPyConnection, key: LogKey, *, size: int, root: bytes, moment: datetime) -> str:
    """Sign a head of the log into ``log_checkpoint``, in the caller's transaction; `publish` it after the commit.

    Parameters
    ----------
    con : DuckDBPyConnection
        Writing cursor.
    key : LogKey
        Of the log.
    size, root
        The head.
    moment : datetime
        Aware.

    Returns
    -------
    str
        The note.
    """
    note = sign_checkpoint(Checkpoint(key.origin, size, root), key.private)
    at = moment.astimezone(UTC).replace(tzinfo=None)
    con.execute("INSERT INTO log_checkpoint VALUES (?, ?, ?, ?)", [size, root, at, note])
    return note


def publish(cur: duckdb.DuckDBPyConnection, data_dir: Path) -> int:
    """Append the committed checkpoints that the file lacks to ``checkpoints.txt``, durably.

    Returns
    -------
    int
        Checkpoints appended.

    Raises
    ------
    LogKeyError
        If the file cannot be written.
    """
    path = data_dir / NOTES_FILE
    with _using_key(path):
        last = _last_published(path)
        rows = cur.execute("SELECT note FROM log_checkpoint WHERE size > ? ORDER BY size", [last]).fetchall()
        if rows:
            with path.open("ab") as file:
                file.write("".join(f"{note}\n" for (note,) in rows).encode())
                file.flush()
                os.fsync(file.fileno())
        return len(rows)


def sign_tail(con: duckdb.DuckDBPyConnection, data_dir: Path, now: datetime) -> str | None:
    """Sign the log as it is in the caller's transaction, unless its newest checkpoint says so already.

    Parameters
    ----------
    con : DuckDBPyConnection
        Writing cursor.
    data_dir : Path
        Data directory of the store.
    now : datetime
        Aware.

    Returns
    -------
    str or None
        The note, to be given out by `publish` after the commit; None where nothing was new.

    Raises
    ------
    LogError
        If entries or tiles are missing.
    LogKeyError
        If the key cannot be used.
    """
    tail = LogTail.open(con)
    signed = con.execute("SELECT coalesce(max(size), 0) FROM log_checkpoint").fetchall()[0][0]
    if tail.size <= signed:
        return None
    key = open_key(data_dir, log_origin(con))
    return write_checkpoint(con, key, size=tail.size, root=tail.root(), moment=now)


def sign_head(store: Store, now: datetime) -> str | None:
    """Sign the log as it is in a transaction of its own, and publish that.

    Returns
    -------
    str or None
        The note; None where nothing was new.

    Raises
    ------
    LogError
        If entries or tiles are missing.
    LogKeyError
        If the key or the file cannot be used.
    """
    with store.write(Change.NOTHING) as con:
        note = sign_tail(con, store.path.parent, now)
    with store.read() as cur:
        publish(cur, store.path.parent)
    return note


def _make_key(path: Path) -> None:
    pem = Ed25519PrivateKey.generate().private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption())
    _write_new(path, pem, _OWNER_ONLY)


def _write_new(path: Path, content: bytes, mode: int) -> None:
    """Write a file under its name in one step, on the disk before it returns."""
    part = path.with_name(f".{path.name}.part")
    part.unlink(missing_ok=True)
    with os.fdopen(os.open(part, os.O_WRONLY | os.O_CREAT | os.O_EXCL, mode), "wb") as file:
        file.write(content)
        file.flush()
        os.fsync(file.fileno())
    part.replace(path)


def _put_aside(data_dir: Path, origin: str) -> None:
    mark = re.sub(r"[^0-9A-Za-z]", "", origin.rpartition("/")[2])[:12] or "other"
    for name in (KEY_FILE, PUBLIC_FILE, NOTES_FILE):
        path = data_dir / name
        if path.exists():
            path.replace(path.with_name(f"{path.stem}-{mark}{path.suffix}"))


def _last_published(path: Path) -> int:
    """Size of the last whole note of the file; what a power cut left after it is taken off."""
    if not path.exists():
        return 0
    with path.open("r+b") as file:
        length = file.seek(0, os.SEEK_END)
        start = max(length - _LAST_BYTES, 0)
        file.seek(start)
        tail = file.read()
        ends = [match.end() for match in _LAST_NOTE.finditer(tail)]
        if not ends:
            file.truncate(0 if start == 0 else length)
            return 0
        if ends[-1] < len(tail):
            file.truncate(start + ends[-1])
    notes = split_notes(tail[: ends[-1]].decode(errors="replace"))
    return parse_checkpoint(notes[-1])[0].size


@contextmanager
def _using_key(path: Path) -> Iterator[None]:
    """Tell what goes wrong with a file of the key as one sentence."""
    try:
        yield
    except OSError as error:
        raise LogKeyError(f"{error.filename or path} cannot be used: {error.strerror or error}") from error
    except (ValueError, UnsupportedAlgorithm) as error:
        why = str(error) if isinstance(error, TwinModelError) else "it is damaged; restore it from a backup"
        raise LogKeyError(f"{path}: {why}") from error
