"""What the register of components says of some cases: the units of the component that each is about."""

from collections.abc import Sequence
from datetime import date

import duckdb
import pyarrow as pa


def case_registers(cur: duckdb.DuckDBPyConnection, numbers: Sequence[str], days: Sequence[date]) -> pa.Table:
    """Owner and maintainer of the component of each case that names one.

    Parameters
    ----------
    cur : DuckDBPyConnection
        Reading cursor.
    numbers : sequence of str
        Case numbers.
    days : sequence of date
        Local days on which they were reported; other days are not read.

    Returns
    -------
    pyarrow.Table
        case_no, owner, maintainer: unit codes, empty for none.
    """
    return cur.sql(
        "SELECT case_no, owner.code AS owner, maintainer.code AS maintainer FROM cases "
        "JOIN component USING (component_id) LEFT JOIN unit AS owner ON owner.unit_id = owner_unit_id "
        "LEFT JOIN unit AS maintainer ON maintainer.unit_id = maintainer_unit_id "
        "WHERE reported_day = ANY($days) AND case_no = ANY($numbers)",
        params={"numbers": list(numbers), "days": list(days)},
    ).to_arrow_table()
