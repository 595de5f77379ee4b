"""What became of a report that was answered with a token."""

import duckdb
import pyarrow as pa


def open311_token(cur: duckdb.DuckDBPyConnection, token: str) -> pa.Table:
    """Candidate of a token.

    Parameters
    ----------
    cur : DuckDBPyConnection
        Reading cursor.
    token : str
        Number of the candidate.

    Returns
    -------
    pyarrow.Table
        candidate_no, state (``new``, ``promoted`` or ``dismissed``), case_no (null unless promoted); no row where no
        candidate has the number.
    """
    return cur.sql(
        "SELECT candidate_no, state, case_no FROM candidate WHERE candidate_no = $token", params={"token": token}
    ).to_arrow_table()
