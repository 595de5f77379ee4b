"""The rollups: what `datastore.migrations` calls ready answers, kept equal to ``cases`` in the same transaction.

Importers call `datastore.settle.settle`, which joins the cases to their buildings first. The counted tables add up, so
cases that were only added are counted in by a few more rows; anything else builds them anew.
The desk, which changes a few cases many times a second, lets them trail its events by a moment
(`datastore.desk.trail`); ``rollup_seq`` of the store's meta values says up to where in the log they count.
"""

import duckdb

from datastore.log.tables import log_size
from datastore.meta import read_meta, write_meta
from twin_model.case import CaseStage

SEQ_KEY = "rollup_seq"
"""Meta key: entries of the log that the rollups count."""

_COUNTED = {
    "case_by_day": ("reported_day, street_id, source_id, stage", "count(*), max(reported_at)", ""),
    "case_by_closed_day": (
        "closed_day, street_id, source_id, stage",
        "count(*)",
        f"AND stage = {CaseStage.CLOSED:d} AND closed_day IS NOT NULL",
    ),
    "case_by_community": ("street_id, community_id, source_id, stage", "count(*), max(reported_at)", ""),
    "case_by_grid": ("street_id, community_id, grid_id, source_id, stage", "count(*), max(reported_at)", ""),
    "case_by_building": (
        "building_id, street_id, community_id, grid_id, source_id, stage",
        "count(*), max(reported_at)",
        "AND building_id IS NOT NULL",
    ),
}

_OPEN_COLUMNS = (
    "case_id, case_no, source_id, class_id, stage, unit_id, reported_at, deadline_at, reported_day, lon, lat, "
    "street_id, community_id, grid_id, building_id, hold"
)


def refresh_rollups(con: duckdb.DuckDBPyConnection, *, added_from: int | None = None) -> None:
    """Make the rollups equal to the cases, in the caller's transaction.

    Parameters
    ----------
    con : DuckDBPyConnection
        Writing cursor.
    added_from : int, optional
        Only cases with this ``case_id`` or a higher one are new and no other case has changed since the last refresh:
        count these in. Without it everything is built anew (2 million cases: about a third of a second).
    """
    since = 0 if added_from is None else int(added_from)
    chosen = "true" if added_from is None else f"case_id >= {since}"
    for name, (keys, measures, condition) in _COUNTED.items():
        if added_from is None:
            con.execute(f"DELETE FROM {name}")  # noqa: S608 - names of ours
        con.execute(
            f"INSERT INTO {name} SELECT {keys}, {measures} FROM cases "  # noqa: S608 - names of ours and an int
            f"WHERE {chosen} {condition} GROUP BY ALL ORDER BY {keys}"
        )
    if added_from is None:
        con.execute("DELETE FROM open_case")
    con.execute(
        f"INSERT INTO open_case SELECT {_OPEN_COLUMNS} FROM cases "  # noqa: S608 - as above
        f"WHERE {chosen} AND stage < {CaseStage.CLOSED:d} ORDER BY deadline_at, case_id"
    )
    write_meta(con, {SEQ_KEY: str(log_size(con))})


def is_behind(cur: duckdb.DuckDBPyConnection) -> bool:
    """Whether the rollups do not count all of the log: a desk was killed before they had followed its last events."""
    return int(read_meta(cur).other.get(SEQ_KEY, "0")) != log_size(cur)
