"""Encoded tables, ready to send: in memory while they are asked for, on disk where encoding takes long."""

import gzip
import hashlib
import logging
import threading
from collections import OrderedDict, defaultdict
from collections.abc import Callable
from pathlib import Path

import brotli  # type: ignore[import-untyped]  # ships no types

log = logging.getLogger(__name__)

MEMORY_BYTES = 96 * 1024 * 1024
DISK_FILES = 48
ENCODERS: dict[str, Callable[[bytes], bytes]] = {
    "br": lambda content: bytes(brotli.compress(content, quality=6)),
    "gzip": lambda content: gzip.compress(content, 6, mtime=0),
    "identity": lambda content: content,
}
"""By the names of HTTP's content codings, best first."""


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
        self._making: defaultdict[str, threading.Lock] = defaultdict(threading.Lock)

    def get(self, key: str, make: Callable[[], bytes]) -> bytes:
        """Answer of a key, made if it is not here."""
        with self._lock:
            making = self._making[key]
        with making:
            found = self._remembered(key)
            if found is None:
                found = make()
                self._remember(key, found)
        with self._lock:
            self._making.pop(key, None)
        return found

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
        if path.is_file():
            return path.read_bytes()
        answer = make()
        try:
            self._write(path, answer)
        except OSError as error:
            log.warning("table cache %s cannot be written (%s): tables are encoded anew after a restart", path, error)
        return answer

    def _write(self, path: Path, answer: bytes) -> None:
        path.parent.mkdir(parents=True, exist_ok=True)
        unfinished = path.with_suffix(f"{path.suffix}.{threading.get_ident()}.part")
        unfinished.write_bytes(answer)
        unfinished.replace(path)
        kept = sorted(path.parent.glob("*.*"), key=lambda file: file.stat().st_mtime, reverse=True)
        for old in kept[DISK_FILES:]:
            old.unlink(missing_ok=True)

    def _remembered(self, key: str) -> bytes | None:
        with self._lock:
            found = self._answers.get(key)
            if found is not None:
                self._answers.move_to_end(key)
            return found

    def _remember(self, key: str, answer: bytes) -> None:
        with self._lock:
            self._answers[key] = answer
            self._bytes += len(answer)
            while self._bytes > MEMORY_BYTES and len(self._answers) > 1:
                _, dropped = self._answers.popitem(last=False)
                self._bytes -= len(dropped)
