"""Imported tilesets: background layers."""

import duckdb
import pyarrow as pa


def tilesets(cur: duckdb.DuckDBPyConnection) -> pa.Table:
    """Tilesets that can be drawn on the map, in the order of first import.

    Parameters
    ----------
    cur : DuckDBPyConnection
        Reading cursor.

    Returns
    -------
    pyarrow.Table
        name (of the address ``/tiles/<name>/tileset.json``), ground_m (height above the ellipsoid that is drawn at
        the level of the plain), west, south, east, north (degrees), title, dataset_id. One without a place on the
        Earth is left out.
    """
    return cur.sql(
        """
        SELECT t.name, t.ground_m, t.west, t.south, t.east, t.north, dataset.title, dataset_id
        FROM tileset AS t JOIN dataset USING (dataset_id) WHERE t.west IS NOT NULL ORDER BY dataset_id
        """
    ).to_arrow_table()
