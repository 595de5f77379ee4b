"""The cases at one building by stage and class."""

from datetime import UTC, datetime

import duckdb
import pyarrow as pa

from datastore.queries.building_key import building_key
from twin_model.case import CaseStage


def building_case_counts(cur: duckdb.DuckDBPyConnection, code: str, as_of: datetime) -> pa.Table:
    """Count the cases at a building.

    Parameters
    ----------
    cur : DuckDBPyConnection
        Reading cursor.
    code : str
        Building code.
    as_of : datetime
        Aware; an open case that was due before it is overdue.

    Returns
    -------
    pyarrow.Table
        One row for each stage and class that occurs, most cases first: stage (uint8, `twin_model.case.CaseStage`),
        class_code, class_name_zh, class_name_en, big_name_zh, big_name_en, cases, overdue (int64).
    """
    return cur.sql(
        """
        SELECT stage, case_class.code AS class_code, case_class.name_zh AS class_name_zh,
               case_class.name_en AS class_name_en, big_name_zh, big_name_en, cases, overdue
        FROM (
            SELECT stage, class_id, count(*) AS cases,
                   count(*) FILTER (stage < $closed AND deadline_at < $as_of) AS overdue
            FROM cases WHERE building_id = $building
            GROUP BY stage, class_id
        ) JOIN case_class USING (class_id)
        ORDER BY cases DESC, class_code, stage
        """,
        params={
            "building": building_key(cur, code),
            "as_of": as_of.astimezone(UTC).replace(tzinfo=None),
            "closed": int(CaseStage.CLOSED),
        },
    ).to_arrow_table()
