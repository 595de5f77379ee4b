"""The one thing to do next: always allowed, the system's suggestion first."""

from hypothesis import given
from hypothesis import strategies as st

from twin_model.actor import Role
from twin_model.case import CaseStage
from twin_model.next_step import ONLY_SYSTEM, next_step, people_actions
from twin_model.workflow import Action, Hold, next_actions

stages, holds, roles = (st.sampled_from(kind) for kind in (CaseStage, Hold, Role))
suggestions = st.none() | st.sampled_from(Action).map(
    lambda action: {"action": action.value, "unit": "D04", "why": "x"}
)


@given(stages, holds, roles, st.sampled_from(["", "extend"]), suggestions)
def test_what_is_offered_is_allowed(
    stage: CaseStage, hold: Hold, role: Role, asked: str, suggestion: dict[str, str] | None
) -> None:
    step = next_step(stage, hold, role, asked=asked, suggestion=suggestion)
    assert step is None or step.action in next_actions(stage, hold, role)


@given(stages, holds, roles)
def test_people_are_offered_nothing_that_only_the_system_does(stage: CaseStage, hold: Hold, role: Role) -> None:
    actions = people_actions(stage, hold, role)
    assert not ONLY_SYSTEM & set(actions)
    assert set(actions) <= set(next_actions(stage, hold, role))


def test_a_suggestion_comes_first_with_the_fields_that_it_brings() -> None:
    suggestion = {"action": "dispatch", "unit": "D04", "why": "R-1", "rule": "responsibility@1#R-1"}
    step = next_step(CaseStage.FILED, Hold.NONE, Role.OPERATOR, suggestion=suggestion)
    assert step is not None
    assert (step.action, step.data, step.suggested) == (Action.DISPATCH, {"unit": "D04"}, True)


def test_who_cannot_take_a_suggestion_is_not_offered_it() -> None:
    suggestion = {"action": "dispatch", "unit": "D04"}
    assert next_step(CaseStage.FILED, Hold.NONE, Role.DEPARTMENT, suggestion=suggestion) is None


def test_a_unit_that_asks_for_time_is_answered_first() -> None:
    step = next_step(CaseStage.HANDLING, Hold.NONE, Role.OPERATOR, asked="extend")
    assert step is not None
    assert step.action is Action.EXTEND


def test_a_case_on_hold_is_resumed_by_the_centre_and_waits_for_everybody_else() -> None:
    step = next_step(CaseStage.HANDLING, Hold.SUSPENDED, Role.OPERATOR)
    assert step is not None
    assert step.action is Action.RESUME
    assert next_step(CaseStage.HANDLING, Hold.SUSPENDED, Role.STREET) is None


def test_the_loop_is_walked_by_those_whose_step_it_is() -> None:
    walked = [
        (CaseStage.REPORTED, Role.OPERATOR, Action.FILE),
        (CaseStage.VERIFYING, Role.COLLECTOR, Action.CONFIRM),
        (CaseStage.DISPATCHED, Role.STREET, Action.ACCEPT),
        (CaseStage.HANDLING, Role.DEPARTMENT, Action.FEEDBACK),
        (CaseStage.CHECKING, Role.COLLECTOR, Action.CLOSE),
        (CaseStage.FEEDBACK, Role.OPERATOR, Action.CLOSE),
    ]
    for stage, role, action in walked:
        step = next_step(stage, Hold.NONE, role)
        assert step is not None
        assert step.action is action
