from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.unit.twin_model.reported_cases import AT, LAT, LON, RULES, case, hours, metres_east, reported_cases
from twin_model.case import CaseStage
from twin_model.duplicate import (
    DuplicateRule,
    DuplicateRules,
    default_document,
    find_original,
    from_document,
    to_document,
)
from twin_model.errors import DuplicateError


def test_a_report_near_in_place_and_time_is_a_duplicate_of_the_open_case():
    found = find_original(RULES, case("2", at=hours(3), lon=metres_east(20)), [case("1")])
    assert found is not None
    assert (found.case_no, found.via, found.rule_id, found.elapsed_h) == ("1", "1", "D-E", 3.0)
    assert found.distance_m == pytest.approx(20, abs=0.01)
    assert not found.same_component


@pytest.mark.parametrize(
    "other",
    [
        case("1", lon=metres_east(31)),
        case("1", at=hours(-25)),
        case("1", at=hours(4)),
        case("1", class_code="E0103"),
        case("1", stage=CaseStage.VOID),
        case("1", lon=None, lat=None),
        case("1", stage=CaseStage.CLOSED, closed_at=hours(0.5)),
        case("1", stage=CaseStage.CLOSED),
        case("2", at=hours(-1)),
    ],
    ids=["far", "long ago", "later", "other class", "void", "no place", "closed", "closed sometime", "itself"],
)
def test_no_duplicate_is_found_of_a_case(other):
    assert find_original(RULES, case("2", at=hours(3)), [other]) is None


def test_a_case_that_was_closed_later_was_open_when_the_report_came():
    closed = case("1", stage=CaseStage.CLOSED, closed_at=hours(5))
    assert find_original(RULES, case("2", at=hours(3)), [closed]).case_no == "1"


def test_a_closed_case_takes_duplicates_for_as_long_as_the_rule_grants():
    rules = DuplicateRules((replace(RULES.rules[0], closed_within_h=2.0),))
    closed = case("1", stage=CaseStage.CLOSED, closed_at=hours(1))
    assert find_original(rules, case("2", at=hours(3)), [closed]).case_no == "1"
    assert find_original(rules, case("2", at=hours(3.1)), [closed]) is None


def test_the_nearest_wins_then_the_earliest_then_the_lowest_number():
    near, far = case("5", lon=metres_east(5)), case("1", lon=metres_east(10), at=hours(-2))
    assert find_original(RULES, case("9", at=hours(1)), [far, near]).case_no == "5"
    twins = [case("3"), case("2"), case("4", at=hours(-1))]
    assert find_original(RULES, case("9", at=hours(1)), twins).case_no == "4"
    assert find_original(RULES, case("9", at=hours(1)), twins[:2]).case_no == "2"


def test_the_same_component_counts_at_any_distance_and_before_a_nearer_case():
    here = case("1", class_code="C0101", lon=metres_east(1))
    same = case("2", class_code="C0101", lon=metres_east(900), component="K1")
    report = case("9", class_code="C0101", at=hours(1), component="K1")
    found = find_original(RULES, report, [here, same])
    assert (found.case_no, found.same_component) == ("2", True)
    unplaced = replace(same, lon=None, lat=None)
    assert find_original(RULES, report, [unplaced]).distance_m is None


def test_another_component_next_to_it_is_another_thing():
    other = case("1", class_code="C0101", component="K2")
    assert find_original(RULES, case("9", class_code="C0101", at=hours(1), component="K1"), [other]) is None


def test_a_duplicate_leads_to_its_original_even_where_that_is_far():
    original = case("1", lon=metres_east(-25))
    duplicate = case("2", stage=CaseStage.DUPLICATE, parent_no="1")
    again = case("3", stage=CaseStage.DUPLICATE, parent_no="2", lon=metres_east(25))
    found = find_original(RULES, case("9", at=hours(1), lon=metres_east(40)), [original, duplicate, again])
    assert (found.case_no, found.via) == ("1", "3")


@pytest.mark.parametrize(
    "parents",
    [
        (),
        (case("1", stage=CaseStage.VOID),),
        (case("1", stage=CaseStage.CLOSED, closed_at=hours(-1)),),
        (case("1", stage=CaseStage.DUPLICATE, parent_no="2"),),
        (case("1", at=hours(7)),),
    ],
    ids=["unknown", "void", "closed", "circle", "later"],
)
def test_a_duplicate_of_what_takes_none_leads_nowhere(parents):
    duplicate = case("2", stage=CaseStage.DUPLICATE, parent_no="1")
    assert find_original(RULES, case("9", at=hours(1)), [duplicate, *parents]) is None


def test_the_most_specific_valid_rule_counts():
    turn = hours(10)
    rules = DuplicateRules(
        (
            DuplicateRule("wide", "*", 100, 24),
            DuplicateRule("early", "E01", 1, 24, valid_to=turn),
            DuplicateRule("late", "E01", 50, 24, valid_from=turn),
        )
    )
    assert [rules.rule_for("E0102", at).rule_id for at in (hours(9), turn)] == ["early", "late"]
    assert rules.rule_for("C0101", turn).rule_id == "wide"
    assert DuplicateRules(()).rule_for("E0102", turn) is None
    assert find_original(DuplicateRules(()), case("2", at=hours(1)), [case("1")]) is None
    assert rules.longest_h == 24


@given(reported_cases(), st.randoms(use_true_random=False))
def test_the_order_of_others_and_rules_does_not_change_the_answer(cases, dice):
    *others, candidate = cases
    shuffled, rules = list(others), list(RULES.rules)
    dice.shuffle(shuffled)
    dice.shuffle(rules)
    assert find_original(DuplicateRules(tuple(rules)), candidate, shuffled) == find_original(RULES, candidate, others)


@given(reported_cases())
def test_the_original_is_earlier_and_neither_a_duplicate_nor_void(cases):
    *others, candidate = cases
    found = find_original(RULES, candidate, others)
    if found is not None:
        original = {each.case_no: each for each in others}[found.case_no]
        assert original.stage not in (CaseStage.DUPLICATE, CaseStage.VOID)
        assert (original.reported_at, original.case_no) < (candidate.reported_at, candidate.case_no)


def test_the_default_list_reads_back_equal_and_covers_every_class():
    rules = from_document(default_document())
    assert to_document(rules) == default_document()
    assert from_document(to_document(rules)) == rules
    for code in ("C0101", "E0102", "E0501", "E0601", "X-17"):
        assert rules.rule_for(code, AT) is not None


GOOD = {"rule_id": "D-1", "class_pattern": "E05", "distance_m": 30, "within_h": 24}


@pytest.mark.parametrize(
    ("document", "said"),
    [
        (None, 'is not of the form {"rules": [...]}'),
        ({"rules": [GOOD], "more": 1}, "unknown field 'more'"),
        ({"rules": [3]}, "row 1 of the duplicate list is 3"),
        ({"rules": [{**GOOD, "rule_id": "a b"}]}, "row 1 of the duplicate list has rule_id 'a b'"),
        ({"rules": [GOOD, GOOD]}, "row 2 (D-1) of the duplicate list has the id of row 1"),
        ({"rules": [{**GOOD, "radius": 3}]}, "unknown field 'radius'"),
        ({"rules": [{**GOOD, "distance_m": -1}]}, "distance_m is -1; write a number from 0 to 5000"),
        ({"rules": [{**GOOD, "distance_m": float("nan")}]}, "distance_m is nan"),
        ({"rules": [{**GOOD, "within_h": "24"}]}, "within_h is '24'"),
        ({"rules": [{key: GOOD[key] for key in GOOD if key != "within_h"}]}, "within_h is None"),
        ({"rules": [{**GOOD, "class_pattern": ""}]}, "class_pattern is ''"),
        ({"rules": [{**GOOD, "note": 3}]}, "note is 3; write a text"),
        ({"rules": [{**GOOD, "valid_from": "2026-01-01"}]}, "write a moment with its zone"),
        ({"rules": [{**GOOD, "valid_from": "soon"}]}, "valid_from is 'soon'"),
        (
            {"rules": [{**GOOD, "valid_from": "2026-01-02T00:00:00Z", "valid_to": "2026-01-02T00:00:00Z"}]},
            "valid_to is not after valid_from",
        ),
        ({"rules": [GOOD, {**GOOD, "rule_id": "D-2"}]}, "D-1 and D-2 of the duplicate list are both about E05"),
    ],
)
def test_a_bad_document_is_refused_with_the_row_and_the_mend(document, said):
    with pytest.raises(DuplicateError) as caught:
        from_document(document)
    assert said in str(caught.value)


def test_rules_for_one_pattern_may_follow_each_other():
    turn = "2026-06-01T00:00:00+08:00"
    rows = [{**GOOD, "valid_to": turn}, {**GOOD, "rule_id": "D-2", "valid_from": turn}]
    rules = from_document({"rules": rows})
    assert rules.rules[1].valid_from == datetime(2026, 5, 31, 16, tzinfo=UTC)
    assert rules.rule_for("E0501", rules.rules[1].valid_from - timedelta(microseconds=1)).rule_id == "D-1"


def test_distances_hold_at_other_latitudes():
    here = case("1", lon=LON, lat=60.0)
    report = case("2", at=hours(1), lon=metres_east(29, 60.0), lat=60.0)
    assert find_original(RULES, report, [here]).distance_m == pytest.approx(29, abs=0.02)
    north = case("3", at=hours(1), lat=LAT + 29 / 111_035)
    assert find_original(RULES, north, [case("1")]).distance_m == pytest.approx(29, abs=0.1)
