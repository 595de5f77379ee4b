import threading
from collections import Counter
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

import pytest

from app.simulate.arrivals import PER_DAY, Arrivals
from app.simulate.errors import CityGoneError, StoppedError
from app.simulate.schedule import CityClock
from app.simulate.simulator import WORKERS, Course, Simulator
from app.simulate.tally import Tally
from app.simulate.task import Arrive, Decide, Look, Round, TakeUp

BEGUN = datetime(2026, 11, 26, 8, tzinfo=ZoneInfo("Asia/Shanghai"))


class Time:
    """A clock that goes on by a step with every look at it."""

    def __init__(self, step_s):
        self.step_s = step_s
        self.now_s = 0.0

    def __call__(self):
        self.now_s += self.step_s
        return self.now_s


class Work:
    """Remembers what it is given to do, and how many threads do it at once."""

    def __init__(self, then=lambda _task: ()):
        self.tasks = []
        self.then = then
        self.followed = 0
        self.world = type("World", (), {"now": staticmethod(lambda: BEGUN), "tally": Tally()})
        self._lock = threading.Lock()
        self._at_once = 0
        self.most = 0

    def do(self, task):
        with self._lock:
            self._at_once += 1
            self.most = max(self.most, self._at_once)
            self.tasks.append(task)
        try:
            return self.then(task)
        finally:
            with self._lock:
                self._at_once -= 1


def run(work, hours=2.0, step_s=2.0, stop=None, seed=1, **more):
    lines = []
    clock = CityClock(BEGUN, 1.0, Time(step_s), 0.0)
    told = {"until_s": hours * 3600, "is_over": lambda: False, "say": lines.append, "glance_s": 0.001} | more
    stop = stop or threading.Event()
    Simulator(work, Course(seed, Arrivals(), clock, **told), stop).run()
    assert stop.is_set()
    return lines


def test_reports_of_every_source_come_as_often_as_they_should():
    work = Work()
    run(work)
    came = Counter(task.source for task in work.tasks if isinstance(task, Arrive))
    for source in PER_DAY:
        expected = Arrivals().expected(source, BEGUN, 2)
        assert abs(came[source] - expected) <= 5 * expected**0.5 + 1
    numbers = [task.number for task in work.tasks if isinstance(task, Arrive) and task.source == "COLLECTOR"]
    assert sorted(numbers) == list(range(1, len(numbers) + 1))


def test_the_same_seed_gives_the_same_arrivals():
    def arrivals(seed):
        work = Work()
        run(work, 1.0, seed=seed)
        return {(task.source, task.number, task.moment) for task in work.tasks if isinstance(task, Arrive)}

    first, again, other = arrivals(1), arrivals(1), arrivals(2)
    both = min(len(first), len(again))  # the clock is read as often as threads are quick, so the end may differ
    assert len(first & again) >= both - 3
    assert len(first & other) < 3


def test_the_round_of_duties_begins_by_itself():
    work = Work()
    run(work, 0.5)
    assert {type(task) for task in work.tasks} >= {TakeUp, Decide, Round}


def test_what_follows_is_done_when_it_is_due():
    work = Work(lambda task: [(600.0, Look(None))] if isinstance(task, TakeUp) else ())
    run(work, 0.1)
    assert Look(None) not in work.tasks
    work = Work(lambda task: [(600.0, Look(None))] if isinstance(task, TakeUp) else ())
    run(work, 0.5)
    assert work.tasks.count(Look(None)) == 1


def test_no_more_is_under_way_at_once_than_there_are_threads():
    gate = threading.Barrier(WORKERS)
    together = threading.Event()

    def meet(_task):
        if not together.is_set():
            gate.wait(20)
            together.set()
        return ()

    work = Work(meet)
    run(work, 1.0, step_s=30.0)
    assert work.most == WORKERS


def test_it_ends_when_it_is_told_to():
    work, stop = Work(), threading.Event()
    work.then = lambda _task: stop.set() or ()
    run(work, hours=1e9, stop=stop)
    looks = iter([False] * 5)
    run(Work(), hours=1e9, is_over=lambda: next(looks, True))


def test_a_stop_while_a_task_waits_is_no_fault():
    stop = threading.Event()

    def stopped(_task):
        stop.set()
        raise StoppedError("stopped")

    run(Work(stopped), hours=1e9, stop=stop)


def test_a_city_that_is_gone_ends_it():
    def gone(_task):
        raise CityGoneError("gone")

    with pytest.raises(CityGoneError):
        run(Work(gone))


def test_the_state_is_told_every_minute():
    lines = run(Work(), 0.25)
    assert 5 < len(lines) < 16
    assert lines[0].startswith((BEGUN + timedelta(minutes=1)).strftime("%m-%d %H:%M"))
    assert "0 cases followed" in lines[0]
