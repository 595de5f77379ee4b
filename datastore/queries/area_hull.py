"""What frames an area: the corners of the convex hull of its shape."""

import duckdb
import pyarrow as pa
import shapely


def area_hull(cur: duckdb.DuckDBPyConnection, code: str) -> pa.Table:
    """Corners of the convex hull of an area's shape.

    Parameters
    ----------
    cur : DuckDBPyConnection
        Reading cursor.
    code : str
        Area code.

    Returns
    -------
    pyarrow.Table
        lon, lat (float64, degrees, EPSG:4490), each corner once; no row if the store holds no such area or the area
        has no shape.
    """
    found = cur.sql(
        "SELECT ST_AsWKB(geom) AS geom FROM area WHERE code = $code AND geom IS NOT NULL", params={"code": code}
    ).to_arrow_table()
    hulls = shapely.convex_hull(shapely.from_wkb(found["geom"].to_numpy()))
    corners = shapely.get_coordinates(hulls)[:-1]
    return pa.table({"lon": corners[:, 0], "lat": corners[:, 1]})
