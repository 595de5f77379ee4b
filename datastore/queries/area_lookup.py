"""One area and what lies above it."""

import duckdb
import pyarrow as pa

_COLUMNS = "area_id, code, level, parent_id, name, name_en, kind, population, area_m2, lon, lat, geom_source"


def breadcrumb(cur: duckdb.DuckDBPyConnection, code: str = "") -> pa.Table:
    """Areas from the whole down to one, that one included.

    Parameters
    ----------
    cur : DuckDBPyConnection
        Reading cursor.
    code : str
        Area code; empty for the first area that lies in no other.

    Returns
    -------
    pyarrow.Table
        Columns of the areas as stored, less shape and data set, whole to part; no row if the store does not hold the
        code.
    """
    return cur.sql(
        f"""
        WITH RECURSIVE above AS (
            (SELECT {_COLUMNS}, 0 AS height FROM area
             WHERE CASE WHEN $code = '' THEN parent_id IS NULL ELSE code = $code END ORDER BY area_id LIMIT 1)
            UNION ALL
            SELECT {", ".join(f"area.{column}" for column in _COLUMNS.split(", "))}, height + 1
            FROM area JOIN above ON area.area_id = above.parent_id
        )
        SELECT {_COLUMNS} FROM above ORDER BY height DESC
        """,  # noqa: S608 - columns of ours
        params={"code": code},
    ).to_arrow_table()
