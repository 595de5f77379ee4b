"""A small city in memory, asked through the same door as a store."""

# ruff: noqa: ARG002, DTZ001 - it takes the questions' parameters without need of them; the store's times are naive UTC

from collections.abc import Callable
from datetime import UTC, date, datetime, timedelta
from typing import Any

import pyarrow as pa
import pytest
import shapely

from app.context import Context, read_context
from datastore.meta import Meta
from twin_model.selection import Buildings, Everything, TimeWindow

AS_OF = datetime(2026, 11, 22, 16, tzinfo=UTC)


def area(code: str, level: int, name: str, name_en: str | None, *counts: int) -> dict[str, Any]:
    reported, still_open = counts
    closed = reported - still_open
    return {
        "area_id": len(code), "code": code, "level": level, "name": name, "name_en": name_en,
        "lon": 116.3, "lat": 39.95, "area_m2": 8e6, "population": 1000, "reported": reported, "closed": closed,
        "open": still_open, "overdue": still_open // 4, "due_soon": still_open // 10, "day_reported": 7,
        "closing_rate": closed / reported if reported else None, "recent": 30,
    }  # fmt: skip


AREAS = [
    area("110108", 1, "海淀区", "Haidian District", 2_040_552, 183_022),
    area("110108011", 2, "中关村街道", "Zhongguancun", 90_000, 9_000),
    area("110108012", 2, "海淀街道", "Haidian", 50_000, 12_000),
    area("110108013", 2, "青龙桥街道", "Qinglongqiao", 0, 0),
    area("110108011001", 3, "科馨社区居委会", None, 9_000, 700),
    area("110108011001001", 4, "110108011001001", None, 90, 9),
]
SOURCES = [
    (1, "COLLECTOR", "信息采集员", "Inspectors", False, 1_724_904, 0),
    (2, "VIDEO", "视频监控", "Video", True, 1_583, 0),
    (3, "SATELLITE", "卫星遥感", "Satellite", True, 1_505, 0),
    (4, "DUTY_EMERGENCY", "值守应急", "Duty desk", False, 0, 1_200),
    (5, "PUBLIC", "公众", "Public", False, 0, 0),
    (6, "DATA_IOT", "物联数据", "Data (IoT)", True, 1_347, 0),
    (7, "ASSESSMENT", "考评上报", "Assessment", False, 311_213, 0),
    (8, "OTHER", "其他", "Other", False, 0, 0),
]


BUILDING = "110108011001B00012"
ATTRIBUTES = '{"owner": "示例公司", "roof": {"shape": "gabled"}, "note": ""}'


def building(code: str = BUILDING, **changes: Any) -> dict[str, Any]:
    """Row of the question about one building, with a model that is closed."""
    return {
        "building_id": 12, "code": code, "name": None, "use": "office", "height_m": 36.3, "height_source": "measured",
        "storeys": 9, "footprint_m2": 500.0, "lon": 116.31, "lat": 39.98, "source_ref": "way/12",
        "address": "中关村街道科馨社区12号楼", "base_m": 48.5, "attributes": ATTRIBUTES, "street_code": "110108011",
        "street_name": "中关村街道", "street_name_en": "Zhongguancun", "community_code": "110108011001",
        "community_name": "科馨社区居委会", "community_name_en": None, "grid_code": "110108011001001",
        "grid_name": "001", "dataset_id": 1, "dataset_name": "houses", "dataset_title": "城市模型",
        "dataset_kind": "city", "source": "houses.city.json", "licence": "CC-BY 4.0", "crs": "EPSG:7415",
        "simulated": False, "lods": ["0", "1.2", "2.2"], "best_lod": "2.2", "state": "repaired",
        "reason": "flipped_faces", "watertight": True, "volume_m3": 12_345.0, "surface_m2": 4_000.0,
        "semantic": True, "geom": shapely.to_wkb(shapely.box(116.3099, 39.9799, 116.3101, 39.9801)),
    } | changes  # fmt: skip


BLOCK = building(
    "B-1",
    name="体育馆",
    lods=[],
    best_lod=None,
    state=None,
    reason=None,
    watertight=None,
    volume_m3=None,
    semantic=False,
)


def case(number: int, state: str, hours_left: float) -> dict[str, Any]:
    return {
        "case_no": f"11010820261122{number:06d}", "stage": 30, "state": state,
        "reported_at": datetime(2026, 11, 22, 10),
        "deadline_at": datetime(2026, 11, 22, 16) + timedelta(hours=hours_left),
        "class_name_zh": "暴露垃圾", "class_name_en": "Exposed waste", "source_name_zh": "信息采集员",
        "source_name_en": "Inspectors", "unit_name_zh": "区城管委", "unit_name_en": "Commission",
        "street_name": "中关村街道", "street_name_en": "Zhongguancun", "community_name": "科馨社区居委会",
        "community_name_en": None, "lon": 116.31, "lat": 39.98, "building_code": BUILDING, "building_name": None,
        "building_address": "中关村街道科馨社区12号楼", "building_m": 3.2,
    }  # fmt: skip


class City:
    """Stands where the data manager stands."""

    def __init__(self) -> None:
        self.asked: list[str] = []
        self.empty = False

    def meta(self) -> Meta:
        if self.empty:
            return Meta("", "", "Asia/Shanghai", "", 1, None, demo=False)
        return Meta("海淀区", "Haidian District", "Asia/Shanghai", "EPSG:4548", 7, AS_OF, demo=True)

    def query(self, name: str, selection: Any, **params: Any) -> pa.Table:
        self.asked.append(name)
        rows = getattr(self, name)(selection, **params)
        return pa.Table.from_pylist(
            [] if self.empty and name not in ("case_totals", "cases_by_source", "daily_trend", "first_report") else rows
        )

    def breadcrumb(self, _selection: Any, code: str) -> list[dict[str, Any]]:
        code = code or "110108"
        known = {row["code"] for row in AREAS}
        return [row for row in AREAS if code in known and code.startswith(row["code"])]

    def levels_below(self, _selection: Any, code: str) -> list[dict[str, Any]]:
        below = {row["level"] for row in AREAS if row["code"].startswith(code) and row["code"] != code}
        return [{"level": level} for level in sorted(below)]

    def first_report(self, _selection: Any) -> list[dict[str, Any]]:
        return [{"reported_at": None if self.empty else datetime(2024, 11, 22)}]

    def case_totals(self, selection: Any, as_of: datetime, *, running: bool = False) -> list[dict[str, Any]]:
        row = (
            AREAS[0]
            if isinstance(selection, Everything | TimeWindow | Buildings)
            else next(r for r in AREAS if r["code"] in selection.codes)
        )
        none = dict.fromkeys(("reported", "closed", "open", "overdue", "due_soon", "day_reported"), 0)
        return [
            row | {"day": date(2026, 11, 22), "day_closed": 5} | (none | {"closing_rate": None} if self.empty else {})
        ]

    def cases_by_source(self, _selection: Any) -> list[dict[str, Any]]:
        names = ("source_id", "code", "name_zh", "name_en", "proactive", "reported", "feed_records")
        rows = [dict(zip(names, row, strict=True)) for row in SOURCES]
        return [row | {"last_reported_at": datetime(2026, 11, 22, 9) if row["reported"] else None} for row in rows]

    def areas_ranked(self, selection: Any, parent_code: str, as_of: datetime) -> list[dict[str, Any]]:
        return [row for row in AREAS if row["code"][:-3] == parent_code]

    def newest_cases(self, _selection: Any, as_of: datetime, limit: int) -> list[dict[str, Any]]:
        return [case(2, "open", 30)]

    def most_urgent_cases(self, _selection: Any, as_of: datetime, limit: int) -> list[dict[str, Any]]:
        return [case(1, "overdue", -30.5), case(3, "due_soon", 2)]

    def daily_trend(self, _selection: Any, as_of: datetime, days: int) -> list[dict[str, Any]]:
        first = date(2026, 11, 22) - timedelta(days=days - 1)
        return [
            {
                "day": first + timedelta(days=i),
                "reported": 0 if self.empty else 100 + i,
                "closed": 0 if self.empty else 90 + i,
            }
            for i in range(days)
        ]

    def load_by_area(self, selection: Any, level: int, as_of: datetime) -> list[dict[str, Any]]:
        if isinstance(selection, TimeWindow):
            recent = (selection.end - selection.start) < timedelta(days=8)
            counts = {"110108012": (300, 400)}
            rows = [row for row in AREAS if row["level"] == level]
            return [row | {"reported": counts.get(row["code"], (100, 400))[0 if recent else 1]} for row in rows]
        return [row for row in AREAS if row["level"] == level]

    def area_hull(self, _selection: Any, code: str) -> list[dict[str, Any]]:
        return [{"lon": lon, "lat": lat} for lon, lat in ((116.30, 39.97), (116.33, 39.97), (116.31, 39.99))]

    def scene_sources(self, _selection: Any) -> list[dict[str, Any]]:
        return [{"thing": "building", "level": 0, "source": "simulated", "n": 7}]

    def building_by_code(self, _selection: Any, code: str) -> list[dict[str, Any]]:
        return [row for row in (building(), BLOCK) if row["code"] == code]

    def building_lods(self, _selection: Any, code: str) -> list[dict[str, Any]]:
        facts = {"vertices": 8, "faces": 12, "surface_m2": 9.0, "textured": False}
        rows = [
            facts | {"lod": "0", "state": "valid", "reason": "", "watertight": False, "volume_m3": None},
            facts | {"lod": "1.2", "state": "as_found", "reason": "open_edges", "watertight": False, "volume_m3": None},
            facts
            | {"lod": "2.2", "state": "repaired", "reason": "flipped_faces", "watertight": True, "volume_m3": 12_345},
        ]
        return rows if code == BUILDING else []

    def building_case_counts(self, _selection: Any, code: str, as_of: datetime) -> list[dict[str, Any]]:
        named = {"class_code": "E0101", "class_name_zh": "暴露垃圾", "class_name_en": "Exposed waste"}
        rows = [
            named | {"stage": 70, "cases": 18, "overdue": 0},
            named | {"stage": 40, "cases": 2, "overdue": 1},
            named | {"stage": 80, "cases": 1, "overdue": 0},
        ]
        return rows if code == BUILDING else []

    def building_cases(self, _selection: Any, code: str, limit: int) -> list[dict[str, Any]]:
        rows = [case(1, "", -30.5), case(2, "", 30) | {"building_m": 0.0}, case(3, "", 2) | {"stage": 70}]
        return rows if code == BUILDING else []

    def building_trend(self, _selection: Any, code: str, as_of: datetime, months: int) -> list[dict[str, Any]]:
        named = [date(2024 + i // 12, i % 12 + 1, 1) for i in range(35 - months, 35)]
        n = 3 if code == BUILDING else 0
        return [{"month": month, "reported": n, "closed": n and n - 1} for month in named]

    def building_neighbours(self, _selection: Any, code: str, limit: int) -> list[dict[str, Any]]:
        row = {"code": "B-1", "name": None, "address": "科馨社区11号楼", "use": "residential", "height_m": 15.8}
        return [row | {"distance_m": 3.4, "open": 2, "lon": 116.31, "lat": 39.98}] if code == BUILDING else []

    def building_components(self, _selection: Any, code: str, within_m: float, limit: int) -> list[dict[str, Any]]:
        row = {"code": "C1", "state": "damaged", "class_name_zh": "路灯", "class_name_en": "Streetlight"}
        return [row | {"owner_name_zh": "路灯所", "owner_name_en": "Lighting", "distance_m": 8.0}]

    def building_models(self, _selection: Any, code: str, lod: str) -> list[dict[str, Any]]:
        return [{"texture_ids": None}]

    def buildings_ranked(self, _selection: Any, **params: Any) -> list[dict[str, Any]]:
        self.ranked = params
        cases = {"open": 2, "overdue": 1, "recent": 3, "reported": 21}
        return [building() | {"lod": "2.2", "matching": 1, "buildings": 7} | cases][: params["limit"]]

    def load_by_building(self, _selection: Any, as_of: datetime) -> list[dict[str, Any]]:
        return [{"building_id": i, "open": i, "overdue": i // 4, "recent": i, "reported": 9 * i} for i in range(1, 40)]

    def dataset_levels(self, _selection: Any) -> list[dict[str, Any]]:
        shared = {
            "source": "a", "licence": "MIT", "crs": "EPSG:4490", "version": 2, "imported_at": datetime(2026, 11, 1),
            "rows": 7, "rows_rejected": 0, "rows_unplaced": 0, "note": "", "estimated": 0, "lods": ["2.2"],
            "buildings": 7, "modelled": 7, "semantic": True,
        }  # fmt: skip
        return [
            shared | {"dataset_id": 1, "name": "houses", "title": "城市模型", "kind": "city", "simulated": False},
            shared | {"dataset_id": 2, "name": "cases", "title": "案件", "kind": "cases", "simulated": True},
        ]

    def tilesets(self, _selection: Any) -> list[dict[str, Any]]:
        return [{"name": "bridge", "ground_m": 12.0}]

    def case_by_no(self, _selection: Any, case_no: str) -> list[dict[str, Any]]:
        return [row for row in (case(1, "overdue", -30.5),) if row["case_no"] == case_no]


@pytest.fixture
def city() -> City:
    return City()


@pytest.fixture
def at(city: City) -> Callable[[str], Context]:
    """Context of an address of the command page in the small city."""
    return lambda search: read_context(search, city)  # type: ignore[arg-type]


@pytest.fixture
def at_building(city: City) -> Callable[[str], Context]:
    """Context of an address of a building's own page in the small city."""

    def read(address: str) -> Context:
        path, _, search = address.partition("?")
        return read_context(search, city, "zh-CN", path)  # type: ignore[arg-type]

    return read
