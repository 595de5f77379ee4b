"""The table of moves: whole, reachable, and each row somebody's."""

import pytest

from twin_model.actor import Role
from twin_model.case import OPEN_STAGES, CaseStage
from twin_model.workflow import (
    AUTOMATIC_STEPS,
    ROLE_EXCEPTIONS,
    TRANSITIONS,
    Action,
    Hold,
    Step,
    Transition,
    move,
    moves,
    next_actions,
)

OF_NO_CASE = {Action.IMPORT, Action.CANDIDATE, Action.PROMOTE, Action.DISMISS, Action.RULES}


def reachable() -> set[CaseStage]:
    """Stages that some sequence of moves leads to."""
    found: set[CaseStage] = set()
    while True:
        more = {row.end for row in TRANSITIONS if row.end and (not row.start or found & set(row.start))} - found
        if not more:
            return found
        found |= more


def test_every_stage_can_be_reached_and_so_every_row_be_taken() -> None:
    assert reachable() == set(CaseStage)
    assert all(not row.start or set(row.start) <= reachable() for row in TRANSITIONS)


@pytest.mark.parametrize("row", TRANSITIONS, ids=lambda row: f"{row.action}-{row.end}")
def test_every_row_is_somebody_s_and_leads_from_each_stage_to_one(row: Transition) -> None:
    assert row.roles
    assert row.roles.isdisjoint({Role.ANALYST, Role.WALL})
    assert len(set(row.start)) == len(row.start)
    for stage in row.start or (None,):
        assert [each for each in moves(row.action) if stage in each.start or not each.start] == [row]
        assert move(row.action, stage) is row


def test_every_action_of_a_case_has_a_row_and_no_other_has() -> None:
    assert {row.action for row in TRANSITIONS} == set(Action) - OF_NO_CASE


def test_a_new_case_begins_with_a_report_only() -> None:
    assert [row.action for row in TRANSITIONS if not row.start] == [Action.REPORT]
    assert move(Action.REPORT, CaseStage.REPORTED) is None
    assert move(Action.FILE, None) is None


def test_each_step_is_completed_by_one_action_handling_with_the_feedback_on_it() -> None:
    assert sorted(row.step for row in TRANSITIONS if row.step) == [step for step in Step if step is not Step.HANDLE]
    assert set(AUTOMATIC_STEPS) == set(Step) - {Step.COLLECT, Step.HANDLE, Step.FEEDBACK}


def test_an_end_is_left_by_reopening_only() -> None:
    for stage in set(CaseStage) - set(OPEN_STAGES):
        leaving = {row.action for row in TRANSITIONS if stage in row.start and row.end not in (None, stage)}
        assert leaving == {Action.REOPEN}


def test_what_the_system_alone_does_nobody_else_may() -> None:
    for action in (Action.SUGGEST, Action.COUNT, Action.WITHDRAW):
        assert [row.roles for row in moves(action)] == [frozenset({Role.SYSTEM})]


def test_units_work_the_centre_decides_and_the_public_reports() -> None:
    for action in (Action.ACCEPT, Action.START, Action.RETURN, Action.ASK_EXTENSION):
        assert moves(action)[0].roles == {Role.STREET, Role.DEPARTMENT}
    for action in (Action.EXTEND, Action.DENY, Action.SUSPEND, Action.RESUME, Action.VOID, Action.REOPEN, Action.SPLIT):
        assert all(row.roles == {Role.OPERATOR, Role.DISTRICT, Role.ADMIN} for row in moves(action))
    assert {row.action for row in TRANSITIONS if Role.PUBLIC in row.roles} == {Action.REPORT, Action.PHOTO}


def test_roles_that_surprise_are_explained() -> None:
    for action, why in ROLE_EXCEPTIONS.items():
        assert moves(action)
        assert why


def test_on_hold_only_what_a_standing_clock_allows_is_possible() -> None:
    allowed = {row.action for row in TRANSITIONS if row.on_hold}
    assert allowed == {
        Action.EXTEND, Action.DENY, Action.RESUME, Action.VOID, Action.SUGGEST, Action.COUNT, Action.NOTE, Action.PHOTO,
        Action.ERASE, Action.WITHDRAW,
    }  # fmt: skip
    for stage in CaseStage:
        for role in Role:
            held = set(next_actions(stage, Hold.SUSPENDED, role))
            assert held <= allowed
            assert held - {Action.RESUME} <= set(next_actions(stage, Hold.NONE, role))


def test_what_is_possible_is_what_the_table_says() -> None:
    assert next_actions(CaseStage.DISPATCHED, Hold.NONE, Role.STREET) == (
        Action.ACCEPT, Action.START, Action.RETURN, Action.ASK_EXTENSION, Action.NOTE, Action.PHOTO,
    )  # fmt: skip
    assert Action.RESUME not in next_actions(CaseStage.HANDLING, Hold.NONE, Role.OPERATOR)
    assert Action.RESUME in next_actions(CaseStage.HANDLING, Hold.CONSULTATION, Role.OPERATOR)
    assert next_actions(CaseStage.CLOSED, Hold.NONE, Role.WALL) == ()
