"""Reports out of forms: fields, place, personal data apart."""

import contextlib
from typing import Any

import pyarrow as pa
import pytest
from hypothesis import given
from hypothesis import strategies as st
from werkzeug.datastructures import MultiDict

from app.api.open311.report import PlaceAsked, case_fields, located, read_report
from app.api.open311.service import Service
from app.api.request_errors import RequestError, UnknownThingError

PLACE = {"lat": "39.978", "long": "116.32"}
COVER = Service({"code": "C0101", "kind": "component", "name_zh": "上水井盖", "name_en": "Cover"}, ("missing_cover",))
HOUSES = [
    {"code": "B1", "lon": 116.31, "lat": 39.97, "address": "甲路1号"},
    {"code": "B2", "lon": 116.33, "lat": 39.98, "address": "乙路"},
    {"code": "B3", "lon": 116.34, "lat": 39.98, "address": "乙路"},
]
SCHEMA = pa.schema([("code", pa.string()), ("lon", pa.float64()), ("lat", pa.float64()), ("address", pa.string())])


def find_place(*, code: str = "", address: str = "") -> pa.Table:
    found = [house for house in HOUSES if house["code"] == code or (not code and house["address"] == address)]
    return pa.Table.from_pylist(found[:2], SCHEMA)


def form(**fields: Any) -> MultiDict[str, str]:
    return MultiDict({**PLACE, **fields})


def test_personal_data_is_apart_from_the_case() -> None:
    report = read_report(form(first_name="三", last_name="张", email="a@b.c", description="x", ref="r"), "")
    assert report.private == {"name": "三 张", "email": "a@b.c"}
    assert report.fields == {"ref": "r", "description": "x"}
    fields = case_fields(report, COVER, find_place)
    assert fields == {"ref": "r", "description": "x", "class": "C0101", "lon": "116.32", "lat": "39.978"}


def test_a_link_is_evidence() -> None:
    fields = case_fields(read_report(form(media_url="https://a.b/c.jpg"), ""), COVER, find_place)
    assert fields["evidence"] == {"media_url": "https://a.b/c.jpg"}
    assert "media_url" not in fields


def test_attributes_are_those_of_the_service() -> None:
    report = read_report(form(**{"attribute[condition]": "missing_cover", "attribute[component]": "C1"}), "")
    fields = case_fields(report, COVER, find_place)
    assert (fields["condition"], fields["component"]) == ("missing_cover", "C1")
    event = Service({"code": "E0102", "kind": "event"}, ())
    with pytest.raises(RequestError, match="no attribute 'condition'"):
        case_fields(report, event, find_place)


@pytest.mark.parametrize(
    ("asked", "found"),
    [
        (PlaceAsked(116.3, 39.9), PlaceAsked(116.3, 39.9)),
        (PlaceAsked(address_id="B1"), PlaceAsked(116.31, 39.97, "甲路1号", "B1")),
        (PlaceAsked(116.3, 39.9, address_id="B1"), PlaceAsked(116.3, 39.9, "甲路1号", "B1")),
        (PlaceAsked(address="甲路1号"), PlaceAsked(116.31, 39.97, "甲路1号")),
        (PlaceAsked(address="乙路"), PlaceAsked(address="乙路")),
        (PlaceAsked(address="无此路"), PlaceAsked(address="无此路")),
        (PlaceAsked(116.3, 39.9, "甲路1号"), PlaceAsked(116.3, 39.9, "甲路1号")),
    ],
)
def test_a_place_is_what_was_given_or_the_one_building_of_the_address(asked: PlaceAsked, found: PlaceAsked) -> None:
    assert located(asked, find_place) == found


def test_a_building_that_there_is_not_is_told() -> None:
    with pytest.raises(UnknownThingError, match="B9"):
        located(PlaceAsked(address_id="B9"), find_place)


@given(
    st.dictionaries(
        st.sampled_from(["lat", "long", "ref", "media_url", "email", "confidence", "attribute[a]"]),
        st.text(max_size=30),
    )
)
def test_any_form_is_read_or_refused_in_a_sentence(fields: dict[str, str]) -> None:
    with contextlib.suppress(RequestError):
        report = read_report(MultiDict(fields), "")
        assert report.place.lon is not None
        assert abs(report.place.lon) <= 180
