"""Sources of cases, as rows: a further one is a further row."""

import re

import duckdb

from datastore.errors import DatastoreError
from datastore.sources.scalar import next_key
from twin_model.source import CaseSource

MAX_SOURCES = 256
_CODE = re.compile(r"[A-Z][A-Z0-9_]{0,39}")


class CaseSourceError(DatastoreError):
    """A source that cannot be entered; the message says why."""


def case_sources(cur: duckdb.DuckDBPyConnection) -> tuple[CaseSource, ...]:
    """All sources, in the order in which they were entered."""
    rows = cur.execute(
        "SELECT source_id, code, name_zh, name_en, proactive FROM case_source ORDER BY source_id"
    ).fetchall()
    return tuple(
        CaseSource(source_id, code, zh, en, proactive=bool(machine)) for source_id, code, zh, en, machine in rows
    )


def add_case_source(
    con: duckdb.DuckDBPyConnection, code: str, name_zh: str, name_en: str, *, proactive: bool
) -> CaseSource:
    """Enter a source, in the caller's transaction.

    Parameters
    ----------
    con : DuckDBPyConnection
        Writing cursor.
    code : str
        Upper-case letters, digits and underscores.
    name_zh, name_en : str
        Names on screen.
    proactive : bool
        Whether a machine discovers its cases.

    Raises
    ------
    CaseSourceError
        If the code or a name cannot be used, or is taken.
    """
    if not _CODE.fullmatch(code):
        raise CaseSourceError(f"{code!r} is no code of a source; write upper-case letters, digits and _, such as DRONE")
    if not name_zh.strip() or not name_en.strip():
        raise CaseSourceError(f"source {code} needs a Chinese and an English name; give both")
    known = case_sources(con)
    if any(each.code == code for each in known):
        raise CaseSourceError(f"there is a source {code} already; see citydeck source list")
    source_id = next_key(con, "case_source", "source_id")
    if source_id >= MAX_SOURCES:
        raise CaseSourceError(f"a store has at most {MAX_SOURCES} sources")
    entered = CaseSource(source_id, code, name_zh.strip(), name_en.strip(), proactive=proactive)
    con.execute("INSERT INTO case_source VALUES (?, ?, ?, ?, ?)", list(vars(entered).values()))
    return entered
