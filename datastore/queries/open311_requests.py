"""Cases as service requests of Open311 GeoReport v2 ask for them: by number, or by time, class, status and place."""

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from typing import Any

import duckdb
import pyarrow as pa

from datastore.queries.case_by_no import day_in
from twin_model.case import CaseStage
from twin_model.workflow import Action

Box = tuple[float, float, float, float]
"""West, south, east and north, degrees, EPSG:4490."""

_MOMENTS = "reported_at, filed_at, dispatched_at, handled_at, closed_at"
_LATEST = f"greatest({_MOMENTS})"
_ORDER = "reported_at DESC, case_id DESC"
_PAGE_COLUMNS = (
    f"case_id, case_no, source_id, class_id, stage, hold, unit_id, {_MOMENTS}, deadline_at, lon, lat, street_id, "
    "community_id, grid_id, component_id, building_id, address, description, log_first, log_last, parent_no, "
    f"{_LATEST} AS updated_at"
)
_FROM = f"SELECT {_PAGE_COLUMNS} FROM cases WHERE"  # noqa: S608 - as above
_PAGE = f"SELECT * FROM ({{}}) ORDER BY {_ORDER} {{}}"  # noqa: S608 - as above
_SMALL = (
    "SELECT 'class', class_id, code, name_zh, name_en FROM case_class "
    "UNION ALL SELECT 'source', source_id, code, NULL, NULL FROM case_source "
    "UNION ALL SELECT 'unit', unit_id, code, name_zh, name_en FROM unit"
)
_LARGE = {
    "street": ("area", "street_id"),
    "community": ("area", "community_id"),
    "grid": ("area", "grid_id"),
    "building": ("building", "building_id"),
    "component": ("component", "component_id"),
}
"""Table of each code, and the key of it that a case has."""
_EVENTS = "SELECT seq, moment, kind, entry FROM case_event WHERE seq BETWEEN ? AND ? AND seq = ANY(?::BIGINT[])"


@dataclass(frozen=True)
class RequestsWanted:
    """Which cases are asked for; what is None or empty asks for nothing.

    Parameters
    ----------
    start, end : datetime or None
        Aware; first and last moment of report.
    updated_after, updated_before : datetime or None
        Aware; first and last moment of the latest change.
    classes : tuple of str
        Codes.
    is_open : bool or None
        Whether somebody still has to do something about them.
    box : Box or None
        Where they lie.
    limit, offset : int
        At most so many, the latest report first, after so many that are left out.
    """

    start: datetime | None = None
    end: datetime | None = None
    updated_after: datetime | None = None
    updated_before: datetime | None = None
    classes: tuple[str, ...] = ()
    is_open: bool | None = None
    box: Box | None = None
    limit: int = 1000
    offset: int = 0


def open311_requests(cur: duckdb.DuckDBPyConnection, wanted: RequestsWanted) -> pa.Table:
    """Cases that match, the latest report first.

    Parameters
    ----------
    cur : DuckDBPyConnection
        Reading cursor.
    wanted : RequestsWanted
        A time of report makes it quick: cases lie in the order of it.

    Returns
    -------
    pyarrow.Table
        case_no, stage, hold, class_code, class_name_zh, class_name_en, source_code, unit_name_zh, unit_name_en,
        reported_at, filed_at, dispatched_at, handled_at, closed_at, updated_at, deadline_at (UTC), lon, lat (degrees,
        EPSG:4490), street_code, community_code, grid_code, component_code, building_code, address, description,
        parent_no, media_url. What a case lacks is null.
    """
    conditions, params = _conditions(wanted)
    changed, moments = _changed(wanted)
    chosen = " UNION ALL ".join(f"{_FROM} {' AND '.join([*conditions, *each]) or 'true'}" for each in changed)
    params |= moments
    query = _PAGE.format(chosen, "LIMIT $limit OFFSET $offset")
    found = cur.sql(query, params={**params, "limit": wanted.limit, "offset": wanted.offset}).to_arrow_table()
    return _with_events(cur, found)


def open311_requests_by_no(cur: duckdb.DuckDBPyConnection, numbers: Sequence[str]) -> pa.Table:
    """Cases by their numbers, the latest report first; numbers that no case has are left out.

    Parameters
    ----------
    cur : DuckDBPyConnection
        Reading cursor.
    numbers : sequence of str
        Case numbers.

    Returns
    -------
    pyarrow.Table
        Columns of `open311_requests`.
    """
    days = {number: day for number in numbers if (day := day_in(number)) is not None}
    found = [_numbered(cur, list(days), sorted(set(days.values())))] if days else []
    known = set(found[0]["case_no"].to_pylist()) if found else set()
    missing = [number for number in numbers if number not in known]
    if missing or not found:  # the number is of another form, or the day of the report was corrected since
        found.append(_numbered(cur, missing, []))
    rows = pa.concat_tables(found).sort_by([("reported_at", "descending"), ("case_no", "descending")])
    return _with_events(cur, rows)


def _numbered(cur: duckdb.DuckDBPyConnection, numbers: list[str], days: list[date]) -> pa.Table:
    condition = "case_no = ANY($numbers::VARCHAR[])"
    if days:
        # Cases lie in the order of their days: this reads a row group a day, not all.
        listed = ", ".join(f"DATE '{day}'" for day in days)
        condition = f"reported_day IN ({listed}) AND {condition}"
    else:
        condition = f"case_id IN (SELECT case_id FROM cases WHERE {condition})"  # noqa: S608 - as above
    return cur.sql(_PAGE.format(f"{_FROM} {condition}", ""), params={"numbers": numbers}).to_arrow_table()


def _conditions(wanted: RequestsWanted) -> tuple[list[str], dict[str, Any]]:
    conditions: list[str] = []
    params: dict[str, Any] = {}
    for name, moment, sign in (("start", wanted.start, ">="), ("end", wanted.end, "<=")):
        if moment is not None:
            conditions.append(f"reported_at {sign} ${name}")
            params[name] = _naive(moment)
    if wanted.updated_before is not None:
        conditions.append("reported_at <= $before")  # whatever was changed by then had been reported by then
        params["before"] = _naive(wanted.updated_before)
    if wanted.is_open is not None:
        conditions.append(f"stage {'<' if wanted.is_open else '>='} {CaseStage.CLOSED:d}")
    if wanted.classes:
        conditions.append("class_id IN (SELECT class_id FROM case_class WHERE code = ANY($classes::VARCHAR[]))")
        params["classes"] = list(wanted.classes)
    if wanted.box is not None:
        conditions.append("lon BETWEEN $west AND $east AND lat BETWEEN $south AND $north")
        params |= zip(("west", "south", "east", "north"), wanted.box, strict=True)
    return conditions, params


def _changed(wanted: RequestsWanted) -> tuple[list[list[str]], dict[str, Any]]:
    """Conditions of the latest change: cases that meet one of the lists, and none meets two.

    It is that of the latest event or, where history is all there is, of the columns. Most of history is closed, and its
    day of closing alone, which is quick to look through, leaves out nearly all.
    """
    ends = (("after", wanted.updated_after, ">="), ("before", wanted.updated_before, "<="))
    given = [(name, moment, sign) for name, moment, sign in ends if moment is not None]
    if not given:
        return [[]], {}
    params: dict[str, Any] = {name: _naive(moment) for name, moment, _ in given}
    events = " AND ".join(f"moment {sign} ${name}" for name, _, sign in given)
    history = ["log_last IS NOT DISTINCT FROM log_first", *(f"{_LATEST} {sign} ${name}" for name, _, sign in given)]
    closed = "closed_day IS NOT NULL"
    if wanted.updated_after is not None:
        closed = "closed_day >= $closed_from"
        params["closed_from"] = _naive(wanted.updated_after).date() - timedelta(days=1)  # whatever the city's zone
    touched = f"log_last IN (SELECT seq FROM case_event WHERE {events})"  # noqa: S608 - names of ours
    return [
        [closed, *history],
        ["closed_day IS NULL", *history],
        ["log_last IS DISTINCT FROM log_first", touched],
    ], params


def _named(cur: duckdb.DuckDBPyConnection, rows: pa.Table) -> pa.Table:
    """Put codes and names in place of keys: looked up for the few that a page has, after it was chosen."""
    names = {(kind, key): texts for kind, key, *texts in cur.execute(_SMALL).fetchall()}
    for kind, columns in (
        ("class", ("code", "name_zh", "name_en")),
        ("source", ("code",)),
        ("unit", (None, "name_zh", "name_en")),
    ):
        found = [names.get((kind, key), (None, None, None)) for key in rows[f"{kind}_id"].to_pylist()]
        for place, column in enumerate(columns):
            if column is not None:
                rows = rows.append_column(f"{kind}_{column}", pa.array([each[place] for each in found], pa.string()))
        rows = rows.drop_columns([f"{kind}_id"])
    codes: dict[tuple[str, int], str] = {}
    for table in ("area", "building", "component"):
        keys = {key for of, column in _LARGE.values() if of == table for key in rows[column].to_pylist()} - {None}
        query = f"SELECT {table}_id, code FROM {table} WHERE {table}_id = ANY(?::INTEGER[])"  # noqa: S608 - as above
        codes |= {(table, key): code for key, code in (cur.execute(query, [list(keys)]).fetchall() if keys else ())}
    for kind, (table, column) in _LARGE.items():
        found_codes = pa.array([codes.get((table, key)) for key in rows[column].to_pylist()], pa.string())
        rows = rows.append_column(f"{kind}_code", found_codes)
    return rows.drop_columns([column for _, column in _LARGE.values()])


def _with_events(cur: duckdb.DuckDBPyConnection, found: pa.Table) -> pa.Table:
    """Put what stands in the log in place of where it stands: when a case changed last, the link of its report."""
    first, last = found["log_first"].to_pylist(), found["log_last"].to_pylist()
    wanted = sorted({seq for seq in (*first, *last) if seq is not None})
    events = cur.execute(_EVENTS, [wanted[0], wanted[-1], wanted]).fetchall() if wanted else []
    moments: Mapping[int, datetime] = {seq: moment for seq, moment, _, _ in events}
    links = {seq: _link(entry) for seq, _, kind, entry in events if kind == Action.REPORT}
    updated = [moments.get(seq, latest) for seq, latest in zip(last, found["updated_at"].to_pylist(), strict=True)]
    place = found.column_names.index("updated_at")
    found = found.set_column(place, "updated_at", pa.array(updated, pa.timestamp("us")))
    media = pa.array([links.get(seq) for seq in first], pa.string())
    return _named(cur, found.drop_columns(["case_id", "log_first", "log_last"])).append_column("media_url", media)


def _link(entry: str) -> str | None:
    """Link that a report brought, out of the entry of its event."""
    if '"media_url"' not in entry:
        return None
    evidence = json.loads(entry)["data"].get("evidence")
    link = evidence.get("media_url") if isinstance(evidence, dict) else None
    return link if isinstance(link, str) else None


def _naive(moment: datetime) -> datetime:
    return moment.astimezone(UTC).replace(tzinfo=None)
