"""Entries of the log that are about no case: rules, actors."""

from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Any

import duckdb

from datastore.log.tables import insert_tiles
from datastore.log.tail import LogTail
from datastore.meta import read_meta, write_meta
from datastore.rollup import SEQ_KEY
from twin_model.case_chain import entry_bytes
from twin_model.merkle import leaf_hash

NO_CASE = -1


def append_notice(
    con: duckdb.DuckDBPyConnection, kind: str, *, actor: str, moment: datetime, data: Mapping[str, Any]
) -> int:
    """Put an entry about no case into the log, in the caller's transaction.

    For whoever has the store to itself: a desk that has the log's end in memory has to open it anew.

    Parameters
    ----------
    con : DuckDBPyConnection
        Writing cursor.
    kind : str
        What was done.
    actor : str
        Code of who did it.
    moment : datetime
        Aware.
    data : mapping
        What it brought, of the types that `twin_model.canonical_json` writes.

    Returns
    -------
    int
        Its place in the log.

    Raises
    ------
    LogError
        If entries or tiles are missing.
    CanonicalJsonError
        If a value cannot be written.
    """
    tail = LogTail.open(con)
    entry = entry_bytes(kind=kind, case_no="", actor=actor, moment=moment, prev=b"", data=data)
    leaf = leaf_hash(entry)
    seq = tail.append(leaf)
    at = moment.astimezone(UTC).replace(tzinfo=None)
    con.execute(
        "INSERT INTO case_event (seq, case_key, case_no, kind, moment, actor, entry, leaf) "
        "VALUES (?, ?, '', ?, ?, ?, ?, ?)",
        [seq, NO_CASE, kind, at, actor, entry.decode(), leaf],
    )
    insert_tiles(con, tail.take_tiles())
    if read_meta(con).other.get(SEQ_KEY, "0") == str(seq):  # what was counted up to here stays so: it is about no case
        write_meta(con, {SEQ_KEY: str(tail.size)})
    return seq
