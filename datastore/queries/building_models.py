"""Models of buildings: the meshes that close views draw."""

import duckdb
import pyarrow as pa

from datastore.queries.building_lods import BEST_MODEL, LOD_NUMBER

_COLUMNS = (
    "building_id, lod, tile, lon, lat, base_m, vertices, faces, surfaces, texture_ids, uv, state, reason, watertight, "
    "volume_m3, surface_m2"
)


def building_models(
    cur: duckdb.DuckDBPyConnection, *, tile: int | None = None, code: str | None = None, lod: str | None = None
) -> pa.Table:
    """Models in a tile, of a building, or of all.

    Without a level of detail, each building gives its best one above LoD 0.

    Parameters
    ----------
    cur : DuckDBPyConnection
        Reading cursor.
    tile : int, optional
        Tile of the buildings (`twin_model.mesh_tile`).
    code : str, optional
        Building code.
    lod : str, optional
        Level of detail as stored, or ``all``.

    Returns
    -------
    pyarrow.Table
        By building_id and level of detail: building_id, lod, tile, lon, lat, base_m, vertices, faces, surfaces,
        texture_ids, uv, state, reason, watertight, volume_m3, surface_m2 (as stored), code, height_m.
    """
    where = {
        "$tile IS NULL OR tile = $tile": tile is not None,
        "building_id IN (SELECT building_id FROM building WHERE code = $code)": code is not None,
        f"{LOD_NUMBER} > 0": lod is None,
        "lod = $lod": lod not in (None, "all"),
    }
    said = {"tile": tile, "code": code, "lod": lod}
    conditions = [condition for condition, holds in where.items() if holds]
    chosen = " AND ".join(f"({condition})" for condition in conditions) or "true"
    # The window sorts keys, not meshes: those are fetched for the rows that it leaves.
    return cur.sql(
        f"""
        WITH chosen AS (
            SELECT building_id, lod, {LOD_NUMBER} AS number FROM building_model WHERE {chosen}
            {BEST_MODEL if lod is None else ""}
        )
        SELECT {", ".join(f"m.{column}" for column in _COLUMNS.split(", "))}, b.code, b.height_m
        FROM building_model AS m
        JOIN chosen ON chosen.building_id = m.building_id AND chosen.lod = m.lod
        JOIN building AS b ON b.building_id = m.building_id
        {"WHERE m.tile = $tile" if tile is not None else ""}
        ORDER BY m.building_id, chosen.number, m.lod
        """,  # noqa: S608 - expressions of ours
        params={name: value for name, value in said.items() if any(f"${name}" in each for each in conditions)},
    ).to_arrow_table()
