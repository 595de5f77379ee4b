"""What the system does by itself: all of a clean case, and of any step that it only suggests nothing but that."""

from dataclasses import replace

import pytest

from tests.unit.twin_model.case_work import (
    COLLECTOR,
    OFFICE,
    OPERATOR,
    PUBLIC,
    START,
    STREET,
    WITHIN,
    Loop,
    book,
    good_photo,
    suggesting,
)
from twin_model.actor import SYSTEM
from twin_model.case import CaseStage
from twin_model.case_follow import follow
from twin_model.workflow import Action, Hold, Step


def test_a_clean_case_is_closed_and_evaluated_with_nobody_at_the_centre() -> None:
    loop = Loop().closed()
    assert loop.kinds == ["report", "file", "dispatch", "accept", "feedback", "close", "evaluate"]
    assert {each.actor for each in loop.events} == {"public", "system", OFFICE.code}
    assert (loop.known.stage, loop.known.checker, loop.known.score) == (CaseStage.CLOSED, "pass", "100")
    assert follow(loop.rules, loop.known, loop.now, loop.around) is None


def test_a_step_that_is_suggested_yields_one_suggestion_and_nothing_else() -> None:
    begun = {
        Step.FILE: (Loop.report, "file", CaseStage.REPORTED),
        Step.DISPATCH: (Loop.report, "dispatch", CaseStage.FILED),
        Step.CHECK: (Loop.closed, "close", CaseStage.FEEDBACK),
        Step.EVALUATE: (Loop.closed, "evaluate", CaseStage.CLOSED),
    }
    for step, (begin, action, stage) in begun.items():
        loop = Loop(rules=suggesting(step))
        begin(loop)
        assert loop.kinds.count("suggest") == 1
        assert loop.kinds[-1] == "suggest"
        assert loop.known.stage is stage
        assert loop.known.suggestion is not None
        assert loop.known.suggestion["action"] == action
        loop.do(Action.NOTE, OPERATOR, text="稍后")
        assert loop.kinds.count("suggest") == 1


def test_a_suggestion_that_is_taken_is_followed_by_what_comes_after_it() -> None:
    loop = Loop(rules=suggesting(Step.FILE))
    loop.report()
    loop.do(Action.FILE, OPERATOR)
    assert loop.kinds == ["report", "suggest", "file", "dispatch"]


@pytest.mark.parametrize("steps", [(Step.FILE,), ()])
def test_what_repeats_a_case_is_linked_to_it_or_that_is_suggested(steps: tuple[Step, ...]) -> None:
    loop = Loop(rules=suggesting(*steps), around=replace(WITHIN, original="7", original_rule="D-E05"))
    loop.report()
    if steps:
        assert loop.known.suggestion is not None
        told = {name: loop.known.suggestion[name] for name in ("action", "parent", "rule")}
        assert told == {"action": "duplicate", "parent": "7", "rule": "duplicate@1#D-E05"}
        return
    assert loop.kinds == ["report", "duplicate"]
    assert (loop.known.stage, loop.known.parent) == (CaseStage.DUPLICATE, "7")
    loop.do(Action.REOPEN, OPERATOR, reason="不是同一处")
    assert (loop.known.stage, loop.known.parent) == (CaseStage.FILED, "")
    assert loop.known.suggestion is not None


def test_reports_of_a_source_that_is_checked_first_wait_for_a_collector_once() -> None:
    loop = Loop(rules=book({"verify_sources": ["PUBLIC"]}))
    loop.report()
    assert loop.known.stage is CaseStage.VERIFYING
    loop.do(Action.CONFIRM, COLLECTOR, found=True)  # at the very same moment
    assert loop.kinds == ["report", "verify", "confirm", "file", "dispatch"]
    other = Loop(rules=book({"verify_sources": ["PUBLIC"]}))
    other.do(Action.REPORT, PUBLIC, source="VIDEO", **{"class": "E0507"})
    assert other.known.stage is CaseStage.DISPATCHED


def test_what_a_collector_does_not_find_is_void() -> None:
    loop = Loop(rules=book({"verify_sources": ["PUBLIC"]}))
    loop.report()
    loop.do(Action.REFUSE, COLLECTOR, reason="现场没有", found=False)
    assert loop.known.stage is CaseStage.VOID
    loop.do(Action.REOPEN, OPERATOR, reason="再看")
    assert loop.kinds[-3:] == ["reopen", "file", "suggest"]


def test_a_case_that_was_sent_back_or_reopened_is_dispatched_by_a_person() -> None:
    loop = Loop()
    loop.report()
    loop.do(Action.RETURN, OFFICE, reason="不属本街道")
    assert loop.known.suggestion is not None
    assert (loop.known.stage, loop.known.suggestion["unit"]) == (CaseStage.FILED, STREET)
    loop = Loop().closed()
    loop.do(Action.REOPEN, OPERATOR, reason="又堆上了")
    assert loop.kinds[-2:] == ["reopen", "suggest"]


def test_two_rules_that_contradict_each_other_leave_it_to_a_person() -> None:
    rows = [{"rule_id": f"R-{unit}", "class_pattern": "E0507", "lead": unit} for unit in ("D04", "D01")]
    document = {"rules": rows, "last_resort": "D01"}
    loop = Loop(rules=book(responsibility=document))
    loop.report()
    assert loop.known.stage is CaseStage.FILED
    assert loop.known.suggestion is not None


def fed_back(**photo: object) -> Loop:
    """A case whose unit brings a photo of afterwards."""
    loop = Loop().at_unit()
    loop.pass_on(minutes=30)
    after = (replace(good_photo(loop.now), **photo),)
    loop.around = replace(WITHIN, after=after)
    loop.do(Action.FEEDBACK, OFFICE)
    return loop


def test_a_photo_that_was_taken_elsewhere_or_before_sends_the_case_back() -> None:
    for wrong in ({"distance_m": 900.0}, {"taken_at": START.replace(year=2025)}, {"elsewhere_bits": 0}):
        loop = fed_back(**wrong)
        assert loop.kinds[-2:] == ["feedback", "rework"]
        assert (loop.known.stage, loop.known.reworks) == (CaseStage.HANDLING, 1)
        assert loop.events[-1].data["verdict"] == "fail"
        assert loop.events[-1].rule == "workflow@1#closing"


def test_no_photo_or_one_of_unknown_place_is_for_a_person_to_look_at() -> None:
    loop = Loop().at_unit()
    loop.do(Action.FEEDBACK, OFFICE)
    assert (loop.kinds[-1], loop.known.stage, loop.known.checker) == ("check", CaseStage.CHECKING, "review")
    assert fed_back(distance_m=None).events[-1].data["reasons"] == ["place_unknown"]
    loop.do(Action.CLOSE, COLLECTOR, result="现场核查通过")
    assert loop.kinds[-2:] == ["close", "evaluate"]


def test_law_enforcement_and_emergencies_are_never_closed_by_the_system() -> None:
    for code in ("E0304", "E0401"):
        loop = Loop()
        loop.report(**{"class": code})
        unit = loop.known.unit
        assert unit == STREET
        loop.do(Action.ACCEPT, OFFICE)
        loop.pass_on(minutes=30)
        loop.around = replace(WITHIN, after=(good_photo(loop.now),))
        loop.do(Action.FEEDBACK, OFFICE)
        assert loop.known.stage is CaseStage.CHECKING


def test_nothing_follows_while_the_clock_stands_or_a_suggestion_waits() -> None:
    loop = Loop()
    loop.report()
    filed = replace(loop.known, stage=CaseStage.FILED)
    assert follow(loop.rules, filed, loop.now, WITHIN) is not None
    assert follow(loop.rules, replace(filed, hold=Hold.SUSPENDED), loop.now, WITHIN) is None
    assert follow(loop.rules, replace(filed, suggestion={"action": "dispatch"}), loop.now, WITHIN) is None


def test_a_split_case_is_fed_back_when_its_last_part_has_ended_and_stands_on_no_hold() -> None:
    loop = Loop()
    loop.report()
    loop.do(Action.SPLIT, OPERATOR, parts=[{"unit": STREET}, {"unit": "D04"}])
    loop.do(Action.COUNT, SYSTEM, open_parts=1)
    assert loop.known.stage is CaseStage.HANDLING
    loop.do(Action.SUSPEND, OPERATOR, reason="等一等")
    loop.do(Action.COUNT, SYSTEM, open_parts=0)
    assert loop.known.stage is CaseStage.HANDLING
    loop.do(Action.RESUME, OPERATOR)
    assert loop.kinds[-3:] == ["resume", "feedback", "check"]
    loop.do(Action.REWORK, OPERATOR, reason="没完")
    assert loop.known.stage is CaseStage.HANDLING
    loop.do(Action.FEEDBACK, OFFICE)
    assert loop.known.stage is CaseStage.CHECKING


def came_in_bulk(code: str, **changes: object) -> Loop:
    """A case that was dispatched as it came in with many: its file knows neither a limit nor a round."""
    loop = Loop().at_unit()
    bare = {"limit": "", "urgent": False, "level_rule": "", "clock_from": None, "round_at": None}
    loop.file = replace(loop.known, class_code=code, **{**bare, **changes})
    loop.pass_on(minutes=30)
    return loop


def test_an_emergency_that_came_in_bulk_is_not_closed_by_the_system_either() -> None:
    for code, reasons in (("E0507", None), ("E0401", ["urgent"])):
        loop = came_in_bulk(code)
        loop.around = replace(WITHIN, after=(good_photo(loop.now),))
        loop.do(Action.FEEDBACK, OFFICE)
        told = next((each.data["reasons"] for each in loop.events if each.kind is Action.CHECK), None)
        assert told == reasons


def test_a_photo_from_before_a_case_that_came_in_bulk_was_dispatched_is_too_early() -> None:
    loop = came_in_bulk("E0507")
    early = replace(good_photo(loop.now), taken_at=START.replace(year=2025))
    loop.around = replace(WITHIN, after=(early,))
    loop.do(Action.FEEDBACK, OFFICE)
    assert loop.events[-1].data["reasons"] == ["photo_early"]
