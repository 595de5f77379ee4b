"""The classes of cases."""

import duckdb
import pyarrow as pa


def case_classes(cur: duckdb.DuckDBPyConnection) -> pa.Table:
    """Every class of cases, by class_id: class_id (int16), code, name_zh, name_en."""
    return cur.sql("SELECT class_id, code, name_zh, name_en FROM case_class ORDER BY class_id").to_arrow_table()
