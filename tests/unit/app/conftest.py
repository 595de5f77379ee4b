"""A small city in memory, asked through the same door as a store."""

# ruff: noqa: ARG002, DTZ001 - it takes the questions' parameters without need of them; the store's times are naive UTC

from collections.abc import Callable
from datetime import UTC, date, datetime, timedelta
from typing import Any

import pyarrow as pa
import pytest

from app.context import Context, read_context
from datastore.meta import Meta
from twin_model.selection import Everything, TimeWindow

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


def case(number: int, state: str, hours_left: float) -> dict[str, Any]:
    return {
        "case_no": f"11010820261122{number:06d}", "stage": 30, "state": state,
        "reported_at": datetime(2026, 11, 22, 10),
        "deadline_at": datetime(2026, 11, 22, 16) + timedelta(hours=hours_left),
        "class_name_zh": "暴露垃圾", "class_name_en": "Exposed waste", "source_name_zh": "信息采集员",
        "source_name_en": "Inspectors", "unit_name_zh": "区城管委", "unit_name_en": "Commission",
        "street_name": "中关村街道", "street_name_en": "Zhongguancun", "community_name": "科馨社区居委会",
        "community_name_en": None, "lon": 116.31, "lat": 39.98,
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

    def case_totals(self, selection: Any, as_of: datetime) -> list[dict[str, Any]]:
        row = (
            AREAS[0]
            if isinstance(selection, Everything | TimeWindow)
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

    def case_by_no(self, _selection: Any, case_no: str) -> list[dict[str, Any]]:
        return [row for row in (case(1, "overdue", -30.5),) if row["case_no"] == case_no]


@pytest.fixture
def city() -> City:
    return City()


@pytest.fixture
def at(city: City) -> Callable[[str], Context]:
    """Context of an address in the small city."""
    return lambda search: read_context(search, city)  # type: ignore[arg-type]
