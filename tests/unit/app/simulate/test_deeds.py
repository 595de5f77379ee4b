import math
from collections import Counter
from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from app.simulate.chance import chance
from app.simulate.deeds import WAITING_S, Planner
from app.simulate.followed import Followed
from app.simulate.habits import Habits, habits_of
from app.simulate.report import MARK
from twin_model.actor import Role
from twin_model.case import CaseStage
from twin_model.case_file import CaseFile
from twin_model.workflow import Action, Hold, move

NOW = datetime(2026, 11, 26, 2, tzinfo=UTC)
KNOWN = Followed("1", "key")
CASE = CaseFile(
    "1", "COLLECTOR", "E0102", CaseStage.DISPATCHED, NOW, NOW, unit="D04", street="110108011", lon=116.3, lat=39.98,
    deadline_at=NOW + timedelta(hours=4), limit="4 working_hours",
)  # fmt: skip
USUAL = Habits()
ROLES = {"operator": Role.OPERATOR, "collector": Role.COLLECTOR}


def plan(case=CASE, known=KNOWN, habits=USUAL, *, seed=1, step=0, units=("D01", "D04")):
    return Planner(case, known, habits, units, chance(seed, known.key, step), NOW).plan()


def often(times=2000, **more):
    return [plan(step=step, **more) for step in range(times)]


def actions(deeds):
    return Counter(deed.action for deed in deeds if deed is not None)


suggestions = st.sampled_from(
    [
        None,
        {"action": "dispatch", "unit": "D02", "assist": ["D03"]},
        {"action": "dispatch", "why": "no unit of the list is known here"},
        {"action": "duplicate", "parent": "9", "reason": "repeats 9"},
        {"action": "file"},
        {"action": "close", "verdict": "pass"},
        {"action": "rework", "reason": "no photo"},
        {"action": "evaluate"},
    ]
)


def a_case(stage, hold, **more):
    held = hold if CaseStage.FILED <= stage <= CaseStage.HANDLING else Hold.NONE
    return replace(CASE, stage=stage, hold=held, **more)


cases = st.builds(
    a_case,
    stage=st.sampled_from(CaseStage),
    hold=st.sampled_from(Hold),
    unit=st.sampled_from(["", "D04", "S110108011"]),
    street=st.sampled_from(["", "110108011"]),
    deadline_at=st.sampled_from([None, NOW - timedelta(days=3), NOW + timedelta(hours=4), NOW + timedelta(days=20)]),
    limit=st.sampled_from(["", "4 working_hours", "3 working_days", "24 emergency_hours"]),
    urgent=st.booleans(),
    parent=st.sampled_from(["", "9"]),
    parts=st.integers(0, 2),
    returns=st.integers(0, 3),
    reworks=st.integers(0, 3),
    extensions=st.integers(0, 3),
    reopenings=st.integers(0, 1),
    asked=st.sampled_from(["", "extend"]),
    suggestion=suggestions,
)
followed = st.builds(
    Followed,
    case_no=st.just("1"),
    key=st.text(max_size=5),
    refusals=st.integers(0, 2),
    is_waiting=st.booleans(),
    true_class=st.sampled_from(["", "E0102", "E0201"]),
    is_nonsense=st.booleans(),
    repeats=st.sampled_from(["", "9"]),
    had_no=st.booleans(),
    has_before=st.booleans(),
)


@settings(max_examples=500)
@given(cases, followed, st.integers(0, 10_000))
def test_whatever_is_planned_is_a_move_of_the_loop_by_somebody_who_may(case, known, seed):
    deed = plan(case, known, habits_of(case.unit, seed), seed=seed, units=("D01", "D02"))
    if deed is None:
        return
    assert 0 <= deed.after_s < math.inf
    if deed.action is None:
        return
    row = move(deed.action, case.stage)
    assert row is not None
    assert ROLES.get(deed.actor, Role.DEPARTMENT) in row.roles
    assert row.on_hold or case.hold is Hold.NONE
    assert not [name for name in row.needs if not deed.data.get(name)]
    assert not (deed.action is Action.SPLIT and case.parent)
    if deed.actor not in ROLES:
        assert deed.actor.endswith(f"-{case.unit}")
    if deed.action is Action.EXTEND:
        assert deed.data["amount"] == int(deed.data["amount"]) > 0


@given(cases, followed, st.integers(0, 1000))
def test_the_same_seed_plans_the_same(case, known, seed):
    assert plan(case, known, seed=seed) == plan(case, known, seed=seed)


@given(cases, followed, st.integers(0, 1000))
def test_every_reason_is_marked_as_simulated(case, known, seed):
    deed = plan(case, known, seed=seed)
    for name in ("reason", "text", "result", "advice"):
        if deed and name in deed.data and deed.data[name] not in ("no photo", "repeats 9"):
            assert MARK in deed.data[name]


def test_a_unit_accepts_begins_and_feeds_back():
    assert actions(often()).most_common(1)[0][0] is Action.ACCEPT
    accepted = actions(often(case=replace(CASE, stage=CaseStage.ACCEPTED)))
    assert accepted.most_common(1)[0][0] is Action.START
    assert accepted[Action.FEEDBACK] > 0
    assert actions(often(case=replace(CASE, stage=CaseStage.HANDLING))).most_common(1)[0][0] is Action.FEEDBACK


def test_now_and_then_something_is_out_of_the_ordinary():
    found = actions(often(5000))
    assert {Action.RETURN, Action.SPLIT, Action.SUSPEND, Action.CONSULT} < set(found)
    assert found[Action.RETURN] < 500


def test_a_collector_closes_or_sends_back():
    found = actions(often(case=replace(CASE, stage=CaseStage.CHECKING)))
    assert set(found) == {Action.CLOSE, Action.REWORK}
    assert 0.05 < found[Action.REWORK] / 2000 < 0.2


def test_nobody_sends_a_case_back_for_ever():
    assert Action.REWORK not in actions(often(case=replace(CASE, stage=CaseStage.CHECKING, reworks=2)))
    assert Action.RETURN not in actions(often(case=replace(CASE, returns=2), habits=Habits(returns=1.0)))


def test_a_wrong_class_comes_back_and_is_corrected_and_dispatched_elsewhere():
    known = replace(KNOWN, true_class="E0201")
    assert actions(often(known=known)).most_common(1)[0][0] is Action.RETURN
    filed = replace(CASE, stage=CaseStage.FILED, unit="", returns=1, suggestion={"action": "dispatch", "unit": "D04"})
    corrected = plan(filed, known)
    assert (corrected.action, corrected.data["class"]) == (Action.CORRECT, "E0201")
    sent_on = plan(replace(filed, class_code="E0201"), known)
    assert (sent_on.action, sent_on.data["unit"]) == (Action.DISPATCH, "S110108011")


def test_a_suggested_unit_is_taken_and_where_none_is_known_the_office_of_the_place():
    filed = replace(CASE, stage=CaseStage.FILED, unit="")
    taken = plan(replace(filed, suggestion={"action": "dispatch", "unit": "D02", "assist": ["D03"]}))
    assert (taken.data["unit"], taken.data["assist"]) == ("D02", ["D03"])
    assert plan(replace(filed, suggestion={"action": "dispatch", "why": "x"})).data["unit"] == "S110108011"
    assert plan(replace(filed, street="", suggestion={"action": "dispatch"})).data["unit"] == "D01"
    assert plan(replace(filed, street=""), units=()) is None


def test_more_time_is_granted_or_not_and_asked_for_no_more_after_a_no():
    asking = replace(CASE, stage=CaseStage.HANDLING, asked="extend")
    answers = often(case=asking)
    assert set(actions(answers)) == {Action.EXTEND, Action.DENY}
    assert all(deed.is_no == (deed.action is Action.DENY) for deed in answers)
    told = replace(KNOWN, had_no=True)
    later = often(case=asking, known=told, habits=Habits(asks=1.0))
    assert Action.ASK_EXTENSION not in actions(later)
    assert actions(later).most_common(1)[0][0] is Action.FEEDBACK


def test_nonsense_is_voided_and_what_only_a_person_notices_is_linked():
    assert plan(known=replace(KNOWN, is_nonsense=True)).action is Action.VOID
    linked = plan(known=replace(KNOWN, repeats="9"))
    assert (linked.action, linked.data["parent"]) == (Action.DUPLICATE, "9")
    assert plan(known=replace(KNOWN, repeats="9", refusals=1)).action is not Action.DUPLICATE


@pytest.mark.parametrize("hold", [Hold.SUSPENDED, Hold.CONSULTATION])
def test_what_is_on_hold_is_gone_on_with(hold):
    deed = plan(replace(CASE, hold=hold))
    assert deed.action is Action.RESUME
    assert ("advice" in deed.data) == (hold is Hold.CONSULTATION)


def test_a_split_case_waits_for_its_parts():
    deed = plan(replace(CASE, stage=CaseStage.HANDLING, parts=2, open_parts=2))
    assert (deed.actor, deed.action) == ("", None)


def test_what_has_ended_is_left_alone_but_for_a_few_complaints():
    found = often(5000, case=replace(CASE, stage=CaseStage.CLOSED))
    assert set(actions(found)) == {Action.REOPEN}
    assert found.count(None) > 4800
    assert plan(replace(CASE, stage=CaseStage.DUPLICATE)) is None
    assert plan(replace(CASE, stage=CaseStage.VOID), replace(KNOWN, is_nonsense=True)) is None


def feedbacks(**more):
    case = replace(CASE, stage=CaseStage.HANDLING, **more.pop("case", {}))
    return [deed for deed in often(case=case, **more) if deed.action is Action.FEEDBACK]


def test_most_keep_the_deadline_and_some_do_not():
    left = timedelta(hours=4).total_seconds()
    late = [deed.after_s > left for deed in feedbacks(habits=Habits(late=0.2))]
    assert 0.15 < sum(late) / len(late) < 0.25
    assert not any(deed.after_s > left for deed in feedbacks(habits=Habits(late=0.0, pace=2.5)))


def test_a_slow_unit_takes_longer():
    def middle(pace):
        found = sorted(deed.after_s for deed in feedbacks(habits=Habits(pace=pace)))
        return found[len(found) // 2]

    assert middle(0.5) < middle(1.0) < middle(2.0)


def test_not_every_feedback_has_a_photo_and_few_have_an_old_one():
    photos = Counter(deed.photo for deed in feedbacks(habits=Habits(photos=0.8, reuses=0.1)))
    assert set(photos) == {"", "after"}
    known = replace(KNOWN, has_before=True)
    photos = Counter(deed.photo for deed in feedbacks(habits=Habits(photos=0.8, reuses=0.1), known=known))
    assert photos["after"] > photos[""] > photos["before"] > 0
    again = Counter(deed.photo for deed in feedbacks(habits=Habits(photos=0.0), known=known, case={"reworks": 1}))
    assert again["after"] > 0.9 * again.total()
    assert again["before"] == 0


def test_what_has_been_lying_about_is_gone_on_with_at_once():
    waiting = replace(KNOWN, is_waiting=True)
    assert max(deed.after_s for deed in often(known=waiting)) <= WAITING_S


def test_an_emergency_is_quicker():
    def mean(*, urgent):
        found = [deed.after_s for deed in often(case=replace(CASE, urgent=urgent)) if deed.action is Action.ACCEPT]
        return sum(found) / len(found)

    assert mean(urgent=True) < 0.5 * mean(urgent=False)


def test_a_step_further_a_case_has_other_chances():
    assert KNOWN.after().step == 1
    assert KNOWN.after(refused=True).after(refused=True).refusals == 2
    assert KNOWN.after(refused=True).after().refusals == 0
    assert KNOWN.after(had_no=True).after().had_no
