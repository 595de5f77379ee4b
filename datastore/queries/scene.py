"""What stands and lies in the city, with its shapes: rows for the 3D scene. Geometry is WKB, EPSG:4490."""

import duckdb
import pyarrow as pa

from twin_model.area import AreaLevel


def areas_scene(cur: duckdb.DuckDBPyConnection, level: AreaLevel, parent: str | None = None) -> pa.Table:
    """Areas of a level, all or those anywhere below one area.

    Parameters
    ----------
    cur : DuckDBPyConnection
        Reading cursor.
    level : AreaLevel
        Level to give.
    parent : str, optional
        Code of an area of a higher level.

    Returns
    -------
    pyarrow.Table
        By area_id: area_id, code, parent_id, name, name_en, kind, population, geom_source, lon, lat, geom (binary,
        may be null).
    """
    return cur.sql(
        """
        WITH RECURSIVE below AS (
            SELECT area_id FROM area WHERE CASE WHEN $parent IS NULL THEN parent_id IS NULL ELSE code = $parent END
            UNION ALL
            SELECT area.area_id FROM area JOIN below ON area.parent_id = below.area_id
        )
        SELECT area_id, code, parent_id, name, name_en, kind, population, geom_source, lon, lat, ST_AsWKB(geom) AS geom
        FROM area WHERE level = $level AND area_id IN (SELECT area_id FROM below)
        ORDER BY area_id
        """,
        params={"level": int(level), "parent": parent},
    ).to_arrow_table()


def buildings_scene(cur: duckdb.DuckDBPyConnection) -> pa.Table:
    """Every building, by building_id, with its columns as stored, less the data set; geom as WKB."""
    return cur.sql(
        """
        SELECT building_id, code, name, "use", height_m, height_source, storeys, footprint_m2, lon, lat, street_id,
               community_id, grid_id, ST_AsWKB(geom) AS geom
        FROM building ORDER BY building_id
        """
    ).to_arrow_table()


def roads_scene(cur: duckdb.DuckDBPyConnection) -> pa.Table:
    """Every road, by road_id: road_id, name, class, width_m, geom as WKB."""
    return cur.sql(
        "SELECT road_id, name, class, width_m, ST_AsWKB(geom) AS geom FROM road ORDER BY road_id"
    ).to_arrow_table()


def landuse_scene(cur: duckdb.DuckDBPyConnection) -> pa.Table:
    """Every piece of water, park or hill, by landuse_id: landuse_id, name, kind, elevation_m, geom as WKB."""
    return cur.sql(
        "SELECT landuse_id, name, kind, elevation_m, ST_AsWKB(geom) AS geom FROM landuse ORDER BY landuse_id"
    ).to_arrow_table()
