"""Leaves of history: cases that came in bulk, hashed and put into the log by the hundred thousand."""

from collections.abc import Sequence

import duckdb
import numpy as np
import pyarrow as pa
from numpy.typing import NDArray

from datastore.log.import_entry import COLUMNS, HASHED_IN_BULK, import_columns_sql
from datastore.log.tables import hashes_of, insert_tiles, log_size, tile_reader
from datastore.table import insert_table
from twin_model.merkle import HASH_BYTES, Frontier

BATCH = 1 << 18
"""Entries that are hashed at once: their text takes about 110 MB."""

_ROWS = "import_rows"


def number_history(con: duckdb.DuckDBPyConnection) -> int:
    """Give every case that has no leaf yet the seq of the one that it will get, in the order of ``case_id``.

    For the cases of a store that had no log. `append_imports` then makes the leaves.

    Returns
    -------
    int
        Cases numbered.
    """
    done = con.execute(
        "UPDATE cases SET log_first = n.seq, log_last = n.seq FROM (SELECT case_id, "
        "? + row_number() OVER (ORDER BY case_id) - 1 AS seq FROM cases WHERE log_first IS NULL) n "
        "WHERE cases.case_id = n.case_id",
        [log_size(con)],
    ).fetchall()
    return int(done[0][0])


def append_imports(con: duckdb.DuckDBPyConnection) -> Frontier:
    """Put the leaves of new cases into the log, in the caller's transaction.

    The new cases are those in ``cases`` with a ``log_first`` from the log's size on, without a gap.

    Returns
    -------
    Frontier
        Of the log with them.

    Raises
    ------
    LogError
        If tiles that the log should have are missing.
    """
    size = log_size(con)
    frontier = Frontier.restore(size, tile_reader(con))
    stop = con.execute("SELECT coalesce(max(log_first) + 1, 0) FROM cases").fetchall()[0][0]
    for start in range(size, stop, BATCH):
        new = f"c.log_first >= {start} AND c.log_first < {min(start + BATCH, stop)}"
        rows = con.sql(
            f"SELECT *, {HASHED_IN_BULK} AS hashed FROM ({import_columns_sql('cases', new)}) ORDER BY seq"  # noqa: S608 - SQL of ours
        ).to_arrow_table()
        leaves = hashes_of(rows["hashed"])
        insert_imports(con, rows.drop_columns("hashed"), leaf_heads(leaves))
        frontier.extend(leaves)
    insert_tiles(con, frontier.take_tiles())
    return frontier


def hash_imports(cur: duckdb.DuckDBPyConnection, rows: pa.Table, frontier: Frontier) -> NDArray[np.uint64]:
    """Hash cases that are in no table yet, and add their leaves to the frontier.

    Made to run in a thread of its own, beside one that writes: both engines work outside of Python's lock for the most
    part.

    Parameters
    ----------
    cur : DuckDBPyConnection
        Cursor of its own.
    rows : pyarrow.Table
        Columns of ``case_import`` less ``seq`` and ``leaf_head``, in the order of their leaves.
    frontier : Frontier
        Of the log before them.

    Returns
    -------
    (n,) uint64
        Leaf heads.
    """
    heads = [np.zeros(0, np.uint64)]
    for start in range(0, rows.num_rows, BATCH):
        cur.register(_ROWS, rows.slice(start, BATCH))
        hashed = cur.sql(f"SELECT {HASHED_IN_BULK} AS hashed FROM {_ROWS}").to_arrow_table()["hashed"]  # noqa: S608 - SQL of ours
        cur.unregister(_ROWS)
        leaves = hashes_of(hashed)
        frontier.extend(leaves)
        heads.append(leaf_heads(leaves))
    return np.concatenate(heads)


def insert_imports(con: duckdb.DuckDBPyConnection, rows: pa.Table, heads: NDArray[np.uint64]) -> None:
    """Write rows of ``case_import``.

    Parameters
    ----------
    con : DuckDBPyConnection
        Writing cursor.
    rows : pyarrow.Table
        ``seq`` and `datastore.log.import_entry.COLUMNS`.
    heads : (n,) uint64
        Leaf heads.
    """
    insert_table(con, "case_import", rows.select(["seq", *COLUMNS]).append_column("leaf_head", pa.array(heads)))


def leaf_heads(leaves: Sequence[bytes]) -> NDArray[np.uint64]:
    """First 8 bytes of each leaf hash, as one big-endian number."""
    words = np.frombuffer(b"".join(leaves), dtype=">u8").reshape(-1, HASH_BYTES // 8)
    return words[:, 0].astype(np.uint64)
