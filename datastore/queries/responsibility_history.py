"""Past cases as a list of responsibilities sees them, with the unit that had each: what a comparison of lists reads."""

from datetime import UTC, datetime
from typing import Final

import duckdb
import numpy as np
import pyarrow as pa

from twin_model.area import AreaLevel

_NO_OWNER = -1
"""Key of a unit where the register names none; in Arrow an empty code."""

_CASES: Final = f"""
    SELECT cases.case_id, cases.class_id, cases.street_id, cases.community_id, cases.grid_id, cases.unit_id,
           CASE WHEN k.component_id IS NOT NULL THEN coalesce(k.owner_unit_id, {_NO_OWNER}) END AS owner_id,
           CASE WHEN k.component_id IS NOT NULL THEN coalesce(k.maintainer_unit_id, {_NO_OWNER}) END AS maintainer_id
    FROM cases LEFT JOIN component AS k USING (component_id)
    WHERE cases.reported_at >= $start AND cases.reported_at < $end
"""  # noqa: S608 - a number of ours
_UNITS: Final = "SELECT unit_id, code FROM unit ORDER BY unit_id"
_CLASSES: Final = "SELECT class_id, code FROM case_class ORDER BY class_id"
_AREAS: Final = "SELECT area_id, code FROM area WHERE level = $level ORDER BY area_id"


def responsibility_history(cur: duckdb.DuckDBPyConnection, start: datetime, end: datetime) -> pa.Table:
    """Every case reported in a span of time, by what decides who answers for it.

    Parameters
    ----------
    cur : DuckDBPyConnection
        Reading cursor.
    start, end : datetime
        Aware; first moment, and first moment after.

    Returns
    -------
    pyarrow.Table
        case_id (int32) and, dictionary-encoded texts: class_code; street_code, community_code, grid_code (null for a
        case in none); owner_code, maintainer_code (units that the component register names, ``""`` for a component
        without one, null for a case about no component of the register); territory_code (``S`` and the street's code);
        unit_code (that had the case last, null for none). Columns as `twin_model.responsibility_what_if.what_if` takes
        them.
    """
    span = {"start": start.astimezone(UTC).replace(tzinfo=None), "end": end.astimezone(UTC).replace(tzinfo=None)}
    cases = cur.sql(_CASES, params=span).to_arrow_table()
    units = [*cur.execute(_UNITS).fetchall(), (_NO_OWNER, "")]
    streets = _areas(cur, AreaLevel.STREET)
    columns = {
        "class_code": ("class_id", cur.execute(_CLASSES).fetchall()),
        "street_code": ("street_id", streets),
        "community_code": ("community_id", _areas(cur, AreaLevel.COMMUNITY)),
        "grid_code": ("grid_id", _areas(cur, AreaLevel.GRID)),
        "owner_code": ("owner_id", units),
        "maintainer_code": ("maintainer_id", units),
        "territory_code": ("street_id", [(area_id, f"S{code}") for area_id, code in streets]),
        "unit_code": ("unit_id", units),
    }
    coded = {name: _coded(cases[key], codes) for name, (key, codes) in columns.items()}
    return pa.table({"case_id": cases["case_id"], **coded})


def _areas(cur: duckdb.DuckDBPyConnection, level: AreaLevel) -> list[tuple[int, str]]:
    rows: list[tuple[int, str]] = cur.execute(_AREAS, {"level": int(level)}).fetchall()
    return rows


def _coded(keys: pa.ChunkedArray, codes: list[tuple[int, str]]) -> pa.DictionaryArray:
    """Put codes in place of keys: a table of places is faster than joins that carry texts."""
    known = pa.array([code for _, code in codes], pa.string())
    if not codes:
        return pa.DictionaryArray.from_arrays(pa.nulls(len(keys), pa.int32()), known)
    lowest = min(key for key, _ in codes)
    place = np.full(max(key for key, _ in codes) - lowest + 1, -1, np.int32)
    place[[key - lowest for key, _ in codes]] = np.arange(len(codes), dtype=np.int32)
    key = keys.combine_chunks().fill_null(lowest).to_numpy(zero_copy_only=False).astype(np.int64) - lowest
    missing = keys.is_null().to_numpy()
    found = np.where(missing | (key < 0) | (key >= len(place)), -1, place[np.clip(key, 0, len(place) - 1)])
    return pa.DictionaryArray.from_arrays(pa.array(found, mask=found < 0), known)
