from dataclasses import replace
from datetime import timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.unit.twin_model.responsibility_lists import AT, lists, questions
from twin_model.case_class import default_case_classes
from twin_model.demo.units import DEPARTMENTS
from twin_model.errors import ResponsibilityError
from twin_model.responsibility import Responsibilities, ResponsibilityRule, assign, default_document, from_document
from twin_model.responsibility_lint import FindingKind, lint

CLASSES = tuple(row for row in default_case_classes() if row.code in {"C0101", "C0102", "E0101", "E0102", "E0201"})
UNITS = ("D01", "D02", "O01", "D09")


def rule(rule_id, class_pattern="E0102", lead="D01", **more):
    return ResponsibilityRule(rule_id, class_pattern, lead, **more)


def findings(kind, *rules, last_resort="D09"):
    return [each for each in lint(Responsibilities(rules, last_resort), UNITS, CLASSES, AT) if each.kind is kind]


def shadowed(*rules):
    return [each.rule_ids for each in findings(FindingKind.SHADOWED, *rules)]


def test_a_rule_is_shadowed_by_one_of_higher_rank_that_takes_all_its_cases():
    assert shadowed(rule("R-1"), rule("R-2", "E01", priority=1)) == [("R-1", "R-2")]
    assert shadowed(rule("R-1", area="110108011005"), rule("R-2", area="110108011", priority=1)) == [("R-1", "R-2")]
    assert shadowed(rule("R-1", owner="O01"), rule("R-2", owner="@any", priority=1)) == [("R-1", "R-2")]


@pytest.mark.parametrize(
    "other",
    [
        rule("R-2", "E01"),
        rule("R-2", "E0101", priority=1),
        rule("R-2", condition="missing", priority=1),
        rule("R-2", area="110108011", priority=1),
        rule("R-2", owner="@any", priority=1),
        rule("R-2", lead="@territory", priority=1),
        rule("R-2", lead="@owner", priority=1),
        rule("R-2", valid_to=AT, priority=1),
    ],
)
def test_a_rule_that_is_left_a_case_is_not_shadowed(other):
    assert shadowed(rule("R-1"), other) == []


def test_a_rule_is_shadowed_by_several_that_share_its_classes_or_follow_each_other():
    assert shadowed(rule("R-0", "E01"), rule("R-1", "E0101"), rule("R-2")) == [("R-0", "R-1", "R-2")]
    turn = [rule("R-1", valid_to=AT, priority=1), rule("R-2", valid_from=AT, priority=1)]
    assert shadowed(rule("R-0"), *turn) == [("R-0", "R-1", "R-2")]
    gap = replace(turn[1], valid_from=AT + timedelta(hours=1))
    assert shadowed(rule("R-0"), turn[0], gap) == []


def test_a_rule_for_a_whole_kind_is_kept_for_classes_that_may_yet_come():
    every = [rule(f"R-{row.code}", row.code) for row in CLASSES]
    assert shadowed(rule("R-any", "*"), rule("R-E", "E"), *every) == []
    assert shadowed(rule("R-any", "*"), rule("R-C", "C"), rule("R-all", "*", priority=1)) == [
        ("R-C", "R-all"),
        ("R-any", "R-all"),
    ]


def test_a_lead_that_is_known_wherever_the_lower_rule_applies_shadows_it():
    assert shadowed(rule("R-1", "C", owner="@any"), rule("R-2", "C", "@owner", priority=1)) == [("R-1", "R-2")]
    assert shadowed(rule("R-1", lead="@territory"), rule("R-2", lead="@territory")) == [("R-2", "R-1")]


def test_equal_rules_with_different_leads_contradict():
    (found,) = findings(FindingKind.CONTRADICTORY, rule("R-2", lead="D02"), rule("R-1"))
    assert found.rule_ids == ("R-1", "R-2")
    assert found.sentence == (
        "rules R-1 and R-2 are equal but let D01 and D02 lead the same cases; R-1 decides by its id alone"
    )
    assert findings(FindingKind.CONTRADICTORY, rule("R-1", "*", kind="event"), rule("R-2", "E", "D02"))


@pytest.mark.parametrize(
    "other",
    [
        rule("R-2"),
        rule("R-2", lead="D02", priority=1),
        rule("R-2", "E01", "D02"),
        rule("R-2", "E0101", "D02"),
        rule("R-2", lead="D02", valid_to=AT - timedelta(days=1)),
    ],
)
def test_rules_that_agree_or_do_not_meet_do_not_contradict(other):
    assert not findings(FindingKind.CONTRADICTORY, rule("R-1", valid_from=AT - timedelta(days=1)), other)


def test_register_conditions_that_exclude_each_other_do_not_contradict():
    assert not findings(FindingKind.CONTRADICTORY, rule("R-1", owner="@any"), rule("R-2", lead="D02", owner="@none"))
    assert not findings(FindingKind.CONTRADICTORY, rule("R-1", owner="O01"), rule("R-2", lead="D02", owner="O02"))


def test_rules_out_of_their_time_are_told():
    late, early = rule("R-1", valid_to=AT), rule("R-2", valid_from=AT + timedelta(seconds=1))
    (expired,) = findings(FindingKind.EXPIRED, late, early)
    (coming,) = findings(FindingKind.NOT_YET_VALID, late, early)
    assert (expired.rule_ids, coming.rule_ids) == (("R-1",), ("R-2",))
    assert "expired at 2026-03-01T04:00:00+00:00" in expired.sentence


def test_unknown_units_and_classes_are_told():
    rules = (rule("R-1", "E0199", "D77", assists=("D02", "D78", "@owner"), owner="@any"), rule("R-2", "E77"))
    assert [each.sentence for each in findings(FindingKind.UNKNOWN_UNIT, *rules, last_resort="D79")] == [
        "the last resort of the list, D79, is no unit",
        "rule R-1 names D77, which is no unit",
        "rule R-1 names D78, which is no unit",
    ]
    assert [each.class_code for each in findings(FindingKind.UNKNOWN_CLASS, *rules)] == ["E0199", "E77"]


def test_classes_that_only_a_backstop_covers_are_told():
    found = findings(FindingKind.UNCOVERED, rule("R-1", "E01"), rule("R-2", "C0101", valid_to=AT), rule("R-3", "*"))
    assert [each.class_code for each in found] == ["C0101", "C0102", "E0201"]


def test_the_default_list_is_sound_but_for_classes_left_to_the_territory():
    found = lint(from_document(default_document()), [code for code, *_ in DEPARTMENTS], default_case_classes(), AT)
    assert {each.kind for each in found} == {FindingKind.UNCOVERED}


def test_a_moment_without_a_zone_is_refused():
    with pytest.raises(ResponsibilityError, match="has no zone"):
        lint(Responsibilities((), "D09"), UNITS, CLASSES, AT.replace(tzinfo=None))


@given(lists(), st.lists(questions(), max_size=30))
def test_a_shadowed_rule_never_wins(rules, asked):
    never = {each.rule_ids[0] for each in lint(rules, UNITS, CLASSES, AT) if each.kind is FindingKind.SHADOWED}
    for question in asked:
        assert assign(rules, question).rule_id not in never


@given(lists(), st.lists(questions(), max_size=30))
def test_an_ambiguous_answer_has_a_finding(rules, asked):
    pairs = {frozenset(each.rule_ids) for each in lint(rules, UNITS, CLASSES, AT)}
    for question in asked:
        found = assign(rules, question)
        if question.class_code != "X-1" and found.ambiguous:
            rivals = [loser.rule_id for loser in found.losers if loser.loss == "equal_with_other_lead"]
            assert all(frozenset((found.rule_id, rival)) in pairs for rival in rivals)


@given(lists(), st.randoms(use_true_random=False))
def test_the_order_of_rules_does_not_change_the_findings(rules, dice):
    shuffled = list(rules.rules)
    dice.shuffle(shuffled)
    assert lint(replace(rules, rules=tuple(shuffled)), UNITS, CLASSES, AT) == lint(rules, UNITS, CLASSES, AT)
