"""One building with all that the store says of it."""

import duckdb
import pyarrow as pa

from datastore.queries.building_lods import LOD_NUMBER
from datastore.queries.dataset_levels import surface_kinds, tells_walls_from_roofs


def building_by_code(cur: duckdb.DuckDBPyConnection, code: str) -> pa.Table:
    """One building, or no row if the store does not hold the code.

    Parameters
    ----------
    cur : DuckDBPyConnection
        Reading cursor.
    code : str
        Building code.

    Returns
    -------
    pyarrow.Table
        building_id, code, name, use, height_m, height_source, storeys, footprint_m2, lon, lat (degrees, EPSG:4490),
        geom (WKB); source_ref, address, base_m, attributes (JSON object as text); street_code, street_name,
        street_name_en, community_code, community_name, community_name_en, grid_code, grid_name; dataset_id,
        dataset_name, dataset_title, dataset_kind, source, licence, crs, simulated, version, imported_at (UTC); lods
        (list of text, lowest first, the block that follows from footprint and height left out), best_lod (above LoD
        0; empty for a block), and state, reason, watertight, volume_m3, surface_m2 of the best one;
        semantic (bool: the best one tells walls from roofs).
    """
    found = cur.sql(
        f"""
        WITH chosen AS (SELECT * FROM building WHERE code = $code),
        model AS (
            SELECT building_id, lod, {LOD_NUMBER} AS number, state, reason, watertight, volume_m3, surface_m2, surfaces
            FROM building_model WHERE building_id IN (SELECT building_id FROM chosen)
        ),
        best AS (SELECT * FROM model WHERE number > 0 ORDER BY number DESC, lod DESC LIMIT 1)
        SELECT b.building_id, b.code, b.name, b."use", b.height_m, b.height_source, b.storeys, b.footprint_m2, b.lon,
               b.lat, ST_AsWKB(b.geom) AS geom,
               detail.source_ref, detail.address, detail.base_m, coalesce(detail.attributes, '{{}}') AS attributes,
               street.code AS street_code, street.name AS street_name, street.name_en AS street_name_en,
               community.code AS community_code, community.name AS community_name,
               community.name_en AS community_name_en, grid.code AS grid_code, grid.name AS grid_name,
               b.dataset_id, dataset.name AS dataset_name, dataset.title AS dataset_title,
               dataset.kind AS dataset_kind, dataset.source, dataset.licence, dataset.crs, dataset.simulated,
               dataset.version, dataset.imported_at,
               coalesce((SELECT list(lod ORDER BY number, lod) FROM model), []) AS lods,
               best.lod AS best_lod, best.state, best.reason, best.watertight, best.volume_m3, best.surface_m2,
               best.surfaces
        FROM chosen AS b
        LEFT JOIN building_detail AS detail USING (building_id)
        LEFT JOIN area AS street ON street.area_id = b.street_id
        LEFT JOIN area AS community ON community.area_id = b.community_id
        LEFT JOIN area AS grid ON grid.area_id = b.grid_id
        LEFT JOIN dataset ON dataset.dataset_id = b.dataset_id
        LEFT JOIN best ON true
        """,  # noqa: S608 - an expression of ours
        params={"code": code},
    ).to_arrow_table()
    semantic = [tells_walls_from_roofs(surface_kinds([each or b""])) for each in found["surfaces"].to_pylist()]
    return found.drop_columns(["surfaces"]).append_column("semantic", pa.array(semantic, pa.bool_()))
