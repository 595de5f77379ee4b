"""Cases from a CSV or Parquet file, read by a mapping."""

from dataclasses import replace
from datetime import datetime
from pathlib import Path

import duckdb
import pyarrow as pa

from datastore.log.keys import publish, sign_tail
from datastore.meta import read_meta, refresh_as_of
from datastore.settle import settle
from datastore.sources.area_tree import stored_areas
from datastore.sources.case_file import RAW, ROW, read_case_file
from datastore.sources.case_log import EVERY, number_leaves, remember_cases, write_log
from datastore.sources.case_mapping import CaseMapping, read_mapping
from datastore.sources.case_numbers import NUMBERED, case_no_sql, remember_numbers
from datastore.sources.case_outside import outside_areas
from datastore.sources.case_places import place_cases
from datastore.sources.case_sql import TYPED, literal, typed_cases_sql
from datastore.sources.case_words import forget_unused, translate_words
from datastore.sources.errors import SourceError
from datastore.sources.intake import Intake, describe, is_unchanged, register_dataset, replace_dataset
from datastore.sources.options import CaseOptions
from datastore.sources.report import ImportReport, Progress, no_progress
from datastore.sources.scalar import first_row
from datastore.store import Store
from datastore.unplaced import UNPLACED
from twin_model.case import CaseStage
from twin_model.crs import parse_crs
from twin_model.errors import CrsError

_COLUMNS = (
    "case_id, case_no, source_ref, source_id, class_id, stage, unit_id, reported_at, filed_at, dispatched_at, "
    "handled_at, closed_at, deadline_at, reported_day, reported_hour, closed_day, lon, lat, street_id, community_id, "
    "grid_id, component_id, address, description, dataset_id, building_id, building_m, log_first, log_last, parent_no, "
    "hold"
)
_TALLY = f"SELECT count(*), count(*) FILTER {UNPLACED} FROM cases WHERE dataset_id = ?"  # noqa: S608 - an expression of ours
_NO_ADMINISTRATIVE_CODE = "000000"


def import_cases(
    store: Store, path: Path, options: CaseOptions, now: datetime, progress: Progress = no_progress
) -> ImportReport:
    """Import cases in one transaction, unless the store holds exactly them already.

    Records without a usable place are loaded as unplaced; records that make no sense go to the reject list.

    Parameters
    ----------
    store : Store
        Open for writing.
    path : Path
        CSV or Parquet.
    options : CaseOptions
        The mapping, and what the user said over it.
    now : datetime
        With its zone; the import time, and the limit that no case may be later than.
    progress : Progress, optional
        Hears how far it is.

    Raises
    ------
    SourceError
        If the file or its mapping cannot be used, or no record is sound; the store is as before.
    LogKeyError
        If the log cannot be signed.
    """
    mapping = read_mapping(options.mapping)
    try:
        mapping = replace(mapping, crs=parse_crs(options.crs or mapping.crs))
    except CrsError as error:
        raise SourceError(f"{path.name}: {error}") from None
    said = replace(
        options,
        title=options.title or mapping.title or None,
        licence=options.licence or mapping.licence,
        crs=mapping.crs,
    )
    intake = describe(path, "cases", said, (options.mapping,))
    with store.read() as cur:
        if is_unchanged(cur, intake):
            return ImportReport(intake.name, unchanged=True)
    with store.write() as con:
        report = _load(con, path, mapping, intake, now=now, progress=progress)
        sign_tail(con, store.path.parent, now)
    with store.read() as cur:
        publish(cur, store.path.parent)
    return report


def _load(
    con: duckdb.DuckDBPyConnection,
    path: Path,
    mapping: CaseMapping,
    intake: Intake,
    *,
    now: datetime,
    progress: Progress,
) -> ImportReport:
    areas_before = stored_areas(con)
    remember_numbers(con, intake)
    remember_cases(con, intake)
    dataset_id = replace_dataset(con, intake)
    ragged = read_case_file(con, path, mapping, progress)
    progress("check", 0.0)
    words = translate_words(con, mapping)
    for role, meaning in words.items():
        con.register(f"word_{role}", meaning.table())
    con.execute(typed_cases_sql(mapping, words, now))
    reasons = _store_rejects(con, dataset_id, ragged)
    _require_some(con, path, reasons)
    progress("locate", 0.0)
    derived = place_cases(con, path, mapping, areas_before, dataset_id)
    progress("store", 0.0)
    warnings = (*outside_areas(con, path), *_insert_cases(con, path, dataset_id), *write_log(con, intake, now))
    forget_unused(con)
    refresh_as_of(con)
    settle(con)
    tally = first_row(con, _TALLY, [dataset_id])
    loaded, unplaced = tally or (0, 0)
    rejected = sum(reasons.values())
    register_dataset(con, intake, crs=mapping.crs, counts=(loaded, rejected, unplaced), warnings=warnings, now=now)
    progress("store", 1.0)
    made = {"classes made": words["class"].made, "units made": words["unit"].made, "areas derived": derived}
    return ImportReport(
        intake.name,
        loaded=loaded,
        rejected=rejected,
        unplaced=unplaced,
        reasons=reasons,
        fields=dict(mapping.columns),
        counts={what: count for what, count in made.items() if count},
        warnings=warnings,
    )


def _store_rejects(con: duckdb.DuckDBPyConnection, dataset_id: int, ragged: list[int]) -> dict[str, int]:
    con.execute(
        f"INSERT INTO reject SELECT ?, t.row_number, t.reason, t.detail, to_json(r)::VARCHAR FROM {TYPED} t "  # noqa: S608 - names of ours
        f"JOIN (SELECT {ROW} AS row_number, struct_pack(*COLUMNS(* EXCLUDE {ROW})) AS r FROM {RAW}) USING (row_number) "
        "WHERE t.reason IS NOT NULL",
        [dataset_id],
    )
    if ragged:
        con.register("ragged_case", pa.table({"row_number": pa.array(ragged, pa.int64())}))
        con.execute(
            "INSERT INTO reject SELECT ?, row_number, 'wrong_field_count', "
            "'the record has more or fewer fields than the header; quote the text that holds the delimiter', '' "
            "FROM ragged_case",
            [dataset_id],
        )
    counts = con.execute(
        "SELECT reason, count(*) FROM reject WHERE dataset_id = ? GROUP BY reason ORDER BY reason", [dataset_id]
    )
    return dict(counts.fetchall())


def _require_some(con: duckdb.DuckDBPyConnection, path: Path, reasons: dict[str, int]) -> None:
    if first_row(con, f"SELECT 1 FROM {TYPED} WHERE reason IS NULL LIMIT 1"):  # noqa: S608 - a name of ours
        return
    worst = first_row(con, f"SELECT row_number, detail FROM {TYPED} ORDER BY row_number LIMIT 1") or (1, "")  # noqa: S608 - a name of ours
    total = sum(reasons.values())
    raise SourceError(f"{path.name}: none of its {total} records can be used; record {worst[0]}: {worst[1]}")


def _insert_cases(con: duckdb.DuckDBPyConnection, path: Path, dataset_id: int) -> tuple[str, ...]:
    """Put the sound records in, in time order among those that are there."""
    zone = literal(read_meta(con).time_zone)
    district = first_row(con, "SELECT min(code) FROM area WHERE level = 1 AND regexp_matches(code, '^[0-9]{6}$')")
    prefix = literal(district[0] if district and district[0] else _NO_ADMINISTRATIVE_CODE)
    closed = int(CaseStage.CLOSED)
    # A case that was closed before it was reported keeps its stage and loses the time that cannot be.
    con.execute(
        f"CREATE TEMP TABLE sound_case AS SELECT *, "  # noqa: S608 - names of ours
        f"CASE WHEN closed_at >= reported_at AND stage_key >= {closed} THEN closed_at END AS closed_time, "
        f"(reported_at AT TIME ZONE 'UTC' AT TIME ZONE {zone}) AS local_time, local_time::DATE AS local_day "
        f"FROM {TYPED} JOIN case_place USING (row_number) WHERE reason IS NULL"
    )
    con.execute(
        f"CREATE TEMP TABLE {EVERY} AS SELECT * FROM cases UNION ALL BY NAME "  # noqa: S608 - names of ours
        f"SELECT 0 AS case_id, {case_no_sql(prefix)} AS case_no, "
        "id_text AS source_ref, source_key::UTINYINT AS source_id, class_key::SMALLINT AS class_id, "
        "stage_key::UTINYINT AS stage, unit_key::SMALLINT AS unit_id, reported_at, filed_at, dispatched_at, "
        "handled_at, closed_time AS closed_at, deadline_at, local_day AS reported_day, "
        "hour(local_time)::UTINYINT AS reported_hour, "
        f"(closed_time AT TIME ZONE 'UTC' AT TIME ZONE {zone})::DATE AS closed_day, lon, lat, "
        "street_id, community_id, grid_id, NULL::INTEGER AS component_id, "
        f"address_text AS address, description_text AS description, {dataset_id}::SMALLINT AS dataset_id "
        f"FROM {NUMBERED}"
    )
    number_leaves(con)
    con.execute("DELETE FROM cases")
    numbered = _COLUMNS.replace("case_id", "row_number() OVER () - 1", 1)
    con.execute(
        f"INSERT INTO cases ({_COLUMNS}) SELECT {numbered} FROM "  # noqa: S608 - names of ours
        f"(SELECT * FROM {EVERY} ORDER BY reported_at, case_no)"
    )
    early = first_row(con, "SELECT count(*) FROM sound_case WHERE closed_at < reported_at")
    if early and early[0]:
        return (f"{path.name}: {early[0]} cases were closed before they were reported; their closing time is left out",)
    return ()
