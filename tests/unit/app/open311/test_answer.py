"""Answers of Open311: the same value in JSON and in XML, whatever text is in it."""

import json
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from lxml import etree

from app.api.open311.answer import MEDIA, answer, error_answer, format_of

NO_XML = {*range(0x09), 0x0B, 0x0C, *range(0x0E, 0x20), 0xFFFE, 0xFFFF}
TEXT = st.text(st.characters(exclude_categories=["Cs"]), max_size=40)


def read(element: Any) -> Any:
    if element.tag in ("services", "errors", "formats"):
        return [read(child) for child in element]
    return {child.tag: read(child) for child in element} if len(element) else element.text


@given(TEXT)
def test_any_text_makes_sound_xml(text: str) -> None:
    body = answer("xml", "services", [{"service_name": text}]).data
    found = etree.fromstring(body).findtext("service/service_name")
    kept = "".join(letter for letter in text if ord(letter) not in NO_XML)
    assert found == kept.replace("\r\n", "\n").replace("\r", "\n") or found == kept


@given(TEXT)
def test_json_keeps_any_text(text: str) -> None:
    assert json.loads(answer("json", "services", [{"service_name": text}]).data) == [{"service_name": text}]


def test_lists_have_named_elements_and_nothing_is_an_empty_one() -> None:
    value = [{"service_code": "E0102", "metadata": True, "formats": ["a", "b"], "zipcode": None, "lat": 39.5}]
    root = etree.fromstring(answer("xml", "services", value).data)
    assert read(root) == [
        {"service_code": "E0102", "metadata": "true", "formats": ["a", "b"], "zipcode": None, "lat": "39.5"}
    ]


@pytest.mark.parametrize(("path", "fmt"), [("/x.json", "json"), ("/x.xml", "xml"), ("/x", "xml"), ("/x.html", "xml")])
def test_the_address_decides_the_format_and_xml_is_the_standards(path: str, fmt: str) -> None:
    assert format_of(path) == fmt
    assert error_answer(404, "nothing", path).content_type == MEDIA[fmt]


@pytest.mark.parametrize(("status", "told"), [(400, 400), (401, 403), (412, 409), (422, 400), (404, 404), (503, 503)])
def test_an_error_has_a_status_that_the_standard_knows(status: int, told: int) -> None:
    response = error_answer(status, "why", "/x.json")
    assert response.status_code == told
    assert json.loads(response.data) == [{"code": str(told), "description": "why"}]
