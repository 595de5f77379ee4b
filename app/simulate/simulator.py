"""The simulation: lets time go by, and has what is due done by a few threads."""

import queue
import threading
from collections.abc import Callable, Iterable
from concurrent.futures import Future, ThreadPoolExecutor
from dataclasses import dataclass

from app.simulate.arrivals import PER_DAY, Arrivals
from app.simulate.chance import chance
from app.simulate.errors import StoppedError
from app.simulate.schedule import CityClock, Schedule
from app.simulate.task import Arrive, Decide, Planned, Round, TakeUp, Task, Tell
from app.simulate.work import DECIDE_S, ROUND_S, Work

WORKERS = 4
"""Requests under way at once: more would not make the day more believable."""
GLANCE_S = 0.5
TELL_S = 60.0
"""Real seconds between two lines about the state."""


@dataclass(frozen=True)
class Course:
    """How a simulation runs.

    Parameters
    ----------
    seed : int
    arrivals : Arrivals
    clock : CityClock
    until_s : float
        Simulated second at which it ends; may be infinite.
    is_over : function
        Whether to end for another reason, such as that whoever started it is gone.
    say : function
        Told the state.
    glance_s : float
        Longest real time between two looks at whether to go on.
    """

    seed: int
    arrivals: Arrivals
    clock: CityClock
    until_s: float
    is_over: Callable[[], bool]
    say: Callable[[str], object]
    glance_s: float = GLANCE_S


class Simulator:
    """One simulation.

    Parameters
    ----------
    work : Work
        Does things.
    course : Course
    stop : threading.Event
        Ends it, whoever sets it; it is set at the end.
    """

    def __init__(self, work: Work, course: Course, stop: threading.Event) -> None:
        self._work = work
        self._course = course
        self._stop = stop
        self._schedule: Schedule[Task] = Schedule()
        self._done: queue.Queue[Future[Iterable[Planned]]] = queue.Queue()
        self._under_way = 0

    def run(self) -> None:
        """Run until it is over or stopped.

        Raises
        ------
        SimulateError
            If the city is gone.
        """
        self._begin()
        pool = ThreadPoolExecutor(WORKERS, thread_name_prefix="simulate")
        try:
            while not self._is_over():
                self._hand_out(pool)
                self._take_in()
        finally:
            self._stop.set()
            pool.shutdown(cancel_futures=True)

    def _is_over(self) -> bool:
        course = self._course
        return self._stop.is_set() or course.clock.seconds() >= course.until_s or course.is_over()

    def _begin(self) -> None:
        clock = self._course.clock
        for source in PER_DAY:
            self._put_arrival(Arrive(source, 0, clock.begun_at))
        self._schedule.put(0.0, TakeUp(0))
        self._schedule.put(DECIDE_S, Decide())
        self._schedule.put(ROUND_S * clock.speed, Round(self._work.world.now()))
        self._schedule.put(TELL_S * clock.speed, Tell())

    def _put_arrival(self, before: Arrive) -> None:
        """Schedule the report that follows another one of its source."""
        course, number = self._course, before.number + 1
        random = chance(course.seed, "arrival", before.source, number)
        moment = course.arrivals.next_after(before.source, before.moment, random)
        self._schedule.put(course.clock.second_of(moment), Arrive(before.source, number, moment))

    def _hand_out(self, pool: ThreadPoolExecutor) -> None:
        """Give threads what is due, as many things as there are threads."""
        while self._under_way < WORKERS:
            task = self._schedule.pop(self._course.clock.seconds())
            if task is None:
                return
            if isinstance(task, Tell):
                self._tell()
                continue
            if isinstance(task, Arrive):
                self._put_arrival(task)
            self._under_way += 1
            pool.submit(self._work.do, task).add_done_callback(self._done.put)

    def _take_in(self) -> None:
        """Wait for something that was done, or until something is due; note what follows."""
        clock, pause = self._course.clock, self._course.glance_s
        if self._under_way < WORKERS:
            pause = min(clock.real_s(self._schedule.next_s - clock.seconds()), pause)
        try:
            done = self._done.get(timeout=pause)
        except queue.Empty:
            return
        self._under_way -= 1
        try:
            planned = done.result()
        except StoppedError:
            return
        now = clock.seconds()
        for after_s, task in planned:
            self._schedule.put(now + after_s, task)

    def _tell(self) -> None:
        course = self._course
        now = course.clock.seconds()
        following = f"{self._work.followed:,} cases followed"
        course.say(f"{course.clock.moment(now):%m-%d %H:%M} {self._work.world.tally.line()}, {following}")
        self._schedule.put(now + TELL_S * course.clock.speed, Tell())
