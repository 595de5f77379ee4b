"""What follows from cases and buildings, brought up to date: the call that every change of either ends with."""

import duckdb

from datastore.building_join import JoinReport, join_cases
from datastore.rollup import refresh_rollups


def settle(con: duckdb.DuckDBPyConnection, *, added_from: int | None = None) -> JoinReport:
    """Join cases to their buildings and make the rollups equal to the cases, in the caller's transaction.

    Parameters
    ----------
    con : DuckDBPyConnection
        Writing cursor.
    added_from : int, optional
        Only cases with this ``case_id`` or a higher one are new, and neither another case nor a building has changed
        since the store was last settled. Without it everything is made anew.

    Returns
    -------
    JoinReport
        Of the cases that were joined.

    Raises
    ------
    MetaError
        If the store's join distance is no number of metres.
    """
    report = join_cases(con, added_from=added_from)
    refresh_rollups(con, added_from=added_from)
    return report
