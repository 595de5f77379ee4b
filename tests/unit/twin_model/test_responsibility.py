from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.unit.twin_model.responsibility_lists import AT, GRID, lists, questions
from twin_model.errors import ResponsibilityError
from twin_model.responsibility import (
    BY_LAST_RESORT,
    BY_TERRITORY,
    Loser,
    Loss,
    Responsibilities,
    ResponsibilityQuestion,
    ResponsibilityRule,
    assign,
    assign_lead,
    default_document,
    from_document,
    to_document,
)

DEMO = from_document(default_document())
EVENT = ResponsibilityQuestion("E0102", "event", AT, street="110108011", territory="S110108011")
COVER = ResponsibilityQuestion("C0101", "component", AT, street="110108011", territory="S110108011")


def rule(rule_id, class_pattern="E0102", lead="D01", **more):
    return ResponsibilityRule(rule_id, class_pattern, lead, **more)


def answer(question, *rules):
    return assign(Responsibilities(rules, "D09"), question)


def losses(question, *rules):
    return {loser.rule_id: loser.loss for loser in answer(question, *rules).losers}


def test_events_go_to_the_territory_first_with_the_department_beside_it():
    found = assign(DEMO, EVENT)
    assert (found.lead, found.assists, found.rule_id) == ("S110108011", ("D04",), "R-E0102-1")
    assert "先属地" in found.basis
    assert not any((found.fallback, found.unowned, found.ambiguous))


def test_an_event_without_a_place_goes_to_the_department():
    found = assign(DEMO, replace(EVENT, street="", territory=""))
    assert (found.lead, found.rule_id) == ("D04", "R-E0102-2")
    assert Loser("R-E0102-1", Loss.TERRITORY_UNKNOWN) in found.losers


def test_components_go_to_the_owner_that_the_register_names():
    found = assign(DEMO, replace(COVER, owner="O02", maintainer="O10"))
    assert (found.lead, found.assists, found.rule_id) == ("O02", ("O10",), "R-C-owner")
    assert assign(DEMO, replace(COVER, owner="O02", maintainer="O02")).assists == ()


def test_an_unidentified_component_goes_to_the_unit_of_its_class():
    found = assign(DEMO, COVER)
    assert (found.lead, found.rule_id, found.unowned) == ("O01", "R-C0101", False)
    assert Loser("R-C-owner", Loss.OWNER) in found.losers
    assert assign(DEMO, replace(COVER, class_code="C0405")).rule_id == "R-C04"


def test_an_unowned_component_falls_back_to_the_territory():
    found = assign(DEMO, replace(COVER, owner=""))
    assert (found.lead, found.unowned, found.fallback) == ("S110108011", True, True)
    assert "兜底" in found.basis


@pytest.mark.parametrize(("code", "kind"), [("E0601", "event"), ("C0117", "component"), ("X-9", "other")])
def test_what_no_rule_names_falls_back_to_the_territory(code, kind):
    found = assign(DEMO, replace(EVENT, class_code=code, kind=kind))
    assert (found.lead, found.fallback) == ("S110108011", True)


def test_without_a_rule_the_territory_takes_it_and_without_one_the_last_resort():
    found = answer(EVENT)
    assert (found.lead, found.rule_id, found.fallback) == ("S110108011", BY_TERRITORY, True)
    found = answer(replace(EVENT, territory=""), rule("R-1", lead="@territory"))
    assert (found.lead, found.rule_id, found.losers) == (
        "D09",
        BY_LAST_RESORT,
        (Loser("R-1", Loss.TERRITORY_UNKNOWN),),
    )


def test_the_more_specific_wins_register_before_class_before_condition_before_area():
    question = replace(EVENT, community=GRID[:12], grid=GRID, condition="missing", owner="O01", maintainer="O02")
    ordered = [
        rule("R-owner", "*", owner="O01"),
        rule("R-somebody", "*", maintainer="@any"),
        rule("R-class-condition", condition="missing"),
        rule("R-class-grid", area=GRID),
        rule("R-class-community", area=GRID[:12]),
        rule("R-class-district", area="110108"),
        rule("R-class"),
        rule("R-big", "E01"),
        rule("R-kind", "E"),
        rule("R-every", "*"),
    ]
    for place, winner in enumerate(ordered):
        found = answer(question, *reversed(ordered[place:]))
        assert found.rule_id == winner.rule_id
        assert [loser.rule_id for loser in found.losers] == [each.rule_id for each in ordered[place + 1 :]]
        assert {loser.loss for loser in found.losers} <= {Loss.SPECIFICITY}


def test_priority_goes_before_what_is_specific():
    found = answer(EVENT, rule("R-1", area="110108011"), rule("R-2", "*", "D02", priority=1))
    assert (found.lead, found.losers) == ("D02", (Loser("R-1", Loss.PRIORITY),))


def test_each_loser_says_why():
    found = losses(
        replace(EVENT, owner="O01"),
        rule("R-win", owner="O01"),
        rule("R-early", valid_from=AT + timedelta(seconds=1)),
        rule("R-late", valid_to=AT),
        rule("R-missing", condition="missing"),
        rule("R-elsewhere", area="110108012"),
        rule("R-deeper", area="110108011005"),
        rule("R-owner", owner="O02"),
        rule("R-nobody", owner="@none"),
        rule("R-maintainer", maintainer="@any"),
        rule("R-maintained", lead="@maintainer"),
        rule("R-general"),
    )
    assert found == {
        "R-early": Loss.NOT_YET_VALID,
        "R-late": Loss.EXPIRED,
        "R-missing": Loss.CONDITION,
        "R-elsewhere": Loss.AREA,
        "R-deeper": Loss.AREA,
        "R-owner": Loss.OWNER,
        "R-nobody": Loss.OWNER,
        "R-maintainer": Loss.MAINTAINER,
        "R-maintained": Loss.MAINTAINER_UNKNOWN,
        "R-general": Loss.SPECIFICITY,
    }


def test_equal_rules_with_different_leads_are_told_and_the_lower_id_decides():
    found = answer(EVENT, rule("R-2", lead="D02"), rule("R-3", lead="D01"), rule("R-1", lead="D01"))
    assert (found.lead, found.rule_id, found.ambiguous) == ("D01", "R-1", True)
    assert found.losers == (Loser("R-2", Loss.CONFLICT), Loser("R-3", Loss.REPEAT))
    assert not answer(EVENT, rule("R-1"), rule("R-2")).ambiguous


def test_assisting_units_are_each_named_once_and_the_lead_is_none_of_them():
    found = answer(EVENT, rule("R-1", assists=("D02", "@territory", "D01", "@owner", "D02")))
    assert found.assists == ("D02", "S110108011")


def test_a_rule_for_a_kind_covers_that_kind_only():
    rules = Responsibilities((rule("R-1", "*", kind="component"), rule("R-2", "*", kind="event")), "D09")
    assert [each.rule_id for each in rules.candidates("E0102", "event")] == ["R-2"]
    assert rules.candidates("X-1", "other") == ()
    assert rules.rules[0].rank == rule("R-3", "C").rank


def test_a_moment_without_a_zone_is_refused():
    naive = replace(EVENT, at=AT.replace(tzinfo=None))
    for ask in (assign, assign_lead):
        with pytest.raises(ResponsibilityError, match="has no zone"):
            ask(DEMO, naive)


@given(lists(), questions(), st.randoms(use_true_random=False))
def test_the_order_of_rules_does_not_change_the_answer(rules, question, dice):
    shuffled = list(rules.rules)
    dice.shuffle(shuffled)
    assert assign(replace(rules, rules=tuple(shuffled)), question) == assign(rules, question)


@given(lists(), questions())
def test_there_is_always_exactly_one_lead(rules, question):
    found = assign(rules, question)
    assert found.lead
    assert not found.lead.startswith("@")
    assert found.lead not in found.assists
    assert len(set(found.assists)) == len(found.assists)


@given(lists(), questions())
def test_the_winner_and_the_losers_are_the_candidates(rules, question):
    found = assign(rules, question)
    candidates = [each.rule_id for each in rules.candidates(question.class_code, question.kind)]
    named = [loser.rule_id for loser in found.losers]
    assert sorted([*named, *({found.rule_id} - {BY_TERRITORY, BY_LAST_RESORT})]) == sorted(candidates)


@given(lists(), questions())
def test_what_has_expired_or_is_not_yet_valid_never_wins(rules, question):
    found = assign(rules, question)
    winner = {each.rule_id: each for each in rules.rules}.get(found.rule_id)
    if winner is not None:
        assert winner.valid_from is None or winner.valid_from <= question.at
        assert winner.valid_to is None or question.at < winner.valid_to


@given(lists(), questions())
def test_the_short_answer_is_that_of_the_long_one(rules, question):
    found = assign(rules, question)
    assert assign_lead(rules, question) == (found.lead, found.rule_id, found.fallback)


@given(lists(), questions())
def test_leaving_out_a_loser_changes_no_lead(rules, question):
    found = assign(rules, question)
    for loser in found.losers:
        fewer = tuple(each for each in rules.rules if each.rule_id != loser.rule_id)
        assert assign(replace(rules, rules=fewer), question).rule_id == found.rule_id


@given(lists())
def test_a_list_reads_back_equal(rules):
    possible = [each for each in rules.rules if not (each.lead == "@owner" and each.owner == "@none")]
    possible = [each for each in possible if each.class_pattern == "*" or each.kind == "any"]
    rules = replace(rules, rules=tuple(possible))
    assert from_document(to_document(rules)) == rules


GOOD = {"rule_id": "R-1", "class_pattern": "E0102", "lead": "D04"}


@pytest.mark.parametrize(
    ("document", "said"),
    [
        ([], 'the responsibility list is not of the form {"rules": [...]}'),
        ({"rules": [], "last_resort": ""}, "last_resort of the responsibility list is ''"),
        ({"rules": [], "last_resort": "@territory"}, "write the code of the unit that takes what nobody else takes"),
        ({"rules": [{**GOOD, "unit": "D04"}]}, "row 1 (R-1) of the responsibility list has the unknown field 'unit'"),
        ({"rules": [GOOD, {**GOOD, "rule_id": ""}]}, "row 2 of the responsibility list has rule_id ''"),
        ({"rules": [GOOD, GOOD]}, "row 2 (R-1) of the responsibility list has the id of row 1; give it another"),
        ({"rules": [{**GOOD, "lead": ""}]}, "lead is ''; write a code"),
        ({"rules": [{**GOOD, "lead": "@mayor"}]}, "'@mayor' stands for no unit; write a unit code or one of @owner"),
        ({"rules": [{**GOOD, "assists": ["@mayor"]}]}, "'@mayor' stands for no unit"),
        ({"rules": [{**GOOD, "assists": "D01"}]}, "assists is 'D01'; write a list of codes"),
        ({"rules": [{**GOOD, "assists": ["a b"]}]}, "assists holds 'a b'"),
        ({"rules": [{**GOOD, "owner": "@owner"}]}, "'@owner' is nothing the register says"),
        ({"rules": [{**GOOD, "owner": "@none", "lead": "@owner"}]}, "write another lead"),
        ({"rules": [{**GOOD, "area": "11010"}]}, "area '11010' is no area code; write 6, 9, 12 or 15 digits"),
        ({"rules": [{**GOOD, "area": "东升镇"}]}, "is no area code"),
        ({"rules": [{**GOOD, "kind": "component"}]}, "class_pattern 'E0102' holds no component class"),
        ({"rules": [{**GOOD, "kind": "thing"}]}, "kind is 'thing'; write one of component, event, any"),
        ({"rules": [{**GOOD, "priority": 1.5}]}, "priority is 1.5; write a whole number"),
        ({"rules": [{**GOOD, "priority": True}]}, "priority is True"),
        ({"rules": [{**GOOD, "valid_to": "0001-01-01T00:00:00+08:00"}]}, "is out of reach"),
    ],
)
def test_a_bad_document_is_refused_with_the_row_and_the_mend(document, said):
    with pytest.raises(ResponsibilityError) as caught:
        from_document(document)
    assert said in str(caught.value)


def test_what_a_row_leaves_out_is_the_default():
    read = from_document({"rules": [{**GOOD, "valid_from": "2026-01-01T08:00:00+08:00"}]})
    assert read.last_resort == "D01"
    assert read.rules == (rule("R-1", lead="D04", valid_from=datetime(2026, 1, 1, tzinfo=UTC)),)


def test_the_default_list_reads_back_equal():
    assert to_document(DEMO) == default_document()


def test_the_default_list_names_only_classes_of_the_city():
    assert {row["class_pattern"] for row in default_document(())["rules"]} == {"C", "E", "*"}
