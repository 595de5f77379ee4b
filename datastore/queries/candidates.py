"""Candidates: what sources were not sure of, for those who decide."""

import duckdb
import pyarrow as pa


def candidates(cur: duckdb.DuckDBPyConnection, state: str, limit: int, offset: int = 0) -> pa.Table:
    """Candidates of a state, the surest first.

    Parameters
    ----------
    cur : DuckDBPyConnection
        Reading cursor.
    state : str
        ``new``, ``promoted`` or ``dismissed``.
    limit, offset : int
        At most so many, after so many that are left out.

    Returns
    -------
    pyarrow.Table
        candidate_no, source_code, source_ref, class_code, class_name_zh, class_name_en, confidence (0 to 1), lon, lat
        (degrees, EPSG:4490; null without a place), moment (UTC), body (JSON of the report), state, case_no (null
        unless promoted).
    """
    return cur.sql(
        """
        SELECT candidate_no, case_source.code AS source_code, source_ref, case_class.code AS class_code,
               case_class.name_zh AS class_name_zh, case_class.name_en AS class_name_en, confidence, lon, lat, moment,
               body, state, case_no
        FROM candidate JOIN case_source USING (source_id) JOIN case_class USING (class_id)
        WHERE state = $state ORDER BY confidence DESC, candidate_no LIMIT $limit OFFSET $offset
        """,
        params={"state": state, "limit": limit, "offset": offset},
    ).to_arrow_table()
