"""Alert rule: the areas where the last week brought clearly more cases than the weeks before."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta
from math import inf, sqrt

from twin_model.selection_node import TimeWindow

RECENT_DAYS = 7
BASE_DAYS = 28
MIN_RECENT = 10
MIN_RATIO = 1.3
MIN_Z = 3.0
"""Defaults of ours: at least ten cases in the week, 30 % above the base, and three standard errors, because several
hundred areas are looked at together and two would cry wolf."""


@dataclass(frozen=True)
class Rise:
    """One area that rises.

    Parameters
    ----------
    code : str
        Area code.
    recent : int
        Cases of the last `RECENT_DAYS` days.
    expected : float
        Cases that the `BASE_DAYS` days before lead to expect of as many days.
    z : float
        Distance from the expectation in standard errors of a Poisson count.
    """

    code: str
    recent: int
    expected: float
    z: float

    @property
    def ratio(self) -> float:
        """Recent cases per expected one; infinite where none was expected."""
        return self.recent / self.expected if self.expected else inf

    @property
    def is_new(self) -> bool:
        """Whether nothing was expected, so that no ratio tells the rise."""
        return not self.expected


def windows(as_of: datetime) -> tuple[TimeWindow, TimeWindow]:
    """Recent and base window at a moment: the base ends where the recent one starts.

    Parameters
    ----------
    as_of : datetime
        Aware.
    """
    split = as_of - timedelta(days=RECENT_DAYS)
    return TimeWindow(split, as_of), TimeWindow(split - timedelta(days=BASE_DAYS), split)


def rises(counts: Iterable[tuple[str, int, int]]) -> list[Rise]:
    """Areas whose recent count is clearly above their own base, the clearest first.

    The expectation is the base scaled to the recent window; its own uncertainty and the count's are both Poisson,
    so the standard error is ``sqrt(expected + expected * RECENT_DAYS / BASE_DAYS)``.

    Parameters
    ----------
    counts : iterable of (str, int, int)
        Area code, cases of the last `RECENT_DAYS` days, cases of the `BASE_DAYS` days before those.
    """
    found = []
    scale = RECENT_DAYS / BASE_DAYS
    for code, recent, base in counts:
        expected = base * scale
        error = sqrt(max(expected, 1.0) * (1 + scale))
        rise = Rise(code, recent, expected, (recent - expected) / error)
        if recent >= MIN_RECENT and rise.ratio >= MIN_RATIO and rise.z >= MIN_Z:
            found.append(rise)
    return sorted(found, key=lambda rise: (-rise.z, rise.code))
