"""What a store holds, in numbers."""

from dataclasses import asdict
from datetime import UTC, datetime
from typing import Any

import duckdb

from datastore.fingerprint import fingerprint as fingerprint_of
from datastore.meta import read_meta
from datastore.queries.building_lods import LOD_NUMBER
from datastore.registry import datasets
from datastore.unplaced import UNPLACED
from twin_model.area import AreaLevel
from twin_model.case import CaseStage


def stats(cur: duckdb.DuckDBPyConnection, *, fingerprint: bool = False) -> dict[str, Any]:
    """Count everything in the store.

    Parameters
    ----------
    cur : DuckDBPyConnection
        Reading cursor.
    fingerprint : bool
        Add a digest of each table (`datastore.fingerprint`); takes seconds for millions of cases.

    Returns
    -------
    dict
        Nested, of plain values: ``city``, ``cases`` (reported, closed, open, unplaced, first_reported_at,
        last_reported_at, by_source, by_stage, joined to buildings), ``areas`` by level, ``buildings``, ``models``
        by LoD, ``textures``, ``tilesets``, ``components``, ``roads``, ``landuse``, ``units``, ``classes``,
        ``feed_records``, ``planted_patterns``, ``rejects``, ``datasets`` and, if asked for, ``fingerprint``.
    """
    meta = read_meta(cur)
    answer: dict[str, Any] = {
        "city": {
            "name_zh": meta.city_name_zh,
            "name_en": meta.city_name_en,
            "time_zone": meta.time_zone,
            "metric_crs": meta.metric_crs,
            "as_of": None if meta.as_of is None else _whole_seconds(meta.as_of),
            "data_version": meta.data_version,
            "demo": meta.demo,
            **meta.other,
        },
        "cases": _cases(cur),
        "areas": _by(cur, "SELECT level, count(*) FROM area GROUP BY 1", {level: level.key for level in AreaLevel}),
        "buildings": _count(cur, "building"),
        "models": _models(cur),
        "textures": _count(cur, "building_texture"),
        "tilesets": _count(cur, "tileset"),
        "components": _count(cur, "component"),
        "roads": _count(cur, "road"),
        "landuse": _count(cur, "landuse"),
        "units": _count(cur, "unit"),
        "classes": _count(cur, "case_class"),
        "feed_records": _count(cur, "feed_record"),
        "planted_patterns": _count(cur, "planted_pattern"),
        "rejects": _count(cur, "reject"),
        "datasets": [asdict(each) | {"imported_at": _whole_seconds(each.imported_at)} for each in datasets(cur)],
    }
    if fingerprint:
        answer["fingerprint"] = fingerprint_of(cur)
    return answer


def _whole_seconds(moment: datetime) -> str:
    """Moment as ISO 8601 in UTC. The as-of moment of real data lies a microsecond after the latest event."""
    return f"{moment.astimezone(UTC).replace(tzinfo=None).isoformat(timespec='seconds')}Z"


def _cases(cur: duckdb.DuckDBPyConnection) -> dict[str, Any]:
    reported, closed, still_open, unplaced, first, last, inside, near = cur.execute(
        f"""
        SELECT count(*), count(*) FILTER (stage = {CaseStage.CLOSED:d}), count(*) FILTER (stage < {CaseStage.CLOSED:d}),
               count(*) FILTER {UNPLACED}, min(reported_at), max(reported_at),
               count(*) FILTER (building_m = 0), count(*) FILTER (building_m > 0)
        FROM cases
        """  # noqa: S608 - numbers of ours
    ).fetchall()[0]
    sources = dict(cur.execute("SELECT source_id, code FROM case_source ORDER BY source_id").fetchall())
    stages = {stage: stage.name for stage in CaseStage}
    return {
        "reported": reported,
        "closed": closed,
        "open": still_open,
        "unplaced": unplaced,
        "first_reported_at": first and f"{first.isoformat()}Z",
        "last_reported_at": last and f"{last.isoformat()}Z",
        "by_source": _by(cur, "SELECT source_id, count(*) FROM cases GROUP BY 1", sources),
        "by_stage": _by(cur, "SELECT stage, count(*) FROM cases GROUP BY 1", stages),
        "joined": {"inside": inside, "near": near, "none": reported - inside - near},
    }


def _models(cur: duckdb.DuckDBPyConnection) -> dict[str, int]:
    """Count models by level of detail, lowest first."""
    query = f"SELECT lod, count(*) FROM building_model GROUP BY lod ORDER BY {LOD_NUMBER}, lod"  # noqa: S608 - an expression of ours
    return dict(cur.execute(query).fetchall())


def _by(cur: duckdb.DuckDBPyConnection, query: str, names: dict[Any, str]) -> dict[str, int]:
    """Count by name, zeros included, in the order of the names."""
    counts = dict(cur.execute(query).fetchall())
    return {name: counts.get(key, 0) for key, name in names.items()}


def _count(cur: duckdb.DuckDBPyConnection, table: str) -> int:
    return int(cur.execute(f"SELECT count(*) FROM {table}").fetchall()[0][0])  # noqa: S608 - names of ours
