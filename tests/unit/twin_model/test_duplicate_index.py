from dataclasses import replace
from datetime import timedelta

from hypothesis import given

from tests.unit.twin_model.reported_cases import RULES, case, hours, metres_east, reported_cases
from twin_model.case import CaseStage
from twin_model.duplicate import find_original
from twin_model.duplicate_index import DuplicateIndex


def index_of(cases):
    index = DuplicateIndex()
    for each in cases:
        index.add(each)
    return index


@given(reported_cases())
def test_the_index_finds_what_looking_at_all_finds(cases):
    *others, candidate = cases
    assert index_of(others).find(RULES, candidate) == find_original(RULES, candidate, others)


@given(reported_cases())
def test_an_index_that_is_emptied_holds_nothing(cases):
    index = index_of(cases)
    for each in cases:
        index.remove(each.case_no)
    assert len(index) == 0
    assert not index._groups


@given(reported_cases())
def test_forgetting_what_no_rule_looks_back_to_changes_no_answer(cases):
    *others, candidate = cases
    index = index_of(others)
    index.forget_before(candidate.reported_at - timedelta(hours=RULES.longest_h))
    assert index.find(RULES, candidate) == find_original(RULES, candidate, others)


def test_adding_a_number_again_replaces_what_was_known():
    index = index_of([case("1"), case("1", lon=metres_east(500))])
    assert len(index) == 1
    assert index.find(RULES, case("2", at=hours(1))) is None
    index.add(case("1"))
    assert index.find(RULES, case("2", at=hours(1))).case_no == "1"


def test_a_case_that_becomes_void_is_found_no_more():
    index = index_of([case("1")])
    index.add(replace(case("1"), stage=CaseStage.VOID))
    assert len(index) == 0
    index.remove("1")


def test_the_original_of_a_late_duplicate_is_kept():
    index = index_of([case("1"), case("2", at=hours(20), stage=CaseStage.DUPLICATE, parent_no="1"), case("3")])
    index.forget_before(hours(10))
    assert len(index) == 2
    assert index.find(RULES, case("9", at=hours(30))).case_no == "1"
