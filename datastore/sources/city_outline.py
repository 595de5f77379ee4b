"""The district of a store that has no areas: what is built, with a margin around it."""

from typing import Any

import duckdb
import numpy as np
import shapely
from numpy.typing import NDArray

from datastore.meta import read_meta
from datastore.sources.area_tree import CITY_CODE, DERIVED, AreaRow, rebuild_areas
from datastore.sources.scalar import first_row
from twin_model.area import AreaLevel
from twin_model.crs import metric_crs_for
from twin_model.geometry import geometry_from_metric, geometry_to_metric

MARGIN_M = 150.0
"""How far the district reaches beyond what is built, metres."""


def outline_city(con: duckdb.DuckDBPyConnection, dataset_id: int) -> None:
    """Derive the district from the buildings, roads and land use where nobody has given an area.

    The next import of areas takes its place. A store that has an area of any other kind stays as it is.

    Parameters
    ----------
    con : duckdb.DuckDBPyConnection
        In the transaction of the import.
    dataset_id : int
        Takes the district.
    """
    if first_row(con, "SELECT 1 FROM area WHERE NOT (code = ? AND geom_source = ?) LIMIT 1", [CITY_CODE, DERIVED]):
        return
    shapes = _built(con)
    if not len(shapes):
        return
    meta = read_meta(con)
    metric = meta.metric_crs or metric_crs_for(*(float(edge) for edge in shapely.total_bounds(shapes)))
    hull = shapely.convex_hull(shapely.geometrycollections(geometry_to_metric(shapes, metric)))
    outline = geometry_from_metric(np.array([shapely.buffer(hull, MARGIN_M)], dtype=object), metric)[0]
    name = meta.city_name_zh or meta.city_name_en or CITY_CODE
    district = AreaRow(
        CITY_CODE, name, AreaLevel.DISTRICT, outline, DERIVED, dataset_id, name_en=meta.city_name_en or None
    )
    rebuild_areas(con, [district], [], dataset_id)


def _built(con: duckdb.DuckDBPyConnection) -> NDArray[Any]:
    """Envelope of what the store holds: (n,) geometries, EPSG:4490."""
    table = con.sql(
        "SELECT ST_AsWKB(geom) AS wkb FROM building UNION ALL SELECT ST_AsWKB(geom) FROM road "
        "UNION ALL SELECT ST_AsWKB(geom) FROM landuse"
    ).to_arrow_table()
    geometry = shapely.from_wkb(np.array([*table["wkb"].to_pylist(), None], dtype=object)[:-1])
    # The hull of hulls is the hull, and there is far less of it to move to metres.
    return np.asarray(shapely.convex_hull(geometry), dtype=object)
