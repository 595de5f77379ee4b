"""The shelf: case files that were used lately, and the way to fetch another one from the store."""

import json
from collections import OrderedDict
from collections.abc import Mapping
from dataclasses import fields, replace
from datetime import UTC, datetime
from typing import Any

import duckdb

from datastore.desk.record import CasePhoto, CaseRecord
from datastore.desk.reference import Reference
from datastore.errors import UnknownCaseError
from datastore.log.leaf import leaf_at
from datastore.queries.case_by_no import day_in
from twin_model.case import CaseStage
from twin_model.case_file import CaseFile
from twin_model.photo import PhotoFacts, TimeRule
from twin_model.workflow import Hold

SHELF_SIZE = 50_000
"""Files kept; each takes two to three kilobytes."""

_CASE = "SELECT * FROM cases WHERE case_no = $no {day} LIMIT 1"
_CODES = {
    "building": "SELECT code FROM building WHERE building_id = ?",
    "component": "SELECT code FROM component WHERE component_id = ?",
}
_MOMENTS = ("filed_at", "dispatched_at", "handled_at", "closed_at", "deadline_at")


class Shelf:
    """Case files by number, the ones used least recently given up first."""

    def __init__(self, size: int = SHELF_SIZE) -> None:
        self._size = size
        self._records: OrderedDict[str, CaseRecord] = OrderedDict()

    def get(self, cur: duckdb.DuckDBPyConnection, reference: Reference, case_no: str) -> CaseRecord:
        """Record of a case, from the shelf or from the store.

        Raises
        ------
        UnknownCaseError
            If no case has the number.
        """
        record = self._records.get(case_no)
        if record is None:
            record = read_record(cur, reference, case_no)
        self.put(record)
        return record

    def put(self, record: CaseRecord) -> None:
        """Keep the latest record of a case."""
        self._records[record.file.case_no] = record
        self._records.move_to_end(record.file.case_no)
        while len(self._records) > self._size:
            self._records.popitem(last=False)

    def clear(self) -> None:
        """Forget everything: the store says how things are."""
        self._records.clear()


def read_record(cur: duckdb.DuckDBPyConnection, reference: Reference, case_no: str) -> CaseRecord:
    """Read a case from the store.

    Each table is asked by its key: joins would read all buildings for one case.

    Raises
    ------
    UnknownCaseError
        If no case has the number.
    """
    row = _row(cur, case_no)
    kept = cur.execute("SELECT file FROM case_desk WHERE case_key = ?", [row["log_first"]]).fetchall()
    codes = _codes(cur, row)
    if kept:  # where it lies is what the areas and buildings of today say
        file = replace(CaseFile.from_json(json.loads(kept[0][0])), **_place(row, reference, codes))
    else:
        file = _file_of(row, reference, codes)
    return CaseRecord(
        file=file,
        case_id=row["case_id"],
        key=row["log_first"],
        last_seq=row["log_last"],
        last_leaf=leaf_at(cur, row["log_last"]),
        photos=_photos(cur, case_no) if file.photos else (),
    )


def _row(cur: duckdb.DuckDBPyConnection, case_no: str) -> dict[str, Any]:
    day = day_in(case_no)
    for clause in (["AND reported_day = $day"] if day else []) + [""]:
        params = {"no": case_no, "day": day} if clause else {"no": case_no}
        found = cur.execute(_CASE.format(day=clause), params)
        names = [column[0] for column in found.description or ()]
        rows = found.fetchall()
        if rows:
            return dict(zip(names, rows[0], strict=True))
    raise UnknownCaseError(case_no)


def _codes(cur: duckdb.DuckDBPyConnection, row: Mapping[str, Any]) -> dict[str, str]:
    """Codes of the building and the component of a case."""
    codes = {}
    for name, query in _CODES.items():
        key = row[f"{name}_id"]
        rows = [] if key is None else cur.execute(query, [key]).fetchall()
        codes[name] = rows[0][0] if rows else ""
    return codes


def _file_of(row: Mapping[str, Any], reference: Reference, codes: Mapping[str, str]) -> CaseFile:
    """Case file of a case that has only its history: the columns say it all."""
    moments: dict[str, Any] = {name: _utc(row[name]) for name in _MOMENTS if row[name] is not None}
    reported = _utc(row["reported_at"])
    return CaseFile(
        case_no=row["case_no"],
        source=reference.source_codes[row["source_id"]],
        class_code=reference.class_codes[row["class_id"]],
        stage=CaseStage(row["stage"]),
        reported_at=reported,
        last_at=max([reported, *(moment for name, moment in moments.items() if name != "deadline_at")]),
        ref=row["source_ref"] or "",
        hold=Hold(row["hold"] or ""),
        lon=row["lon"],
        lat=row["lat"],
        component=codes["component"],
        address=row["address"] or "",
        description=row["description"] or "",
        unit=reference.unit_codes.get(row["unit_id"], ""),
        parent=row["parent_no"] or "",
        **moments,
        **_place(row, reference, codes),
    )


def _place(row: Mapping[str, Any], reference: Reference, codes: Mapping[str, str]) -> dict[str, Any]:
    areas = reference.area_codes
    return {
        "street": areas.get(row["street_id"], ""),
        "community": areas.get(row["community_id"], ""),
        "grid": areas.get(row["grid_id"], ""),
        "building": codes["building"],
        "building_m": "" if row["building_m"] is None else repr(row["building_m"]),
    }


def _photos(cur: duckdb.DuckDBPyConnection, case_no: str) -> tuple[CasePhoto, ...]:
    names = [each.name for each in fields(PhotoFacts)]
    rows = cur.execute(
        f"SELECT phase, moment, {', '.join(names)} FROM photo WHERE case_no = ? ORDER BY seq",  # noqa: S608 - names of ours
        [case_no],
    ).fetchall()
    return tuple(
        CasePhoto(phase, _utc(moment), photo_facts(dict(zip(names, values, strict=True))))
        for phase, moment, *values in rows
    )


def photo_facts(row: Mapping[str, Any]) -> PhotoFacts:
    """Facts of a row of ``photo``."""
    taken_at = None if row["taken_at"] is None else _utc(row["taken_at"])
    return PhotoFacts(**{**row, "taken_at": taken_at, "time_rule": TimeRule(row["time_rule"])})


def _utc(moment: datetime) -> datetime:
    return moment.replace(tzinfo=UTC)
