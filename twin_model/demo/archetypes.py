"""How a block is built up: slab rows, towers, offices, campus, courtyards, sheds; and which setting has which."""

from dataclasses import dataclass
from enum import IntEnum

import numpy as np
from numpy.typing import NDArray

from twin_model.demo.outline import to_metres
from twin_model.demo.setting import Setting, setting_of

Range = tuple[float, float]


class Kind(IntEnum):
    """Archetype of a block."""

    SLABS = 0
    HIGH_SLABS = 1
    TOWERS = 2
    OFFICES = 3
    TECH_PARK = 4
    CAMPUS = 5
    CIVIC = 6
    INDUSTRY = 7
    VILLAGE = 8
    VILLAS = 9
    GREEN = 10


@dataclass(frozen=True)
class Archetype:
    """Measures of a block's buildings; lengths in metres.

    Attributes
    ----------
    use
        Use of most buildings.
    storey_m
        Height of a storey.
    length, depth, wing
        Range of the footprint's sides and of the thickness of its wings.
    gap_x, gap_y
        Range of the space between neighbours; ``sun`` times the height is added to ``gap_y``.
    height
        Range of heights; ``skew`` above 1 makes tall ones rare.
    empty
        Share of places that stay empty.
    shapes
        Weight of each `Shape`.
    """

    use: str
    storey_m: float
    length: Range
    depth: Range
    wing: Range
    gap_x: Range
    gap_y: Range
    sun: float
    height: Range
    skew: float
    empty: float
    shapes: tuple[float, ...]


ARCHETYPES: dict[Kind, Archetype] = {
    Kind.SLABS: Archetype("residential", 2.9, (34, 74), (11, 13.5), (9, 11), (5, 9), (5, 9), 0.52, (14.5, 20.3), 1.0,
                          0.06, (0.74, 0.04, 0.0, 0.22, 0, 0, 0)),
    Kind.HIGH_SLABS: Archetype("residential", 2.9, (30, 58), (14, 17), (11, 13), (9, 16), (10, 16), 0.32, (26, 84), 1.3,
                               0.06, (0.42, 0.0, 0.12, 0.36, 0, 0.10, 0)),
    Kind.TOWERS: Archetype("residential", 2.9, (23, 31), (21, 28), (9, 12), (12, 19), (14, 22), 0.14, (44, 92), 1.2,
                           0.07, (0.2, 0, 0.12, 0, 0, 0.26, 0.42)),
    Kind.OFFICES: Archetype("commercial", 4.0, (36, 66), (26, 42), (15, 19), (9, 14), (10, 15), 0.05, (20, 110), 2.4,
                            0.05, (0.45, 0.2, 0.04, 0.06, 0.17, 0.08, 0)),
    Kind.TECH_PARK: Archetype("office", 4.0, (44, 78), (34, 56), (15, 19), (12, 20), (13, 22), 0.10, (16, 64), 2.2,
                              0.10, (0.28, 0.18, 0.06, 0.04, 0.26, 0.18, 0)),
    Kind.CAMPUS: Archetype("education", 3.6, (42, 78), (15, 42), (12, 15), (10, 22), (14, 24), 0.25, (10, 34), 1.8,
                           0.20, (0.50, 0.16, 0.06, 0.04, 0.12, 0.12, 0)),
    Kind.CIVIC: Archetype("civic", 3.6, (40, 66), (28, 42), (12, 15), (24, 40), (26, 44), 0.2, (9, 30), 1.6,
                          0.30, (0.2, 0.22, 0.06, 0, 0.32, 0.20, 0)),
    Kind.INDUSTRY: Archetype("industrial", 5.0, (38, 74), (22, 34), (16, 20), (9, 14), (9, 15), 0.0, (7, 14), 1.2,
                             0.12, (0.86, 0.12, 0.02, 0, 0, 0, 0)),
    Kind.VILLAGE: Archetype("village", 3.0, (11.5, 15.5), (10, 13.5), (4.2, 5.2), (1.4, 2.6), (3.2, 5.2), 0.1,
                            (3.2, 8.0), 1.7, 0.12, (0.36, 0.22, 0, 0, 0.42, 0, 0)),
    Kind.VILLAS: Archetype("residential", 3.1, (12, 18), (11, 14), (7, 9), (7, 11), (11, 15), 0.2, (6.5, 12), 1.0,
                           0.08, (0.45, 0.3, 0.05, 0.2, 0, 0, 0)),
}  # fmt: skip

MIX: dict[Setting, dict[Kind, float]] = {
    Setting.CORE: {Kind.SLABS: 0.44, Kind.HIGH_SLABS: 0.18, Kind.TOWERS: 0.11, Kind.OFFICES: 0.08, Kind.TECH_PARK: 0.02,
                   Kind.CAMPUS: 0.06, Kind.CIVIC: 0.05, Kind.INDUSTRY: 0.01, Kind.VILLAGE: 0.025, Kind.GREEN: 0.03},
    Setting.CAMPUS: {Kind.SLABS: 0.16, Kind.CAMPUS: 0.66, Kind.CIVIC: 0.06, Kind.VILLAS: 0.06, Kind.GREEN: 0.09},
    Setting.TECH: {Kind.SLABS: 0.24, Kind.HIGH_SLABS: 0.27, Kind.TOWERS: 0.12, Kind.OFFICES: 0.04, Kind.TECH_PARK: 0.13,
                   Kind.CAMPUS: 0.02, Kind.CIVIC: 0.05, Kind.INDUSTRY: 0.04, Kind.VILLAGE: 0.03, Kind.GREEN: 0.06},
    Setting.FRINGE: {Kind.SLABS: 0.26, Kind.HIGH_SLABS: 0.22, Kind.TOWERS: 0.08, Kind.OFFICES: 0.03,
                     Kind.TECH_PARK: 0.05, Kind.CIVIC: 0.06, Kind.INDUSTRY: 0.07,
                     Kind.VILLAGE: 0.08, Kind.VILLAS: 0.06, Kind.GREEN: 0.09},
    Setting.RURAL: {Kind.SLABS: 0.30, Kind.HIGH_SLABS: 0.20, Kind.TECH_PARK: 0.08, Kind.CIVIC: 0.08,
                    Kind.INDUSTRY: 0.10, Kind.VILLAGE: 0.10, Kind.VILLAS: 0.08, Kind.GREEN: 0.06},
}  # fmt: skip
FRINGE_VILLAGE_MIX: dict[Kind, float] = {
    Kind.VILLAGE: 0.16, Kind.INDUSTRY: 0.08, Kind.CIVIC: 0.06, Kind.SLABS: 0.28, Kind.HIGH_SLABS: 0.16,
    Kind.TOWERS: 0.06, Kind.TECH_PARK: 0.04, Kind.VILLAS: 0.06, Kind.GREEN: 0.14,
}  # fmt: skip
VILLAGE_MIX: dict[Kind, float] = {
    Kind.VILLAGE: 0.80, Kind.INDUSTRY: 0.07, Kind.CIVIC: 0.04, Kind.SLABS: 0.05, Kind.VILLAS: 0.02, Kind.GREEN: 0.02,
}  # fmt: skip
FLAVOUR: dict[str, dict[Kind, float]] = {
    "010": {Kind.CAMPUS: 0.35},
    "007": {Kind.CAMPUS: 0.12, Kind.OFFICES: 0.05},
    "006": {Kind.CAMPUS: 0.14},
    "011": {Kind.OFFICES: 0.12, Kind.CAMPUS: 0.12},
    "012": {Kind.OFFICES: 0.14},
    "022": {Kind.TECH_PARK: 0.35, Kind.OFFICES: 0.05},
    "020": {Kind.TECH_PARK: 0.15},
    "024": {Kind.TECH_PARK: 0.12},
    "028": {Kind.TECH_PARK: 0.15},
    "003": {Kind.OFFICES: 0.06, Kind.CIVIC: 0.10},
    "001": {Kind.CIVIC: 0.10},
}
"""More of some kinds, by the last three digits of the street code."""

CENTRES: tuple[tuple[float, float, float, float, Kind], ...] = (
    (116.3110, 39.9825, 750.0, 1.5, Kind.OFFICES),
    (116.3130, 39.9745, 550.0, 0.9, Kind.OFFICES),
    (116.3370, 39.9920, 550.0, 0.8, Kind.OFFICES),
    (116.3100, 39.9075, 550.0, 0.7, Kind.OFFICES),
    (116.3250, 39.9480, 450.0, 0.5, Kind.OFFICES),
    (116.3400, 39.9660, 500.0, 0.6, Kind.OFFICES),
    (116.3560, 39.9770, 450.0, 0.5, Kind.OFFICES),
    (116.2960, 39.9320, 400.0, 0.3, Kind.OFFICES),
    (116.2790, 39.9590, 500.0, 0.6, Kind.OFFICES),
    (116.3330, 40.0290, 500.0, 0.5, Kind.OFFICES),
    (116.3010, 40.0370, 1100.0, 1.0, Kind.TECH_PARK),
    (116.2860, 40.0490, 1100.0, 0.9, Kind.TECH_PARK),
    (116.2380, 40.0710, 1100.0, 0.6, Kind.TECH_PARK),
    (116.1500, 40.0900, 600.0, 0.2, Kind.TECH_PARK),
)
"""Business centres: place, radius in metres, how much taller buildings are in the middle, kind that gathers there."""


def centre_pull(points: NDArray[np.float64]) -> NDArray[np.float64]:
    """(n, centres) pull of each business centre on (n, 2) points in metres: 1 in the middle, falling off."""
    places = to_metres(np.array([centre[:2] for centre in CENTRES]))
    radii = np.array([centre[2] for centre in CENTRES])
    gap = np.hypot(*(points[:, None, :] - places[None]).transpose(2, 0, 1))
    return np.asarray(np.exp(-((gap / radii) ** 2)), dtype=np.float64)


def mix_weights(street_code: str, village: bool) -> NDArray[np.float64]:
    """(kinds,) chance of each kind in a street, or in its villages."""
    setting = setting_of(street_code)
    mix = MIX[setting]
    if village:
        mix = VILLAGE_MIX if setting is Setting.RURAL else FRINGE_VILLAGE_MIX
    weights = np.zeros(len(Kind))
    for kind, weight in mix.items():
        weights[kind] = weight
    if not village:
        for kind, weight in FLAVOUR.get(street_code[6:9], {}).items():
            weights[kind] += weight
    return np.asarray(weights / weights.sum(), dtype=np.float64)
