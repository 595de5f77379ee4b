"""The hash of one leaf of the log."""

import duckdb

from twin_model.errors import LogError
from twin_model.merkle import leaf_hash


def leaf_at(cur: duckdb.DuckDBPyConnection, seq: int) -> bytes:
    """Hash of the leaf at a place of the log.

    Raises
    ------
    LogError
        If the log has no such entry.
    """
    rows = cur.execute("SELECT leaf FROM case_event WHERE seq = ?", [seq]).fetchall()
    if rows:
        return bytes(rows[0][0])
    rows = cur.execute("SELECT entry FROM log_entry WHERE seq = ?", [seq]).fetchall()
    if not rows:
        raise LogError(f"the log has no entry {seq}; restore the store from a backup")
    return leaf_hash(rows[0][0].encode())
