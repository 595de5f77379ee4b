"""The desk where writes fail, or are told to have failed though they are on the disk."""

from threading import Event, Semaphore
from typing import Any

import duckdb
import pytest

from datastore.desk.desk import SETTLE_S, Desk
from datastore.desk.rows import GroupWriter
from datastore.errors import DeskError, StoreFullError
from datastore.log.seal import Seal
from datastore.log.tables import log_size
from datastore.store import Change, Store
from tests.desk_cases import OFFICE, assert_counted, assert_sound, report, settled, together
from twin_model.case import CaseStage
from twin_model.command import Command
from twin_model.workflow import Action


def stored(store: Store) -> tuple[int, int, int]:
    """Entries of the log, cases and refs that somebody who comes now finds."""
    with store.read() as cur:
        rows = cur.execute("SELECT (SELECT count(*) FROM cases), (SELECT count(*) FROM intake_ref)").fetchall()
        return (log_size(cur), *rows[0])


class Faulty:
    """Makes the next write of the desk fail after it has done its work."""

    def __init__(self, monkeypatch: pytest.MonkeyPatch, error: Exception) -> None:
        write, self.left = GroupWriter.write, 0

        def fail(writer, con, group):
            numbered = write(writer, con, group)
            if self.left:
                self.left -= 1
                raise error
            return numbered

        monkeypatch.setattr(GroupWriter, "write", fail)


@pytest.mark.parametrize(
    ("raised", "told", "said"),
    [
        (duckdb.IOException("Could not write file: No space left on device"), StoreFullError, "no room left"),
        (duckdb.TransactionException("write-write conflict"), DeskError, "nothing has changed: .*conflict"),
        (RuntimeError("a fault of the test"), RuntimeError, "a fault of the test"),
    ],
)
def test_a_write_that_fails_is_told_to_its_callers_and_to_nobody_else(
    desk: Desk, monkeypatch: pytest.MonkeyPatch, raised: Exception, told: type[Exception], said: str
) -> None:
    kept = desk.do(report(0)).case_no
    faulty = Faulty(monkeypatch, raised)
    before = stored(desk.store)
    faulty.left = 1
    answers = together(desk, report(1, ref="a"), Command(Action.ACCEPT, OFFICE, kept), report(0))
    assert all(isinstance(answer, told) for answer in answers)
    with pytest.raises(told, match=said):
        raise answers[0]
    assert stored(desk.store) == before
    assert desk.read(kept).file.stage is CaseStage.DISPATCHED
    again = together(desk, report(1, ref="a"), Command(Action.ACCEPT, OFFICE, kept), report(0))
    assert [answer.repeated for answer in again] == [False] * 3
    assert again[2].file.parent == kept
    desk.close()
    assert_sound(desk.store)
    assert_counted(desk.store)


def test_counting_that_fails_is_done_later_and_once(desk: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    settle = desk._trail.settle
    failed = Event()

    def fail(con, size, now) -> None:
        settle(con, size, now)
        if not failed.is_set():
            failed.set()
            raise duckdb.IOException("Could not write file: No space left on device")

    monkeypatch.setattr(desk._trail, "settle", fail)
    desk.do(report(0))
    assert failed.wait(60)
    settled(desk)
    assert_counted(desk.store)


def test_a_head_that_cannot_be_published_does_not_make_anything_count_twice(
    desk: Desk, monkeypatch: pytest.MonkeyPatch
) -> None:
    def fail(_seal, _cur) -> None:
        raise OSError("the directory is read only")

    with monkeypatch.context() as broken:
        broken.setattr(Seal, "settled", fail)
        desk.do(report(0))
        settled(desk)
        assert_counted(desk.store)
    desk.do(report(1))
    desk.close()
    assert_counted(desk.store)
    assert_sound(desk.store)


def test_a_desk_that_cannot_look_into_the_store_says_so_and_tries_again(
    desk: Desk, monkeypatch: pytest.MonkeyPatch
) -> None:
    faulty = Faulty(monkeypatch, duckdb.IOException("a fault of the test"))
    faulty.left = 1
    with monkeypatch.context() as broken:
        broken.setattr("datastore.desk.desk.open_clerk", _unreadable)
        for _ in range(2):
            with pytest.raises(DeskError, match="fault"):
                desk.do(report(0))
    assert desk.do(report(0)).file.stage is CaseStage.DISPATCHED


def test_a_desk_that_ends_in_doubt_of_its_log_signs_nothing_that_is_not_in_it(
    desk: Desk, monkeypatch: pytest.MonkeyPatch
) -> None:
    faulty = Faulty(monkeypatch, duckdb.IOException("a fault of the test"))
    desk.do(report(0))
    settled(desk)
    with monkeypatch.context() as broken:
        faulty.left = 1
        broken.setattr("datastore.desk.desk.open_clerk", _unreadable)
        with pytest.raises(DeskError, match="fault"):
            desk.do(report(1))
        desk.close()
    assert_sound(desk.store)
    assert_counted(desk.store)


def _unreadable(*_args: object, **_named: object) -> None:
    raise DeskError("a fault that lasts")


# ---- answers that were lost ----


class LostAnswer:
    """Commits one write of a kind, and then says that it could not."""

    def __init__(self, monkeypatch: pytest.MonkeyPatch, desk: Desk, kind: Change) -> None:
        self._write, self._kind = desk.store.write, kind
        self.happened = Event()
        monkeypatch.setattr(desk.store, "write", self._begin)

    def _begin(self, change: Change = Change.EVERYTHING) -> Any:
        writing = self._write(change)
        if change is not self._kind or self.happened.is_set():
            return writing
        return _Failing(writing, self.happened)


class _Failing:
    def __init__(self, writing: Any, happened: Event) -> None:
        self._writing, self._happened = writing, happened

    def __enter__(self) -> Any:
        return self._writing.__enter__()

    def __exit__(self, *raised: object) -> None:
        self._writing.__exit__(*raised)
        self._happened.set()
        raise duckdb.IOException("Could not write file: the answer was lost")


@pytest.mark.parametrize("kind", [Change.NOTHING, Change.FIGURES])
def test_a_write_that_is_durable_though_it_was_told_to_have_failed_is_counted_once(
    desk: Desk, monkeypatch: pytest.MonkeyPatch, kind: Change
) -> None:
    settled(desk)
    lost = LostAnswer(monkeypatch, desk, kind)
    told = desk.submit(report(0, ref="a")).exception(60)
    assert (told is None) is (kind is Change.FIGURES)
    assert lost.happened.wait(60)
    assert desk.do(report(0, ref="a")).repeated
    settled(desk)
    assert_counted(desk.store)
    desk.close()
    assert_sound(desk.store, signed=False)


def test_counting_that_keeps_failing_is_tried_ever_more_seldom_and_at_once_when_it_works_again(
    desk: Desk, monkeypatch: pytest.MonkeyPatch
) -> None:
    tries = Semaphore(0)

    def fail(*_told: Any) -> None:
        tries.release()
        raise duckdb.IOException("Could not write file: No space left on device")

    with monkeypatch.context() as broken:
        broken.setattr(desk._trail, "settle", fail)
        desk.do(report(1))
        assert all(tries.acquire(timeout=60) for _ in range(3))
        assert desk._settle_s >= 4 * SETTLE_S
    settled(desk)
    assert desk._settle_s == SETTLE_S
    assert_counted(desk.store)
