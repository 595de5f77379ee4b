"""Classes of cases as services of Open311 GeoReport v2."""

import duckdb
import pyarrow as pa

from twin_model.area import AreaLevel


def open311_services(cur: duckdb.DuckDBPyConnection, code: str | None = None) -> pa.Table:
    """Classes of cases that can be reported, by code.

    Parameters
    ----------
    cur : DuckDBPyConnection
        Reading cursor.
    code : str, optional
        The one that is asked for; all without it.

    Returns
    -------
    pyarrow.Table
        code, kind (``component``, ``event`` or ``other``), name_zh, name_en, big_name_zh, big_name_en.
    """
    return cur.sql(
        "SELECT code, kind, name_zh, name_en, big_name_zh, big_name_en FROM case_class "
        "WHERE $code IS NULL OR code = $code ORDER BY code",
        params={"code": code},
    ).to_arrow_table()


def open311_jurisdiction(cur: duckdb.DuckDBPyConnection) -> pa.Table:
    """Find the one jurisdiction of a store: its district.

    Parameters
    ----------
    cur : DuckDBPyConnection
        Reading cursor.

    Returns
    -------
    pyarrow.Table
        code; no row in a store without areas.
    """
    return cur.sql(
        "SELECT code FROM area WHERE level = $level ORDER BY code LIMIT 1", params={"level": int(AreaLevel.DISTRICT)}
    ).to_arrow_table()
