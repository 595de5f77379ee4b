"""The rule book: every set of rules read, asked and cited by its version."""

from dataclasses import replace

import pytest

from tests.unit.twin_model.case_work import DEPARTMENT, DOCUMENTS, START, STREET, WITHIN, book
from twin_model.case import CaseStage
from twin_model.case_file import CaseFile
from twin_model.errors import TwinModelError
from twin_model.rule_book import RuleBook, RuleKind
from twin_model.work_clock import WorkClock

FILE = CaseFile("1", "PUBLIC", "E0102", CaseStage.FILED, START, START)


def test_the_defaults_of_every_kind_can_be_read() -> None:
    versions = {kind: number for number, kind in enumerate(RuleKind, 1)}
    read = RuleBook.read(DOCUMENTS, versions)
    assert read.versions == versions
    assert read.closing.audit_per_mille == 50
    assert set(DOCUMENTS) == set(RuleKind)


@pytest.mark.parametrize("kind", RuleKind)
def test_a_document_that_cannot_be_used_keeps_the_book_from_being_read(kind: RuleKind) -> None:
    with pytest.raises(TwinModelError):
        RuleBook.read({**DOCUMENTS, kind: []}, dict.fromkeys(RuleKind, 1))


def test_a_row_is_cited_with_the_version_in_force() -> None:
    rules = replace(book(), versions={**dict.fromkeys(RuleKind, 1), RuleKind.RESPONSIBILITY: 3})
    assert rules.cite("responsibility", "R-0012") == "responsibility@3#R-0012"
    assert rules.cite(RuleKind.DUPLICATE, "D-E05") == "duplicate@1#D-E05"


def test_a_limit_is_that_of_the_class_and_the_condition() -> None:
    limit = book().limit("E0507", "", "110108011", START)
    assert (limit.clock, limit.amount, limit.urgent) == (WorkClock.WORKING_HOURS, 8, False)
    cover = book().limit("C0101", "missing_cover", "110108011", START)
    assert (cover.clock, cover.amount, cover.urgent, cover.rule) == (
        WorkClock.EMERGENCY, 24, True, "service_level@1#S-0001",
    )  # fmt: skip


def test_an_event_goes_to_the_place_and_a_thing_to_whom_the_register_names() -> None:
    rules = book()
    assert rules.assign(FILE, WITHIN, START).lead == STREET
    thing = replace(FILE, class_code="C0101")
    owned = replace(WITHIN, kind="component", component="1", owner="O01", maintainer=DEPARTMENT)
    assert rules.assign(thing, owned, START).lead == "O01"
    assert rules.assign(thing, owned, START).assists == (DEPARTMENT,)
    nobody_s = rules.assign(thing, replace(owned, owner=""), START)
    assert (nobody_s.lead, nobody_s.unowned) == (STREET, True)
    unknown = rules.assign(thing, replace(owned, component="", owner="O01"), START)
    assert (unknown.lead, unknown.rule_id) == ("O01", "R-C0101")


def test_enforcement_is_what_the_workflow_lists() -> None:
    assert book().is_enforcement("E0304")
    assert not book().is_enforcement("E0507")
    assert book({"enforcement": ["E0507"]}).is_enforcement("E0507")
