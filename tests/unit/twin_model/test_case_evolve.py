"""What events mean: each one's effect, what it clears, and that nothing follows from nothing."""

from dataclasses import replace
from datetime import timedelta
from random import Random
from typing import Any

import pytest
from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, rule

from tests.unit.twin_model.case_work import (
    COLLECTOR,
    DEPARTMENT,
    OFFICE,
    OPERATOR,
    OTHER_OFFICE,
    PUBLIC,
    REPORT,
    START,
    STREET,
    WITHIN,
    Loop,
    good_photo,
    suggesting,
)
from twin_model.actor import SYSTEM, Actor, Role
from twin_model.case import CaseStage
from twin_model.case_chain import entry_bytes
from twin_model.case_entry import event_of
from twin_model.case_event import CaseEvent
from twin_model.case_evolve import evolve, replay
from twin_model.case_file import CaseFile
from twin_model.errors import LogError, RefusedError
from twin_model.workflow import AUTOMATIC_STEPS, TRANSITIONS, Action, Hold, next_actions

IMPORTED = {
    "kind": "import", "case": "8", "source": "PUBLIC", "class": "E0507", "stage": 70, "unit": STREET,
    "reported_at": "2026-01-01T00:00:00Z", "closed_at": "2026-01-02T00:00:00Z", "lon": "116.3", "lat": "39.9",
    "ref": "r", "parent": "7",
}  # fmt: skip


def happened(kind: Action, file: CaseFile, **data: Any) -> CaseFile:
    after = evolve(file, CaseEvent(kind, "1", "operator", START + timedelta(hours=1), data))
    assert after is not None
    return after


def test_nothing_but_a_report_or_an_import_begins_a_case() -> None:
    for kind in set(Action) - {Action.REPORT, Action.IMPORT, Action.WITHDRAW}:
        with pytest.raises(LogError, match=f"case 1 begins with {kind}, not with a report"):
            evolve(None, CaseEvent(kind, "1", "x", START))


def test_an_event_that_the_table_does_not_allow_is_no_event() -> None:
    file = CaseFile("1", "PUBLIC", "E0507", CaseStage.REPORTED, START, START)
    with pytest.raises(LogError, match="case 1 cannot close while it is reported"):
        happened(Action.CLOSE, file)


def test_an_imported_case_is_what_its_columns_say() -> None:
    file = evolve(None, CaseEvent(Action.IMPORT, "8", "import", START, IMPORTED))
    assert file is not None
    assert (file.stage, file.unit, file.ref, file.parent, file.lon) == (CaseStage.CLOSED, STREET, "r", "7", 116.3)
    assert (file.filed_at, file.closed_at.isoformat()) == (None, "2026-01-02T00:00:00+00:00")


def test_a_withdrawn_case_is_no_more() -> None:
    events = [
        CaseEvent(Action.IMPORT, "8", "import", START, IMPORTED),
        CaseEvent(Action.REPORT, "1", "public", START, REPORT),
        CaseEvent(Action.WITHDRAW, "8", "system", START, {"dataset": "x"}),
    ]
    assert set(replay(events)) == {"1"}


@pytest.mark.parametrize("row", TRANSITIONS, ids=lambda row: f"{row.action}-{row.end}")
def test_every_event_leaves_the_case_where_the_table_says_and_is_its_latest(row: Any) -> None:
    data = {"unit": "D04", "parent": "7", "score": "90", "parts": [{}, {}], "action": "file", "photos": [{}]}
    for stage in row.start:
        file = CaseFile("1", "PUBLIC", "E0507", stage, START, START)
        after = evolve(file, CaseEvent(row.action, "1", "x", START + timedelta(hours=1), data))
        if row.action is Action.WITHDRAW:
            assert after is None
            continue
        assert after is not None
        assert after.stage is (stage if row.end is None else row.end)
        assert after.last_at == START + timedelta(hours=1)
        assert after.photos == 1


def test_a_unit_that_sends_a_case_back_has_it_no_more() -> None:
    loop = Loop()
    loop.report()
    loop.do(Action.ASK_EXTENSION, OFFICE, reason="雨")
    loop.do(Action.RETURN, OFFICE, reason="不属本街道")
    file = loop.known
    assert (file.unit, file.asked, file.returns, file.unit_rule) == ("", "", 1, "")
    assert file.stage is CaseStage.FILED


def test_a_new_unit_is_asked_nothing_that_the_old_one_asked() -> None:
    loop = Loop()
    loop.report()
    loop.do(Action.ASK_EXTENSION, OFFICE, reason="雨")
    loop.do(Action.DISPATCH, unit=DEPARTMENT)
    assert (loop.known.asked, loop.known.unit) == ("", DEPARTMENT)


def test_a_case_sent_back_for_more_work_forgets_the_feedback_and_begins_a_round() -> None:
    loop = Loop().at_unit()
    loop.do(Action.FEEDBACK, OFFICE)
    assert loop.known.stage is CaseStage.CHECKING
    loop.pass_on(hours=1)
    loop.do(Action.REWORK, COLLECTOR, reason="没清")
    file = loop.known
    assert (file.stage, file.handled_at, file.checking_at, file.reworks) == (CaseStage.HANDLING, None, None, 1)
    assert file.round_at == loop.now
    assert file.accepted_at == START


def test_a_reopened_case_begins_anew_and_remembers_that_it_does() -> None:
    loop = Loop().closed()
    loop.pass_on(hours=1)
    loop.do(Action.REOPEN, reason="又堆上了")
    file = loop.known
    assert (file.stage, file.reopenings, file.clock_from) == (CaseStage.FILED, 1, loop.now)
    assert (file.closed_at, file.handled_at, file.evaluated_at, file.score, file.unit) == (None, None, None, "", "")


def test_a_part_that_is_reopened_is_a_part_still_and_a_duplicate_that_is_none_is_none() -> None:
    part = CaseFile("1", "PUBLIC", "E0507", CaseStage.CLOSED, START, START, parent="7", closed_at=START)
    assert happened(Action.REOPEN, part).parent == "7"
    assert happened(Action.REOPEN, replace(part, stage=CaseStage.VOID)).parent == "7"
    assert happened(Action.REOPEN, replace(part, stage=CaseStage.DUPLICATE)).parent == ""


def test_an_end_takes_the_case_off_hold() -> None:
    loop = Loop().at_unit()
    loop.do(Action.SUSPEND, reason="施工")
    assert (loop.known.hold, loop.known.held_at) == (Hold.SUSPENDED, START)
    loop.do(Action.VOID, reason="误报")
    assert (loop.known.hold, loop.known.held_at) == (Hold.NONE, None)


def test_photos_count_whatever_they_come_with() -> None:
    loop = Loop()
    loop.report(photos=[{"sha256": "1"}])
    loop.do(Action.PHOTO, OPERATOR, photos=[{"sha256": "2"}, {"sha256": "3"}])
    loop.do(Action.ACCEPT, OFFICE)
    loop.do(Action.FEEDBACK, OFFICE, photos=[{"sha256": "4"}])
    assert loop.known.photos == 4


def test_a_suggestion_stands_until_the_case_moves_on_or_it_is_taken() -> None:
    loop = Loop(rules=suggesting(*AUTOMATIC_STEPS))
    loop.report()
    assert loop.known.suggestion == {"action": "file", "rule": ""}
    loop.do(Action.NOTE, text="在看")
    assert loop.known.suggestion is not None
    loop.do(Action.FILE)
    assert loop.known.suggestion["action"] == "dispatch"
    loop.do(Action.DISPATCH, unit=STREET)
    assert loop.known.suggestion is None


def test_erasing_forgets_the_commitment_to_who_reported() -> None:
    file = CaseFile("1", "PUBLIC", "E0507", CaseStage.CLOSED, START, START, reporter="00ff")
    assert happened(Action.ERASE, file).reporter == ""


PEOPLE = (OPERATOR, COLLECTOR, PUBLIC, OFFICE, OTHER_OFFICE, SYSTEM, Actor("district", Role.DISTRICT))
FIELDS: dict[str, Any] = {
    "reason": "看过", "text": "看过", "unit": STREET, "parent": "2", "amount": "2", "action": "file", "why": "x",
    "parts": [{"unit": DEPARTMENT}, {"unit": STREET}], "photos": [{"sha256": "00"}], "description": "另一处",
    "duplicates": 1, "open_parts": 0, "verdict": "review", "class": "E0102",
}  # fmt: skip


class AnyLife(RuleBasedStateMachine):
    """A case that anybody does anything with, in any order."""

    @initialize(suggested=st.sets(st.sampled_from(AUTOMATIC_STEPS)), chance=st.integers(0, 2**16))
    def begin(self, suggested: set[Any], chance: int) -> None:
        self.loop = Loop(rules=suggesting(*suggested))
        self.chance = Random(chance)  # noqa: S311 - no secret
        self.loop.report()

    @rule(action=st.sampled_from(list(Action)), actor=st.sampled_from(PEOPLE), minutes=st.integers(0, 3000))
    def anything(self, action: Action, actor: Actor, minutes: int) -> None:
        self.loop.pass_on(minutes=minutes)
        if action is not Action.WITHDRAW:
            self._try(action, actor)

    @rule(place=st.integers(0, 99), minutes=st.integers(0, 600), pictured=st.booleans())
    def something_possible(self, place: int, minutes: int, *, pictured: bool) -> None:
        self.loop.pass_on(minutes=minutes)
        photos = (good_photo(self.loop.now),) if pictured else ()
        self.loop.around = replace(WITHIN, after=photos)
        file = self.loop.known
        pairs = [(action, actor) for actor in PEOPLE for action in next_actions(file.stage, file.hold, actor.role)]
        action, actor = pairs[place % len(pairs)]
        if action is not Action.WITHDRAW:
            self._try(action, actor)

    def _try(self, action: Action, actor: Actor) -> None:
        before, events = self.loop.file, list(self.loop.events)
        try:
            self.loop.do(action, actor, **FIELDS)
        except RefusedError as error:
            assert str(error)  # noqa: PT017 - what is refused is refused in words
            if len(self.loop.events) > len(events):  # a step of the system's own that follows is refused with it
                self.loop.file, self.loop.events = before, events
            assert self.loop.file is before

    @invariant()
    def it_stands_somewhere_and_its_moments_make_sense(self) -> None:
        file = self.loop.known
        assert file.stage in CaseStage
        assert not (file.is_open and file.closed_at)
        assert (file.closed_at is not None) == (file.stage is CaseStage.CLOSED)
        assert (file.hold is Hold.NONE) == (file.held_at is None)
        counts = (
            file.parts, file.open_parts, file.duplicates, file.returns, file.reworks, file.extensions,
            file.reopenings, file.consultations, file.photos,
        )  # fmt: skip
        assert min(counts) >= 0
        moments = [
            file.reported_at, file.filed_at, file.dispatched_at, file.accepted_at, file.handled_at, file.closed_at,
            file.held_at, file.round_at, file.clock_from, file.evaluated_at, file.confirmed_at,
        ]  # fmt: skip
        assert all(file.reported_at <= moment <= file.last_at for moment in moments if moment)
        assert all(start <= end for start, end in file.pauses)

    @invariant()
    def its_events_follow_from_one_another(self) -> None:
        events = self.loop.events
        moments = [each.moment for each in events]
        assert moments == sorted(moments)
        assert replay(events) == {"1": self.loop.known}

    @invariant()
    def it_can_be_written_down_and_read_again(self) -> None:
        assert CaseFile.from_json(self.loop.known.to_json()) == self.loop.known

    def teardown(self) -> None:
        if not hasattr(self, "loop"):
            return
        read = []
        for each in self.loop.events:
            entry = entry_bytes(
                kind=each.kind, case_no=each.case_no, actor=each.actor, moment=each.moment, prev=b"", data=each.data,
                rule=each.rule,
            )  # fmt: skip
            read.append(event_of(entry))
        assert read == self.loop.events
        assert replay(read) == {"1": self.loop.known}


AnyLife.TestCase.settings = settings(max_examples=60, stateful_step_count=25)
TestAnyLife = AnyLife.TestCase
