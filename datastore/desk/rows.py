"""A group of accepted events into the tables, in one transaction."""

import json
from collections.abc import Iterable, Mapping, Sequence
from collections.abc import Set as AbstractSet
from dataclasses import asdict, dataclass, replace
from datetime import UTC, date, datetime
from typing import Any

import duckdb

from datastore.desk.job import Draft, LogEntry
from datastore.desk.places import Places
from datastore.desk.record import NEW, CaseRecord
from datastore.desk.reference import Reference
from datastore.few_rows import insert_rows, replace_rows, update_rows
from datastore.log.tables import insert_tiles
from datastore.log.tail import LogTail
from twin_model.case import CaseStage
from twin_model.merkle import leaf_hash

_CASE = (
    "case_id", "case_no", "source_ref", "source_id", "class_id", "stage", "unit_id", "reported_at", "filed_at",
    "dispatched_at", "handled_at", "closed_at", "deadline_at", "reported_day", "reported_hour", "closed_day", "lon",
    "lat", "street_id", "community_id", "grid_id", "component_id", "building_id", "building_m", "address",
    "description", "dataset_id", "log_first", "log_last", "parent_no", "hold",
)  # fmt: skip
_FIXED = frozenset(
    {"case_no", "source_ref", "source_id", "reported_at", "reported_day", "reported_hour", "dataset_id", "log_first"}
)
_CHANGING = tuple(name for name in _CASE if name not in _FIXED)
_DESK = ("case_key", "case_no", "file")
_REPORTER = ("case_no", "salt", "body", "received_at")
_REF = ("source_id", "source_ref", "token")
_PHOTO = (
    "sha256", "case_no", "seq", "moment", "phase", "received_sha256", "received_format", "width", "height", "bytes",
    "taken_at", "time_rule", "lon", "lat", "distance_m", "dhash", "sharpness",
)  # fmt: skip
_EVENT = ("seq", "case_key", "case_no", "kind", "moment", "actor", "entry", "leaf")
_NO_CASE = -1


@dataclass(frozen=True)
class Numbered:
    """One entry with its place in the log."""

    seq: int
    entry: LogEntry


@dataclass
class GroupWriter:
    """Writes groups.

    Parameters
    ----------
    reference : Reference
    places : Places
    tail : LogTail
        The live end of the log; opened anew after a failed write.
    next_id : int
        ``case_id`` of the next new case.
    dataset_id : int
        Data set that live cases belong to.
    """

    reference: Reference
    places: Places
    tail: LogTail
    next_id: int
    dataset_id: int

    def write(self, con: duckdb.DuckDBPyConnection, group: Draft) -> list[Numbered]:
        """Write a group in the caller's transaction; its records then know their ids and places in the log.

        Returns
        -------
        list of Numbered
            The entries of cases, in the order of the log.
        """
        numbered = [Numbered(self.tail.append(entry.leaf), entry) for entry in group.entries]
        self._number_records(group, numbered)
        records = list(group.records.values())
        keys = {record.file.case_no: record.key for record in records}
        known = {each.entry.event.case_no for each in numbered if each.entry.before is None}
        rows = [row_of(record, self) for record in records]
        new = [row for row in rows if row["case_no"] in known]
        changed = [row for row in rows if row["case_no"] not in known]
        insert_rows(con, "cases", new, _CASE)
        update_rows(con, "cases", "case_id", changed, _CHANGING)
        self._events(con, group, numbered, keys)
        _desk_files(con, records, known)
        _side_tables(con, group, numbered)
        insert_tiles(con, self.tail.take_tiles())
        return numbered

    def _number_records(self, group: Draft, numbered: Sequence[Numbered]) -> None:
        """Give the records of a group their keys, ids and latest places in the log."""
        for each in numbered:
            no = each.entry.event.case_no
            record = group.records[no]
            if record.key == NEW:
                record = replace(record, key=each.seq, case_id=self.next_id)
                self.next_id += 1
            group.records[no] = replace(record, last_seq=each.seq)

    def _events(
        self, con: duckdb.DuckDBPyConnection, group: Draft, numbered: Sequence[Numbered], keys: Mapping[str, int]
    ) -> None:
        rows = [
            {
                "seq": each.seq,
                "case_key": keys[each.entry.event.case_no],
                "case_no": each.entry.event.case_no,
                "kind": each.entry.event.kind.value,
                "moment": naive(each.entry.event.moment),
                "actor": each.entry.event.actor,
                "entry": each.entry.entry.decode(),
                "leaf": each.entry.leaf,
            }
            for each in numbered
        ]
        for notice in group.notices:
            leaf = leaf_hash(notice.entry)
            rows.append(
                {
                    "seq": self.tail.append(leaf),
                    "case_key": _NO_CASE,
                    "case_no": "",
                    "kind": notice.kind.value,
                    "moment": naive(notice.moment),
                    "actor": notice.actor,
                    "entry": notice.entry.decode(),
                    "leaf": leaf,
                }
            )
        insert_rows(con, "case_event", rows, _EVENT)


def row_of(record: CaseRecord, writer: GroupWriter) -> dict[str, Any]:
    """Row of ``cases`` of a record."""
    file, reference, places = record.file, writer.reference, writer.places
    local = file.reported_at.astimezone(reference.zone)
    return {
        "case_id": record.case_id,
        "case_no": file.case_no,
        "source_ref": file.ref or None,
        "source_id": reference.sources[file.source],
        "class_id": reference.classes[file.class_code],
        "stage": int(file.stage),
        "unit_id": reference.units.get(file.unit),
        "reported_at": naive(file.reported_at),
        "filed_at": naive(file.filed_at),
        "dispatched_at": naive(file.dispatched_at),
        "handled_at": naive(file.handled_at),
        "closed_at": naive(file.closed_at),
        "deadline_at": naive(file.deadline_at),
        "reported_day": local.date(),
        "reported_hour": local.hour,
        "closed_day": closed_day(record, reference),
        "lon": file.lon,
        "lat": file.lat,
        "street_id": reference.areas.get(file.street),
        "community_id": reference.areas.get(file.community),
        "grid_id": reference.areas.get(file.grid),
        "component_id": places.component_ids.get(file.component),
        "building_id": places.building_ids.get(file.building),
        "building_m": float(file.building_m) if file.building_m else None,
        "address": file.address or None,
        "description": file.description or None,
        "dataset_id": writer.dataset_id,
        "log_first": record.key,
        "log_last": record.last_seq,
        "parent_no": file.parent or None,
        "hold": file.hold.value or None,
    }


def closed_day(record: CaseRecord, reference: Reference) -> date | None:
    """Local day on which a case was closed, or None while it is not."""
    file = record.file
    if file.stage is not CaseStage.CLOSED or file.closed_at is None:
        return None
    return file.closed_at.astimezone(reference.zone).date()


def naive(moment: datetime | None) -> datetime | None:
    """UTC without its zone, as the store keeps moments."""
    return None if moment is None else moment.astimezone(UTC).replace(tzinfo=None)


def _desk_files(con: duckdb.DuckDBPyConnection, records: Iterable[CaseRecord], new: AbstractSet[str]) -> None:
    """Keep the files; those of new cases need no look for an earlier one."""
    rows = [
        {
            "case_key": record.key,
            "case_no": record.file.case_no,
            "file": json.dumps(record.file.to_json(), ensure_ascii=False, separators=(",", ":")),
        }
        for record in records
    ]
    insert_rows(con, "case_desk", [row for row in rows if row["case_no"] in new], _DESK)
    replace_rows(con, "case_desk", [row for row in rows if row["case_no"] not in new], _DESK)


def _side_tables(con: duckdb.DuckDBPyConnection, group: Draft, numbered: Sequence[Numbered]) -> None:
    """Tables that few events touch."""
    reporters = [{**asdict(each), "received_at": naive(each.received_at)} for each in group.reporters]
    insert_rows(con, "reporter", reporters, _REPORTER)
    for case_no in group.erased:
        con.execute("DELETE FROM reporter WHERE case_no = ?", [case_no])
    photos = [
        {
            **asdict(each.facts),
            "taken_at": naive(each.facts.taken_at),
            "time_rule": each.facts.time_rule.value,
            "case_no": each.case_no,
            "phase": each.phase,
            "seq": numbered[each.entry].seq,
            "moment": naive(numbered[each.entry].entry.event.moment),
        }
        for each in group.photos
    ]
    insert_rows(con, "photo", photos, _PHOTO)
    refs = [{"source_id": key[0], "source_ref": key[1], "token": token} for key, token in group.refs.items()]
    insert_rows(con, "intake_ref", refs, _REF)
    for candidate in group.candidates.values():
        marks = ", ".join("?" * len(candidate))
        values = [
            naive(value) if isinstance(value, datetime) and value.tzinfo else value for value in candidate.values()
        ]
        con.execute(f"INSERT OR REPLACE INTO candidate ({', '.join(candidate)}) VALUES ({marks})", values)  # noqa: S608 - names of ours
