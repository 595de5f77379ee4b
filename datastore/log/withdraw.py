"""Withdrawals: cases that came in bulk and that a later import replaces or leaves out."""

from datetime import UTC, datetime

import duckdb

from datastore.log.import_entry import ENTRY
from datastore.log.tables import HASHED, hashes_of, insert_tiles, log_size, tile_reader
from twin_model.merkle import Frontier

ACTOR = "system"
KIND = "withdraw"

_ENTRY = """concat('{"actor":"system","at":', jcs_moment($at::TIMESTAMP), ',"case":', jcs_text(case_no),
    ',"data":{"dataset":', jcs_text($dataset), '},"kind":"withdraw","prev":"', last, '","v":1}')"""
"""SQL of what `twin_model.case_chain.entry_bytes` writes."""
_LEAF = f"unhex(sha256({HASHED.format('entry')}))"
_LAST_LEAF = (
    f"SELECT g.log_last, sha256({HASHED.format(ENTRY)}) AS last "  # noqa: S608 - SQL of ours
    "FROM (SELECT log_last FROM {relation}) g JOIN case_import i ON i.seq = g.log_last "
    "UNION ALL SELECT e.seq, lower(hex(e.leaf)) FROM case_event e WHERE e.seq IN (SELECT log_last FROM {relation})"
)


def append_withdrawals(con: duckdb.DuckDBPyConnection, relation: str, *, dataset: str, moment: datetime) -> int:
    """Put an event into the log for each case that is withdrawn, in the caller's transaction.

    Parameters
    ----------
    con : DuckDBPyConnection
        Writing cursor.
    relation : str
        Name of a table with ``log_first``, ``log_last`` and ``case_no`` of the cases.
    dataset : str
        Data set that was imported anew.
    moment : datetime
        Aware; of the import.

    Returns
    -------
    int
        Cases withdrawn.
    """
    size = log_size(con)
    frontier = Frontier.restore(size, tile_reader(con))
    at = moment.astimezone(UTC).replace(tzinfo=None)
    leaves = _LAST_LEAF.format(relation=relation)
    con.execute(
        f"INSERT INTO case_event SELECT seq, log_first, case_no, $kind, $at, $actor, entry, {_LEAF} FROM ("  # noqa: S608 - SQL of ours
        f"SELECT $size + row_number() OVER (ORDER BY log_first) - 1 AS seq, log_first, case_no, {_ENTRY} AS entry "
        f"FROM {relation} JOIN ({leaves}) USING (log_last))",
        {"kind": KIND, "at": at, "actor": ACTOR, "size": size, "dataset": dataset},
    )
    new = con.sql(
        f"SELECT {HASHED.format('entry')} AS hashed FROM case_event WHERE seq >= {size} ORDER BY seq"  # noqa: S608 - SQL of ours
    ).to_arrow_table()
    frontier.extend(hashes_of(new["hashed"]))
    insert_tiles(con, frontier.take_tiles())
    return int(new.num_rows)
