from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from twin_model.closing_check import (
    REASONS,
    ClosingCase,
    ClosingPhoto,
    Outcome,
    Verdict,
    closing_verdict,
    is_audited,
)
from twin_model.closing_policy import ClosingPolicy

DISPATCHED = datetime(2026, 11, 23, 1, tzinfo=UTC)
POLICY = ClosingPolicy(audit_per_mille=0)
CASE = ClosingCase("11010820261123000001", DISPATCHED)
BEFORE = ClosingPhoto("b" * 64, 0xF0F0F0F0F0F0F0F0, DISPATCHED - timedelta(hours=1), 5.0)
AFTER = ClosingPhoto("a" * 64, 0x0F0F0F0F0F0F0F0F, DISPATCHED + timedelta(hours=1), 9.0, elsewhere_bits=20)


def verdict(case=CASE, before=(BEFORE,), after=(AFTER,), policy=POLICY):
    return closing_verdict(case, before, after, policy)


def test_a_fresh_photo_of_the_place_closes_the_case():
    assert verdict() == Verdict(Outcome.PASS, ())


def test_a_case_without_photos_of_the_problem_can_close():
    assert verdict(before=()).outcome is Outcome.PASS


def test_without_a_photo_of_afterwards_somebody_has_to_look():
    assert verdict(after=()) == Verdict(Outcome.REVIEW, ("after_photo_missing",))


def test_too_few_photos_of_afterwards_fail():
    assert verdict(policy=replace(POLICY, after_photos=2)).reasons == ("after_photo_missing",)


@pytest.mark.parametrize(
    ("photo", "outcome", "reasons"),
    [
        (replace(AFTER, sha256=BEFORE.sha256), Outcome.FAIL, ("photo_reused_before",)),
        (replace(AFTER, dhash=BEFORE.dhash ^ 0b1111), Outcome.FAIL, ("photo_reused_before",)),
        (replace(AFTER, dhash=BEFORE.dhash ^ 0b11111), Outcome.PASS, ()),
        (replace(AFTER, elsewhere_bits=4), Outcome.FAIL, ("photo_reused_elsewhere",)),
        (replace(AFTER, elsewhere_bits=5), Outcome.PASS, ()),
        (replace(AFTER, elsewhere_bits=None), Outcome.PASS, ()),
        (replace(AFTER, distance_m=200.5), Outcome.FAIL, ("photo_far",)),
        (replace(AFTER, distance_m=None), Outcome.REVIEW, ("place_unknown",)),
        (replace(AFTER, taken_at=DISPATCHED - timedelta(seconds=300)), Outcome.PASS, ()),
        (replace(AFTER, taken_at=DISPATCHED - timedelta(seconds=301)), Outcome.FAIL, ("photo_early",)),
        (replace(AFTER, taken_at=None), Outcome.REVIEW, ("time_unknown",)),
        (replace(AFTER, dhash=0), Outcome.REVIEW, ("photo_featureless",)),
    ],
)
def test_a_photo_decides(photo, outcome, reasons):
    assert verdict(after=(photo,)) == Verdict(outcome, reasons)


@pytest.mark.parametrize(
    ("case", "reasons"),
    [
        (replace(CASE, urgent=True), ("urgent",)),
        (replace(CASE, enforcement=True), ("enforcement",)),
        (replace(CASE, consultation=True), ("consultation",)),
        (replace(CASE, reopenings=1), ("reopened",)),
        (replace(CASE, reworks=2), ("reworked",)),
        (replace(CASE, reworks=1), ()),
    ],
)
def test_some_kinds_of_cases_are_looked_at(case, reasons):
    assert verdict(case) == Verdict(Outcome.REVIEW if reasons else Outcome.PASS, reasons)


def test_the_policy_may_do_without_a_place_a_time_and_a_look():
    lax = replace(POLICY, review_unknown_place=False, review_unknown_time=False, review_urgent=False)
    blind = replace(AFTER, taken_at=None, distance_m=None)
    assert verdict(replace(CASE, urgent=True), after=(blind,), policy=lax).outcome is Outcome.PASS


def test_one_photo_that_knows_its_place_and_time_speaks_for_the_others():
    assert verdict(after=(AFTER, replace(AFTER, sha256="c" * 64, taken_at=None, distance_m=None))).reasons == ()


def test_pictures_that_show_nothing_are_not_taken_for_each_other():
    dark = replace(AFTER, dhash=0, elsewhere_bits=0)
    assert verdict(before=(replace(BEFORE, dhash=0),), after=(dark,)).reasons == ("photo_featureless",)


def test_a_case_that_was_never_dispatched_has_no_early_photo():
    assert verdict(replace(CASE, dispatched_at=None)).outcome is Outcome.PASS


def test_every_reason_is_told_and_failing_comes_first():
    found = verdict(
        replace(CASE, urgent=True, reworks=5), after=(replace(AFTER, distance_m=1e6, taken_at=None, elsewhere_bits=0),)
    )
    assert found.outcome is Outcome.FAIL
    assert found.reasons == ("photo_reused_elsewhere", "photo_far", "time_unknown", "urgent", "reworked")


def test_about_the_wanted_share_is_audited_and_always_the_same_cases():
    numbers = [f"11010820261123{i:06d}" for i in range(20_000)]
    drawn = {number for number in numbers if is_audited(number, 50)}
    assert 900 < len(drawn) < 1100
    assert drawn <= {number for number in numbers if is_audited(number, 100)}
    assert verdict(replace(CASE, case_no=min(drawn)), policy=ClosingPolicy()) == Verdict(Outcome.REVIEW, ("audit",))


@given(st.text())
def test_nobody_or_everybody_is_audited_at_the_ends(case_no):
    assert not is_audited(case_no, 0)
    assert is_audited(case_no, 1000)


photos = st.builds(
    ClosingPhoto,
    st.sampled_from(["a", "b", "c"]),
    st.sampled_from([0, 0xF0F0F0F0F0F0F0F0, 0xF0F0F0F0F0F0F0F1, 0x0F0F0F0F0F0F0F0F]),
    st.none() | st.sampled_from([DISPATCHED - timedelta(days=1), DISPATCHED, DISPATCHED + timedelta(days=1)]),
    st.none() | st.floats(0, 1000),
    st.none() | st.integers(0, 64),
)


@given(st.lists(photos, max_size=3), st.lists(photos, max_size=3), st.booleans(), st.integers(0, 3), photos)
def test_the_reasons_give_the_outcome_and_a_bad_photo_is_not_mended_by_another(before, after, urgent, reworks, more):
    case = replace(CASE, urgent=urgent, reworks=reworks)
    found = closing_verdict(case, before, after, POLICY)
    outcomes = {REASONS[key] for key in found.reasons}
    assert found.outcome is (
        Outcome.FAIL if Outcome.FAIL in outcomes else Outcome.REVIEW if Outcome.REVIEW in outcomes else Outcome.PASS
    )
    if after and found.outcome is Outcome.FAIL:
        assert closing_verdict(case, before, [*after, more], POLICY).outcome is Outcome.FAIL
