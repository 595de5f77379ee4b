"""One case by its number: where it is and how it stands."""

from datetime import date

import duckdb
import pyarrow as pa

from twin_model.case import CASE_NO_LENGTH

_CASE = (
    "SELECT case_no, stage, reported_at, deadline_at, cases.lon, cases.lat, building.code AS building_code, "
    "building.name AS building_name, building_detail.address AS building_address, building_m "
    "FROM (SELECT * FROM cases WHERE case_no = $no {day} LIMIT 1) AS cases "
    "LEFT JOIN building USING (building_id) LEFT JOIN building_detail USING (building_id)"
)


def case_by_no(cur: duckdb.DuckDBPyConnection, case_no: str) -> pa.Table:
    """One case, or no row if the store does not hold the number.

    Parameters
    ----------
    cur : DuckDBPyConnection
        Reading cursor.
    case_no : str
        Case number.

    Returns
    -------
    pyarrow.Table
        case_no, stage, reported_at, deadline_at (UTC), lon, lat (degrees, EPSG:4490; empty without a place),
        building_code, building_name, building_address, building_m (metres to the footprint, 0 inside; empty without a
        building).
    """
    day = day_in(case_no)
    if day is not None:  # cases lie in the order of their days: this reads one row group, not all
        found = cur.sql(
            _CASE.format(day="AND reported_day = $day"), params={"no": case_no, "day": day}
        ).to_arrow_table()
        if found.num_rows:
            return found
    return cur.sql(_CASE.format(day=""), params={"no": case_no}).to_arrow_table()


def day_in(case_no: str) -> date | None:
    """Read the day that a number of our own form holds: 6 administrative digits, yyyyMMdd, 6 of sequence."""
    if len(case_no) != CASE_NO_LENGTH or not (case_no.isascii() and case_no.isdigit()):
        return None
    try:
        return date(int(case_no[6:10]), int(case_no[10:12]), int(case_no[12:14]))
    except ValueError:
        return None
