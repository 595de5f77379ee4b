"""When a head of the log was signed."""

import duckdb
import pyarrow as pa


def checkpoint_moment(cur: duckdb.DuckDBPyConnection, size: int) -> pa.Table:
    """Moment at which the log's head of a size was signed.

    Parameters
    ----------
    cur : DuckDBPyConnection
        Reading cursor.
    size : int
        Entries of the log.

    Returns
    -------
    pyarrow.Table
        moment (UTC); no row where no checkpoint has that size.
    """
    return cur.sql(
        "SELECT moment FROM log_checkpoint WHERE size = $size LIMIT 1", params={"size": size}
    ).to_arrow_table()
