"""Rules of the loop: modes, points, and the score that a closed case gets."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from twin_model.case import CaseStage
from twin_model.case_file import CaseFile
from twin_model.errors import RuleDocumentError
from twin_model.workflow import AUTOMATIC_STEPS, Mode, Step
from twin_model.workflow_rules import FULL_SCORE, ScorePoints, WorkflowRules, default_document, score

AT = datetime(2026, 3, 2, 2, tzinfo=UTC)
CLOSED = CaseFile(
    "1", "PUBLIC", "E0507", CaseStage.CLOSED, AT, AT, closed_at=AT + timedelta(hours=5),
    handled_at=AT + timedelta(hours=4), deadline_at=AT + timedelta(hours=4),
)  # fmt: skip


def test_every_automatic_step_is_taken_by_the_system_by_default_and_no_other() -> None:
    rules = WorkflowRules.from_document(default_document({}))
    assert {step for step in Step if rules.mode(step) is Mode.AUTO} == set(AUTOMATIC_STEPS)
    assert rules == WorkflowRules.from_document(default_document({})) != WorkflowRules()
    assert WorkflowRules.from_document({}) == WorkflowRules()


def test_a_step_can_be_made_to_suggest() -> None:
    rules = WorkflowRules.from_document({"modes": {"check": "suggest"}})
    assert (rules.mode(Step.CHECK), rules.mode(Step.FILE)) == (Mode.SUGGEST, Mode.AUTO)


@pytest.mark.parametrize(
    ("document", "said"),
    [
        ([], "the workflow is no table"),
        ({"modes": []}, r"modes is \[\], not dict"),
        ({"modes": {"handle": "auto"}}, "modes: handle = 'auto'; steps are file, dispatch, check, evaluate"),
        ({"modes": {"file": ["auto"]}}, "modes: file"),
        ({"modes": {"file": "never"}}, "modes auto, suggest"),
        ({"points": {"late": 101}}, "points: late is 101; give a number from 0 to 100"),
        ({"points": {"late": True}}, "late is True"),
        ({"points": {"late": "4"}}, "late is '4'"),
        ({"verify_sources": "PUBLIC"}, "verify_sources"),
        ({"enforcement": {}}, "enforcement"),
        ({"closing": 1}, "closing"),
    ],
)
def test_a_document_that_cannot_be_used_says_where(document: object, said: str) -> None:
    with pytest.raises(RuleDocumentError, match=said):
        WorkflowRules.from_document(document)


@pytest.mark.parametrize(
    ("changes", "points"),
    [
        ({}, 100),
        ({"handled_at": CLOSED.deadline_at + timedelta(microseconds=1)}, 60),
        ({"handled_at": None}, 60),
        ({"deadline_at": None, "handled_at": None}, 100),
        ({"reworks": 1}, 85),
        ({"returns": 1, "extensions": 1}, 90),
        ({"reopenings": 1}, 80),
        ({"reworks": 9}, 0),
    ],
)
def test_a_case_loses_points_for_what_went_wrong(changes: dict[str, Any], points: float) -> None:
    assert score(replace(CLOSED, **changes), ScorePoints()) == points


@given(st.fixed_dictionaries({name: st.floats(0, 100) for name in ScorePoints.__dataclass_fields__}), st.integers(0, 9))
def test_no_score_is_beyond_its_bounds_and_more_faults_never_help(points: dict[str, float], reworks: int) -> None:
    weights = ScorePoints(**points)
    some, more = (score(replace(CLOSED, reworks=count), weights) for count in (reworks, reworks + 1))
    assert 0 <= more <= some <= FULL_SCORE
