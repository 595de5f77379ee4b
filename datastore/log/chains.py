"""The chain of each case, and whether the columns beside the entries say what the entries say."""

from collections.abc import Sequence

import duckdb

from datastore.log.finding import MOST_FINDINGS, Fault, Finding
from datastore.log.import_entry import COLUMNS, ENTRY, import_columns_sql
from datastore.log.tables import HASHED

NO_CASE = -1
"""``case_key`` of an event of no case."""

_FIELDS = ("case", "kind", "actor", "at", "prev")
_PATHS = ", ".join(f"'$.{name}'" for name in _FIELDS)
_TOLD = (
    "SELECT seq, case_key, case_no, kind, actor, strftime(moment, '%Y-%m-%dT%H:%M:%S.%fZ') AS moment, leaf, "  # noqa: S608 - SQL of ours
    f"CASE WHEN json_valid(entry) THEN json_extract_string(entry, [{_PATHS}]) END AS told FROM case_event"
)
_LINKED = (
    "SELECT *, lag(seq) OVER chain AS before, lag(leaf) OVER chain AS before_leaf, "  # noqa: S608 - SQL of ours
    f"lag(case_no) OVER chain AS before_no FROM ({_TOLD}) WINDOW chain AS (PARTITION BY case_key ORDER BY seq)"
)
_IMPORTED = (
    f"SELECT seq AS case_key, case_no AS import_no, sha256({HASHED.format(ENTRY)}) AS import_leaf FROM case_import "  # noqa: S608 - SQL of ours
    "WHERE seq IN (SELECT case_key FROM case_event)"
)
_CHAINS = (
    "SELECT e.seq, e.case_no, coalesce(e.before, nullif(e.case_key, e.seq)) AS before, "  # noqa: S608 - SQL of ours
    "told IS NULL OR told[1] IS DISTINCT FROM e.case_no OR told[2] IS DISTINCT FROM e.kind "
    "OR told[3] IS DISTINCT FROM e.actor OR told[4] IS DISTINCT FROM e.moment AS is_column, "
    f"CASE WHEN e.case_key = {NO_CASE} THEN told[5] IS DISTINCT FROM '' OR e.case_no <> '' "
    "WHEN e.before IS NOT NULL THEN told[5] IS DISTINCT FROM lower(hex(e.before_leaf)) OR e.before_no <> e.case_no "
    "WHEN e.case_key = e.seq THEN told[5] IS DISTINCT FROM '' "
    "ELSE told[5] IS DISTINCT FROM i.import_leaf OR i.import_no IS DISTINCT FROM e.case_no END AS is_chain "
    f"FROM ({_LINKED}) e LEFT JOIN ({_IMPORTED}) i ON i.case_key = e.case_key AND e.before IS NULL "
    f"WHERE is_column OR is_chain ORDER BY e.seq LIMIT {MOST_FINDINGS}"
)

_DIFFERING = ", ".join(f"CASE WHEN n.{name} IS DISTINCT FROM i.{name} THEN '{name}' END" for name in COLUMNS)
_HISTORY = (
    f"SELECT n.seq, n.case_no, i.seq IS NULL AS is_lost, concat_ws(', ', {_DIFFERING}) AS differing "  # noqa: S608 - SQL of ours
    f"FROM ({import_columns_sql('cases', 'c.log_first = c.log_last')}) n LEFT JOIN case_import i USING (seq) "
    "WHERE (i.seq IS NOT NULL AND differing <> '') "
    "OR (i.seq IS NULL AND n.seq NOT IN (SELECT seq FROM case_event WHERE seq = case_key)) "
    f"ORDER BY n.seq LIMIT {MOST_FINDINGS}"
)
_UNLOGGED = (
    f"SELECT case_no FROM cases WHERE log_first IS NULL OR log_last IS NULL ORDER BY case_no LIMIT {MOST_FINDINGS}"  # noqa: S608
)
_UNTABLED = (
    "SELECT i.seq, i.case_no FROM case_import i "  # noqa: S608 - SQL of ours
    "WHERE i.seq NOT IN (SELECT log_first FROM cases WHERE log_first IS NOT NULL) "
    "AND i.seq NOT IN (SELECT case_key FROM case_event WHERE kind = 'withdraw') "
    f"ORDER BY i.seq LIMIT {MOST_FINDINGS}"
)


def chain_findings(con: duckdb.DuckDBPyConnection) -> list[Finding]:
    """Live events that do not follow the one before of their case, or whose columns are not those of their entry."""
    found = []
    for seq, case_no, before, is_column, is_chain in con.execute(_CHAINS).fetchall():
        of = f" of case {case_no}" if case_no else ""
        if is_column:
            text = f"entry {seq}{of}: the columns beside the entry do not say what the entry says"
            found.append(Finding(Fault.COLUMN, text, seq, seq, case_no))
        if is_chain and before is None:
            text = f"entry {seq}{of} names an entry before it, and is the first of its case"
            found.append(Finding(Fault.CHAIN, text, seq, seq, case_no))
        elif is_chain:
            text = (
                f"entry {before}{of} is not the one that entry {seq} was written after: it was changed, or one between "
                "them was taken out"
            )
            found.append(Finding(Fault.CHAIN, text, before, seq, case_no))
    return found


def history_findings(con: duckdb.DuckDBPyConnection) -> list[Finding]:
    """Cases that nobody has touched since they came in bulk, and that ``cases`` tells otherwise than the log."""
    found = []
    for seq, case_no, is_lost, differing in con.execute(_HISTORY).fetchall():
        text = (
            f"case {case_no} names entry {seq} as its first, which is no case's first entry"
            if is_lost
            else f"case {case_no} differs from its entry {seq} in {differing}"
        )
        found.append(Finding(Fault.TABLE, text, case_no=case_no))
    for (case_no,) in con.execute(_UNLOGGED).fetchall():
        found.append(Finding(Fault.TABLE, f"case {case_no} is not in the log", case_no=case_no))
    for seq, case_no in con.execute(_UNTABLED).fetchall():
        text = f"case {case_no} of entry {seq} was taken out of the cases"
        found.append(Finding(Fault.TABLE, text, case_no=case_no))
    return found


def table_findings(differences: Sequence[tuple[str, str]]) -> list[Finding]:
    """Make findings of cases whose tables are not what their events lead to: case number and sentence each."""
    return [Finding(Fault.TABLE, text, case_no=case_no) for case_no, text in differences[:MOST_FINDINGS]]
