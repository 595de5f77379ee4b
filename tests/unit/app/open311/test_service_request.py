"""Service requests: a case as the public sees it."""

from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

import pytest

from app.api.open311.service_request import RequestView
from app.i18n import catalogue
from twin_model.case import CaseStage

VIEW = RequestView(catalogue("en"), ZoneInfo("Asia/Shanghai"), extended=True)
AT = datetime(2026, 11, 23, 2)  # noqa: DTZ001 - as the store keeps it


def row(**changes: Any) -> dict[str, Any]:
    return {
        "case_no": "1", "stage": 30, "hold": None, "class_code": "E0102", "class_name_zh": "暴露垃圾",
        "class_name_en": "Waste", "source_code": "PUBLIC", "unit_name_zh": None, "unit_name_en": None,
        "reported_at": AT, "filed_at": AT, "dispatched_at": None, "handled_at": None, "closed_at": None,
        "updated_at": AT, "deadline_at": None, "lon": 116.3, "lat": 39.9, "street_code": None, "community_code": None,
        "grid_code": None, "component_code": None, "building_code": "B1", "address": None, "description": "x",
        "parent_no": None, "media_url": None,
    } | changes  # fmt: skip


@pytest.mark.parametrize("stage", list(CaseStage))
def test_a_case_is_open_until_it_ends(stage: CaseStage) -> None:
    told = VIEW.request(row(stage=int(stage), parent_no="7"))
    assert told["status"] == ("open" if stage < CaseStage.CLOSED else "closed")
    assert told["status_notes"]
    assert told["extended_attributes"]["stage"] == stage.name.lower()


def test_moments_have_the_citys_offset() -> None:
    told = VIEW.request(row(deadline_at=AT))
    assert told["requested_datetime"] == told["expected_datetime"] == "2026-11-23T10:00:00+08:00"
    assert told["agency_responsible"] is None


def test_a_duplicate_names_its_original() -> None:
    told = VIEW.request(row(stage=90, parent_no="7"))
    assert "7" in told["status_notes"]
    assert told["extended_attributes"]["duplicate_of"] == "7"
    assert VIEW.request(row(parent_no="7"))["extended_attributes"]["duplicate_of"] is None
