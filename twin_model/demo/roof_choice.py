"""Which roof a building has: by its use, its height, its size and chance."""

from dataclasses import dataclass
from enum import IntEnum
from math import inf

import numpy as np
from numpy.typing import NDArray

from twin_model.demo.rectilinear import Pattern

RECTANGLES = ("LLLL",)
WINGED = ("LLLRLL", "LLLLRRLL", "LLLRLLRL")
"""Ells, courts and tees: a main wing and others at its front."""


ANY = (-inf, inf)


class Roof(IntEnum):
    """Form of a roof; a block keeps its flat top."""

    BLOCK = 0
    GABLE = 1
    GABLES = 2
    HIP = 3
    WINGS = 4
    PARAPET = 5
    BOXES = 6
    CROWN = 7
    SETBACK = 8
    PODIUM = 9
    LOW_GABLES = 10


@dataclass(frozen=True)
class Traits:
    """What a roof follows from; one entry a building.

    Attributes
    ----------
    use
        (n,) object.
    height_m
        (n,) float64.
    storeys
        (n,) int64.
    chance
        (n, k) float64, 0 to 1.
    """

    use: NDArray[np.object_]
    height_m: NDArray[np.float64]
    storeys: NDArray[np.int64]
    chance: NDArray[np.float64]

    def of(self, rows: NDArray[np.int64]) -> "Traits":
        """Traits of some rows."""
        return Traits(self.use[rows], self.height_m[rows], self.storeys[rows], self.chance[rows])


@dataclass(frozen=True)
class _Rule:
    """Buildings that have a roof, unless an earlier rule took them.

    Attributes
    ----------
    roof
        Their roof.
    uses, shapes
        Uses and turns of the footprint; none for any.
    height, depth, length, storeys
        Range of each, metres: from the first number to below the second.
    share
        Chance below which the rule holds; the same chance is asked at every rule.
    """

    roof: Roof
    uses: tuple[str, ...] = ()
    shapes: tuple[str, ...] = ()
    height: tuple[float, float] = ANY
    depth: tuple[float, float] = ANY
    length: tuple[float, float] = ANY
    storeys: tuple[float, float] = ANY
    share: float = 1.0


_PUBLIC = ("education", "civic")
_SHOP = ("commercial",)
RULES = (
    _Rule(Roof.BOXES, ("village",), RECTANGLES, height=(7.2, inf)),
    _Rule(Roof.BOXES, ("village",), RECTANGLES, height=(4.5, 7.2), share=0.45),
    _Rule(Roof.GABLES, ("village",), RECTANGLES, depth=(7.5, inf)),
    _Rule(Roof.GABLE, ("village",), RECTANGLES),
    _Rule(Roof.WINGS, ("village",), WINGED, height=(0, 7.2)),
    _Rule(Roof.WINGS, ("village",), WINGED, share=0.5),
    _Rule(Roof.PARAPET, ("village",)),
    _Rule(Roof.HIP, ("residential",), RECTANGLES, length=(0, 24), storeys=(0, 5), share=0.65),
    _Rule(Roof.GABLE, ("residential",), RECTANGLES, length=(0, 24), storeys=(0, 5)),
    _Rule(Roof.WINGS, ("residential",), WINGED, length=(0, 24), storeys=(0, 5)),
    _Rule(Roof.HIP, ("residential",), RECTANGLES, storeys=(0, 8), share=0.34),
    _Rule(Roof.CROWN, ("residential",), RECTANGLES, storeys=(8, inf), depth=(18, inf), share=0.35),
    _Rule(Roof.LOW_GABLES, ("industrial",), RECTANGLES),
    _Rule(Roof.WINGS, ("industrial",), WINGED),
    _Rule(Roof.HIP, _PUBLIC, RECTANGLES, height=(0, 23), share=0.45),
    _Rule(Roof.WINGS, _PUBLIC, WINGED, height=(0, 23), share=0.4),
    _Rule(Roof.GABLE, _SHOP, RECTANGLES, height=(0, 19), depth=(0, 13), share=0.08),
    _Rule(Roof.PARAPET, _SHOP, RECTANGLES, height=(0, 19), depth=(0, 13), share=0.36),
    _Rule(Roof.BLOCK, _SHOP, RECTANGLES, height=(0, 19), depth=(0, 13)),
    _Rule(Roof.PODIUM, ("commercial", "office"), RECTANGLES, height=(44, inf), depth=(26, inf), share=0.4),
    _Rule(Roof.SETBACK, ("commercial", "office"), RECTANGLES, height=(36, inf), depth=(22, inf), share=0.7),
    _Rule(Roof.CROWN, ("commercial", "office"), RECTANGLES, height=(28, inf), depth=(18, inf), share=0.9),
    _Rule(Roof.BOXES, shapes=RECTANGLES),
    _Rule(Roof.BOXES, height=(9, inf)),
    _Rule(Roof.PARAPET),
)
"""The first rule that holds settles the roof."""


def roofs(pattern: Pattern, traits: Traits) -> NDArray[np.int64]:
    """(n,) `Roof` of each footprint of a pattern."""
    measures = (traits.height_m, np.ptp(pattern.v, axis=1), np.ptp(pattern.u, axis=1), traits.storeys)
    found = np.full(len(traits.use), int(Roof.BLOCK))
    open_ = np.ones(len(found), dtype=bool)
    for rule in RULES:
        if rule.shapes and pattern.turns not in rule.shapes:
            continue
        holds = open_ & (traits.chance[:, 0] < rule.share)
        if rule.uses:
            holds &= np.isin(traits.use, rule.uses)
        for measure, (low, high) in zip(measures, (rule.height, rule.depth, rule.length, rule.storeys), strict=True):
            holds &= (measure >= low) & (measure < high)
        found[holds] = rule.roof
        open_ &= ~holds
    return found
