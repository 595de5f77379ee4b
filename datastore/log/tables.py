"""The log's tables: how long it is, its leaf hashes and its tiles."""

from collections.abc import Iterable, Sequence
from hashlib import sha256
from itertools import pairwise
from typing import Literal

import duckdb
import pyarrow as pa

from datastore.table import insert_table
from twin_model.merkle import HASH_BYTES, Tile, TileReader, leaf_hash

_PREFIX = "chr(0)"
HASHED = f"concat({_PREFIX}, {{}})"
"""SQL of what is hashed for the SQL of an entry."""


def log_size(cur: duckdb.DuckDBPyConnection) -> int:
    """Entries of the log: one more than the last seq."""
    rows = cur.execute(
        "SELECT max(last) FROM (SELECT max(seq) AS last FROM case_import UNION ALL SELECT max(seq) FROM case_event)"
    ).fetchall()
    return 0 if rows[0][0] is None else int(rows[0][0]) + 1


def tile_reader(cur: duckdb.DuckDBPyConnection) -> TileReader:
    """Hashes of complete subtrees as the store keeps them; leaf hashes are made anew from the entries.

    The reader gives fewer hashes than it is asked for where some are missing.
    """

    def read(level: int, start: int, stop: int) -> Sequence[bytes]:
        if level == 0:
            rows = cur.execute("SELECT entry FROM log_entry WHERE seq >= ? AND seq < ? ORDER BY seq", [start, stop])
            return [leaf_hash(entry.encode()) for (entry,) in rows.fetchall()]
        rows = cur.execute(
            "SELECT hash FROM log_tile WHERE level = ? AND tile >= ? AND tile < ? ORDER BY tile", [level, start, stop]
        )
        return [bytes(value) for (value,) in rows.fetchall()]

    return read


def insert_tiles(con: duckdb.DuckDBPyConnection, tiles: Iterable[Tile]) -> None:
    """Write completed subtrees, in the caller's transaction."""
    found = list(tiles)
    if found:
        columns = {
            "level": pa.array([tile.level for tile in found], pa.uint8()),
            "tile": pa.array([tile.index for tile in found], pa.int64()),
            "hash": pa.array([tile.hash for tile in found], pa.binary()),
        }
        insert_table(con, "log_tile", pa.table(columns))


def hashes_of(column: pa.ChunkedArray) -> list[bytes]:
    """Hash each text of a column.

    Parameters
    ----------
    column : pyarrow.ChunkedArray
        Texts without nulls; for leaf hashes with the zero byte in front (`HASHED`).
    """
    found: list[bytes] = []
    width: Literal["i", "q"] = "q"
    if pa.types.is_string(column.type):
        width = "i"
    else:
        column = column.cast(pa.large_string())
    for chunk in column.chunks:
        _, offsets, data = chunk.buffers()
        ends = memoryview(offsets).cast(width)[chunk.offset : chunk.offset + len(chunk) + 1].tolist()
        texts = memoryview(data if data is not None else b"")
        found += [sha256(texts[start:end]).digest() for start, end in pairwise(ends)]
    return found


def joined(hashes: Sequence[bytes]) -> pa.Array:
    """Column of hashes, as the store's BLOB takes them."""
    return pa.array(hashes, pa.binary(HASH_BYTES)).cast(pa.binary())
