"""One image of a building's surfaces."""

import duckdb
import pyarrow as pa


def building_texture(cur: duckdb.DuckDBPyConnection, texture_id: int) -> pa.Table:
    """One texture, or no row if the store does not hold it.

    Parameters
    ----------
    cur : DuckDBPyConnection
        Reading cursor.
    texture_id : int
        As `building_model.texture_ids` names it.

    Returns
    -------
    pyarrow.Table
        texture_id, path (as the file names it), media_type, sha256, image (binary).
    """
    return cur.sql(
        "SELECT texture_id, path, media_type, sha256, image FROM building_texture WHERE texture_id = $id",
        params={"id": texture_id},
    ).to_arrow_table()
