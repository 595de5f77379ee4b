"""The components near a building."""

import duckdb
import pyarrow as pa
import shapely

from datastore.queries.building_surroundings import box_around, footprint_of, nearest


def building_components(cur: duckdb.DuckDBPyConnection, code: str, within_m: float, limit: int) -> pa.Table:
    """Components near a building.

    Parameters
    ----------
    cur : DuckDBPyConnection
        Reading cursor.
    code : str
        Building code.
    within_m : float
        Farthest from the footprint, metres.
    limit : int
        Most rows to give.

    Returns
    -------
    pyarrow.Table
        Nearest first: code, state, class_code, class_name_zh, class_name_en, owner_code, owner_name_zh,
        owner_name_en (empty without an owner), distance_m (float32, 0 inside), lon, lat.
    """
    home = footprint_of(cur, code)
    near = cur.sql(
        """
        SELECT component.code, state, case_class.code AS class_code, case_class.name_zh AS class_name_zh,
               case_class.name_en AS class_name_en, unit.code AS owner_code, unit.name_zh AS owner_name_zh,
               unit.name_en AS owner_name_en, lon, lat
        FROM component JOIN case_class USING (class_id) LEFT JOIN unit ON unit_id = owner_unit_id
        WHERE lon BETWEEN $west AND $east AND lat BETWEEN $south AND $north ORDER BY component_id
        """,
        params=box_around(home, within_m),
    ).to_arrow_table()
    points = shapely.points(near["lon"].to_numpy(), near["lat"].to_numpy())
    chosen, distance = nearest(home, points, within_m, limit)
    return near.take(pa.array(chosen)).append_column("distance_m", pa.array(distance, pa.float32()))
