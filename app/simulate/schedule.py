"""What is to be done when: a queue of things by their simulated second, and the clock that it runs by."""

import heapq
import math
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Generic, TypeVar

T = TypeVar("T")


class Schedule(Generic[T]):
    """Things to do, the earliest first; of those due at one second, the one that was put first."""

    def __init__(self) -> None:
        self._waiting: list[tuple[float, int, T]] = []
        self._put = 0

    def __len__(self) -> int:
        """How many wait."""
        return len(self._waiting)

    def put(self, due_s: float, thing: T) -> None:
        """Have a thing done at a second.

        Raises
        ------
        ValueError
            If the second is no number.
        """
        if math.isnan(due_s):
            raise ValueError("a thing cannot be due at no time; give a number of seconds")
        heapq.heappush(self._waiting, (due_s, self._put, thing))
        self._put += 1

    def pop(self, now_s: float) -> T | None:
        """Take the next thing that is due, or None where nothing is."""
        if self._waiting and self._waiting[0][0] <= now_s:
            return heapq.heappop(self._waiting)[2]
        return None

    @property
    def next_s(self) -> float:
        """Second at which the next thing is due; infinity where nothing waits."""
        return self._waiting[0][0] if self._waiting else math.inf


@dataclass(frozen=True)
class CityClock:
    """The city's clock: it begins at a moment and goes so many times as fast as a real one.

    Parameters
    ----------
    begun_at : datetime
        Aware, in the city's zone.
    speed : float
        Simulated seconds to a real one, above 0.
    monotonic : function
        Gives real seconds since whenever.
    begun_s : float
        What it gave when the simulation began.
    """

    begun_at: datetime
    speed: float
    monotonic: Callable[[], float]
    begun_s: float

    def seconds(self) -> float:
        """Tell the simulated seconds since the beginning."""
        return (self.monotonic() - self.begun_s) * self.speed

    def real_s(self, simulated_s: float) -> float:
        """Real seconds that simulated ones take, not below 0."""
        return max(simulated_s, 0.0) / self.speed

    def moment(self, simulated_s: float) -> datetime:
        """Moment of the city's clock at a simulated second."""
        return self.begun_at + timedelta(seconds=simulated_s)

    def second_of(self, moment: datetime) -> float:
        """Tell the simulated second of an aware moment of the city's clock."""
        return (moment - self.begun_at).total_seconds()
