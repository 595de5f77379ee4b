from dataclasses import replace

from hypothesis import given

from tests.unit.twin_model.responsibility_lists import lists
from twin_model import responsibility
from twin_model.rule_diff import Difference, differences

BEFORE = {
    "last_resort": "D01",
    "rules": [{"rule_id": "R-1", "lead": "D01", "assists": []}, {"rule_id": "R-2", "lead": "D02", "assists": []}],
}


def test_equal_documents_differ_in_nothing():
    assert differences(BEFORE, BEFORE) == ()


@given(lists())
def test_the_order_of_rows_makes_no_difference(rules):
    turned = replace(rules, rules=tuple(reversed(rules.rules)))
    assert differences(responsibility.to_document(rules), responsibility.to_document(turned)) == ()


@given(lists(), lists())
def test_the_way_back_has_the_same_differences_turned_round(one, other):
    documents = responsibility.to_document(one), responsibility.to_document(other)
    there, back = differences(*documents), differences(*reversed(documents))
    turned = [Difference(each.place, each.after, each.before) for each in back]
    assert sorted(map(repr, there)) == sorted(map(repr, turned))


def test_a_changed_field_is_named_with_its_row():
    after = {**BEFORE, "rules": [{**BEFORE["rules"][0], "lead": "D09", "assists": ["D02"]}, BEFORE["rules"][1]]}
    assert differences(BEFORE, after) == (("rules R-1 lead", "D01", "D09"), ("rules R-1 assists", [], ["D02"]))


def test_rows_that_come_and_go_are_told_whole():
    new = {"rule_id": "R-3", "lead": "D03", "assists": []}
    after = {**BEFORE, "rules": [BEFORE["rules"][1], new]}
    assert differences(BEFORE, after) == (("rules R-1", BEFORE["rules"][0], None), ("rules R-3", None, new))


def test_days_and_thresholds_are_rows_too():
    first = {"holidays": [{"day": "2026-01-01", "kind": "holiday"}], "thresholds": [{"source": "VIDEO", "class": "*"}]}
    second = {"holidays": [{"day": "2026-01-01", "kind": "rest"}], "thresholds": []}
    assert [each.place for each in differences(first, second)] == ["holidays 2026-01-01 kind", "thresholds VIDEO *"]


def test_rows_that_cannot_be_told_apart_are_compared_as_a_whole():
    twice = {"thresholds": [{"source": "VIDEO", "class": "*"}] * 2}
    assert [each.place for each in differences(twice, {"thresholds": []})] == ["thresholds"]
