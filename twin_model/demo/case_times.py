"""When the demo's cases are reported: days by season, trend, weekday and holiday; hours by source."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta

import numpy as np
from numpy.typing import NDArray

from twin_model.case_class import CaseClass
from twin_model.demo.case_mix import MILD_SEASON, SEASONS, cases_by_source, class_shares
from twin_model.demo.plan import DemoPlan
from twin_model.demo.planted import Pattern

HISTORY_DAYS = 730
"""Days of history before the build day."""

UTC_OFFSET_S = 8 * 3600
"""China Standard Time, without summer time since 1991."""

DAY_S = 86_400

WEEKDAYS: Mapping[str, tuple[float, ...]] = {
    "COLLECTOR": (1.08, 1.06, 1.05, 1.04, 1.03, 0.88, 0.80),
    "ASSESSMENT": (1.15, 1.3, 1.3, 1.3, 1.1, 0.25, 0.15),
    "SATELLITE": (1, 1, 1, 1, 1, 1, 1),
    "VIDEO": (1, 1, 1, 1, 1.1, 1.15, 1.1),
    "DATA_IOT": (1, 1, 1, 1, 1, 1, 1),
}
"""Factor by weekday, Monday first."""

HOURS: Mapping[str, tuple[float, ...]] = {
    "COLLECTOR": (
        0.02, 0.01, 0.01, 0.01, 0.03, 0.1, 1, 5, 9, 12, 12.5, 9, 4, 6, 10.5, 11, 9.5, 5.5, 2.5, 1.5, 0.8, 0.3, 0.1,
        0.04,
    ),
    "ASSESSMENT": (0, 0, 0, 0, 0, 0, 0, 0.2, 5, 13, 15, 10, 1.5, 7, 14, 14, 10, 3, 0.5, 0.1, 0, 0, 0, 0),
    "SATELLITE": (0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 1, 1, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0),
    "VIDEO": (1, 0.8, 0.6, 0.5, 0.8, 1.5, 3, 5, 6, 5.5, 5, 5, 5, 4.5, 5, 5, 5.5, 7, 8, 8.5, 7.5, 5, 3, 1.8),
    "DATA_IOT": (
        3.6, 3.5, 3.5, 3.5, 3.6, 3.9, 4.4, 4.7, 4.7, 4.5, 4.4, 4.3, 4.3, 4.3, 4.3, 4.3, 4.4, 4.6, 4.7, 4.5, 4.2, 4,
        3.8, 3.7,
    ),
}  # fmt: skip
"""Relative number of cases by hour of the local day."""

_SPRING_FESTIVALS = (
    date(2022, 2, 1), date(2023, 1, 22), date(2024, 2, 10), date(2025, 1, 29), date(2026, 2, 17), date(2027, 2, 6),
    date(2028, 1, 26), date(2029, 2, 13), date(2030, 2, 3), date(2031, 1, 23), date(2032, 2, 11),
)  # fmt: skip
"""First days of lunar years; beyond them the demo knows no Spring Festival."""

_SATELLITE_PERIOD_DAYS = 16
"""Days between passes that yield a picture of the whole district."""


@dataclass(frozen=True)
class Reports:
    """Cases as reported, ordered by time.

    Attributes
    ----------
    source_id
        (n,) uint8.
    class_id
        (n,) int16.
    second
        (n,) int64, seconds since the local midnight that begins the history.
    """

    source_id: NDArray[np.uint8]
    class_id: NDArray[np.int16]
    second: NDArray[np.int64]


def history_days(anchor_day: date) -> NDArray[np.datetime64]:
    """Local days of the history, (730,) datetime64[D], oldest first."""
    return np.datetime64(anchor_day, "D") - np.arange(HISTORY_DAYS, 0, -1)


def history_start_s(anchor_day: date) -> int:
    """UTC seconds since 1970 of the local midnight that begins the history."""
    first = anchor_day - timedelta(days=HISTORY_DAYS)
    return int(datetime(first.year, first.month, first.day, tzinfo=UTC).timestamp()) - UTC_OFFSET_S


def draw_reports(
    plan: DemoPlan,
    classes: Sequence[CaseClass],
    source_ids: Mapping[str, int],
    patterns: Sequence[Pattern],
    rng: np.random.Generator,
) -> Reports:
    """Draw source, class and time of every case; the number by source is exact.

    Parameters
    ----------
    plan : DemoPlan
    classes : sequence of CaseClass
        Ordered by ``class_id``.
    source_ids : mapping of str to int
        Stored key by source code.
    patterns : sequence of Pattern
        Those of the whole district shape the days; the others are left to the places.
    rng : numpy.random.Generator
    """
    days = history_days(plan.anchor_day)
    noise = rng.lognormal(0.0, 0.06, len(days))
    by_class = np.stack([_class_days(row.code, days, patterns) for row in classes]) * noise
    blocks: list[tuple[NDArray[np.uint8], NDArray[np.int16], NDArray[np.int64]]] = []
    for source, total in cases_by_source(plan.cases).items():
        by_day = by_class * _source_days(source, days, rng)
        by_day /= by_day.sum(axis=1, keepdims=True)
        counts = rng.multinomial(rng.multinomial(total, class_shares(source, classes)), by_day)
        cells = np.repeat(np.arange(counts.size), counts.ravel())
        class_id, day = np.divmod(cells, len(days))
        second = day * DAY_S + _seconds(source, day, rng)
        blocks.append((np.full(total, source_ids[source], np.uint8), class_id.astype(np.int16), second))
    source_id, class_ids, second = (np.concatenate(column) for column in zip(*blocks, strict=True))
    order = np.argsort(second, kind="stable")
    return Reports(source_id[order], class_ids[order], second[order])


def _class_days(code: str, days: NDArray[np.datetime64], patterns: Sequence[Pattern]) -> NDArray[np.float64]:
    """Factor by day of a class: its season, and the trends and shocks planted in the whole district."""
    day_of_year = (days - days.astype("datetime64[Y]")).astype(np.int64) + 1
    factor = SEASONS.get(code, MILD_SEASON).factor(day_of_year)
    for pattern in patterns:
        if pattern.class_code == code and pattern.districtwide and pattern.kind != "seasonality":
            factor *= pattern.factor(days)
    return factor


def _source_days(source: str, days: NDArray[np.datetime64], rng: np.random.Generator) -> NDArray[np.float64]:
    """Factor by day of a source: weekday, holidays, and passes of the satellite."""
    weekday = (days.astype(np.int64) + 3) % 7  # 1970-01-01 was a Thursday
    factor = np.array(WEEKDAYS[source], np.float64)[weekday]
    if source in ("COLLECTOR", "ASSESSMENT"):
        factor *= _holidays(days)
    if source == "SATELLITE":
        passes = np.zeros(len(days))
        passes[int(rng.integers(_SATELLITE_PERIOD_DAYS)) :: _SATELLITE_PERIOD_DAYS] = 1.0
        factor *= passes * rng.lognormal(0.0, 0.5, len(days))
    return factor


def _holidays(days: NDArray[np.datetime64]) -> NDArray[np.float64]:
    factor = np.ones(len(days))
    month = days.astype("datetime64[M]")
    month_of_year, day = month.astype(np.int64) % 12 + 1, (days - month).astype(np.int64) + 1
    factor[(month_of_year == 10) & (day <= 7)] = 0.72  # noqa: PLR2004 - National Day week
    factor[(month_of_year == 5) & (day <= 5)] = 0.8  # noqa: PLR2004 - Labour Day
    for festival in _SPRING_FESTIVALS:
        after = (days - np.datetime64(festival)).astype(np.int64)
        factor[(after >= -1) & (after < 7)] = 0.45  # noqa: PLR2004 - the holiday week
    return factor


def _seconds(source: str, day: NDArray[np.int64], rng: np.random.Generator) -> NDArray[np.int64]:
    """Second of the local day; the finds of one satellite pass come in within minutes."""
    if source == "SATELLITE":
        start = rng.integers(10 * 3600, 11 * 3600, HISTORY_DAYS)
        return np.asarray(start[day] + rng.integers(0, 900, len(day)), np.int64)
    edges = np.concatenate([[0.0], np.cumsum(HOURS[source])])
    hours = np.interp(rng.random(len(day)) * edges[-1], edges, np.arange(25.0))
    return np.minimum(np.asarray(hours * 3600, np.int64), DAY_S - 1)
