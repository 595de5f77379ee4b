"""Units that the register names for a component."""

import duckdb
import pyarrow as pa


def component_units(cur: duckdb.DuckDBPyConnection, code: str) -> pa.Table:
    """Owner and maintainer of a component.

    Parameters
    ----------
    cur : DuckDBPyConnection
        Reading cursor.
    code : str
        Code of the component.

    Returns
    -------
    pyarrow.Table
        owner, maintainer: unit codes, empty for none; no row where there is no such component.
    """
    return cur.sql(
        "SELECT owner.code AS owner, maintainer.code AS maintainer FROM component "
        "LEFT JOIN unit AS owner ON owner.unit_id = owner_unit_id "
        "LEFT JOIN unit AS maintainer ON maintainer.unit_id = maintainer_unit_id WHERE component.code = $code",
        params={"code": code},
    ).to_arrow_table()
