"""Fields of reports and actions: each of its own type, and nothing else."""

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.api.case_fields import ACTION_FIELDS, REPORT_FIELDS, of_form, read_fields, report_of
from app.api.json_body import DecimalText
from app.api.request_errors import JsonError
from twin_model.canonical_json import canonical_json
from twin_model.errors import FieldError

ANYTHING = st.recursive(
    st.one_of(
        st.none(),
        st.booleans(),
        st.integers(),
        st.text(max_size=9),
        st.text("0123456789.", max_size=5).map(DecimalText),
    ),
    lambda inner: st.one_of(st.lists(inner, max_size=3), st.dictionaries(st.text(max_size=5), inner, max_size=3)),
    max_leaves=6,
)


@given(st.dictionaries(st.sampled_from([*REPORT_FIELDS, *ACTION_FIELDS]), ANYTHING, max_size=4))
def test_whatever_comes_is_read_or_refused(values: dict[str, Any]) -> None:
    for readers in (REPORT_FIELDS, ACTION_FIELDS):
        try:
            read = read_fields(values, readers, "x")
        except (FieldError, ValueError):
            continue
        for value in read.values():
            assert isinstance(value, str | int | list | dict)


def test_numbers_come_as_numbers_or_text() -> None:
    assert read_fields({"lon": 116, "lat": DecimalText("39.5")}, REPORT_FIELDS, "x") == {"lon": 116, "lat": "39.5"}
    for wrong in ("x", "nan", "1e999", True, [1]):
        with pytest.raises(FieldError, match="lon"):
            read_fields({"lon": wrong}, REPORT_FIELDS, "x")


def test_a_number_is_no_text() -> None:
    with pytest.raises(FieldError, match="description is no text"):
        read_fields({"description": DecimalText("1.5")}, REPORT_FIELDS, "x")


def test_what_says_nothing_is_left_out() -> None:
    assert read_fields({"reason": None}, ACTION_FIELDS, "x") == {}


def test_parts_have_fields_of_their_own() -> None:
    parts = [{"unit": "D04"}, {"unit": "D03", "description": "x"}]
    assert read_fields({"parts": parts}, ACTION_FIELDS, "split") == {"parts": parts}
    with pytest.raises(FieldError, match="colour"):
        read_fields({"parts": [{"colour": "red"}]}, ACTION_FIELDS, "split")


def test_evidence_can_be_logged() -> None:
    fields = read_fields({"evidence": {"box": [1, DecimalText("2.5")]}}, REPORT_FIELDS, "x")
    assert canonical_json(fields["evidence"]) == b'{"box":[1,"2.5"]}'


def test_a_form_writes_what_is_no_text_as_json() -> None:
    assert of_form({"assist": '["D03"]', "reason": "[1]", "text": ""}, ("assist",)) == {
        "assist": ["D03"],
        "reason": "[1]",
    }
    with pytest.raises(JsonError, match="assist"):
        of_form({"assist": "D03"}, ("assist",))


def test_who_reports_is_apart() -> None:
    fields, private = report_of({"class": "E0102", "reporter": {"name": "张三"}})
    assert (fields, private) == ({"class": "E0102"}, {"name": "张三"})
