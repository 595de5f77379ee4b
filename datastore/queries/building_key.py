"""Key of a building."""

import duckdb

NO_KEY = -1
"""Key that no building has."""


def building_key(cur: duckdb.DuckDBPyConnection, code: str) -> int:
    """Key of the building of a code, `NO_KEY` if the store does not hold it.

    Looked up before the cases of a building are: a scan that compares with a number is several times faster than one
    that waits for a subquery.
    """
    rows = cur.execute("SELECT building_id FROM building WHERE code = ?", [code]).fetchall()
    return int(rows[0][0]) if rows else NO_KEY
