"""What an import of cases does to the log: a case that comes again as it was keeps its leaf and what was done to it."""

from datetime import datetime

import duckdb

from datastore import registry
from datastore.log.import_entry import COLUMNS, import_columns_sql
from datastore.log.import_leaves import append_imports
from datastore.log.tables import log_size
from datastore.log.withdraw import append_withdrawals
from datastore.sources.intake import Intake
from datastore.sources.scalar import first_row

EVERY = "every_case"
"""Temporary table with the columns of ``cases``: those that stay, and the new ones, which have no ``log_first``."""

_EARLIER, _KEPT, _GONE = "earlier_case", "kept_case", "gone_case"
_SAME = " AND ".join(f"n.{column} IS NOT DISTINCT FROM i.{column}" for column in COLUMNS)
_AREAS = ("street_id", "community_id", "grid_id")


def remember_cases(con: duckdb.DuckDBPyConnection, intake: Intake) -> None:
    """Keep the cases that are about to be replaced, in a temporary table.

    Parameters
    ----------
    con : duckdb.DuckDBPyConnection
        In the transaction of the import, before the rows go.
    intake : Intake
        What is imported.
    """
    earlier = registry.find(con, intake.name)
    con.execute(f"CREATE TEMP TABLE {_EARLIER} AS FROM cases WHERE false")
    if earlier is not None:
        con.execute(f"INSERT INTO {_EARLIER} FROM cases WHERE dataset_id = ?", [earlier.dataset_id])


def number_leaves(con: duckdb.DuckDBPyConnection) -> None:
    """Give the new cases of :data:`EVERY` their place in the log.

    A case that the source tells as before keeps its leaf; where it was worked on here, that stands. The others get the
    seq of the leaf that `write_log` makes, after those of the withdrawals.

    Parameters
    ----------
    con : duckdb.DuckDBPyConnection
        In the transaction of the import.
    """
    new = import_columns_sql(EVERY, "c.log_first IS NULL")
    con.execute(
        f"CREATE TEMP TABLE {_KEPT} AS SELECT e.* FROM {_EARLIER} e JOIN case_import i ON i.seq = e.log_first "  # noqa: S608 - SQL of ours
        f"JOIN ({new}) n ON n.case_no = e.case_no WHERE {_SAME}"
    )
    con.execute(
        f"CREATE TEMP TABLE {_GONE} AS SELECT log_first, log_last, case_no FROM {_EARLIER} "  # noqa: S608 - SQL of ours
        f"WHERE log_first IS NOT NULL AND log_first NOT IN (SELECT log_first FROM {_KEPT})"
    )
    con.execute(
        f"UPDATE {EVERY} SET log_first = k.log_first, log_last = k.log_last FROM {_KEPT} k "  # noqa: S608 - SQL of ours
        f"WHERE {EVERY}.log_first IS NULL AND {EVERY}.case_no = k.case_no"
    )
    _keep_work(con)
    gone = first_row(con, f"SELECT count(*) FROM {_GONE}")  # noqa: S608 - a name of ours
    con.execute(
        f"UPDATE {EVERY} SET log_first = n.seq, log_last = n.seq FROM (SELECT case_no, "  # noqa: S608 - SQL of ours
        f"? + row_number() OVER (ORDER BY reported_at, case_no) - 1 AS seq FROM {EVERY} WHERE log_first IS NULL) n "
        f"WHERE {EVERY}.log_first IS NULL AND {EVERY}.case_no = n.case_no",
        [log_size(con) + (gone[0] if gone else 0)],
    )


def write_log(con: duckdb.DuckDBPyConnection, intake: Intake, now: datetime) -> tuple[str, ...]:
    """Write the events and leaves of the import, once ``cases`` holds :data:`EVERY`.

    Parameters
    ----------
    con : duckdb.DuckDBPyConnection
        In the transaction of the import.
    intake : Intake
        What is imported.
    now : datetime
        With its zone.

    Returns
    -------
    tuple of str
        Warnings.
    """
    append_withdrawals(con, _GONE, dataset=intake.name, moment=now)
    append_imports(con)
    con.execute(f"DELETE FROM case_desk WHERE case_key IN (SELECT log_first FROM {_GONE})")  # noqa: S608 - a name of ours
    worked = first_row(con, f"SELECT count(*) FROM {_GONE} WHERE log_last > log_first")  # noqa: S608 - a name of ours
    if worked and worked[0]:
        warning = (
            f"{intake.source}: {worked[0]} cases that had been worked on here have changed in the source or are gone "
            "from it; they are replaced, and what was done stays in the log"
        )
        return (warning,)
    return ()


def _keep_work(con: duckdb.DuckDBPyConnection) -> None:
    """Put the cases that were worked on here back as they stand; their areas are the new ones where the place is."""
    same_place = f"{_KEPT}.lon IS NOT DISTINCT FROM v.lon AND {_KEPT}.lat IS NOT DISTINCT FROM v.lat"
    areas = ", ".join(f"CASE WHEN {same_place} THEN v.{key} ELSE {_KEPT}.{key} END AS {key}" for key in _AREAS)
    con.execute(
        f"CREATE TEMP TABLE worked_case AS SELECT {_KEPT}.* REPLACE ({areas}) FROM {_KEPT} "  # noqa: S608 - SQL of ours
        f"JOIN {EVERY} v USING (log_first) WHERE {_KEPT}.log_last > {_KEPT}.log_first"
    )
    con.execute(f"DELETE FROM {EVERY} WHERE log_first IN (SELECT log_first FROM worked_case)")  # noqa: S608 - a name of ours
    con.execute(f"INSERT INTO {EVERY} BY NAME FROM worked_case")
