"""What may be asked of a case, by whom, and what a refusal says."""

from dataclasses import replace
from typing import Any

import pytest

from tests.unit.twin_model.case_work import (
    COLLECTOR,
    DEPARTMENT,
    OFFICE,
    OPERATOR,
    OTHER_OFFICE,
    PUBLIC,
    REPORT,
    START,
    WITHIN,
    Loop,
    book,
)
from twin_model.actor import SYSTEM, Actor, Role
from twin_model.case import CaseStage
from twin_model.case_decide import check_current, decide
from twin_model.case_file import CaseFile
from twin_model.command import Command
from twin_model.errors import FieldError, IllegalMoveError, MovedOnError, NotAllowedError, RefusedError
from twin_model.field_text import MAX_CODE, MAX_TEXT
from twin_model.photo import PhotoFacts, TimeRule
from twin_model.workflow import TRANSITIONS, Action, Hold, Transition, move, next_actions

BOOK = book()
ACTIONS = tuple(dict.fromkeys(row.action for row in TRANSITIONS if row.start))
FIELDS: dict[str, Any] = {
    "reason": "看过", "text": "看过", "unit": OFFICE.unit_code, "parent": "2", "amount": "2", "action": "file",
    "parts": [{"unit": DEPARTMENT}, {"unit": OFFICE.unit_code}], "photos": [{"sha256": "00"}], "description": "另一处",
}  # fmt: skip


def standing(stage: CaseStage, **changes: Any) -> CaseFile:
    """A case of the office that stands somewhere."""
    known = CaseFile("1", "PUBLIC", "E0507", stage, START, START, unit=OFFICE.unit_code, filed_at=START)
    return replace(known, clock_from=START, deadline_at=START, limit="8 working_hours", asked="extend", **changes)


def one_who(role: Role) -> Actor:
    return Actor("somebody", role, OFFICE.unit_code if role in (Role.STREET, Role.DEPARTMENT) else "")


def asked(file: CaseFile | None, action: Action, actor: Actor, /, **data: Any) -> str:
    return decide(BOOK, file, Command(action, actor, "1", data), START, WITHIN).kind


@pytest.mark.parametrize("row", TRANSITIONS, ids=lambda row: f"{row.action}-{row.end}")
def test_every_move_of_the_table_can_be_made_by_those_it_names(row: Transition) -> None:
    for role in row.roles:
        for stage in row.start:
            hold = Hold.SUSPENDED if row.action is Action.RESUME else Hold.NONE
            file = standing(stage, hold=hold, held_at=START if hold else None)
            assert asked(file, row.action, one_who(role), **FIELDS) == row.action
        if not row.start:
            assert asked(None, row.action, one_who(role), **REPORT) == row.action


@pytest.mark.parametrize("stage", CaseStage)
def test_every_move_that_is_not_in_the_table_is_refused_with_what_is_possible(stage: CaseStage) -> None:
    for action in (*ACTIONS, Action.REPORT, Action.IMPORT, Action.RULES):
        if move(action, stage) is not None:
            continue
        for actor in (OPERATOR, OFFICE, SYSTEM):
            with pytest.raises(IllegalMoveError, match=f"is {stage.name.lower()} and cannot {action}") as refused:
                asked(standing(stage), action, actor, **FIELDS)
            possible = next_actions(stage, Hold.NONE, actor.role)
            assert str(refused.value).endswith(f"{actor.role}: {', '.join(possible) or 'nothing'}")
            assert (refused.value.case_no, refused.value.action) == ("1", action)


@pytest.mark.parametrize("row", TRANSITIONS, ids=lambda row: f"{row.action}-{row.end}")
def test_a_role_that_a_row_does_not_name_is_told_which_may(row: Transition) -> None:
    for role in set(Role) - row.roles:
        with pytest.raises(NotAllowedError, match=rf"{role} may not {row.action} a case; .* may"):
            asked(standing(row.start[0]) if row.start else None, row.action, one_who(role), **{**REPORT, **FIELDS})


@pytest.mark.parametrize("row", [row for row in TRANSITIONS if not row.on_hold and row.start], ids=lambda r: r.action)
def test_a_case_on_hold_takes_nothing_but_what_a_standing_clock_allows(row: Transition) -> None:
    actor = one_who(min(row.roles))
    for hold in (Hold.SUSPENDED, Hold.CONSULTATION):
        with pytest.raises(IllegalMoveError, match=f"on hold \\({hold}\\); resume it first"):
            asked(standing(row.start[0], hold=hold, held_at=START), row.action, actor, **FIELDS)


def test_a_clock_that_runs_cannot_be_resumed() -> None:
    with pytest.raises(IllegalMoveError, match="not on hold"):
        asked(standing(CaseStage.HANDLING), Action.RESUME, OPERATOR)


@pytest.mark.parametrize("action", [Action.ACCEPT, Action.START, Action.RETURN, Action.NOTE])
def test_units_act_on_their_own_cases_only(action: Action) -> None:
    file = standing(CaseStage.DISPATCHED)
    assert asked(file, action, OFFICE, **FIELDS) == action
    with pytest.raises(NotAllowedError, match=f"with {OFFICE.unit_code}, not with {OTHER_OFFICE.unit_code}"):
        asked(file, action, OTHER_OFFICE, **FIELDS)
    with pytest.raises(NotAllowedError, match="not with your unit"):
        asked(file, action, replace(OFFICE, unit_code=""), **FIELDS)


def test_a_unit_that_assists_may_write_and_show_and_nothing_else() -> None:
    file = standing(CaseStage.DISPATCHED, assist=(OTHER_OFFICE.unit_code,))
    for action in (Action.NOTE, Action.PHOTO):
        assert asked(file, action, OTHER_OFFICE, **FIELDS) == action
    for action in (Action.ACCEPT, Action.RETURN, Action.ASK_EXTENSION):
        with pytest.raises(NotAllowedError, match="is with"):
            asked(file, action, OTHER_OFFICE, **FIELDS)


def test_a_unit_may_report_what_another_one_will_have() -> None:
    assert asked(None, Action.REPORT, OFFICE, **REPORT) == Action.REPORT


def test_a_split_case_is_neither_fed_back_nor_closed_before_its_parts() -> None:
    file = standing(CaseStage.HANDLING, parts=2, open_parts=1)
    with pytest.raises(IllegalMoveError, match="1 open parts; close these first"):
        asked(file, Action.FEEDBACK, OFFICE)
    for stage in (CaseStage.FEEDBACK, CaseStage.CHECKING):
        with pytest.raises(IllegalMoveError, match="close these first"):
            asked(replace(file, stage=stage), Action.CLOSE, OPERATOR)
        assert asked(replace(file, stage=stage, open_parts=0), Action.CLOSE, OPERATOR) == Action.CLOSE


def test_a_case_is_evaluated_once_and_a_part_is_not_split_again() -> None:
    with pytest.raises(IllegalMoveError, match="has been evaluated"):
        asked(standing(CaseStage.CLOSED, evaluated_at=START), Action.EVALUATE, OPERATOR)
    with pytest.raises(IllegalMoveError, match="itself a part of 7"):
        asked(standing(CaseStage.FILED, parent="7"), Action.SPLIT, OPERATOR, **FIELDS)


@pytest.mark.parametrize("row", [row for row in TRANSITIONS if row.needs], ids=lambda row: f"{row.action}-{row.end}")
@pytest.mark.parametrize("empty", [None, "", "absent"])
def test_a_field_that_a_move_needs_is_asked_for_by_name(row: Transition, empty: str | None) -> None:
    for name in row.needs:
        data = {**FIELDS, name: empty}
        if empty == "absent":
            del data[name]
        with pytest.raises(FieldError, match=f"{row.action} needs {name}; give it"):
            asked(standing(row.start[0]), row.action, one_who(min(row.roles)), **data)


BOUNDED = {"text": MAX_TEXT, "reason": MAX_TEXT, "found": MAX_TEXT, "advice": MAX_TEXT}


@pytest.mark.parametrize("name", BOUNDED)
def test_texts_are_bounded_and_of_letters(name: str) -> None:
    file, most = standing(CaseStage.DISPATCHED), BOUNDED[name]
    assert asked(file, Action.NOTE, OPERATOR, **{"text": "x", name: "字" * most}) == Action.NOTE
    wrongs: dict[object, str] = {"字" * (most + 1): f"at most {most} are kept", "\x00": "no text", "\udc00": "no text"}
    for wrong, said in wrongs.items():
        with pytest.raises(FieldError, match=f"{name} .*{said}"):
            asked(file, Action.NOTE, OPERATOR, **{"text": "x", name: wrong})
    for wrong in (1.5, ["x"], {"x": 1}):
        with pytest.raises(FieldError, match=f"{name} is no text"):
            asked(file, Action.NOTE, OPERATOR, **{"text": "x", name: wrong})


@pytest.mark.parametrize("name", ["source", "class", "condition", "ref", "component"])
def test_codes_are_bounded(name: str) -> None:
    for wrong in ("x" * (MAX_CODE + 1), 5, "\n\x1f"):
        with pytest.raises(FieldError, match=name):
            asked(None, Action.REPORT, PUBLIC, **{**REPORT, name: wrong})


def test_personal_data_are_bounded() -> None:
    for wrong in ("x" * (MAX_CODE + 1), "\x07"):
        command = Command(Action.REPORT, PUBLIC, "1", REPORT, {"phone": wrong})
        with pytest.raises(FieldError, match="phone"):
            decide(BOOK, None, command, START, WITHIN)


def test_space_around_a_text_is_no_part_of_it() -> None:
    event = decide(
        BOOK, standing(CaseStage.FILED), Command(Action.NOTE, OPERATOR, "1", {"text": " 好\n"}), START, WITHIN
    )
    assert event.data == {"text": "好"}


def test_nobody_but_the_system_says_what_the_system_says() -> None:
    claimed = {"verdict": "pass", "reasons": ["x"], "rule": "workflow@1#x", "open_parts": 0, "why": "x"}
    file = standing(CaseStage.CHECKING)
    for actor in (OPERATOR, COLLECTOR):
        event = decide(BOOK, file, Command(Action.CLOSE, actor, "1", claimed), START, WITHIN)
        assert (dict(event.data), event.rule) == ({}, "")
    event = decide(BOOK, file, Command(Action.CLOSE, SYSTEM, "1", claimed), START, WITHIN)
    assert (event.data["verdict"], event.rule) == ("pass", "workflow@1#x")
    assert "rule" not in event.data


def test_a_claimed_deadline_or_score_is_not_believed() -> None:
    claimed = {"deadline": "2030-01-01T00:00:00Z", "limit": "9 working_days", "urgent": True, "score": "100"}
    filed = decide(BOOK, standing(CaseStage.REPORTED), Command(Action.FILE, OPERATOR, "1", claimed), START, WITHIN).data
    assert (filed["deadline"], filed["limit"], filed["urgent"]) == (
        "2026-03-03T02:00:00.000000Z", "8 working_hours", False,
    )  # fmt: skip
    late = standing(CaseStage.CLOSED, closed_at=START, handled_at=START, reworks=5)
    assert decide(BOOK, late, Command(Action.EVALUATE, OPERATOR, "1", claimed), START, WITHIN).data == {"score": "25"}


def test_an_asker_who_has_not_seen_the_latest_event_is_refused() -> None:
    command = Command(Action.NOTE, OPERATOR, "1", {"text": "x"}, if_last=7)
    check_current(command, 7)
    check_current(replace(command, if_last=None), 8)
    with pytest.raises(MovedOnError, match="moved on \\(event 8, you saw 7\\)"):
        check_current(command, 8)


def test_an_event_names_its_case_its_actor_and_its_moment() -> None:
    loop = Loop()
    loop.report()
    assert [(each.case_no, each.actor, each.moment) for each in loop.events] == [
        ("1", "public", START), ("1", "system", START), ("1", "system", START),
    ]  # fmt: skip


def test_the_public_shows_a_problem_and_not_what_was_done_about_it() -> None:
    facts = photo_facts()
    for phase, actor, may in (("before", PUBLIC, True), ("after", PUBLIC, False), ("after", OFFICE, True)):
        command = Command(Action.PHOTO, actor, "1", {"photos": [{"sha256": facts.sha256}]}, photos=((phase, facts),))
        if may:
            assert decide(BOOK, standing(CaseStage.HANDLING), command, START, WITHIN).kind is Action.PHOTO
            continue
        with pytest.raises(NotAllowedError, match="what was done"):
            decide(BOOK, standing(CaseStage.HANDLING), command, START, WITHIN)


def photo_facts() -> PhotoFacts:
    return PhotoFacts("aa" * 32, "bb" * 32, "JPEG", 64, 48, 1000, None, TimeRule.NONE, None, None, None, 1, 100.0)


def test_every_refusal_is_one_family() -> None:
    for error in (IllegalMoveError, NotAllowedError, FieldError, MovedOnError):
        assert issubclass(error, RefusedError)
