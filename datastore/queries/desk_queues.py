"""How many cases wait in each queue of a role."""

from datetime import datetime

import duckdb
import pyarrow as pa

from datastore.queries.desk_scope import DeskScope, moments, open_cases, place_of, queue_sql
from twin_model.desk_queue import queues_of


def desk_queues(cur: duckdb.DuckDBPyConnection, scope: DeskScope, as_of: datetime) -> pa.Table:
    """Cases in each queue of a role, for those that the scope may see.

    Parameters
    ----------
    cur : DuckDBPyConnection
        Reading cursor.
    scope : DeskScope
        Who asks; a street or department counts its own cases only.
    as_of : datetime
        Aware; decides what is late and what is due soon.

    Returns
    -------
    pyarrow.Table
        queue (`twin_model.desk_queue.Queue`), cases, overdue; in the order of the role's queues.
    """
    queues = queues_of(scope.role)
    place = place_of(cur, scope)
    counts = [f"count(*) FILTER ({queue_sql(scope, place, queue)})" for queue in queues]
    counts += [f"count(*) FILTER ({queue_sql(scope, place, queue)} AND deadline_at < $as_of)" for queue in queues]
    found: list[int] = []
    if queues:
        begin, rows = open_cases(queues)
        sql = f"{begin}SELECT {', '.join(counts)} FROM {rows}"  # noqa: S608 - names of ours
        values = {name: value for name, value in moments(as_of).items() if f"${name}" in sql}
        found = list(cur.execute(sql, values).fetchall()[0])
    return pa.table(
        {
            "queue": pa.array([queue.value for queue in queues], pa.string()),
            "cases": pa.array(found[: len(queues)], pa.int64()),
            "overdue": pa.array(found[len(queues) :], pa.int64()),
        }
    )
