"""Cases as service requests of Open311 GeoReport v2 ask for them: by number, or by time, class, status and place."""

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime
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
    "community_id, grid_id, component_id, building_id, address, description, log_first, log_last, parent_no"
)
_REQUESTS = f"""
WITH page AS (SELECT {_PAGE_COLUMNS} FROM cases WHERE {{}} ORDER BY {_ORDER} {{}})
SELECT case_no, stage, hold, class.code AS class_code, class.name_zh AS class_name_zh, class.name_en AS class_name_en,
       source.code AS source_code, unit.name_zh AS unit_name_zh, unit.name_en AS unit_name_en, {_MOMENTS},
       {_LATEST} AS updated_at, deadline_at, page.lon, page.lat, street.code AS street_code,
       community.code AS community_code, grid.code AS grid_code, component.code AS component_code,
       building.code AS building_code, page.address, description, parent_no, log_first, log_last
FROM page JOIN case_class AS class USING (class_id) JOIN case_source AS source USING (source_id)
LEFT JOIN unit USING (unit_id)
LEFT JOIN area AS street ON street.area_id = page.street_id
LEFT JOIN area AS community ON community.area_id = page.community_id
LEFT JOIN area AS grid ON grid.area_id = page.grid_id
LEFT JOIN component USING (component_id) LEFT JOIN building USING (building_id)
ORDER BY {_ORDER}
"""  # noqa: S608 - names of ours
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
    query = _REQUESTS.format(" AND ".join(conditions) or "true", "LIMIT $limit OFFSET $offset")
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
    return cur.sql(_REQUESTS.format(condition, ""), params={"numbers": numbers}).to_arrow_table()


def _conditions(wanted: RequestsWanted) -> tuple[list[str], dict[str, Any]]:
    conditions, params = _updated(wanted)
    for name, moment, sign in (("start", wanted.start, ">="), ("end", wanted.end, "<=")):
        if moment is not None:
            conditions.append(f"reported_at {sign} ${name}")
            params[name] = _naive(moment)
    if wanted.updated_before is not None:
        conditions.append("reported_at <= $before")  # whatever was changed by then had been reported by then
    if wanted.is_open is not None:
        conditions.append(f"stage {'<' if wanted.is_open else '>='} {CaseStage.CLOSED:d}")
    if wanted.classes:
        conditions.append("class_id IN (SELECT class_id FROM case_class WHERE code = ANY($classes::VARCHAR[]))")
        params["classes"] = list(wanted.classes)
    if wanted.box is not None:
        conditions.append("lon BETWEEN $west AND $east AND lat BETWEEN $south AND $north")
        params |= zip(("west", "south", "east", "north"), wanted.box, strict=True)
    return conditions, params


def _updated(wanted: RequestsWanted) -> tuple[list[str], dict[str, Any]]:
    """Condition of the latest change: of the latest event or, where history is all there is, of its columns."""
    ends = (("after", wanted.updated_after, ">="), ("before", wanted.updated_before, "<="))
    given = [(name, moment, sign) for name, moment, sign in ends if moment is not None]
    if not given:
        return [], {}
    events = " AND ".join(f"moment {sign} ${name}" for name, _, sign in given)
    columns = " AND ".join(f"{_LATEST} {sign} ${name}" for name, _, sign in given)
    condition = (
        f"(log_last IN (SELECT seq FROM case_event WHERE {events}) "  # noqa: S608 - names of ours
        f"OR (log_last IS NOT DISTINCT FROM log_first AND {columns}))"
    )
    return [condition], {name: _naive(moment) for name, moment, _ in given}


def _with_events(cur: duckdb.DuckDBPyConnection, found: pa.Table) -> pa.Table:
    """Put in place of the places in the log what stands there: when a case changed last, and the link of its report."""
    first, last = found["log_first"].to_pylist(), found["log_last"].to_pylist()
    wanted = sorted({seq for seq in (*first, *last) if seq is not None})
    events = cur.execute(_EVENTS, [wanted[0], wanted[-1], wanted]).fetchall() if wanted else []
    moments: Mapping[int, datetime] = {seq: moment for seq, moment, _, _ in events}
    links = {seq: _link(entry) for seq, _, kind, entry in events if kind == Action.REPORT}
    updated = [moments.get(seq, latest) for seq, latest in zip(last, found["updated_at"].to_pylist(), strict=True)]
    place = found.column_names.index("updated_at")
    found = found.set_column(place, "updated_at", pa.array(updated, pa.timestamp("us")))
    media = pa.array([links.get(seq) for seq in first], pa.string())
    return found.drop_columns(["log_first", "log_last"]).append_column("media_url", media)


def _link(entry: str) -> str | None:
    """Link that a report brought, out of the entry of its event."""
    if '"media_url"' not in entry:
        return None
    evidence = json.loads(entry)["data"].get("evidence")
    link = evidence.get("media_url") if isinstance(evidence, dict) else None
    return link if isinstance(link, str) else None


def _naive(moment: datetime) -> datetime:
    return moment.astimezone(UTC).replace(tzinfo=None)
