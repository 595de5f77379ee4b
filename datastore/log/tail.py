"""The live end of the log: where the writer puts new leaves."""

from typing import Self

import duckdb

from datastore.log.tables import log_size, tile_reader
from twin_model.merkle import Frontier, Tile


class LogTail:
    """The log's frontier in memory, as of a transaction; make one with `LogTail.open`.

    What is appended must be written to ``case_event`` and, with `take_tiles`, to ``log_tile`` in one transaction. If
    that fails, the tail is ahead of the store: open it anew.
    """

    def __init__(self, frontier: Frontier) -> None:
        self._frontier = frontier

    @classmethod
    def open(cls, cur: duckdb.DuckDBPyConnection) -> Self:
        """Restore the frontier: reads fewer than 256 entries, and as many hashes of each level of tiles.

        Raises
        ------
        LogError
            If entries or tiles are missing.
        """
        return cls(Frontier.restore(log_size(cur), tile_reader(cur)))

    @property
    def size(self) -> int:
        """Entries of the log; the seq of the next one."""
        return self._frontier.size

    def append(self, leaf: bytes) -> int:
        """Add a leaf hash, and give its seq."""
        seq = self._frontier.size
        self._frontier.append(leaf)
        return seq

    def root(self) -> bytes:
        """Root hash of all that is in it."""
        return self._frontier.root()

    def take_tiles(self) -> list[Tile]:
        """Give the tiles that were completed since the last call, for `datastore.log.tables.insert_tiles`."""
        return self._frontier.take_tiles()
