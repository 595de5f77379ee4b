"""Proof of an entry from the store: its hashes up to the newest signed head that covers it."""

from collections.abc import Sequence

import duckdb

from datastore.log.tables import log_size, tile_reader
from twin_model.errors import LogError
from twin_model.log_proof import EntryProof
from twin_model.merkle import TILE_WIDTH, TileReader
from twin_model.merkle_proof import inclusion_proof, nodes_of_tiles, root_of


def entry_proof(cur: duckdb.DuckDBPyConnection, seq: int) -> EntryProof:
    """Prove that an entry is in the log.

    Reads at most the 256 entries around it and the last 256, and as many hashes of each level of tiles.

    Parameters
    ----------
    cur : DuckDBPyConnection
        Cursor of a store.
    seq : int
        Place of the entry.

    Returns
    -------
    EntryProof
        For the newest signed checkpoint that covers the entry; for the log as it is, unsigned, where none does.

    Raises
    ------
    LogError
        If there is no such entry, or the log has been damaged.
    """
    rows = cur.execute("SELECT entry FROM log_entry WHERE seq = ?", [seq]).fetchall()
    if not rows:
        raise LogError(f"the log has no entry {seq}")
    signed = cur.execute(
        "SELECT size, note FROM log_checkpoint WHERE size > ? ORDER BY size DESC LIMIT 1", [seq]
    ).fetchall()
    size, note = signed[0] if signed else (log_size(cur), "")
    node = nodes_of_tiles(_whole_tiles(tile_reader(cur), size))
    path = inclusion_proof(seq, size, node)
    return EntryProof(seq, rows[0][0], size, root_of(size, node), path, note)


def _whole_tiles(read: TileReader, size: int) -> TileReader:
    """Reader that asks for 256 hashes at once, and for none of them twice."""
    known: dict[tuple[int, int], Sequence[bytes]] = {}

    def read_part(level: int, start: int, stop: int) -> Sequence[bytes]:
        block, first = divmod(start, TILE_WIDTH)
        if (level, block) not in known:
            end = min((block + 1) * TILE_WIDTH, size // TILE_WIDTH**level)
            known[level, block] = read(level, block * TILE_WIDTH, end)
        return known[level, block][first : first + stop - start]

    return read_part
