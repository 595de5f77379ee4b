"""The seal: a signed head of the live log every few seconds, and at its end."""

from datetime import datetime, timedelta
from pathlib import Path

import duckdb

from datastore.log.keys import LogKey, publish, write_checkpoint
from datastore.log.tail import LogTail

EVERY = timedelta(seconds=10)
"""Time between two signed heads while events come in; what came after the last one is unsigned until the next."""


class Seal:
    """Signs the heads of one log.

    Parameters
    ----------
    key : LogKey
    data_dir : Path
        Where ``checkpoints.txt`` is.
    signed : int
        Size of the last signed head.
    """

    def __init__(self, key: LogKey, data_dir: Path, signed: int) -> None:
        self._key = key
        self._data_dir = data_dir
        self._signed = signed
        self._pending = signed
        self._last: datetime | None = None

    @property
    def origin(self) -> str:
        """Name of the log."""
        return self._key.origin

    def settle(self, con: duckdb.DuckDBPyConnection, tail: LogTail, now: datetime, *, last: bool = False) -> bool:
        """Sign the head in the caller's transaction, if it is time; call `settled` once that has committed.

        Parameters
        ----------
        con : DuckDBPyConnection
            Writing cursor.
        tail : LogTail
            The log's end.
        now : datetime
            Aware.
        last : bool
            Sign whatever the time: no event may come for long.

        Returns
        -------
        bool
            Whether a head was signed.
        """
        due = last or self._last is None or not timedelta(0) <= now - self._last < EVERY
        if tail.size <= self._signed or not due:
            return False
        write_checkpoint(con, self._key, size=tail.size, root=tail.root(), moment=now)
        self._pending, self._last = tail.size, now
        return True

    def settled(self, cur: duckdb.DuckDBPyConnection) -> None:
        """Publish what was signed.

        Raises
        ------
        LogKeyError
            If ``checkpoints.txt`` cannot be written.
        """
        self._signed = self._pending
        publish(cur, self._data_dir)
