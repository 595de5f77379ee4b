from datetime import UTC, datetime

import pytest

from twin_model.errors import DuplicateError
from twin_model.rule_row import RuleRow, moment_text, plain_number, rule_rows


def row(**values):
    return RuleRow(values, "row 1 (A) of the list", DuplicateError)


def test_fields_that_are_left_out_have_their_defaults():
    assert row().text("note") == ""
    assert row().code("area", "") == ""
    assert row().codes("assists") == ()
    assert row().whole("priority", 0, 9) == 0
    assert row().measure("distance_m", 9, 2.0) == 2.0
    assert row().validity() == (None, None)


def test_space_around_a_text_is_no_part_of_it():
    assert row(note=" a b ").text("note") == "a b"
    assert row(lead=" D01 ").code("lead") == "D01"


def test_a_moment_of_any_zone_becomes_utc_and_is_written_so():
    moment = row(valid_from="2026-01-01T08:00:00+08:00").moment("valid_from")
    assert moment == datetime(2026, 1, 1, tzinfo=UTC)
    assert moment_text(moment) == "2026-01-01T00:00:00+00:00"
    assert moment_text(None) == ""


@pytest.mark.parametrize("value", [3, True, "2026-01-01T00:00:00", "2026-13-01T00:00:00Z", ["x"]])
def test_what_is_no_moment_is_refused(value):
    with pytest.raises(
        DuplicateError, match=r"row 1 \(A\) of the list: valid_from is .*; write a moment with its zone"
    ):
        row(valid_from=value).moment("valid_from")


def test_a_whole_number_is_written_without_a_fraction():
    assert [repr(plain_number(value)) for value in (30.0, 0.5)] == ["30", "0.5"]


def test_rows_are_named_by_place_and_id():
    document = {"rules": [{"rule_id": "A"}, {"rule_id": "B"}]}
    places = [each.place for each in rule_rows(document, "list", ("rule_id",), (), DuplicateError)]
    assert places == ["row 1 (A) of the list", "row 2 (B) of the list"]
