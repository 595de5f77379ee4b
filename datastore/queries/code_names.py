"""Names of the codes that events are told in."""

import duckdb
import pyarrow as pa

from twin_model.area import AreaLevel


def code_names(cur: duckdb.DuckDBPyConnection) -> pa.Table:
    """Names of every class, source, unit and area above the grid cells.

    Parameters
    ----------
    cur : DuckDBPyConnection
        Reading cursor.

    Returns
    -------
    pyarrow.Table
        kind (``class``, ``source``, ``unit`` or ``area``), code, name, name_en, by kind and code.
    """
    return cur.sql(
        """
        SELECT 'class' AS kind, code, name_zh AS name, name_en FROM case_class
        UNION ALL SELECT 'source', code, name_zh, name_en FROM case_source
        UNION ALL SELECT 'unit', code, name_zh, name_en FROM unit
        UNION ALL SELECT 'area', code, name, name_en FROM area WHERE level < $grid
        ORDER BY kind, code
        """,
        params={"grid": int(AreaLevel.GRID)},
    ).to_arrow_table()
