"""Replaying the log: the state of a case, or of all of them, at any moment; and whether the tables say the same."""

import json
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, fields
from datetime import UTC, datetime
from itertools import groupby
from typing import Any

import duckdb

from datastore.errors import UnknownCaseError
from datastore.queries.case_by_no import day_in
from twin_model.case_entry import event_of
from twin_model.case_evolve import evolve
from twin_model.case_file import CaseFile
from twin_model.errors import LogError, TwinModelError
from twin_model.workflow import Action

BATCH = 500
"""Cases that are compared at once."""

_ENTRIES = (
    "SELECT case_key, case_no, seq, entry FROM log_entry "
    "WHERE case_key IN (SELECT DISTINCT case_key FROM case_event WHERE case_key >= 0) ORDER BY case_key, seq"
)
_ALL = "SELECT case_key, case_no, seq, entry FROM log_entry WHERE case_key >= 0 ORDER BY case_key, seq"
_ROWS = (
    "SELECT cases.log_first, cases.case_no, source.code, class.code, stage, unit.code, reported_at, filed_at, "
    "dispatched_at, handled_at, closed_at, deadline_at, cases.lon, cases.lat, component.code, source_ref, parent_no, "
    "hold, log_last, case_desk.file FROM cases "
    "JOIN case_source AS source USING (source_id) JOIN case_class AS class ON class.class_id = cases.class_id "
    "LEFT JOIN unit ON unit.unit_id = cases.unit_id "
    "LEFT JOIN component ON component.component_id = cases.component_id "
    "LEFT JOIN case_desk ON case_desk.case_key = cases.log_first "
    "WHERE cases.log_first IN (SELECT unnest(?::BIGINT[]))"
)
_NAMES = (
    "case_no", "source", "class", "stage", "unit", "reported_at", "filed_at", "dispatched_at", "handled_at",
    "closed_at", "deadline_at", "lon", "lat", "component", "ref", "parent", "hold", "last event",
)  # fmt: skip
_LOCATED = ("street", "community", "grid", "building", "building_m")
"""What follows from the place and from the areas and buildings of the day, which are no part of the log."""
_UNLOGGED = ("address", "description")
"""What the file of a case that came in bulk has from ``cases``, because its entry does not repeat it."""

Entry = tuple[int, str, int, str]


def case_entries(cur: duckdb.DuckDBPyConnection, case_no: str) -> list[tuple[int, bytes]]:
    """Entries of one case in their order: seq and the bytes that were hashed.

    Raises
    ------
    UnknownCaseError
        If no case has the number.
    """
    day = day_in(case_no)
    for clause, values in (("AND reported_day = ?", [case_no, day]), ("", [case_no])) if day else (("", [case_no]),):
        found = cur.execute(f"SELECT log_first, log_last FROM cases WHERE case_no = ? {clause}", values).fetchall()  # noqa: S608 - a clause of ours
        if found:
            break
    else:
        raise UnknownCaseError(case_no)
    first, last = found[0]
    rows = cur.execute(
        "SELECT seq, entry FROM log_entry WHERE seq BETWEEN ? AND ? AND case_key = ? ORDER BY seq", [first, last, first]
    ).fetchall()
    return [(seq, entry.encode()) for seq, entry in rows]


def case_at(cur: duckdb.DuckDBPyConnection, case_no: str, moment: datetime) -> CaseFile | None:
    """State of a case as it was at a moment; None before it was reported.

    Of a case that came in bulk the log knows one state only, as of its latest moment then.

    Raises
    ------
    UnknownCaseError
        If no case has the number.
    LogError
        If its entries do not follow from one another.
    """
    file: CaseFile | None = None
    for _, entry in case_entries(cur, case_no):
        event = event_of(entry)
        if event.moment > moment:
            break
        file = evolve(file, event)
    return file


def states(cur: duckdb.DuckDBPyConnection, *, until: datetime | None = None) -> Iterator[tuple[int, CaseFile]]:
    """Rebuild the state of every case from the log alone, one after another.

    Parameters
    ----------
    cur : DuckDBPyConnection
        Reading cursor of its own.
    until : datetime, optional
        Aware; leave out what happened after it.

    Yields
    ------
    (int, CaseFile)
        Key and state, in the order in which cases came into the log.
    """
    for each in _replayed(cur, _ALL, until):
        if each.fault:
            raise LogError(each.fault)
        if each.file is not None:
            yield each.key, each.file


def replay_differences(con: duckdb.DuckDBPyConnection) -> list[tuple[str, str]]:
    """Cases with live events whose tables do not say what their events lead to.

    Returns
    -------
    list of (str, str)
        Case number, and one sentence.
    """
    found: list[tuple[str, str]] = []
    with con.cursor() as entries:
        for batch in _batches(_replayed(entries, _ENTRIES, None)):
            rows = {row[0]: row[1:] for row in con.execute(_ROWS, [[each.key for each in batch]]).fetchall()}
            for each in batch:
                why = _difference(each, rows.get(each.key))
                found += [(each.case_no, why)] if why else []
    return found


@dataclass(frozen=True)
class _Replayed:
    """One case after its entries."""

    key: int
    case_no: str
    last_seq: int
    file: CaseFile | None
    imported: bool
    fault: str = ""


def _batches(replayed: Iterator[_Replayed]) -> Iterator[list[_Replayed]]:
    batch: list[_Replayed] = []
    for each in replayed:
        batch.append(each)
        if len(batch) == BATCH:
            yield batch
            batch = []
    if batch:
        yield batch


def _replayed(cur: duckdb.DuckDBPyConnection, query: str, until: datetime | None) -> Iterator[_Replayed]:
    cur.execute(query)
    rows = iter(cur.fetchone, None)
    for key, entries in groupby(rows, key=lambda row: row[0]):
        yield _replay(key, entries, until)


def _replay(key: int, entries: Iterable[Entry], until: datetime | None) -> _Replayed:
    file: CaseFile | None = None
    no, last, imported, fault = "", -1, False, ""
    for _, case_no, seq, entry in entries:
        if fault:
            continue
        try:
            event = event_of(entry.encode())
            if until is not None and event.moment > until:
                break
            imported = imported or event.kind is Action.IMPORT
            file = evolve(file, event)
        except (TwinModelError, KeyError, ValueError) as error:
            fault = f"entry {seq} cannot follow those before it: {error}"
        no, last = case_no, seq
    return _Replayed(key, no, last, file, imported, fault)


def _difference(replayed: _Replayed, row: Sequence[Any] | None) -> str:
    """Sentence about a case whose row is not what its entries lead to; empty where it is."""
    no = replayed.case_no
    if replayed.fault:
        return f"case {no}: {replayed.fault}"
    file = replayed.file
    if file is None:
        return "" if row is None else f"case {no} was withdrawn, and is in the cases"
    if row is None:
        return f"case {no} of entry {replayed.key} was taken out of the cases"
    told = _told(file, replayed.last_seq)
    wrong = [name for name, left, right in zip(_NAMES, told, row[:-1], strict=True) if left != (right or None)]
    kept = row[-1]
    if kept is None:
        wrong.append("its file, which is missing")
    else:
        stored = CaseFile.from_json(json.loads(kept))
        wrong += [
            f"{each.name} of its file" for each in fields(CaseFile) if _differs(each.name, file, stored, replayed)
        ]
    return f"case {no} differs from its events in {', '.join(wrong)}" if wrong else ""


def _differs(name: str, file: CaseFile, stored: CaseFile, replayed: _Replayed) -> bool:
    skipped = (*_LOCATED, *(_UNLOGGED if replayed.imported else ()))
    return name not in skipped and getattr(file, name) != getattr(stored, name)


def _told(file: CaseFile, last_seq: int) -> tuple[Any, ...]:
    """Columns of a state, in the order of `_NAMES`."""
    moments = (
        file.reported_at, file.filed_at, file.dispatched_at, file.handled_at, file.closed_at, file.deadline_at,
    )  # fmt: skip
    return (
        file.case_no,
        file.source,
        file.class_code,
        int(file.stage),
        file.unit or None,
        *(None if moment is None else moment.astimezone(UTC).replace(tzinfo=None) for moment in moments),
        file.lon or None,
        file.lat or None,
        file.component or None,
        file.ref or None,
        file.parent or None,
        file.hold.value or None,
        last_seq,
    )
