"""The models of one building, one row for each level of detail."""

from typing import Final

import duckdb
import pyarrow as pa

LOD_NUMBER: Final = "CASE WHEN isfinite(try_cast(lod AS DOUBLE)) THEN try_cast(lod AS DOUBLE) ELSE 0 END"
"""SQL: number of a level of detail as CityJSON writes it, so that 2.2 stands above 2; 0 for no finite number."""

BEST_MODEL: Final = "QUALIFY row_number() OVER (PARTITION BY building_id ORDER BY number DESC, lod DESC) = 1"
"""SQL: of rows with `LOD_NUMBER` as ``number``, the best one of each building."""


def building_lods(cur: duckdb.DuckDBPyConnection, code: str) -> pa.Table:
    """Facts of each model of a building.

    Parameters
    ----------
    cur : DuckDBPyConnection
        Reading cursor.
    code : str
        Building code.

    Returns
    -------
    pyarrow.Table
        Lowest first: lod, vertices, faces (int64), state, reason, watertight, volume_m3, surface_m2, textured
        (bool); no row for a building that is drawn as a block.
    """
    return cur.sql(
        f"""
        SELECT lod, octet_length(vertices) // 12 AS vertices, octet_length(faces) // 12 AS faces, state, reason,
               watertight, volume_m3, surface_m2, texture_ids IS NOT NULL AS textured
        FROM building_model WHERE building_id IN (SELECT building_id FROM building WHERE code = $code)
        ORDER BY {LOD_NUMBER}, lod
        """,  # noqa: S608 - an expression of ours
        params={"code": code},
    ).to_arrow_table()
