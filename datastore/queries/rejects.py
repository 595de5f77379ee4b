"""The records that imports refused, and why."""

import duckdb
import pyarrow as pa


def rejects(cur: duckdb.DuckDBPyConnection) -> pa.Table:
    """Refused records, by data set and row.

    Returns
    -------
    pyarrow.Table
        dataset (name), row_number, reason, detail, record (JSON).
    """
    return cur.sql(
        "SELECT dataset.name AS dataset, row_number, reason, detail, record "
        "FROM reject JOIN dataset USING (dataset_id) ORDER BY dataset_id, row_number, reason"
    ).to_arrow_table()
