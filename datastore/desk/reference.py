"""Codes and keys of what cases point at, held ready for the writer."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from zoneinfo import ZoneInfo

import duckdb

from datastore.meta import read_meta
from twin_model.area import AreaLevel

_NO_ADMINISTRATIVE_CODE = "000000"
OFFICE_PREFIX = "S"
"""Code of a street's or town's office is this and the code of its area."""


@dataclass(frozen=True)
class Reference:
    """Codes and keys.

    Parameters
    ----------
    sources, classes, units, areas : mapping of str to int
        Key by code.
    kinds : mapping of str to str
        ``component``, ``event`` or ``other``, by class code.
    zone : ZoneInfo
        Of the city.
    district : str
        Six digits that case numbers begin with.
    """

    sources: Mapping[str, int]
    classes: Mapping[str, int]
    units: Mapping[str, int]
    areas: Mapping[str, int]
    kinds: Mapping[str, str]
    zone: ZoneInfo
    district: str
    area_codes: Mapping[int, str] = field(default_factory=dict)
    source_codes: Mapping[int, str] = field(default_factory=dict)
    class_codes: Mapping[int, str] = field(default_factory=dict)
    unit_codes: Mapping[int, str] = field(default_factory=dict)

    def territory(self, street: str) -> str:
        """Give the unit of a street or town, or ``""`` where the store has none."""
        code = f"{OFFICE_PREFIX}{street}"
        return code if street and code in self.units else ""


def read_reference(cur: duckdb.DuckDBPyConnection) -> Reference:
    """Read all codes and keys of a store."""
    sources = _pairs(cur, "SELECT code, source_id FROM case_source")
    units = _pairs(cur, "SELECT code, unit_id FROM unit")
    areas = _pairs(cur, "SELECT code, area_id FROM area")
    classes = cur.execute("SELECT code, class_id, kind FROM case_class").fetchall()
    by_code = {code: class_id for code, class_id, _ in classes}
    district = cur.execute(
        "SELECT min(code) FROM area WHERE level = ? AND regexp_matches(code, '^[0-9]{6}$')", [int(AreaLevel.DISTRICT)]
    ).fetchall()[0][0]
    return Reference(
        sources=sources,
        classes=by_code,
        units=units,
        areas=areas,
        kinds={code: kind for code, _, kind in classes},
        zone=read_meta(cur).zone,
        district=district or _NO_ADMINISTRATIVE_CODE,
        area_codes=_turned(areas),
        source_codes=_turned(sources),
        class_codes=_turned(by_code),
        unit_codes=_turned(units),
    )


def _pairs(cur: duckdb.DuckDBPyConnection, query: str) -> dict[str, int]:
    return dict(cur.execute(query).fetchall())


def _turned(pairs: Mapping[str, int]) -> dict[int, str]:
    return {key: code for code, key in pairs.items()}
