"""The desk where writes fail, or are told to have failed though they are on the disk."""

from threading import Event, Semaphore
from typing import Any

import duckdb
import pytest

from datastore.desk.desk import SETTLE_S, Desk
from datastore.store import Change
from tests.desk_cases import assert_counted, assert_sound, report, settled


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
