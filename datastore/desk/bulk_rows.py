"""Rows of a bulk load: read into types, judged one by one, and told from those that came before."""

from datetime import UTC, datetime
from zoneinfo import ZoneInfo

import duckdb
import pyarrow as pa
import pyarrow.compute as pc

from datastore.desk.bulk_report import Rejected
from datastore.sources.case_sql import literal

COLUMNS = (
    "ref", "class", "condition", "reported_at", "lon", "lat", "address", "description", "component", "confidence",
)  # fmt: skip
"""Columns that are read; what is not given is empty."""
FAULT = "citydeck_fault"
"""Column of what a reader found wrong with a row already: one of `FAULTS`."""
FAULTS = {
    "wrong_field_count": "the row has more or fewer fields than the header; quote the text that holds the delimiter",
    "no_json": "the line is no JSON; export it again",
    "no_object": "the line is no JSON object; write one a line",
    "wrong_type": "a field is a list or an object; write texts and numbers",
}
MAX_ROWS = 500_000
"""Rows of one load: a day has fewer numbers than two of these."""
MAX_REF, MAX_CODE, MAX_ADDRESS, MAX_DESCRIPTION = 200, 64, 2000, 4000
_ZONED = r"\d:\d\d.*(Z|[+-]\d\d(:?\d\d)?)$"
_CONTROL = r"[\x00-\x08\x0b\x0c\x0e-\x1f]"
_INCOMING = "bulk_incoming"

_LONG = "is longer than is kept; shorten it"
_CHECKS: tuple[tuple[str, str, str], ...] = (
    ("no_class", "class IS NULL", "the class is empty; give its code"),
    ("unknown_class", "class_id IS NULL", "the class is none of the store's; give its code"),
    ("half_a_place", "(lon_text IS NULL) <> (lat_text IS NULL)", "one of lon and lat is empty; give both or neither"),
    (
        "bad_place",
        "lon_text IS NOT NULL AND NOT coalesce(abs(lon) <= 180 AND abs(lat) <= 90, false)",
        "lon and lat are no degrees; give longitude and latitude (EPSG:4490)",
    ),
    (
        "bad_time",
        "reported_text IS NOT NULL AND reported_at IS NULL",
        "reported_at is no time; write it as 2026-01-31T08:00:00+08:00",
    ),
    ("old_time", "reported_at < TIMESTAMP '1970-01-01'", "reported_at is before 1970; correct it"),
    ("future_time", "reported_at > $now", "reported_at is in the future; correct it"),
    (
        "bad_confidence",
        "confidence_text IS NOT NULL AND NOT coalesce(confidence BETWEEN 0 AND 1, false)",
        "confidence is no number from 0 to 1",
    ),
    ("long_ref", f"length(ref) > {MAX_REF}", f"ref {_LONG}"),
    (
        "long_code",
        f"length(condition) > {MAX_CODE} OR length(component) > {MAX_CODE}",
        f"condition or component {_LONG}",
    ),
    (
        "long_text",
        f"length(address) > {MAX_ADDRESS} OR length(description) > {MAX_DESCRIPTION}",
        f"address or description {_LONG}",
    ),
    (
        "no_text",
        f"regexp_matches(concat(ref, condition, component, address, description), {literal(_CONTROL)})",
        "a text holds characters that are no text; take them out",
    ),
)
"""Reason, SQL test and sentence of what a row can be refused for, in the order of trial."""
_DETAILS = {**{reason: detail for reason, _, detail in _CHECKS}, **FAULTS}


def texts_of(table: pa.Table) -> tuple[pa.Table, tuple[str, ...]]:
    """Columns that are read, as text, with the number of each row; and the names of those that are not.

    Parameters
    ----------
    table : pyarrow.Table
        As it came: texts, numbers, moments (with zone, or in the city's).
    """
    columns = {"row_number": pa.array(range(1, table.num_rows + 1), pa.int64())}
    for name in (*COLUMNS, FAULT):
        given = name in table.column_names and _is_plain(table.schema.field(name).type)
        columns[name] = _text(table[name]) if given else pa.nulls(table.num_rows, pa.string())
    return pa.table(columns), tuple(name for name in table.column_names if name not in columns)


def judged(con: duckdb.DuckDBPyConnection, texts: pa.Table, source_id: int, zone: ZoneInfo, now: datetime) -> pa.Table:
    """Judge the rows.

    Parameters
    ----------
    con : DuckDBPyConnection
        Writing cursor.
    texts : pyarrow.Table
        As `texts_of` gives it.
    source_id : int
        Of the source.
    zone : ZoneInfo
        Of the city, for times that say none and for the day of a report.
    now : datetime
        Aware; the moment of a row that says none, and the limit that none may be later than.

    Returns
    -------
    pyarrow.Table
        In the order of the rows: row_number, ref, class_id, class_code, kind, condition, reported_at (UTC),
        reported_day, reported_hour (in the city), lon, lat, address, description, component, confidence, reason
        (null where the row is sound) and repeated (whether its ref came before).
    """
    con.register(_INCOMING, texts)
    named = literal(str(zone))
    tests = " ".join(f"WHEN {test} THEN {literal(name)}" for name, test, _ in _CHECKS)
    reason = f"CASE WHEN {FAULT} IS NOT NULL THEN {FAULT} {tests} END"
    rows = con.sql(
        f"""
        WITH texts AS (
            SELECT row_number, {FAULT}, {", ".join(f"nullif(trim({name}), '') AS {_renamed(name)}" for name in COLUMNS)}
            FROM {_INCOMING}
        ),
        typed AS (
            SELECT * EXCLUDE (class), class,
                   CASE WHEN regexp_matches(reported_text, {literal(_ZONED)})
                        THEN try_cast(reported_text AS TIMESTAMPTZ) AT TIME ZONE 'UTC'
                        ELSE try_cast(reported_text AS TIMESTAMP) AT TIME ZONE {named} AT TIME ZONE 'UTC'
                   END AS reported_at,
                   try_cast(lon_text AS DOUBLE) AS lon, try_cast(lat_text AS DOUBLE) AS lat,
                   try_cast(confidence_text AS DOUBLE) AS confidence
            FROM texts
        ),
        known AS (
            SELECT code AS word, class_id, code, kind FROM case_class
            UNION ALL
            SELECT name_zh, any_value(class_id), any_value(code), any_value(kind) FROM case_class
            WHERE name_zh NOT IN (SELECT code FROM case_class) GROUP BY name_zh HAVING count(*) = 1
        ),
        reasoned AS (
            SELECT typed.*, class_id, known.code AS class_code, kind, {reason} AS reason
            FROM typed LEFT JOIN known ON word = class
        ),
        first_of AS (
            SELECT ref AS same_ref, min(row_number) AS first_row FROM reasoned
            WHERE reason IS NULL AND ref IS NOT NULL GROUP BY ref
        )
        SELECT row_number, ref, class_id, class_code, kind, condition, coalesce(reported_at, $now) AS reported_at,
               (coalesce(reported_at, $now) AT TIME ZONE 'UTC' AT TIME ZONE {named}) AS local_time,
               local_time::DATE AS reported_day, hour(local_time)::UTINYINT AS reported_hour,
               lon, lat, address, description, component, confidence, reason,
               coalesce(first_row < row_number, false) OR token IS NOT NULL AS repeated
        FROM reasoned LEFT JOIN first_of ON same_ref = ref
        LEFT JOIN intake_ref ON source_id = $source AND source_ref = ref
        ORDER BY row_number
        """,  # noqa: S608 - names and literals of ours
        params={"now": now.astimezone(UTC).replace(tzinfo=None), "source": source_id},
    ).to_arrow_table()
    con.unregister(_INCOMING)
    return rows.drop_columns("local_time")


def rejected_rows(rows: pa.Table) -> list[Rejected]:
    """Rows that were refused, in their order."""
    found = rows.filter(pc.is_valid(rows["reason"])).select(["row_number", "reason"]).to_pylist()
    return [Rejected(each["row_number"], each["reason"], _DETAILS[each["reason"]]) for each in found]


def _renamed(name: str) -> str:
    return {"lon": "lon_text", "lat": "lat_text", "reported_at": "reported_text", "confidence": "confidence_text"}.get(
        name, name
    )


def _is_plain(kind: pa.DataType) -> bool:
    if pa.types.is_dictionary(kind):
        return _is_plain(kind.value_type)
    return not (pa.types.is_nested(kind) or pa.types.is_binary(kind) or pa.types.is_large_binary(kind))


def _text(column: pa.ChunkedArray) -> pa.ChunkedArray:
    if pa.types.is_dictionary(column.type):
        column = column.cast(column.type.value_type)
    if pa.types.is_timestamp(column.type) and column.type.tz is not None:
        column = column.cast(pa.timestamp(column.type.unit, "UTC"))  # its zone is only a name; the text then ends in Z
    return column.cast(pa.string())
