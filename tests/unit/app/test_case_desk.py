"""Asking the desk: every refusal is an answer, and nobody waits for ever."""

from concurrent.futures import Future
from typing import Any

import pytest

from app.api import case_desk
from app.api.case_desk import do, do_all, need_desk, source_of
from app.api.case_document import outcome_document, receipt_status
from app.api.request_errors import NoDeskError, RequestError, SlowDeskError
from datastore.desk.receipt import Receipt
from datastore.errors import DeskClosedError, UnknownCaseError
from twin_model.actor import Actor, Role
from twin_model.command import Command
from twin_model.errors import FieldError, NotAllowedError
from twin_model.workflow import Action

OPERATOR = Actor("operator", Role.OPERATOR)


class FakeDesk:
    """Answers each case number as it is told to."""

    book: Any = None

    def __init__(self, answers: dict[str, Any]) -> None:
        self._answers = answers

    def read(self, case_no: str) -> Any:
        raise UnknownCaseError(case_no)

    def submit(self, command: Command) -> Future[Receipt]:
        told = self._answers[command.case_no]
        future: Future[Receipt] = Future()
        if isinstance(told, DeskClosedError):
            raise told
        if isinstance(told, Exception):
            future.set_exception(told)
        elif told is not None:
            future.set_result(told)
        return future


def note(number: str) -> Command:
    return Command(Action.NOTE, OPERATOR, number, {"text": "x"})


def test_each_of_many_has_its_own_outcome(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(case_desk, "WAIT_S", 0.0)
    done = Receipt("1", 7, "note")
    desk = FakeDesk(
        {"1": done, "2": FieldError("no text"), "3": DeskClosedError("closing"), "4": None, "5": KeyError("inner")}
    )
    outcomes = do_all(desk, [note(number) for number in "12345"])
    told = [outcome_document(outcome) for outcome in outcomes]
    assert [each["status"] for each in told] == [200, 422, 503, 503, 500]
    assert isinstance(outcomes[3], SlowDeskError)
    assert "inner" not in told[4]["detail"]


def test_many_wait_no_longer_than_one(monkeypatch: pytest.MonkeyPatch) -> None:
    now, waits = [0.0], []

    class Slow(Future[Receipt]):
        def result(self, timeout: float | None = None) -> Receipt:
            waits.append(timeout)
            now[0] += timeout or 0.0
            raise TimeoutError

    monkeypatch.setattr(case_desk, "monotonic", lambda: now[0])
    desk = FakeDesk({})
    monkeypatch.setattr(desk, "submit", lambda _command: Slow())
    outcomes = do_all(desk, [note(number) for number in "123"])
    assert all(isinstance(each, SlowDeskError) for each in outcomes)
    assert waits == [case_desk.WAIT_S, 0.0, 0.0]


def test_one_is_raised_as_it_is() -> None:
    with pytest.raises(FieldError, match="no text"):
        do(FakeDesk({"2": FieldError("no text")}), note("2"))


def test_a_server_without_a_desk_says_so() -> None:
    with pytest.raises(NoDeskError):
        need_desk(None)


@pytest.mark.parametrize(
    ("own", "asked", "source"), [("PUBLIC", "", "PUBLIC"), ("PUBLIC", "PUBLIC", "PUBLIC"), ("", "VIDEO", "VIDEO")]
)
def test_the_actors_source_counts(own: str, asked: str, source: str) -> None:
    assert source_of(Actor("x", Role.PUBLIC, source_code=own), asked) == source


def test_another_source_than_the_actors_is_refused() -> None:
    with pytest.raises(NotAllowedError, match="PUBLIC"):
        source_of(Actor("x", Role.PUBLIC, source_code="PUBLIC"), "VIDEO")
    with pytest.raises(RequestError, match="source"):
        source_of(OPERATOR, "")


@pytest.mark.parametrize(
    ("receipt", "status"),
    [
        (Receipt("1", 1, "report"), 201),
        (Receipt("1", 1, "report", repeated=True), 200),
        (Receipt("K1", -1, "report", candidate=True), 202),
        (Receipt("K1", -1, "report", candidate=True, repeated=True), 200),
        (Receipt("1", 2, "close"), 200),
    ],
)
def test_a_receipt_says_what_was_done(receipt: Receipt, status: int) -> None:
    assert receipt_status(receipt) == status
