"""New work in bulk: the checks, the places, the rules and the log of live reports, by the hundred thousand."""

import json
from collections import Counter
from collections.abc import Sequence
from dataclasses import replace
from datetime import date, datetime, timedelta
from typing import Protocol

import duckdb
import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
from numpy.typing import NDArray

from datastore import registry
from datastore.desk.bulk_candidates import Load, insert_candidates, remember_refs, unsure
from datastore.desk.bulk_report import SHOWN, BulkReport, Rejected
from datastore.desk.bulk_rows import COLUMNS, MAX_ROWS, judged, rejected_rows, texts_of
from datastore.desk.bulk_rules import decide_many, naive
from datastore.desk.numbers import CANDIDATE_PREFIX, SEQUENCE_DIGITS, last_number
from datastore.desk.places import Places
from datastore.desk.reference import Reference
from datastore.errors import DeskError, UnknownCodeError
from datastore.log.import_leaves import append_imports
from datastore.log.tables import log_size
from datastore.meta import read_meta, write_meta
from datastore.rollup import refresh_rollups
from datastore.sources.scalar import next_key
from datastore.table import insert_table
from twin_model.actor import Actor, Role
from twin_model.case_columns import code_column
from twin_model.errors import NotAllowedError
from twin_model.rule_book import RuleBook
from twin_model.workflow import Action, move

_NO_REGISTER = pa.table(
    {
        "code": pa.array([], pa.string()),
        "component_id": pa.array([], pa.int32()),
        "owner": pa.array([], pa.string()),
        "maintainer": pa.array([], pa.string()),
    }
)


class BulkDesk(Protocol):
    """What a bulk load needs of the desk."""

    @property
    def reference(self) -> Reference:
        """Codes and keys of the store."""

    @property
    def places(self) -> Places:
        """Locators of areas, buildings and components."""

    @property
    def book(self) -> RuleBook:
        """Rules in force."""


def load(
    con: duckdb.DuckDBPyConnection, desk: BulkDesk, table: pa.Table, actor: Actor, source: str, *, now: datetime
) -> BulkReport:
    """Take rows in as new cases, in the caller's transaction.

    Each sound row that did not come before becomes a case with one leaf in the log, filed and dispatched as the rules
    say, or a candidate where its source is not sure enough.

    Parameters
    ----------
    con : DuckDBPyConnection
        Writing cursor.
    desk : BulkDesk
    table : pyarrow.Table
        Columns of `datastore.desk.bulk_rows.COLUMNS`, as texts or of their own types; only the class is needed.
    actor : Actor
        Who loads.
    source : str
        Code of the source of all rows.
    now : datetime
        Aware.

    Raises
    ------
    NotAllowedError
        If the actor may not report.
    UnknownCodeError
        If there is no such source.
    DeskError
        If there are too many rows, or a day has no numbers left.
    """
    check_load(desk, table, actor, source)
    texts, ignored = texts_of(table)
    source_id = desk.reference.sources[source]
    rows = judged(con, texts, source_id, desk.reference.zone, now)
    rejects = rejected_rows(rows)
    fresh = pc.and_(pc.is_null(rows["reason"]), pc.invert(rows["repeated"]))
    repeated = pc.and_(pc.is_null(rows["reason"]), rows["repeated"])
    chosen = rows.filter(fresh).sort_by([("reported_at", "ascending"), ("row_number", "ascending")])
    waits = unsure(desk.book.intake, chosen, source)
    report = BulkReport(
        rows=table.num_rows,
        repeated=int(pc.sum(repeated).as_py() or 0),
        rejected=len(rejects),
        reasons=dict(Counter(each.reason for each in rejects)),
        rejects=tuple(rejects[:SHOWN]),
        ignored=ignored,
    )
    common = Load(source, actor.code, source_id, _dataset(con, source, now), next_key(con, "cases", "case_id"), now)
    _store_rejects(con, common.dataset_id, table, rejects)
    report = _insert_cases(con, desk, chosen.filter(pa.array(~waits)), common, report)
    frontier = append_imports(con)
    waiting = chosen.filter(pa.array(waits))
    today = pa.chunked_array([pa.array([now.astimezone(desk.reference.zone).date()] * waiting.num_rows, pa.date32())])
    tokens = pc.binary_join_element_wise(CANDIDATE_PREFIX, numbers_of(con, desk.reference.district, today), "")
    insert_candidates(con, waiting, tokens, common, frontier)
    remember_refs(con, waiting["ref"], tokens, source_id)
    report = replace(report, candidates=waiting.num_rows)
    if report.cases or report.candidates:
        refresh_rollups(con, added_from=common.first_id)
        write_meta(con, {"as_of": now.isoformat()})
    _count(con, report, common)
    return report


def check_load(desk: BulkDesk, table: pa.Table, actor: Actor, source: str) -> None:
    """See that an actor may load rows of a source.

    Raises
    ------
    NotAllowedError, UnknownCodeError, DeskError
        As `load`.
    """
    row = move(Action.REPORT, None)
    if row is None or actor.role not in row.roles or (actor.role is Role.PUBLIC and not actor.source_code):
        raise NotAllowedError(f"{actor.role} may not report cases", "", Action.REPORT)
    if actor.source_code not in ("", source):
        raise NotAllowedError(
            f"reports of {actor.code} come from {actor.source_code}, not from {source}", "", Action.REPORT
        )
    if source not in desk.reference.sources:
        raise UnknownCodeError("source", (source,))
    if table.num_rows > MAX_ROWS:
        raise DeskError(f"{table.num_rows:,} rows are too many at once; send at most {MAX_ROWS:,}")


# ---- cases ----


def _insert_cases(
    con: duckdb.DuckDBPyConnection, desk: BulkDesk, rows: pa.Table, common: Load, report: BulkReport
) -> BulkReport:
    count = rows.num_rows
    if not count:
        return report
    reference, first_id = desk.reference, common.first_id
    lon, lat = (np.asarray(rows[name].to_numpy(), np.float64) for name in ("lon", "lat"))
    places = desk.places.find_many(lon, lat)
    parts = _components(desk, rows, lon, lat)
    numbers = numbers_of(con, reference.district, rows["reported_day"])
    cases = rows.select(["ref", "class_id", "class_code", "condition", "reported_at", "lon", "lat"])
    for name, column in {"case_no": numbers, **places, **parts}.items():
        cases = cases.append_column(name, column)
    decided = decide_many(con, desk.book, reference, cases, common.source, now=common.now)
    first_seq = log_size(con)
    moment = pa.scalar(naive(common.now), pa.timestamp("us"))
    none = pa.scalar(None, pa.timestamp("us"))
    seqs = pa.array(np.arange(first_seq, first_seq + count, dtype=np.int64))
    stored = {
        "case_id": pa.array(np.arange(first_id, first_id + count, dtype=np.int32)),
        "case_no": numbers,
        "source_ref": rows["ref"],
        "source_id": pa.array(np.full(count, common.source_id, np.uint8)),
        "class_id": rows["class_id"],
        "stage": pa.array(decided.stage),
        "unit_id": pa.array(decided.unit_id, mask=decided.unit_id < 0),
        "reported_at": rows["reported_at"],
        "filed_at": pc.if_else(pa.array(decided.filed), moment, none),
        "dispatched_at": pc.if_else(pa.array(decided.dispatched), moment, none),
        "deadline_at": pa.array(decided.deadline, pa.timestamp("us"), mask=~decided.filed),
        "reported_day": rows["reported_day"],
        "reported_hour": rows["reported_hour"],
        "lon": rows["lon"],
        "lat": rows["lat"],
        **places,
        "component_id": parts["component_id"],
        "address": rows["address"],
        "description": rows["description"],
        "log_first": seqs,
        "log_last": seqs,
        "parent_no": decided.parent_no,
    }
    insert_table(con, "cases", pa.table(stored), common.dataset_id)
    remember_refs(con, rows["ref"], numbers, common.source_id)
    return replace(
        report,
        cases=count,
        duplicates=count - decided.parent_no.null_count,
        dispatched=int(decided.dispatched.sum()),
        unplaced=places["street_id"].null_count,
    )


def _components(
    desk: BulkDesk, rows: pa.Table, lon: NDArray[np.float64], lat: NDArray[np.float64]
) -> dict[str, pa.Array]:
    """Component that each case is about: the one that its row names or, without a name, the nearest of its class.

    Returns
    -------
    dict of str to pyarrow.Array
        component (code), component_id, owner and maintainer (codes of units); null without a component.
    """
    place = np.full(rows.num_rows, -1, np.int64)  # in the registers of all classes, one after another
    registers, start = [_NO_REGISTER], 0
    about = rows["kind"].to_numpy() == "component"
    classes = code_column(rows["class_code"])
    for number in np.unique(classes.place[about]):
        code = classes.values[number] or ""
        of_class = np.flatnonzero(about & (classes.place == number))
        register = desk.places.register_of(code)
        asked = rows["component"].take(pa.array(of_class))
        named = pc.fill_null(pc.index_in(asked.combine_chunks(), register["code"].combine_chunks()), -1).to_numpy()
        near = desk.places.components_near(code, lon[of_class], lat[of_class])
        found = np.where(asked.is_null().to_numpy(), near, named)
        place[of_class] = np.where(found >= 0, start + found, -1)
        registers.append(register)
        start += register.num_rows
    at = pa.array(place, mask=place < 0)
    whole = pa.concat_tables(registers)
    columns = {name: whole[name].take(at).combine_chunks() for name in whole.column_names}
    return {"component": columns.pop("code"), **columns}


def numbers_of(con: duckdb.DuckDBPyConnection, district: str, days: pa.ChunkedArray) -> pa.Array:
    """Next numbers of each row's day (date32), in the order of the rows.

    Raises
    ------
    DeskError
        If a day has no numbers left.
    """
    found, which, counts = np.unique(days.cast(pa.int32()).to_numpy(), return_inverse=True, return_counts=True)
    dates = [date(1970, 1, 1) + timedelta(days=int(day)) for day in found]
    last = np.array([last_number(con, district, day) for day in dates], np.int64)
    full = np.flatnonzero(last + counts >= 10**SEQUENCE_DIGITS)
    if len(full):
        most = 10**SEQUENCE_DIGITS - 1
        raise DeskError(f"no case number is left for {dates[full[0]]}; {most:,} cases are the most of a day")
    order = np.argsort(which, kind="stable")
    within = np.empty(len(which), np.int64)
    within[order] = np.arange(len(which)) - np.repeat(np.cumsum(counts) - counts, counts)
    prefixes = pa.array([f"{district}{day:%Y%m%d}" for day in dates], pa.string()).take(pa.array(which))
    digits = pc.utf8_lpad(pa.array(last[which] + within + 1).cast(pa.string()), SEQUENCE_DIGITS, "0")
    return pc.binary_join_element_wise(prefixes, digits, "")


# ---- what is told of the load ----


def _name(source: str) -> str:
    return f"intake-{source.lower()}"


def _dataset(con: duckdb.DuckDBPyConnection, source: str, now: datetime) -> int:
    """Key of the data set of all that came in bulk from a source."""
    found = registry.find(con, _name(source))
    if found is not None:
        return found.dataset_id
    demo = read_meta(con).demo
    entered = registry.register(
        con,
        registry.Dataset(
            name=_name(source),
            kind="cases",
            title=f"批量接入 {source}",
            source="intake",
            source_sha256="",
            options_sha256="",
            licence=registry.UNSTATED,
            crs="EPSG:4490",
            simulated=demo,
            imported_at=now,
        ),
    )
    return entered.dataset_id


def _count(con: duckdb.DuckDBPyConnection, report: BulkReport, common: Load) -> None:
    """Add what came to what the registry says of the source's data set."""
    con.execute(
        "UPDATE dataset SET rows_loaded = rows_loaded + ?, rows_unplaced = rows_unplaced + ?, rows_rejected = ?, "
        "version = version + 1, imported_at = ? WHERE name = ?",
        [report.cases, report.unplaced, report.rejected, naive(common.now), _name(common.source)],
    )


def _store_rejects(
    con: duckdb.DuckDBPyConnection, dataset_id: int, table: pa.Table, rejects: Sequence[Rejected]
) -> None:
    """Keep the rows that were refused, in place of those of the load before."""
    con.execute("DELETE FROM reject WHERE dataset_id = ?", [dataset_id])
    if not rejects:
        return
    # What is not looked at is not kept either: it may be personal data.
    read = table.select([name for name in table.column_names if name in COLUMNS])
    found = read.take(pa.array([each.row - 1 for each in rejects])).to_pylist()
    stored = {
        "row_number": pa.array([each.row for each in rejects], pa.int64()),
        "reason": pa.array([each.reason for each in rejects], pa.string()),
        "detail": pa.array([each.detail for each in rejects], pa.string()),
        "record": pa.array([json.dumps(row, ensure_ascii=False, default=str) for row in found], pa.string()),
    }
    insert_table(con, "reject", pa.table(stored), dataset_id)
