"""The seven steps of a case: what is done, what is under way, and what took too long."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest

from twin_model.case import CaseStage
from twin_model.case_file import CaseFile
from twin_model.loop_steps import current_step, steps_of
from twin_model.service_level_rule import StageLimits
from twin_model.workflow import Step

T = datetime(2026, 11, 24, 1, tzinfo=UTC)
FILED = CaseFile("1", "COLLECTOR", "E0102", CaseStage.FILED, T, T, filed_at=T + timedelta(minutes=5))
AT_WORK = replace(
    FILED,
    stage=CaseStage.HANDLING,
    unit="D04",
    dispatched_at=T + timedelta(minutes=6),
    round_at=T + timedelta(minutes=6),
)
CLOSED = replace(
    AT_WORK,
    stage=CaseStage.CLOSED,
    handled_at=T + timedelta(hours=3),
    closed_at=T + timedelta(hours=4),
    evaluated_at=T + timedelta(hours=4),
)


def test_a_closed_and_evaluated_case_has_taken_all_seven() -> None:
    steps = steps_of(CLOSED)
    assert [step.step for step in steps] == list(Step)
    assert all(step.done_at for step in steps)
    assert current_step(CLOSED) is None


@pytest.mark.parametrize(
    ("stage", "waits_for"),
    [
        (CaseStage.REPORTED, Step.FILE),
        (CaseStage.FILED, Step.DISPATCH),
        (CaseStage.ACCEPTED, Step.HANDLE),
        (CaseStage.CHECKING, Step.CHECK),
        (CaseStage.VOID, None),
    ],
)
def test_an_open_case_waits_for_one_step(stage: CaseStage, waits_for: Step | None) -> None:
    steps = steps_of(replace(FILED, stage=stage))
    assert [step.step for step in steps if step.current] == ([waits_for] if waits_for else [])


def test_a_step_that_is_done_anew_is_not_done() -> None:
    reworked = replace(AT_WORK, handled_at=T + timedelta(hours=1), reworks=1)
    done = {step.step: step.done_at for step in steps_of(reworked)}
    assert done[Step.DISPATCH] is not None
    assert done[Step.HANDLE] is done[Step.FEEDBACK] is None


def test_times_are_held_against_their_limits() -> None:
    limits = StageLimits(file_min=3, dispatch_min=10, check_h=2)
    steps = {step.step: step for step in steps_of(CLOSED, limits)}
    assert steps[Step.FILE].took(T) == timedelta(minutes=5)
    assert steps[Step.FILE].is_late(T)
    assert not steps[Step.DISPATCH].is_late(T)
    assert not steps[Step.CHECK].is_late(T)
    assert steps[Step.HANDLE].limit is None


def test_a_step_under_way_is_counted_up_to_now() -> None:
    handle = next(step for step in steps_of(AT_WORK) if step.current)
    assert handle.took(T + timedelta(minutes=16)) == timedelta(minutes=10)
    assert next(step for step in steps_of(AT_WORK) if step.step is Step.CHECK).took(T) is None
