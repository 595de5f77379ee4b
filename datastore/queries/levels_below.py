"""Which levels of areas a store has below one area: not every city has them all."""

import duckdb
import pyarrow as pa


def levels_below(cur: duckdb.DuckDBPyConnection, code: str) -> pa.Table:
    """Levels of the areas anywhere below one area.

    Parameters
    ----------
    cur : DuckDBPyConnection
        Reading cursor.
    code : str
        Area code.

    Returns
    -------
    pyarrow.Table
        level (uint8), highest first; no row where nothing is below or the store does not hold the code.
    """
    return cur.sql(
        """
        WITH RECURSIVE below AS (
            SELECT area_id, level FROM area WHERE parent_id = (SELECT area_id FROM area WHERE code = $code)
            UNION ALL
            SELECT area.area_id, area.level FROM area JOIN below ON area.parent_id = below.area_id
        )
        SELECT DISTINCT level FROM below ORDER BY level
        """,
        params={"code": code},
    ).to_arrow_table()
