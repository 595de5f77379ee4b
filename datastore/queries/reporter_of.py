"""Who reported a case: personal data, for the roles that may see it."""

import duckdb
import pyarrow as pa


def reporter_of(cur: duckdb.DuckDBPyConnection, case_no: str) -> pa.Table:
    """Personal data of who reported a case.

    Parameters
    ----------
    cur : DuckDBPyConnection
        Reading cursor.
    case_no : str
        Case number.

    Returns
    -------
    pyarrow.Table
        body (JSON), received_at (UTC); no row where nothing is known or it was erased.
    """
    return cur.sql(
        "SELECT body, received_at FROM reporter WHERE case_no = $no ORDER BY received_at", params={"no": case_no}
    ).to_arrow_table()
