"""How many cases came and went at one building in each of the last months."""

from datetime import datetime

import duckdb
import pyarrow as pa

from datastore.meta import last_whole_day
from datastore.queries.bound import store_zone
from datastore.queries.building_key import building_key
from twin_model.case import CaseStage


def building_trend(cur: duckdb.DuckDBPyConnection, code: str, as_of: datetime, months: int) -> pa.Table:
    """Cases at a building by local month, up to the month of the last whole day before a moment.

    Parameters
    ----------
    cur : DuckDBPyConnection
        Reading cursor.
    code : str
        Building code.
    as_of : datetime
        Aware.
    months : int
        Number of months, at least 1.

    Returns
    -------
    pyarrow.Table
        One row a month without gaps, first month first: month (date32, its first day), reported, closed (int64); the
        last month counts up to the last whole day.
    """
    return cur.sql(
        """
        WITH span AS (SELECT (date_trunc('month', $today::DATE) - to_months($months - 1))::DATE AS first),
        here AS (
            SELECT reported_day, CASE WHEN stage = $closed THEN closed_day END AS closed_day FROM cases
            WHERE building_id = $building
        ),
        calendar AS (SELECT (first + to_months(place::INTEGER))::DATE AS month FROM span, range($months) AS r(place)),
        came AS (
            SELECT date_trunc('month', reported_day)::DATE AS month, count(*) AS reported FROM here, span
            WHERE reported_day BETWEEN first AND $today GROUP BY 1
        ),
        went AS (
            SELECT date_trunc('month', closed_day)::DATE AS month, count(*) AS closed FROM here, span
            WHERE closed_day BETWEEN first AND $today GROUP BY 1
        )
        SELECT month, coalesce(reported, 0) AS reported, coalesce(closed, 0) AS closed
        FROM calendar LEFT JOIN came USING (month) LEFT JOIN went USING (month) ORDER BY month
        """,
        params={
            "building": building_key(cur, code),
            "months": months,
            "today": last_whole_day(as_of, store_zone(cur)),
            "closed": int(CaseStage.CLOSED),
        },
    ).to_arrow_table()
