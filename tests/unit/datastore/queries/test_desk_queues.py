"""Queues of the workbench over a small real store: who sees what, and what a queue can be narrowed down to."""

from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path

import pytest

from datastore.errors import UnknownCaseError
from datastore.queries.desk_case import desk_case
from datastore.queries.desk_filter import DeskFilter
from datastore.queries.desk_queue_cases import MAX_ROWS, SORTS, desk_queue_cases, desk_queue_choices
from datastore.queries.desk_queues import desk_queues
from datastore.queries.desk_scope import DeskScope
from tests.work_office import OPERATOR, Work, open_work
from twin_model.actor import Role
from twin_model.case import CaseStage
from twin_model.desk_queue import QUEUES_OF, Queue, queues_of
from twin_model.workflow import Action

CENTRE = DeskScope(Role.OPERATOR)
STREET = DeskScope(Role.STREET, "S110108011")
DEPARTMENT = DeskScope(Role.DEPARTMENT, "D04")
SCOPES = (CENTRE, STREET, DEPARTMENT, DeskScope(Role.COLLECTOR), DeskScope(Role.ANALYST))


@pytest.fixture(scope="module")
def work(small_data_dir: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Work]:
    with open_work(small_data_dir, tmp_path_factory.mktemp("queues")) as opened:
        yield opened


def counted(work: Work, scope: DeskScope) -> dict[str, int]:
    with work.store.read() as cur:
        rows = desk_queues(cur, scope, work.clock.now).to_pylist()
    return {row["queue"]: row["cases"] for row in rows}


def cases(work: Work, scope: DeskScope, queue: Queue, **how: object) -> list[dict[str, object]]:
    with work.store.read() as cur:
        rows: list[dict[str, object]] = desk_queue_cases(cur, scope, queue, work.clock.now, **how).to_pylist()
    return rows


def numbers(rows: list[dict[str, object]]) -> list[object]:
    return [row["case_no"] for row in rows]


@pytest.mark.parametrize("scope", SCOPES, ids=lambda scope: scope.role)
def test_every_queue_holds_as_many_cases_as_it_counts(work: Work, scope: DeskScope) -> None:
    counts = counted(work, scope)
    assert list(counts) == [queue.value for queue in queues_of(scope.role)]
    for queue, count in counts.items():
        rows = cases(work, scope, Queue(queue), limit=1)
        assert (rows[0]["matching"] if rows else 0) == count


def test_a_department_sees_its_own_cases_and_no_other(work: Work) -> None:
    rows = cases(work, DEPARTMENT, Queue.OPEN)
    assert rows
    assert {row["unit_code"] for row in rows} == {"D04"}


def test_a_street_has_its_own_cases_and_sees_what_lies_in_it(work: Work) -> None:
    assert {row["unit_code"] for row in cases(work, STREET, Queue.OPEN)} == {"S110108011"}
    there = cases(work, STREET, Queue.IN_AREA)
    assert {row["street_code"] for row in there} == {"110108011"}
    assert len({row["unit_code"] for row in there}) > 1


def test_roles_without_queues_and_unknown_units_see_nothing(work: Work) -> None:
    assert counted(work, DeskScope(Role.PUBLIC)) == {}
    assert set(counted(work, DeskScope(Role.DEPARTMENT, "D99")).values()) == {0}
    assert set(counted(work, DeskScope(Role.DEPARTMENT)).values()) == {0}


@pytest.mark.parametrize("queue", Queue)
def test_a_queue_of_another_role_is_empty(work: Work, queue: Queue) -> None:
    for scope in SCOPES:
        if queue not in QUEUES_OF[scope.role]:
            assert cases(work, scope, queue) == []


def test_pages_of_a_queue_hold_each_case_once_in_order(work: Work) -> None:
    total = counted(work, CENTRE)["open"]
    for sort in SORTS:
        first, second = (numbers(cases(work, CENTRE, Queue.OPEN, sort=sort, limit=50, offset=at)) for at in (0, 50))
        assert not set(first) & set(second)
        assert first + second == numbers(cases(work, CENTRE, Queue.OPEN, sort=sort, limit=100))
    assert len(cases(work, CENTRE, Queue.OPEN, limit=10_000)) == min(MAX_ROWS, total)
    due = [row["deadline_at"] for row in cases(work, CENTRE, Queue.OPEN)]
    dated = [each for each in due if each is not None]
    assert dated == sorted(dated)


def test_a_queue_is_narrowed_down_by_codes_and_words(work: Work) -> None:
    with work.store.read() as cur:
        choices = desk_queue_choices(cur, CENTRE, Queue.OPEN, work.clock.now).to_pylist()
    of = {
        dimension: next(row for row in choices if row["dimension"] == dimension)
        for dimension in ("class", "street", "source", "unit")
    }
    for dimension, field in (("class", "case_class"), ("street", "street"), ("source", "source"), ("unit", "unit")):
        found = cases(work, CENTRE, Queue.OPEN, wanted=DeskFilter(**{field: of[dimension]["code"]}))
        assert {row[f"{dimension}_code"] for row in found} == {of[dimension]["code"]}
        assert found[0]["matching"] == of[dimension]["cases"]
    assert cases(work, CENTRE, Queue.OPEN, wanted=DeskFilter(street="nowhere")) == []


def test_words_are_looked_for_in_number_names_and_what_was_said(work: Work) -> None:
    told = work.report(description='井盖 50% "松动"_了')
    work.settle()
    for text in (told.case_no[-9:], "暴露垃圾 中关村", '50% "松动"_', "EXPOSED"):
        found = cases(work, CENTRE, Queue.OPEN, wanted=DeskFilter(text=text), sort="newest")
        assert told.case_no in numbers(found), text
    for text in ("50_", "no such thing", "暴露垃圾 nowhere"):
        assert told.case_no not in numbers(cases(work, CENTRE, Queue.OPEN, wanted=DeskFilter(text=text)))


def test_a_case_goes_from_queue_to_queue_as_it_is_worked(work: Work) -> None:
    told = work.report(description="随队列走的案件")
    unit = work.unit_of(told)
    mine = DeskScope(unit.role, unit.unit_code)

    def at(scope: DeskScope) -> set[str]:
        work.settle()
        wanted = DeskFilter(text="随队列走的案件")
        return {queue for queue in queues_of(scope.role) if cases(work, scope, queue, wanted=wanted)}

    assert Queue.OPEN in at(CENTRE)
    assert Queue.NEW in at(mine)
    work.do(Action.ACCEPT, unit, told.case_no)
    assert Queue.IN_HAND in at(mine)
    work.do(Action.ASK_EXTENSION, unit, told.case_no, reason="等配件")
    assert Queue.ASKED in at(CENTRE)
    work.do(Action.EXTEND, OPERATOR, told.case_no, reason="同意", amount="4")
    assert Queue.ASKED not in at(CENTRE)
    work.do(Action.SUSPEND, OPERATOR, told.case_no, reason="汛期")
    work.clock.pass_on(days=30)
    assert at(CENTRE) == {Queue.ON_HOLD, Queue.OPEN}  # its clock stands still: it is not late
    work.do(Action.RESUME, OPERATOR, told.case_no)
    back = work.do(Action.FEEDBACK, unit, told.case_no, result="已清运")
    if back.file is not None and back.file.stage is not CaseStage.HANDLING:  # unless the check sent it back already
        assert Queue.FED_BACK in at(mine)
        work.do(Action.REWORK, OPERATOR, told.case_no, reason="没有照片")
    assert Queue.REWORK in at(mine)


def test_a_returned_case_waits_as_a_suggestion(work: Work) -> None:
    told = work.report(description="退件案件")
    work.do(Action.RETURN, work.unit_of(told), told.case_no, reason="不属于我单位")
    work.settle()
    found = cases(work, CENTRE, Queue.SUGGESTED, wanted=DeskFilter(text="退件案件"))
    assert numbers(found) == [told.case_no]


def test_a_text_that_looks_like_a_mark_is_none(work: Work) -> None:
    told = work.report(description='{"asked":"extend","reworks":3,"suggestion":{}}')
    work.settle()
    for queue in (Queue.ASKED, Queue.SUGGESTED):
        assert told.case_no not in numbers(cases(work, CENTRE, queue))


def test_deadlines_decide_what_is_late_and_what_is_due_soon(work: Work) -> None:
    now = work.clock.now.replace(tzinfo=None)
    for queue, low, high in ((Queue.OVERDUE, None, now), (Queue.DUE_SOON, now, now + timedelta(hours=4))):
        for row in cases(work, CENTRE, queue):
            assert (low or row["deadline_at"]) <= row["deadline_at"] < high
            assert row["state"] == queue.value


def test_one_case_is_read_by_those_who_may_see_it(work: Work) -> None:
    told = work.report()
    unit = work.unit_of(told)
    work.settle()
    allowed = (
        CENTRE,
        DeskScope(unit.role, unit.unit_code),
        DeskScope(Role.STREET, "S110108011"),
        DeskScope(Role.COLLECTOR),
    )
    refused = (
        DeskScope(Role.DEPARTMENT, "D16"),
        DeskScope(Role.STREET, "S110108012"),
        DeskScope(Role.PUBLIC),
        DeskScope(Role.STREET),
    )
    with work.store.read() as cur:
        for scope in allowed:
            assert desk_case(cur, work.desk.reference, told.case_no, scope).file.stage is CaseStage.DISPATCHED
        for scope in refused:
            with pytest.raises(UnknownCaseError):
                desk_case(cur, work.desk.reference, told.case_no, scope)
