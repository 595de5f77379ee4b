"""The store's tables as Ibis expressions: what queries are written against, whatever engine runs them."""

from typing import Final

import ibis
import ibis.expr.types as ir

_PLACE: Final = {"street_id": "int32", "community_id": "int32", "grid_id": "int32"}
_COUNTED: Final = {"source_id": "uint8", "stage": "uint8", "n": "int32"}

CASES: Final[ir.Table] = ibis.table(
    {
        "case_id": "!int32",
        "case_no": "!string",
        "source_ref": "string",
        "source_id": "!uint8",
        "class_id": "!int16",
        "stage": "!uint8",
        "unit_id": "int16",
        "reported_at": "!timestamp",
        "filed_at": "timestamp",
        "dispatched_at": "timestamp",
        "handled_at": "timestamp",
        "closed_at": "timestamp",
        "deadline_at": "timestamp",
        "reported_day": "!date",
        "reported_hour": "!uint8",
        "closed_day": "date",
        "lon": "float64",
        "lat": "float64",
        **_PLACE,
        "component_id": "int32",
        "building_id": "int32",
        "building_m": "float32",
        "address": "string",
        "description": "string",
        "dataset_id": "!int16",
    },
    name="cases",
)

OPEN_CASE: Final[ir.Table] = ibis.table(
    {
        "case_id": "!int32",
        "case_no": "!string",
        "source_id": "!uint8",
        "class_id": "!int16",
        "stage": "!uint8",
        "unit_id": "int16",
        "reported_at": "!timestamp",
        "deadline_at": "timestamp",
        "reported_day": "!date",
        "lon": "float64",
        "lat": "float64",
        **_PLACE,
        "building_id": "int32",
    },
    name="open_case",
)

CASE_BY_DAY: Final[ir.Table] = ibis.table(
    {"reported_day": "!date", "street_id": "int32", **_COUNTED, "last_reported_at": "!timestamp"}, name="case_by_day"
)

CASE_BY_CLOSED_DAY: Final[ir.Table] = ibis.table(
    {"closed_day": "!date", "street_id": "int32", **_COUNTED}, name="case_by_closed_day"
)

CASE_BY_COMMUNITY: Final[ir.Table] = ibis.table(
    {"street_id": "int32", "community_id": "int32", **_COUNTED, "last_reported_at": "!timestamp"},
    name="case_by_community",
)

CASE_BY_GRID: Final[ir.Table] = ibis.table(
    {**_PLACE, **_COUNTED, "last_reported_at": "!timestamp"}, name="case_by_grid"
)

CASE_BY_BUILDING: Final[ir.Table] = ibis.table(
    {"building_id": "!int32", **_PLACE, **_COUNTED, "last_reported_at": "!timestamp"}, name="case_by_building"
)
"""Only the cases that have a building."""

AREA: Final[ir.Table] = ibis.table(
    {
        "area_id": "!int32",
        "code": "!string",
        "level": "!uint8",
        "parent_id": "int32",
        "name": "!string",
        "name_en": "string",
        "kind": "string",
        "population": "int32",
        "area_m2": "float64",
        "lon": "float64",
        "lat": "float64",
    },
    name="area",
)

CASE_SOURCE: Final[ir.Table] = ibis.table(
    {"source_id": "!uint8", "code": "!string", "name_zh": "!string", "name_en": "!string", "proactive": "!boolean"},
    name="case_source",
)

CASE_CLASS: Final[ir.Table] = ibis.table(
    {"class_id": "!int16", "code": "!string", "name_zh": "!string", "name_en": "!string"}, name="case_class"
)

UNIT: Final[ir.Table] = ibis.table(
    {"unit_id": "!int16", "code": "!string", "name_zh": "!string", "name_en": "!string"}, name="unit"
)

FEED_RECORD: Final[ir.Table] = ibis.table({"record_no": "!string", "source_id": "!uint8"}, name="feed_record")

LEVEL_COLUMNS: Final = {2: "street_id", 3: "community_id", 4: "grid_id"}
"""Column of a case that holds its area of a level (`twin_model.area.AreaLevel`); a district is its streets."""
