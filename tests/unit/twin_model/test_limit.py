"""Deadlines of one case through all that stops and lengthens its clock, by the default calendar."""

from dataclasses import replace
from datetime import datetime, timedelta

import pytest

from tests.unit.twin_model.case_work import OFFICE, Loop, book, local
from twin_model.case import CaseStage
from twin_model.case_file import CaseFile, moment_of
from twin_model.errors import CalendarError
from twin_model.limit import Limit
from twin_model.work_clock import WorkClock
from twin_model.workflow import Action

CALENDAR = book().calendar
HOURS = Limit(WorkClock.WORKING_HOURS, 8, "service_level@1#S-1")
DAYS = Limit(WorkClock.WORKING_DAYS, 3.0, "service_level@1#S-2")


def filed(code: str, moment: datetime) -> Loop:
    """A case of a class that comes in at a moment of the city's clock."""
    loop = Loop(now=moment)
    loop.report(**{"class": code})
    return loop


# An ordinary case has eight working hours (E0507), a fallen sign five days (E0202); the working day is 9–12, 13–18.
# Spring Festival 2026 is 15 to 23 February; Saturday the 14th and Saturday the 28th are made-up working days.


@pytest.mark.parametrize(
    ("begun", "deadline"),
    [
        (local(2026, 3, 6, 16), local(2026, 3, 9, 16)),  # over a weekend
        (local(2026, 3, 7, 11), local(2026, 3, 9, 18)),  # in one
        (local(2026, 2, 13, 17), local(2026, 2, 14, 17)),  # into a made-up Saturday
        (local(2026, 2, 14, 16), local(2026, 2, 24, 16)),  # from it over the Spring Festival
        (local(2026, 2, 18, 9), local(2026, 2, 24, 18)),  # in the Spring Festival
    ],
)
def test_working_hours_run_on_working_days(begun: datetime, deadline: datetime) -> None:
    assert filed("E0507", begun).known.deadline_at == deadline


def test_an_emergency_knows_no_festival() -> None:
    assert filed("E0401", local(2026, 2, 17, 3)).known.deadline_at == local(2026, 2, 18, 3)


def test_an_extension_lengthens_the_limit_over_a_weekend_and_a_festival() -> None:
    loop = filed("E0507", local(2026, 2, 13, 10))  # a Friday; eight hours end at ten of the made-up Saturday
    assert loop.known.deadline_at == local(2026, 2, 14, 10)
    loop.do(Action.EXTEND, reason="雨", amount="8")
    assert (loop.known.limit, loop.known.extensions) == ("16 working_hours", 1)
    assert loop.known.deadline_at == local(2026, 2, 24, 10)
    loop.do(Action.EXTEND, reason="雪", amount=0.5)
    assert (loop.known.limit, loop.known.extensions) == ("16.5 working_hours", 2)
    assert loop.known.deadline_at == local(2026, 2, 24, 10, 30)


@pytest.mark.parametrize(
    ("begun", "held", "resumed", "deadline"),
    [
        # two hours of Friday are left out, and come back on Monday
        (local(2026, 3, 6, 9), local(2026, 3, 6, 10), local(2026, 3, 6, 12), local(2026, 3, 9, 11)),
        # a hold over a weekend costs working hours only
        (local(2026, 3, 6, 9), local(2026, 3, 6, 17), local(2026, 3, 9, 10), local(2026, 3, 9, 11)),
        # a hold over the Spring Festival
        (local(2026, 2, 14, 9), local(2026, 2, 14, 17), local(2026, 2, 24, 9), local(2026, 2, 24, 10)),
        # a hold that ends in the middle of it
        (local(2026, 2, 14, 9), local(2026, 2, 14, 17), local(2026, 2, 20, 9), local(2026, 2, 24, 10)),
    ],
)
def test_the_clock_stands_while_a_case_is_on_hold(
    begun: datetime, held: datetime, resumed: datetime, deadline: datetime
) -> None:
    for action in (Action.SUSPEND, Action.CONSULT):
        loop = filed("E0507", begun)
        loop.now = held
        loop.do(action, reason="施工")
        loop.now = resumed
        loop.do(Action.RESUME)
        assert loop.known.deadline_at == deadline
        assert loop.known.pauses == ((held, resumed),)


def test_what_is_lengthened_on_hold_is_longer_once_it_goes_on() -> None:
    loop = filed("E0507", local(2026, 3, 2, 9))
    loop.now = local(2026, 3, 2, 10)
    loop.do(Action.SUSPEND, reason="施工")
    loop.do(Action.EXTEND, reason="雨", amount=8)
    loop.now = local(2026, 3, 3, 10)
    loop.do(Action.RESUME)
    assert loop.known.deadline_at == local(2026, 3, 4, 18)  # one hour before the hold, fifteen after it


def test_what_was_late_when_it_was_put_on_hold_stays_late() -> None:
    loop = filed("E0507", local(2026, 3, 2, 9))
    late = loop.known.deadline_at
    loop.now = local(2026, 3, 3, 10)
    loop.do(Action.SUSPEND, reason="施工")
    loop.now = local(2026, 3, 5, 10)
    loop.do(Action.RESUME)
    assert loop.known.deadline_at == late == local(2026, 3, 2, 18)


def test_a_reopened_case_has_its_whole_limit_again() -> None:
    loop = filed("E0507", local(2026, 2, 13, 9))
    loop.do(Action.ACCEPT, OFFICE)
    loop.pass_on(minutes=30)
    loop.do(Action.EXTEND, reason="雨", amount=8)
    loop.do(Action.FEEDBACK, OFFICE)
    loop.do(Action.CLOSE, result="好")
    assert loop.known.stage is CaseStage.CLOSED
    loop.now = local(2026, 2, 15, 12)  # the first day of the festival
    loop.do(Action.REOPEN, reason="又堆上了")
    assert (loop.known.limit, loop.known.deadline_at) == ("8 working_hours", local(2026, 2, 24, 18))
    assert loop.known.pauses == ()
    assert loop.known.clock_from == loop.now


# ---- the limit itself ----


def file_of(**changes: object) -> CaseFile:
    at = local(2026, 3, 2, 9)
    return replace(CaseFile("1", "PUBLIC", "E0507", CaseStage.HANDLING, at, at), **changes)  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("limit", "written"),
    [(HOURS, "8 working_hours"), (DAYS, "3 working_days"), (replace(HOURS, amount=0.5), "0.5 working_hours")],
)
def test_a_limit_is_written_as_its_rule_writes_it_and_read_again(limit: Limit, written: str) -> None:
    assert limit.text == written
    assert limit.of(file_of(limit=written)) == limit
    assert limit.of(file_of()) == limit


def test_a_limit_that_begins_tells_its_deadline() -> None:
    told = HOURS.data(CALENDAR, local(2026, 3, 2, 9))
    assert told == {"deadline": "2026-03-02T10:00:00.000000Z", "limit": "8 working_hours", "urgent": False}


def test_an_extension_is_counted_by_the_clock_that_the_case_has_though_its_rule_has_another_by_now() -> None:
    begun = local(2026, 3, 2, 9)
    in_hours = file_of(limit="8 working_hours", clock_from=begun, filed_at=begun)
    assert DAYS.extended(CALENDAR, in_hours, 0.5)["limit"] == "8.5 working_hours"
    in_days = file_of(limit="3 working_days", clock_from=begun, filed_at=begun)
    with pytest.raises(CalendarError, match="whole number"):
        HOURS.extended(CALENDAR, in_days, 0.5)


def test_a_case_that_came_with_a_deadline_of_its_own_is_lengthened_from_there() -> None:
    came = file_of(deadline_at=local(2026, 3, 6, 17))
    assert moment_of(HOURS.extended(CALENDAR, came, 2)["deadline"]) == local(2026, 3, 9, 10)
    assert "limit" not in HOURS.extended(CALENDAR, came, 2)


def test_a_case_that_came_with_a_deadline_of_its_own_gets_what_was_left_after_a_hold() -> None:
    came = file_of(deadline_at=local(2026, 3, 6, 17), held_at=local(2026, 3, 6, 15))
    assert moment_of(HOURS.resumed(CALENDAR, came, local(2026, 3, 9, 9))["deadline"]) == local(2026, 3, 9, 11)
    assert HOURS.resumed(CALENDAR, replace(came, deadline_at=None), local(2026, 3, 9, 9)) == {}


def test_pauses_take_nothing_but_time_that_would_have_run() -> None:
    begun = local(2026, 3, 2, 9)
    night = (local(2026, 3, 2, 19), local(2026, 3, 3, 8))
    assert DAYS.deadline(CALENDAR, begun, [night]) == DAYS.deadline(CALENDAR, begun)
    close = (local(2026, 3, 3, 17), local(2026, 3, 3, 19))
    assert DAYS.deadline(CALENDAR, begun, [close]) - DAYS.deadline(CALENDAR, begun) == timedelta(days=1)
