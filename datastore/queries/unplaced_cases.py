"""The cases without a usable place."""

import duckdb
import pyarrow as pa

from datastore.unplaced import UNPLACED


def unplaced_cases(cur: duckdb.DuckDBPyConnection) -> pa.Table:
    """Cases without coordinates, or with coordinates outside every area below the district, by time.

    Returns
    -------
    pyarrow.Table
        reason (no_coordinates | outside_areas), case_no, source_ref, source_code, class_code, reported_at (UTC), lon,
        lat, address, description.
    """
    return cur.sql(
        "SELECT CASE WHEN lon IS NULL THEN 'no_coordinates' ELSE 'outside_areas' END AS reason, "  # noqa: S608 - an expression of ours
        "case_no, source_ref, case_source.code AS source_code, case_class.code AS class_code, reported_at, "
        "lon, lat, address, description "
        "FROM cases JOIN case_source USING (source_id) JOIN case_class USING (class_id) "
        f"WHERE {UNPLACED} ORDER BY reported_at, case_id"
    ).to_arrow_table()
