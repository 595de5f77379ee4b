"""What the rules say of many new cases at once: repeats, time limits, units."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

import duckdb
import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
from numpy.typing import NDArray

from datastore.desk.reference import Reference
from twin_model.case import CaseStage
from twin_model.case_columns import code_column
from twin_model.duplicate_many import find_originals_many
from twin_model.responsibility import assign
from twin_model.responsibility_many import group_cases
from twin_model.rule_book import RuleBook
from twin_model.service_level_bulk import Encoded, choose_many, deadline_many
from twin_model.workflow import Mode, Step
from twin_model.zone_time import micros_of

Ints = NDArray[np.int64]
Flags = NDArray[np.bool_]

_EXISTING = """
SELECT case_no, class.code AS class_code, stage, reported_at, closed_at, cases.lon, cases.lat,
       component.code AS component, parent_no
FROM cases JOIN case_class AS class USING (class_id) LEFT JOIN component USING (component_id)
WHERE reported_at >= $since AND reported_at <= $until AND class_id = ANY($classes::SMALLINT[])
"""


@dataclass(frozen=True, eq=False)
class Decided:
    """What becomes of new cases.

    Parameters
    ----------
    stage : (n,) uint8
    parent_no : pyarrow.Array
        Original of a duplicate; null else.
    filed, dispatched : (n,) bool
    deadline : (n,) int64
        Microseconds since 1970 in UTC; of the filed ones.
    unit_id : (n,) int16
        -1 without one.
    """

    stage: NDArray[np.uint8]
    parent_no: pa.Array
    filed: Flags
    dispatched: Flags
    deadline: Ints
    unit_id: NDArray[np.int16]


def decide_many(
    con: duckdb.DuckDBPyConnection, book: RuleBook, reference: Reference, cases: pa.Table, source: str, *, now: datetime
) -> Decided:
    """Decide on new cases as the loop does on one: repeats first, then filing, then dispatch.

    Parameters
    ----------
    con : DuckDBPyConnection
        Writing cursor.
    book : RuleBook
    reference : Reference
    cases : pyarrow.Table
        case_no, class_id, class_code, condition, reported_at, lon, lat, street_id, community_id, grid_id, component,
        owner, maintainer (texts; owner is null without a component).
    source : str
        Code of their source.
    now : datetime
        Aware; when they are filed.
    """
    count = cases.num_rows
    files = book.workflow.mode(Step.FILE) is Mode.AUTO
    parent_no = _originals(con, book, cases) if files else pa.nulls(count, pa.string())
    repeats = ~np.asarray(parent_no.is_null())
    first = CaseStage.VERIFYING if source in book.workflow.verify_sources else CaseStage.REPORTED
    filed = ~repeats & (files and first is CaseStage.REPORTED)
    areas = _area_columns(cases, reference)
    deadline = np.zeros(count, np.int64)
    deadline[filed] = _deadlines(book, cases.filter(pa.array(filed)), areas["finest"], filed, now)
    unit_id = np.full(count, -1, np.int16)
    if book.workflow.mode(Step.DISPATCH) is Mode.AUTO:
        unit_id[filed] = _units(book, reference, cases, areas, now)[filed]
    dispatched = unit_id >= 0
    stage = np.select(
        [repeats, dispatched, filed],
        [int(CaseStage.DUPLICATE), int(CaseStage.DISPATCHED), int(CaseStage.FILED)],
        int(first),
    ).astype(np.uint8)
    return Decided(stage, parent_no, filed, dispatched, deadline, unit_id)


def _originals(con: duckdb.DuckDBPyConnection, book: RuleBook, cases: pa.Table) -> pa.Array:
    """Numbers of the cases that the new ones repeat; null for those that repeat none."""
    if not cases.num_rows:
        return pa.nulls(0, pa.string())
    ends = pc.min_max(cases["reported_at"]).as_py()
    known = con.sql(
        _EXISTING,
        params={
            "since": ends["min"] - timedelta(hours=book.duplicates.longest_h),
            "until": ends["max"],
            "classes": pc.unique(cases["class_id"]).to_pylist(),
        },
    ).to_arrow_table()
    new = cases.select(["case_no", "class_code", "reported_at", "lon", "lat", "component"])
    new = new.append_column("stage", pa.array(np.full(cases.num_rows, int(CaseStage.REPORTED), np.uint8)))
    return find_originals_many(book.duplicates, new, known)["original_no"].combine_chunks()


def _area_columns(cases: pa.Table, reference: Reference) -> dict[str, pa.DictionaryArray]:
    """Codes of the areas of cases by level, the finest known one, and the unit of the street."""
    columns = {level: _coded(cases[f"{level}_id"], reference.area_codes) for level in ("street", "community", "grid")}
    columns["finest"] = _coded(
        pc.coalesce(cases["grid_id"], cases["community_id"], cases["street_id"]), reference.area_codes
    )
    offices = {key: reference.territory(reference.area_codes[key]) for key in _keys(cases["street_id"])}
    columns["territory"] = _coded(cases["street_id"], offices)
    return columns


def _deadlines(book: RuleBook, cases: pa.Table, finest: pa.DictionaryArray, filed: Flags, now: datetime) -> Ints:
    chosen, rules = choose_many(
        book.levels,
        _encoded(cases["class_code"]),
        _encoded(pa.chunked_array([finest.filter(pa.array(filed))])),
        now,
        _encoded(cases["condition"]),
    )
    return deadline_many(rules, chosen, book.calendar, np.full(cases.num_rows, micros_of(now), np.int64))


def _units(
    book: RuleBook, reference: Reference, cases: pa.Table, areas: Mapping[str, pa.DictionaryArray], now: datetime
) -> NDArray[np.int16]:
    """Give the unit that the list names for each case; -1 where a person has to decide."""
    asked = pa.table(
        {
            "class_code": cases["class_code"],
            "condition": pc.fill_null(cases["condition"], ""),
            "owner_code": cases["owner"],
            "maintainer_code": cases["maintainer"],
            "territory_code": areas["territory"],
            **{f"{level}_code": areas[level] for level in ("street", "community", "grid")},
        }
    )
    groups = group_cases(asked, (book.responsibilities,), now)
    units = np.full(len(groups.questions), -1, np.int16)
    for place, question in enumerate(groups.questions):
        found = assign(book.responsibilities, question)
        if not found.ambiguous and found.lead in reference.units:
            units[place] = reference.units[found.lead]
    return units[groups.group]


def _keys(column: pa.ChunkedArray) -> list[int]:
    return [key for key in pc.unique(column).to_pylist() if key is not None]


def _coded(column: pa.ChunkedArray, codes: Mapping[int, str]) -> pa.DictionaryArray:
    """Column of keys as codes; ``""`` where there is none."""
    whole = pc.fill_null(column, -1).combine_chunks().dictionary_encode()
    values = pa.array([codes.get(key, "") for key in whole.dictionary.to_pylist()], pa.string())
    return pa.DictionaryArray.from_arrays(whole.indices, values)


def _encoded(column: pa.ChunkedArray) -> Encoded:
    coded = code_column(column)
    return Encoded([value or "" for value in coded.values], coded.place)


def naive(moment: datetime) -> datetime:
    """Moment as the store keeps it: UTC without zone."""
    return moment.astimezone(UTC).replace(tzinfo=None)
