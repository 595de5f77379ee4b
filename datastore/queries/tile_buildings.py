"""Buildings, their best models and the textures of those, for a tileset."""

from collections.abc import Sequence

import duckdb
import pyarrow as pa

from datastore.queries.building_lods import BEST_MODEL, LOD_NUMBER


def tile_buildings(cur: duckdb.DuckDBPyConnection) -> pa.Table:
    """Every building, with what its source says and which model is its best.

    Returns
    -------
    pyarrow.Table
        By building_id: building_id, code, name, address, use, height (metres), height_source, storeys, base (metres
        above the source's vertical datum; null where nobody said), lod and state (of the best model above LoD 0; null
        without one), dataset (its title), lon, lat, geom (WKB, EPSG:4490).
    """
    return cur.sql(
        f"""
        WITH best AS (
            SELECT building_id, lod, base_m, state, {LOD_NUMBER} AS number
            FROM building_model WHERE number > 0 {BEST_MODEL}
        )
        SELECT b.building_id, b.code, b.name, d.address, b."use", b.height_m AS height, b.height_source,
               b.storeys::INTEGER AS storeys, coalesce(best.base_m, d.base_m) AS base, best.lod, best.state,
               dataset.title AS dataset, b.lon, b.lat, ST_AsWKB(b.geom) AS geom
        FROM building AS b
        JOIN dataset ON dataset.dataset_id = b.dataset_id
        LEFT JOIN building_detail AS d ON d.building_id = b.building_id
        LEFT JOIN best ON best.building_id = b.building_id
        ORDER BY b.building_id
        """  # noqa: S608 - expressions of ours
    ).to_arrow_table()


def tile_models(cur: duckdb.DuckDBPyConnection, building_ids: Sequence[int]) -> pa.Table:
    """Best model of each of some buildings.

    Parameters
    ----------
    cur : DuckDBPyConnection
        Reading cursor.
    building_ids : sequence of int
        Keys; buildings without a model above LoD 0 give no row.

    Returns
    -------
    pyarrow.Table
        By building_id: building_id, lon, lat, base_m, vertices, faces, surfaces, texture_ids, uv, watertight.
    """
    return cur.sql(
        f"""
        WITH best AS (
            SELECT building_id, lod, {LOD_NUMBER} AS number FROM building_model
            WHERE number > 0 AND building_id IN (SELECT unnest($ids::INTEGER[])) {BEST_MODEL}
        )
        SELECT m.building_id, m.lon, m.lat, m.base_m, m.vertices, m.faces, m.surfaces, m.texture_ids, m.uv,
               m.watertight
        FROM building_model AS m JOIN best ON best.building_id = m.building_id AND best.lod = m.lod
        ORDER BY m.building_id
        """,  # noqa: S608 - expressions of ours
        params={"ids": list(building_ids)},
    ).to_arrow_table()


def tile_textures(cur: duckdb.DuckDBPyConnection, texture_ids: Sequence[int]) -> pa.Table:
    """Textures by their numbers.

    Returns
    -------
    pyarrow.Table
        By texture_id: texture_id, path (as the file names it), media_type, image (binary).
    """
    return cur.sql(
        "SELECT texture_id, path, media_type, image FROM building_texture "
        "WHERE texture_id IN (SELECT unnest($ids::INTEGER[])) ORDER BY texture_id",
        params={"ids": list(texture_ids)},
    ).to_arrow_table()
