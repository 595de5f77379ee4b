"""One case by its number: where it is and how it stands."""

import duckdb
import pyarrow as pa


def case_by_no(cur: duckdb.DuckDBPyConnection, case_no: str) -> pa.Table:
    """One case, or no row if the store does not hold the number.

    Parameters
    ----------
    cur : DuckDBPyConnection
        Reading cursor.
    case_no : str
        Case number.

    Returns
    -------
    pyarrow.Table
        case_no, stage, reported_at, deadline_at (UTC), lon, lat (degrees, EPSG:4490; empty without a place).
    """
    return cur.sql(
        "SELECT case_no, stage, reported_at, deadline_at, lon, lat FROM cases WHERE case_no = $no LIMIT 1",
        params={"no": case_no},
    ).to_arrow_table()
