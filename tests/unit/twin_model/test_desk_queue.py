"""Queues of the workbench: every role that acts has some, and every stage of work waits in one."""

import pytest

from twin_model.actor import CENTRE_ROLES, UNIT_ROLES, Role
from twin_model.case import OPEN_STAGES, CaseStage
from twin_model.desk_queue import QUEUES, Queue, Sight, queues_of, sight_of


def test_every_queue_has_its_conditions() -> None:
    assert set(QUEUES) == set(Queue)


@pytest.mark.parametrize("role", Role)
def test_whoever_has_queues_sees_cases_and_nobody_else(role: Role) -> None:
    assert bool(queues_of(role)) is (sight_of(role) is not Sight.NOTHING)
    assert len(set(queues_of(role))) == len(queues_of(role))


def test_units_see_their_own_and_the_centre_all() -> None:
    assert {sight_of(role) for role in UNIT_ROLES} == {Sight.UNIT}
    assert {sight_of(role) for role in CENTRE_ROLES} == {Sight.ALL}


@pytest.mark.parametrize("stage", OPEN_STAGES)
def test_a_case_at_any_stage_waits_in_a_queue_of_somebody_who_can_move_it(stage: CaseStage) -> None:
    working = [
        queue
        for role in (*CENTRE_ROLES, *UNIT_ROLES, Role.COLLECTOR)
        for queue in queues_of(role)
        if stage in QUEUES[queue].stages
    ]
    assert working


def test_no_case_on_hold_is_late_or_due() -> None:
    assert not [queue for queue, rule in QUEUES.items() if rule.due and rule.held is not False]
