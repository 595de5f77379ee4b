"""Encoded tables, ready to send: in memory while they are asked for, on disk where encoding takes long."""

import gzip
import hashlib
import logging
import os
import threading
from collections import OrderedDict
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from pathlib import Path

import brotli  # type: ignore[import-untyped]  # ships no types

log = logging.getLogger(__name__)

MEMORY_BYTES = 96 * 1024 * 1024
DISK_FILES = 48
UNFINISHED = ".part"
ABANDONED_AFTER_S = 3600.0
"""Age from which an unfinished file is one that nobody writes any more."""
ENCODERS: dict[str, Callable[[bytes], bytes]] = {
    "br": lambda content: bytes(brotli.compress(content, quality=6)),
    "gzip": lambda content: gzip.compress(content, 6, mtime=0),
    "identity": lambda content: content,
}
"""By the names of HTTP's content codings, best first."""


@dataclass
class Making:
    """An answer that is being made, and how many wait for it or make it."""

    lock: threading.Lock = field(default_factory=threading.Lock)
    users: int = 0


class TableCache:
    """Compressed answers by key. Each is made once, however many ask for it at a time.

    Parameters
    ----------
    directory
        Where lasting answers are kept; made when first needed. A directory that cannot be written is done without.
    """

    def __init__(self, directory: Path) -> None:
        self._directory = directory
        self._answers: OrderedDict[str, bytes] = OrderedDict()
        self._bytes = 0
        self._lock = threading.Lock()
        self._making: dict[str, Making] = {}

    @property
    def under_way(self) -> int:
        """Number of keys whose answers are being made."""
        return len(self._making)

    @property
    def held_bytes(self) -> int:
        """Size of the answers in memory."""
        return self._bytes

    def get(self, key: str, make: Callable[[], bytes]) -> bytes:
        """Answer of a key, made if it is not here."""
        with self._alone(key):
            found = self._remembered(key)
            if found is None:
                found = make()
                self.remember(key, found)
        return found

    @contextmanager
    def _alone(self, key: str) -> Iterator[None]:
        """Let one thread at a time make the answer of a key; nothing of it stays, whether it is made or fails."""
        with self._lock:
            making = self._making.setdefault(key, Making())
            making.users += 1
        try:
            with making.lock:
                yield
        finally:
            with self._lock:
                making.users -= 1
                if not making.users:
                    del self._making[key]

    def lasting(self, content_key: bytes, coding: str, make: Callable[[], bytes]) -> bytes:
        """Answer from disk by what it is made from, or made and written there.

        Parameters
        ----------
        content_key
            Bytes that decide the answer; equal bytes, equal answer.
        coding
            Content coding of the answer.
        make
            Makes the answer.
        """
        path = self._directory / f"{hashlib.sha256(content_key).hexdigest()[:32]}.{coding}"
        with suppress(FileNotFoundError, NotADirectoryError):  # not there, or just now pruned: it is made anew
            return path.read_bytes()
        answer = make()
        try:
            self._write(path, answer)
        except OSError as error:
            log.warning("table cache %s cannot be written (%s): tables are encoded anew after a restart", path, error)
        return answer

    def _write(self, path: Path, answer: bytes) -> None:
        path.parent.mkdir(parents=True, exist_ok=True)
        unfinished = path.with_suffix(f"{path.suffix}.{os.getpid()}-{threading.get_ident()}{UNFINISHED}")
        unfinished.write_bytes(answer)
        newest = unfinished.stat().st_mtime
        unfinished.replace(path)
        self._prune(newest)

    def _prune(self, newest: float) -> None:
        """Remove what was written longest ago, and what somebody began to write and left."""
        written: list[tuple[float, Path]] = []
        for file in self._directory.glob("*.*"):
            with suppress(FileNotFoundError):  # another thread or process was quicker
                written.append((file.stat().st_mtime, file))
        whole = sorted((each for each in written if each[1].suffix != UNFINISHED), reverse=True)
        left = [each for each in written if each[1].suffix == UNFINISHED and each[0] < newest - ABANDONED_AFTER_S]
        for _, file in whole[DISK_FILES:] + left:
            file.unlink(missing_ok=True)

    def _remembered(self, key: str) -> bytes | None:
        with self._lock:
            found = self._answers.get(key)
            if found is not None:
                self._answers.move_to_end(key)
            return found

    def remember(self, key: str, answer: bytes) -> None:
        """Keep an answer in memory in place of the one there, and drop what was asked for longest ago."""
        with self._lock:
            self._bytes += len(answer) - len(self._answers.pop(key, b""))
            self._answers[key] = answer
            while self._bytes > MEMORY_BYTES and len(self._answers) > 1:
                _, dropped = self._answers.popitem(last=False)
                self._bytes -= len(dropped)
