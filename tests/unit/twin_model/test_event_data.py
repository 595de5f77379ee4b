"""What each event says: what was sent, what the rules found, and nothing else."""

from dataclasses import replace
from typing import Any

import pytest

from tests.unit.twin_model.case_work import (
    DEPARTMENT,
    OFFICE,
    OPERATOR,
    OTHER_STREET,
    PUBLIC,
    REPORT,
    START,
    STREET,
    WITHIN,
    Loop,
    book,
    local,
)
from twin_model.actor import SYSTEM
from twin_model.case import CaseStage
from twin_model.case_file import moment_of
from twin_model.errors import FieldError, IllegalMoveError
from twin_model.event_data import MAX_EVIDENCE, MAX_EXTENSION, MAX_LOSERS, MAX_PARTS
from twin_model.workflow import Action


def told(loop: Loop, kind: Action) -> dict[str, Any]:
    """Fields of the latest event of a kind."""
    return dict(next(each for each in reversed(loop.events) if each.kind is kind).data)


def test_a_report_tells_what_was_sent_and_where_that_lies() -> None:
    loop = Loop(around=replace(WITHIN, building="B1", building_m="3.5", component="C9"))
    loop.report(lon=116.5, lat="39.25", ref="a-1", condition="missing_cover", nonsense="x", component="sent")
    assert told(loop, Action.REPORT) == {
        "source": "PUBLIC", "class": "E0507", "lon": "116.5", "lat": "39.25", "ref": "a-1",
        "condition": "missing_cover", "street": "110108011", "community": "110108011001", "building": "B1",
        "building_m": "3.5", "component": "C9",
    }  # fmt: skip


@pytest.mark.parametrize(
    ("data", "said"),
    [
        ({"source": ""}, "needs source"),
        ({"class": None}, "needs class"),
        ({"lat": None}, "both or neither"),
        ({"lon": "181"}, "no number of degrees from -180 to 180"),
        ({"lat": -90.001}, "no number of degrees from -90 to 90"),
        ({"lon": "nan"}, "no number"),
        ({"lon": True}, "no number"),
        ({"lon": 10**400}, "no number"),
        ({"lon": ["1"]}, "no number"),
        ({"evidence": {"box": 0.5}}, "evidence cannot be kept"),
        ({"evidence": {"box": "x" * MAX_EVIDENCE}}, f"at most {MAX_EVIDENCE}"),
    ],
)
def test_a_report_that_cannot_be_used_says_which_field(data: dict[str, Any], said: str) -> None:
    with pytest.raises(FieldError, match=said):
        Loop().report(**data)


def test_a_dispatch_tells_the_rule_and_those_that_lost() -> None:
    loop = Loop()
    loop.report(**{"class": "E0102"})
    assert loop.events[-1].rule == "responsibility@1#R-E0102-1"
    data = told(loop, Action.DISPATCH)
    assert (data["unit"], data["lead"], data["by_list"], data["assist"]) == (STREET, STREET, True, [DEPARTMENT])
    assert ["R-E0102-2", "lower_priority"] in data["losers"]
    assert len(data["losers"]) <= MAX_LOSERS


def test_a_dispatch_against_the_list_tells_what_the_list_said() -> None:
    loop = Loop()
    loop.report()
    loop.do(Action.DISPATCH, unit=DEPARTMENT, reason="专业处置", assist=[STREET, DEPARTMENT, STREET])
    data = told(loop, Action.DISPATCH)
    assert (data["unit"], data["lead"], data["by_list"], loop.events[-1].rule) == (DEPARTMENT, STREET, False, "")
    assert data["assist"] == [STREET]
    for wrong in ({"unit": "X"}, {"unit": STREET, "assist": "D04"}, {"unit": STREET, "assist": [["D04"]]}):
        with pytest.raises(FieldError, match=r"no unit|no list"):
            loop.do(Action.DISPATCH, **wrong)


@pytest.mark.parametrize("amount", [0, -1, "nan", MAX_EXTENSION + 1, "viel", True, None])
def test_an_extension_is_a_number_of_hours_or_days(amount: object) -> None:
    loop = Loop().at_unit()
    with pytest.raises(FieldError, match="amount"):
        loop.do(Action.EXTEND, reason="雨", amount=amount)


def test_working_days_are_extended_by_whole_ones() -> None:
    loop = Loop()
    loop.report(**{"class": "E0101"})
    with pytest.raises(FieldError, match="no whole number of working days"):
        loop.do(Action.EXTEND, reason="雨", amount="1.5")
    loop.do(Action.EXTEND, reason="雨", amount="2")
    assert loop.known.limit == "17 working_days"


def test_a_case_without_a_deadline_has_nothing_to_extend() -> None:
    loop = Loop().at_unit()
    loop.file = replace(loop.known, deadline_at=None)
    with pytest.raises(IllegalMoveError, match="no deadline"):
        loop.do(Action.EXTEND, reason="雨", amount=1)


def test_a_duplicate_names_its_original_and_a_rule_only_where_a_rule_said_so() -> None:
    loop = Loop()
    loop.report()
    event = loop.event_of(Action.DUPLICATE, parent="7", reason="同一处", distance_m="3.5")
    assert (event.data, event.rule) == ({"parent": "7", "reason": "同一处", "distance_m": "3.5"}, "")
    again = Loop(around=replace(WITHIN, original="7", original_rule="D-E05"))
    again.report()
    assert (again.events[-1].rule, again.known.parent) == ("duplicate@1#D-E05", "7")


@pytest.mark.parametrize(("data", "said"), [({"parent": "1"}, "of itself"), ({"parent": "7", "distance_m": -1}, "-1")])
def test_a_duplicate_that_makes_no_sense_is_refused(data: dict[str, Any], said: str) -> None:
    loop = Loop()
    loop.report()
    with pytest.raises(FieldError, match=said):
        loop.event_of(Action.DUPLICATE, **data)


PART = {"unit": STREET}


@pytest.mark.parametrize(
    "parts",
    [
        "two", [], [PART], [PART] * (MAX_PARTS + 1), [PART, "x"], [PART, {"unit": "X"}], [PART, {"unit": 5}],
        [PART, {**PART, "description": "x" * 5000}], [PART, {**PART, "class": "\ud800"}], [PART, {}],
    ],
)  # fmt: skip
def test_parts_that_cannot_be_used_are_refused(parts: object) -> None:
    loop = Loop()
    loop.report()
    with pytest.raises(FieldError, match=r"part|parts|description|class"):
        loop.do(Action.SPLIT, parts=parts)


def test_a_split_tells_each_part_and_who_keeps_the_whole() -> None:
    loop = Loop()
    loop.report()
    parts = [{**PART, "description": "沙子", "more": "x"}, {"unit": DEPARTMENT, "class": "E0102"}]
    assert loop.event_of(Action.SPLIT, parts=parts, reason="两家的").data == {
        "parts": [{"unit": STREET, "description": "沙子"}, {"unit": DEPARTMENT, "class": "E0102"}],
        "reason": "两家的", "unit": STREET,
    }  # fmt: skip


def returned(**report: Any) -> Loop:
    """A case that its unit has sent back."""
    loop = Loop()
    loop.report(**report)
    loop.do(Action.RETURN, OFFICE, reason="不属本街道")
    return loop


def test_a_correction_of_the_place_tells_what_it_lies_in_no_more() -> None:
    loop = Loop(around=replace(WITHIN, building="B1", building_m="3.5"))
    loop.report()
    loop.do(Action.RETURN, OFFICE, reason="x")
    assert loop.known.building == "B1"
    loop.around = replace(WITHIN, street="110108012", territory=f"S{110108012}")
    loop.do(Action.CORRECT, lon="116.3", lat="39.95", reason="指错")
    file = loop.known
    assert (file.lon, file.lat, file.street, file.building, file.building_m) == (116.3, 39.95, "110108012", "", "")


def test_a_correction_of_the_class_gives_the_limit_of_the_right_one_and_is_suggested_anew() -> None:
    loop = returned()
    before = loop.known
    assert before.suggestion is not None
    loop.pass_on(hours=1)
    loop.do(Action.CORRECT, **{"class": "E0102", "reason": "看错"})
    after = loop.known
    assert (after.class_code, after.limit) == ("E0102", "4 working_hours")
    assert after.deadline_at == moment_of("2026-03-02T15:00:00+08:00")  # four working hours from ten, over noon
    assert after.level_rule != before.level_rule
    assert after.suggestion is not None
    assert after.suggestion["assist"] == [DEPARTMENT]
    assert told(loop, Action.CORRECT)["component"] == ""


def test_a_correction_says_what_it_corrects() -> None:
    loop = returned()
    with pytest.raises(FieldError, match="what is to be corrected"):
        loop.do(Action.CORRECT, reason="看错")
    loop.do(Action.CORRECT, description="一堆砂石")
    assert (loop.known.description, loop.known.limit) == ("一堆砂石", "8 working_hours")


def test_an_evaluation_cites_the_points_of_the_workflow() -> None:
    loop = Loop().closed()
    assert (loop.events[-1].kind, loop.events[-1].rule) == (Action.EVALUATE, "workflow@1#points")
    assert told(loop, Action.EVALUATE) == {"score": "100"}


def test_a_suggestion_keeps_why_it_is_made() -> None:
    loop = Loop(around=replace(WITHIN, units=frozenset({OTHER_STREET})))
    loop.report()
    assert loop.known.stage is CaseStage.FILED
    assert loop.known.suggestion is not None
    assert loop.known.suggestion["why"] == "no unit of the list is known here"
    assert loop.known.suggestion["rule"] == "responsibility@1#R-E"


def test_what_only_an_action_of_the_system_says_is_kept_of_the_system_only() -> None:
    loop = Loop().at_unit()
    data = {"text": "看过", "verdict": "pass"}
    assert loop.event_of(Action.NOTE, **data).data == {"text": "看过"}
    assert loop.event_of(Action.COUNT, SYSTEM, duplicates=3).data == {"duplicates": 3}


def test_the_limit_of_a_report_is_that_of_its_area_class_and_moment() -> None:
    loop = Loop(now=local(2026, 3, 7, 12))  # a Saturday
    loop.report(**{"class": "E0401"})
    assert (loop.known.limit, loop.known.urgent) == ("24 emergency", True)
    assert loop.known.deadline_at == local(2026, 3, 8, 12)
    assert loop.known.clock_from == loop.now


def test_an_unknown_class_falls_to_the_fallback_and_not_over() -> None:
    loop = Loop(rules=book())
    loop.do(Action.REPORT, PUBLIC, **{**REPORT, "class": "X9"})
    assert (loop.known.limit, loop.known.level_rule) == ("3 working_days", "service_level@1#S-FALLBACK")
    assert loop.known.reported_at == START
    assert loop.known.stage is CaseStage.DISPATCHED
    assert loop.event_of(Action.NOTE, OPERATOR, text="x").actor == "operator"
