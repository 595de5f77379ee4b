"""Which tiles hold models of buildings, and how much of them."""

import duckdb
import pyarrow as pa

from datastore.queries.building_lods import LOD_NUMBER


def building_model_tiles(cur: duckdb.DuckDBPyConnection) -> pa.Table:
    """Tiles that hold models above LoD 0.

    Returns
    -------
    pyarrow.Table
        By tile: tile (int32, `twin_model.mesh_tile`), models (int64, buildings that have one), bytes (int64, of
        vertices and faces of all their levels of detail).
    """
    return cur.sql(
        f"""
        SELECT tile, count(DISTINCT building_id) AS models,
               sum(octet_length(vertices) + octet_length(faces) + octet_length(surfaces))::BIGINT AS bytes
        FROM building_model WHERE {LOD_NUMBER} > 0 GROUP BY tile ORDER BY tile
        """  # noqa: S608 - an expression of ours
    ).to_arrow_table()
