"""Mix of the demo's cases: counts by source as published, classes by source, and the year's rhythm by class.

The totals are published; everything else here is invented so that a page looks believable.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from twin_model.case_class import CaseClass
from twin_model.demo.plan import PUBLISHED_CASES

REPORTED_BY_SOURCE: Mapping[str, int] = {
    "COLLECTOR": 1_724_904,
    "ASSESSMENT": 311_213,
    "SATELLITE": 1_505,
    "VIDEO": 1_583,
    "DATA_IOT": 1_347,
}
"""Cases reported by source, as published; sums to `PUBLISHED_CASES`."""

PUBLISHED_CLOSED = 1_857_530
"""Cases closed, as published."""

_OTHER_COMPONENT = 0.35
_OTHER_EVENT = 1.0
_WEIGHTS: Mapping[str, float] = {
    "E0101": 12, "E0102": 120, "E0103": 55, "E0104": 95, "E0105": 8, "E0106": 45, "E0107": 6, "E0108": 28,
    "E0109": 8, "E0110": 38, "E0112": 14, "E0113": 6, "E0114": 2, "E0115": 2.5, "E0116": 2, "E0118": 5,
    "E0201": 105, "E0202": 22, "E0203": 14, "E0204": 6, "E0205": 9,
    "E0301": 5, "E0302": 9, "E0303": 10, "E0304": 2, "E0305": 7, "E0306": 3,
    "E0401": 1.2, "E0403": 0.1, "E0404": 6, "E0405": 0.6, "E0406": 5, "E0407": 4, "E0408": 4,
    "E0501": 30, "E0502": 2, "E0503": 4, "E0504": 34, "E0505": 48, "E0506": 75, "E0507": 62, "E0508": 4,
    "E0509": 9, "E0510": 3, "E0511": 13, "E0601": 5,
    "C0101": 11, "C0102": 13, "C0103": 12, "C0104": 14, "C0105": 6, "C0106": 3, "C0107": 10, "C0108": 3, "C0109": 4,
    "C0110": 3, "C0111": 3, "C0114": 2, "C0115": 3, "C0117": 4, "C0118": 8, "C0126": 4,
    "C0203": 3, "C0209": 6, "C0210": 2, "C0211": 12, "C0213": 2, "C0301": 3, "C0305": 12, "C0307": 8,
    "C0402": 14, "C0403": 5, "C0405": 16, "C0407": 2, "C0408": 6, "C0501": 4,
}  # fmt: skip
"""Relative number of cases by class, as people on patrol report them."""

_ASSESSMENT_FACTORS: Mapping[str, float] = {
    "E0102": 1.3, "E0103": 1.4, "E0110": 1.5, "E0113": 2, "E0201": 1.2, "E0504": 1.3, "E0505": 0.5, "E0506": 0.6,
    "C0301": 3, "C0305": 2, "C0405": 1.6,
}  # fmt: skip
"""How assessment rounds differ from patrols."""

_MACHINE_WEIGHTS: Mapping[str, Mapping[str, float]] = {
    "SATELLITE": {"E0101": 45, "E0103": 25, "E0105": 8, "E0302": 12, "E0303": 8, "E0117": 2},
    "VIDEO": {
        "E0102": 18, "E0501": 16, "E0504": 15, "E0505": 22, "E0506": 14, "E0406": 5, "E0112": 4, "E0306": 4,
        "E0508": 2,
    },
    "DATA_IOT": {
        "C0101": 9, "C0102": 11, "C0103": 12, "C0107": 5, "C0110": 4, "C0111": 5, "C0113": 6, "C0118": 14, "C0210": 6,
        "E0402": 4, "E0404": 6, "E0406": 10, "E0302": 8,
    },
}  # fmt: skip
"""What machines can see: the only classes of these sources."""


SPREAD: Mapping[str, str] = {
    **dict.fromkeys(("E0106", "E0109", "C0402", "C0403", "C0405", "C0407", "C0408"), "green"),
    **dict.fromkeys(("E0105", "E0111", "E0114", "C0603", "C0604", "C0606"), "water"),
    **dict.fromkeys(("E0103", "E0301", "E0302", "E0303", "E0304", "E0305", "E0306", "C0602"), "site"),
    **dict.fromkeys(
        ("E0118", "E0201", "E0203", "E0204", "E0205", "E0501", "E0504", "E0505", "E0506", "E0508", "E0510"), "commerce"
    ),
    **dict.fromkeys(("E0101", "E0107", "E0115", "E0117"), "village"),
}
"""How a class spreads over the cells (see `case_places.PROFILES`); the others spread generally."""


@dataclass(frozen=True)
class Season:
    """A yearly rhythm: a factor proportional to ``exp(strength · cos)`` around its peak, with mean 1.

    Attributes
    ----------
    peak_day
        Day of the year of the peak, 1 to 365.
    strength
        0 is flat.
    """

    peak_day: int
    strength: float

    @property
    def peak_factor(self) -> float:
        """Factor on the peak day, relative to the year's mean."""
        return float(np.exp(self.strength) / np.i0(self.strength))

    def factor(self, day_of_year: NDArray[np.int64]) -> NDArray[np.float64]:
        """Factor by day of the year, relative to the year's mean."""
        angle = 2 * np.pi * (day_of_year - self.peak_day) / 365.25
        return np.asarray(np.exp(self.strength * np.cos(angle)) / np.i0(self.strength), np.float64)


MILD_SEASON = Season(200, 0.12)
"""More people, and more cases, on summer streets."""

SEASONS: Mapping[str, Season] = {
    "E0407": Season(15, 6.0),
    "E0406": Season(205, 2.8),
    "E0508": Season(200, 2.0),
    "E0115": Season(320, 1.8),
    "E0405": Season(10, 1.8),
    "E0105": Season(215, 1.0),
    "C0110": Season(5, 1.0),
    "E0302": Season(110, 0.7),
    "E0118": Season(190, 0.6),
    "E0501": Season(200, 0.5),
    "C0402": Season(200, 0.5),
    "C0405": Season(180, 0.5),
    "E0106": Season(220, 0.4),
    "E0104": Season(320, 0.35),
    "E0506": Season(195, 0.35),
    "E0110": Season(85, 0.3),
    "E0102": Season(200, 0.25),
}
"""Classes with a rhythm of their own."""


def cases_by_source(total: int) -> dict[str, int]:
    """Split a number of cases over the sources in the published proportions.

    Returns
    -------
    dict
        Count by source code; sums to ``total``.
    """
    counts = largest_remainder(total, list(REPORTED_BY_SOURCE.values()))
    return dict(zip(REPORTED_BY_SOURCE, counts.tolist(), strict=True))


def closed_of(total: int) -> int:
    """Tell how many of a number of cases are closed, in the published proportion."""
    return int(largest_remainder(total, [PUBLISHED_CLOSED, PUBLISHED_CASES - PUBLISHED_CLOSED])[0])


def largest_remainder(total: int, weights: Sequence[int]) -> NDArray[np.int64]:
    """Split a total in proportion to whole weights, exactly (Hamilton's method; ties go to the first)."""
    whole = sum(weights)
    shares = np.array([total * weight // whole for weight in weights], np.int64)
    remainders = np.array([total * weight % whole for weight in weights], np.int64)
    shares[np.argsort(-remainders, kind="stable")[: total - int(shares.sum())]] += 1
    return shares


def class_shares(source: str, classes: Sequence[CaseClass]) -> NDArray[np.float64]:
    """Give the share of each class in a source's cases.

    Parameters
    ----------
    source : str
        Code of a source in `REPORTED_BY_SOURCE`.
    classes : sequence of CaseClass
        Ordered by ``class_id``.

    Returns
    -------
    (n,) float64
        By ``class_id``; sums to 1.
    """
    machine = _MACHINE_WEIGHTS.get(source)
    if machine is not None:
        weights = np.array([machine.get(row.code, 0.0) for row in classes])
    else:
        other = {"component": _OTHER_COMPONENT, "event": _OTHER_EVENT, "other": 0.0}
        weights = np.array([_WEIGHTS.get(row.code, other[row.kind]) for row in classes], np.float64)
        if source == "ASSESSMENT":
            weights *= np.array([_ASSESSMENT_FACTORS.get(row.code, 1.0) for row in classes])
    return np.asarray(weights / weights.sum(), np.float64)
