"""Cases that belong to another one: the parts of a split case, and the duplicates that were linked to it."""

from datetime import date

import duckdb
import pyarrow as pa

from datastore.queries.case_names import with_names

MAX_CHILDREN = 60


def case_children(cur: duckdb.DuckDBPyConnection, case_no: str, since: date) -> pa.Table:
    """Cases whose parent is a case, in the order in which they came.

    Parameters
    ----------
    cur : DuckDBPyConnection
        Reading cursor.
    case_no : str
        Number of the parent.
    since : date
        Local day on which it was reported: a part or duplicate comes later, so that earlier days are not read.

    Returns
    -------
    pyarrow.Table
        case_no, stage, reported_at, deadline_at (UTC), and codes and names as
        `datastore.queries.case_names.with_names` gives them; at most `MAX_CHILDREN` rows.
    """
    rows = cur.sql(
        "SELECT case_no, stage, reported_at, deadline_at, class_id, source_id, unit_id, street_id, community_id, "
        "building_id FROM cases WHERE parent_no = $no AND reported_day >= $since ORDER BY case_id LIMIT $most",
        params={"no": case_no, "since": since, "most": MAX_CHILDREN},
    ).to_arrow_table()
    return with_names(cur, rows)
