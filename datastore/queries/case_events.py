"""Events of one case, as the log holds them."""

import duckdb
import pyarrow as pa


def case_events(cur: duckdb.DuckDBPyConnection, key: int, last_seq: int) -> pa.Table:
    """Entries of a case in the order of the log.

    Parameters
    ----------
    cur : DuckDBPyConnection
        Reading cursor.
    key : int
        Seq of the case's first entry.
    last_seq : int
        Seq of its latest one; between the two the log is looked through, and nowhere else.

    Returns
    -------
    pyarrow.Table
        seq, kind, entry (canonical JSON).
    """
    return cur.sql(
        """
        SELECT seq, kind, entry FROM log_entry WHERE kind = 'import' AND seq = $first
        UNION ALL
        SELECT seq, kind, entry FROM case_event WHERE seq BETWEEN $first AND $last AND case_key = $first
        ORDER BY seq
        """,
        params={"first": key, "last": last_seq},
    ).to_arrow_table()
