"""Numbers of imported cases: a case that comes again keeps its own, and a new one takes the next of its day."""

import duckdb

from datastore import registry
from datastore.sources.intake import Intake

EARLIER = "earlier_number"
_DAY = "substr(case_no, 7, 8)"
_LAST = (
    f"SELECT {_DAY} AS day_text, max(right(case_no, 6)::INTEGER) AS last_number "  # noqa: S608 - names of ours
    f"FROM (SELECT case_no FROM cases UNION ALL SELECT case_no FROM {EARLIER}) GROUP BY day_text"
)
NUMBERED = (
    "(SELECT *, strftime(local_day, '%Y%m%d') AS day_text FROM sound_case) "  # noqa: S608 - names of ours
    f"LEFT JOIN (SELECT id_text, case_no AS kept_no FROM {EARLIER}) USING (id_text) "
    f"LEFT JOIN ({_LAST}) USING (day_text)"
)
"""SQL of the sound cases with what their numbers are made from."""


def remember_numbers(con: duckdb.DuckDBPyConnection, intake: Intake) -> None:
    """Make the temporary table :data:`EARLIER`: the source's id and the number of each case that is to be replaced.

    Cases without an id of the source cannot be told apart; they are numbered anew.

    Parameters
    ----------
    con : duckdb.DuckDBPyConnection
        In the transaction of the import, before the rows go.
    intake : Intake
        What is imported.
    """
    earlier = registry.find(con, intake.name)
    con.execute(f"CREATE TEMP TABLE {EARLIER} (id_text VARCHAR, case_no VARCHAR)")
    if earlier is not None:
        con.execute(
            f"INSERT INTO {EARLIER} SELECT source_ref, case_no FROM cases "  # noqa: S608 - a name of ours
            "WHERE dataset_id = ? AND source_ref IS NOT NULL",
            [earlier.dataset_id],
        )


def case_no_sql(prefix: str) -> str:
    """Write the SQL of a case number over :data:`NUMBERED`.

    Parameters
    ----------
    prefix : str
        SQL of the six administrative digits.

    Returns
    -------
    str
        The number that the case had; else 6 administrative digits, yyyyMMdd and 6 of sequence, after every number of
        the day that is or was just now taken.
    """
    new = "row_number() OVER (PARTITION BY local_day, kept_no IS NULL ORDER BY reported_at, row_number)"
    return f"coalesce(kept_no, {prefix} || day_text || lpad((coalesce(last_number, 0) + {new})::VARCHAR, 6, '0'))"
