"""How far the demo's cases have come: stage, times of the loop, and deadlines."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from twin_model.case import CaseStage
from twin_model.demo.case_times import DAY_S, HISTORY_DAYS

Seconds = NDArray[np.int64]
Floats = NDArray[np.float64]

NEVER = np.int64(-1)
"""Second of what has not happened."""

END_S = HISTORY_DAYS * DAY_S
"""The end of the history, in seconds since its beginning; nothing happens at it or after it."""

_VOID_SHARE, _DUPLICATE_SHARE = 0.02, 0.03
"""Parts of the cases that are not closed."""

_LATE_SHARE = 0.135
"""About how many closed cases were closed after their deadline."""

_LONGEST_MEAN_EXTENSION_DAYS = 30.0

_MEAN_OVERDUE_DAYS = 5.0

_FILE_MINUTES = {"COLLECTOR": 4.0, "ASSESSMENT": 12.0, "SATELLITE": 90.0, "VIDEO": 2.0, "DATA_IOT": 0.5}
"""Median minutes from report to file."""


@dataclass(frozen=True)
class Loop:
    """Stage and times of cases.

    Attributes
    ----------
    stage
        (n,) uint8, `CaseStage`.
    filed, dispatched, handled, closed, deadline
        (n,) int64, seconds since the beginning of the history, `NEVER` where it has not happened.
    """

    stage: NDArray[np.uint8]
    filed: Seconds
    dispatched: Seconds
    handled: Seconds
    closed: Seconds
    deadline: Seconds


@dataclass(frozen=True)
class Pace:
    """What decides how fast cases move.

    Attributes
    ----------
    limit_s
        (n,) float64, seconds from filing to the deadline.
    file_minutes
        (n,) float64, median minutes from report to filing.
    slowness
        (n,) float64, around 1: how much more often than usual this unit and class are late or still open.
    """

    limit_s: Floats
    file_minutes: Floats
    slowness: Floats


def draw_loop(reported: Seconds, pace: Pace, closed: int, rng: np.random.Generator) -> Loop:
    """Draw how far each case has come; exactly ``closed`` of them are closed.

    Parameters
    ----------
    reported : (n,) int64
        Seconds since the beginning of the history.
    pace : Pace
    closed : int
    rng : numpy.random.Generator
    """
    n = len(reported)
    filed = reported + 1 + (pace.file_minutes * 60 * rng.lognormal(0.0, 0.8, n)).astype(np.int64)
    dispatched = filed + 1 + (120 * rng.lognormal(0.0, 0.9, n)).astype(np.int64)
    is_closed = _choose_closed(reported, dispatched, pace, closed, rng)
    stage = np.full(n, CaseStage.CLOSED, np.uint8)
    age = END_S - reported[~is_closed]
    stage[~is_closed] = _open_stages(age, rng)
    deadline = filed + pace.limit_s.astype(np.int64)
    deadline[~is_closed] = _extended(deadline[~is_closed], age, pace.limit_s[~is_closed], rng)
    handled, closed_at = _finish(dispatched, filed, pace, rng)
    # A case that would end in the future ends somewhere between its dispatch and the end of the history.
    excess = closed_at >= END_S
    room = np.maximum(END_S - 1 - dispatched, 1)
    closed_at = np.where(excess, dispatched + 1 + (rng.random(n) * (room - 1)).astype(np.int64), closed_at)
    handled = np.where(excess, (dispatched + closed_at) // 2, handled)
    return _cut(Loop(stage, filed, dispatched, handled, closed_at, deadline))


def file_minutes(source: str) -> float:
    """Tell the median minutes from report to filing of a source."""
    return _FILE_MINUTES[source]


def _choose_closed(
    reported: Seconds, dispatched: Seconds, pace: Pace, closed: int, rng: np.random.Generator
) -> NDArray[np.bool_]:
    """Choose the closed cases: the older and the easier, the likelier; a tail of old hard cases stays open."""
    age_d = (END_S - reported) / DAY_S
    fresh = np.exp(-age_d * DAY_S / (0.6 * pace.limit_s + 4 * 3600))
    still_open = 0.95 * fresh + (0.055 + 0.16 * np.exp(-age_d / 40) + 0.06 * np.exp(-age_d / 240)) * (1 - fresh)
    hardness = pace.slowness * (0.5 + 0.9 * np.minimum(pace.limit_s / (72 * 3600.0), 3.0))
    rate = -np.log1p(-np.minimum(still_open, 0.999)) * hardness
    # An exponential race: the first to ring, n - closed of them, stay open. What cannot be closed yet rings at once.
    ring = rng.standard_exponential(len(reported)) / rate
    ring[dispatched >= END_S - 2] = -1.0
    order = np.argsort(ring, kind="stable")
    is_closed = np.zeros(len(reported), np.bool_)
    is_closed[order[len(reported) - closed :]] = True
    return is_closed


def _open_stages(age_s: Seconds, rng: np.random.Generator) -> NDArray[np.uint8]:
    """Stages of the cases that are not closed: the youngest wait to be filed, most others are being handled."""
    n = len(age_s)
    stages = np.array(
        [CaseStage.REPORTED, CaseStage.FILED, CaseStage.DISPATCHED, CaseStage.HANDLING, CaseStage.FEEDBACK,
         CaseStage.CHECKING],
        np.uint8,
    )  # fmt: skip
    cumulative = np.cumsum(
        [[0.20, 0.15, 0.25, 0.30, 0.05, 0.05], [0.005, 0.015, 0.18, 0.57, 0.10, 0.13], [0, 0, 0.04, 0.78, 0.07, 0.11]],
        axis=1,
    )
    group = (age_s > 3 * 3600).astype(np.int64) + (age_s > 7 * DAY_S)
    stage: NDArray[np.uint8] = stages[
        np.minimum((rng.random(n)[:, None] >= cumulative[group]).sum(axis=1), len(stages) - 1)
    ]
    ended = rng.permutation(n)
    void, duplicate = round(_VOID_SHARE * n), round(_DUPLICATE_SHARE * n)
    stage[ended[:void]] = CaseStage.VOID
    stage[ended[void : void + duplicate]] = CaseStage.DUPLICATE
    return stage


def _extended(natural: Seconds, age_s: Seconds, limit_s: Floats, rng: np.random.Generator) -> Seconds:
    """Deadlines of open cases: what passed was extended by whole days (延期); some extensions have lapsed."""
    n = len(natural)
    passed_days = np.maximum(END_S - natural, 0) // DAY_S
    # An extension is in proportion to the case: a day or two for a fresh one, weeks for one that is months old.
    mean_days = np.minimum((0.3 * age_s + 0.5 * limit_s) / DAY_S, _LONGEST_MEAN_EXTENSION_DAYS)
    granted = passed_days + 1 + (mean_days * rng.standard_exponential(n)).astype(np.int64)
    lapsed = np.maximum(passed_days - rng.exponential(_MEAN_OVERDUE_DAYS, n).astype(np.int64), 0)
    late = rng.random(n) < np.where(age_s < 10 * DAY_S, 0.16, 0.025)
    days = np.where(natural < END_S, np.where(late, lapsed, granted), 0)
    return np.asarray(natural + days * DAY_S, np.int64)


def _finish(dispatched: Seconds, filed: Seconds, pace: Pace, rng: np.random.Generator) -> tuple[Seconds, Seconds]:
    """When a case is handled and closed if nothing cuts it short."""
    n = len(filed)
    late = rng.random(n) < np.clip(_LATE_SHARE * pace.slowness, 0.01, 0.6)
    # A Kumaraswamy variate: most cases take a third to two thirds of their limit.
    used = (1 - (1 - rng.random(n)) ** (1 / 2.2)) ** (1 / 1.6)
    used = np.where(late, 1.02 + rng.exponential(0.6, n), 0.03 + 0.95 * used)
    closed = filed + (used * pace.limit_s).astype(np.int64)
    # Nobody checks a street at night: what would end between 22 and 7 ended nine hours earlier, where that is possible.
    hour = closed % DAY_S // 3600
    night = ((hour >= 22) | (hour < 7)) & (closed - dispatched > 12 * 3600)  # noqa: PLR2004 - hours of the local day
    closed = np.maximum(closed - night * 9 * 3600, dispatched + 2)
    return dispatched + ((closed - dispatched) * (0.7 + 0.25 * rng.random(n))).astype(np.int64), closed


def _cut(loop: Loop) -> Loop:
    """Forget what lies beyond a case's stage; step a case back whose step would lie in the future."""
    stage = loop.stage.copy()
    is_open = stage < CaseStage.CLOSED
    stage[is_open & (stage >= CaseStage.FEEDBACK) & (loop.handled >= END_S)] = CaseStage.HANDLING
    stage[is_open & (stage >= CaseStage.DISPATCHED) & (loop.dispatched >= END_S)] = CaseStage.FILED
    stage[is_open & (stage >= CaseStage.FILED) & (loop.filed >= END_S)] = CaseStage.REPORTED

    def reached(first: CaseStage, second: Seconds) -> Seconds:
        return np.where((stage >= first) & (stage <= CaseStage.CLOSED), second, NEVER)

    return Loop(
        stage,
        reached(CaseStage.FILED, loop.filed),
        reached(CaseStage.DISPATCHED, loop.dispatched),
        reached(CaseStage.FEEDBACK, loop.handled),
        reached(CaseStage.CLOSED, loop.closed),
        reached(CaseStage.FILED, loop.deadline),
    )
