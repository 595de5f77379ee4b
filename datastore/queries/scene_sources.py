"""Where the shapes and heights of the scene come from, so that a page can say which of them nobody measured."""

import duckdb
import pyarrow as pa


def scene_sources(cur: duckdb.DuckDBPyConnection) -> pa.Table:
    """Count buildings by the source of their height, and areas of each level by the source of their shape.

    Parameters
    ----------
    cur : DuckDBPyConnection
        Reading cursor.

    Returns
    -------
    pyarrow.Table
        thing (``building`` or ``area``), level (of the areas; 0 for buildings), source, n; areas without a shape are
        left out.
    """
    return cur.sql(
        """
        SELECT 'building' AS thing, 0::UTINYINT AS level, height_source AS source, count(*) AS n
        FROM building GROUP BY height_source
        UNION ALL
        SELECT 'area', level, geom_source, count(*) FROM area WHERE geom IS NOT NULL GROUP BY level, geom_source
        ORDER BY thing, level, source
        """
    ).to_arrow_table()
