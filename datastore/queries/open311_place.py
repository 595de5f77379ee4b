"""Where an address lies: a building's code, or its address in full."""

import duckdb
import pyarrow as pa


def open311_place(cur: duckdb.DuckDBPyConnection, *, code: str = "", address: str = "") -> pa.Table:
    """Find the building of a code, or the buildings of an address.

    Parameters
    ----------
    cur : DuckDBPyConnection
        Reading cursor.
    code : str
        Code of a building.
    address : str
        Its address as the store has it, letter for letter; asked only where there is no code.

    Returns
    -------
    pyarrow.Table
        code, lon, lat (degrees, EPSG:4490), address; at most two rows, so that one tells that it is the only one.
    """
    condition = "building.code = $asked" if code else "building_detail.address = $asked"
    return cur.sql(
        "SELECT building.code, lon, lat, address FROM building LEFT JOIN building_detail USING (building_id) "  # noqa: S608 - conditions of ours
        f"WHERE {condition} ORDER BY building.code LIMIT 2",
        params={"asked": code or address},
    ).to_arrow_table()
