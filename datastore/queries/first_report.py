"""When the history of cases begins."""

import duckdb
import pyarrow as pa


def first_report(cur: duckdb.DuckDBPyConnection) -> pa.Table:
    """Moment of the first report of all.

    Returns
    -------
    pyarrow.Table
        One row: reported_at (timestamp, UTC, empty without cases).
    """
    return cur.sql("SELECT min(reported_at) AS reported_at FROM cases").to_arrow_table()
