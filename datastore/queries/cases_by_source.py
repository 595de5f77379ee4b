"""What each source of cases contributes, and how fresh it is."""

import duckdb
import ibis
import ibis.expr.types as ir
import pyarrow as pa

from datastore.queries.bound import Bound, bind
from datastore.queries.facts import reported_cases
from datastore.queries.measures import flow
from datastore.queries.run import compiled, run
from datastore.queries.tables import CASE_SOURCE, FEED_RECORD
from twin_model.selection import Selection


def cases_by_source(cur: duckdb.DuckDBPyConnection, selection: Selection) -> pa.Table:
    """Cases of a selection by source, every source listed.

    Parameters
    ----------
    cur : DuckDBPyConnection
        Reading cursor.
    selection : Selection
        Cases that count.

    Returns
    -------
    pyarrow.Table
        One row a source, by source_id: source_id, code, name_zh, name_en, proactive, reported, closed (int64),
        last_reported_at (timestamp, UTC, empty without cases), feed_records (int64, records of a source that is not
        yet fed into the loop, whatever the selection).

    Raises
    ------
    UnknownCodeError
        If the selection names a code that the store does not hold.
    """
    return run(cur, question(bind(cur, selection)), few=True)


@compiled
def question(bound: Bound) -> ir.Table:
    """Join the sources with their counts."""
    cases = reported_cases(bound, ("source_id",))
    measures = flow(cases)
    counts = cases.group_by("source_id").aggregate(
        reported=measures["reported"], closed=measures["closed"], last_reported_at=cases.last_reported_at.max()
    )
    feed = FEED_RECORD.group_by("source_id").aggregate(feed_records=FEED_RECORD.count())
    return (
        CASE_SOURCE.left_join(counts, "source_id")
        .drop("source_id_right")
        .left_join(feed, "source_id")
        .select(
            "source_id",
            "code",
            "name_zh",
            "name_en",
            "proactive",
            reported=ibis._.reported.fill_null(0),
            closed=ibis._.closed.fill_null(0),
            last_reported_at=ibis._.last_reported_at,
            feed_records=ibis._.feed_records.fill_null(0),
        )
        .order_by("source_id")
    )
