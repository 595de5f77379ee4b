"""The measures of roofs: lines and levels of each building's template."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from functools import lru_cache

import numpy as np
from numpy.typing import NDArray

from twin_model.demo.rectilinear import Pattern
from twin_model.demo.roof_choice import RECTANGLES, Roof, Traits
from twin_model.demo.roof_flat import FlatForm, FlatMeasures, flat_roof
from twin_model.demo.roof_pitched import gabled_wings, gables, hip
from twin_model.demo.roof_template import Template

LIFT_M = 24.0
"""Buildings from this height on have lifts, and boxes over them."""
TWO_STOREYS_M = 4.5
BROAD_M = 18.0
NARROWEST_M = 0.05
"""Lines and levels closer than this would join corners; such a building keeps its block, metres."""


@dataclass(frozen=True)
class Formed:
    """Buildings of one template.

    Attributes
    ----------
    template
        Their mesh.
    rows
        (b,) int64 places of the buildings in the pattern that they are of.
    u, v, z
        (b, lines) float64 lines and levels, metres.
    """

    template: Template
    rows: NDArray[np.int64]
    u: NDArray[np.float64]
    v: NDArray[np.float64]
    z: NDArray[np.float64]


def formed(roof: Roof, pattern: Pattern, traits: Traits) -> Iterator[Formed]:
    """Give each building of a pattern the roof; its highest corner is as high as the building.

    Parameters
    ----------
    roof
        Form of all of them.
    pattern, traits
        Equal numbers of buildings.
    """
    for found in _FORMS[roof](pattern, traits):
        used_u, used_v, used_z = (np.unique(found.template.lattice[:, side]) for side in range(3))
        steps = [
            np.diff(lines[:, used], axis=1).min(axis=1)
            for lines, used in ((found.u, used_u), (found.v, used_v), (found.z, used_z))
        ]
        kept = np.min(steps, axis=0) > NARROWEST_M
        if kept.any():
            yield Formed(found.template, found.rows[kept], found.u[kept], found.v[kept], found.z[kept])


@lru_cache(maxsize=8)
def _gables(ridges: int) -> Template:
    return gables(ridges)


@lru_cache(maxsize=1)
def _hip() -> Template:
    return hip()


@lru_cache(maxsize=4)
def _wings(wings: tuple[tuple[int, int], ...], width: int) -> Template:
    return gabled_wings(wings, width)


def _between(low: float, high: float, chance: NDArray[np.float64]) -> NDArray[np.float64]:
    return low + (high - low) * chance


def _levels(*levels: NDArray[np.float64]) -> NDArray[np.float64]:
    return np.column_stack((np.zeros(len(levels[0])), *levels))


def _ridged(ridges: int, pitch: tuple[float, float]) -> Callable[[Pattern, Traits], Iterator[Formed]]:
    """Gables of a pitch (rise to run) on rectangles."""

    def form(pattern: Pattern, traits: Traits) -> Iterator[Formed]:
        low, high = pattern.v[:, :1], pattern.v[:, 1:]
        v = low + (high - low) * np.linspace(0, 1, 2 * ridges + 1)
        run = (high - low)[:, 0] / (2 * ridges)
        rise = np.minimum(run * _between(*pitch, traits.chance[:, 1]), 0.27 * traits.height_m)
        levels = _levels(traits.height_m - rise, traits.height_m)
        yield Formed(_gables(ridges), np.arange(len(v)), pattern.u, v, levels)

    return form


def _hipped(pattern: Pattern, traits: Traits) -> Iterator[Formed]:
    half = np.ptp(pattern.v, axis=1) / 2
    inset = np.minimum(half * 0.95, np.ptp(pattern.u, axis=1) / 2 - 0.3)
    u = np.column_stack((pattern.u[:, 0], pattern.u[:, 0] + inset, pattern.u[:, 1] - inset, pattern.u[:, 1]))
    v = np.column_stack((pattern.v[:, 0], pattern.v.mean(axis=1), pattern.v[:, 1]))
    rise = np.minimum(half * _between(0.38, 0.52, traits.chance[:, 1]), 0.3 * traits.height_m)
    yield Formed(_hip(), np.arange(len(u)), u, v, _levels(traits.height_m - rise, traits.height_m))


def _winged(pattern: Pattern, traits: Traits) -> Iterator[Formed]:
    """Ells, tees and courts: see `patterns` for how their lines are counted."""
    u, v, height = pattern.u, pattern.v, traits.height_m
    middle = (u[:, 1:] + u[:, :-1]) / 2
    if pattern.turns == "LLLRLL":
        wings: tuple[tuple[int, int], ...] = ((0, 2),)
        lines: tuple[NDArray[np.float64], ...]
        lines, spans = (u[:, 0], middle[:, 0], u[:, 1], u[:, 2]), u[:, 1] - u[:, 0]
    elif pattern.turns == "LLLRLLRL":
        wings = ((1, 3),)
        lines, spans = (u[:, 0], u[:, 1], middle[:, 1], u[:, 2], u[:, 3]), u[:, 2] - u[:, 1]
    else:
        wings = ((0, 2), (3, 5))
        lines = (u[:, 0], middle[:, 0], u[:, 1], u[:, 2], middle[:, 2], u[:, 3])
        spans = np.maximum(u[:, 1] - u[:, 0], u[:, 3] - u[:, 2])
    pitch = _between(0.42, 0.58, traits.chance[:, 1])
    eaves = height - np.minimum((v[:, 1] - v[:, 0]) / 2 * pitch, 0.26 * height)
    lower = np.where(eaves > TWO_STOREYS_M, _between(0.62, 0.95, traits.chance[:, 2]), 0.97)
    ridge = eaves * lower
    wing_eaves = ridge - np.minimum(spans / 2 * pitch, 0.22 * ridge)
    across = np.column_stack((v[:, 0], (v[:, 0] + v[:, 1]) / 2, v[:, 1], v[:, 2]))
    levels = _levels(wing_eaves, ridge, eaves, height)
    yield Formed(_wings(wings, len(lines) - 1), np.arange(len(u)), np.column_stack(lines), across, levels)


def _measures(traits: Traits, *insets: NDArray[np.float64], box: tuple[NDArray[np.float64], ...]) -> FlatMeasures:
    return FlatMeasures(np.column_stack(insets), box[0], box[1], 2 * traits.chance[:, 5] - 1)


def _flat(
    pattern: Pattern, form: FlatForm, measures: FlatMeasures, levels: NDArray[np.float64], rows: NDArray[np.int64]
) -> Formed:
    found, u, v = flat_roof(pattern, form, measures)
    return Formed(found, rows, u, v, levels)


def _edge(traits: Traits) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    """Thickness and height of parapets, metres."""
    return _between(0.24, 0.36, traits.chance[:, 3]), _between(0.45, 1.1, traits.chance[:, 1])


def _parapet(pattern: Pattern, traits: Traits) -> Iterator[Formed]:
    thick, tall = _edge(traits)
    none = np.zeros(len(thick))
    levels = _levels(traits.height_m - tall, traits.height_m)
    measures = _measures(traits, thick, box=(none, none))
    yield _flat(pattern, FlatForm((2, 1)), measures, levels, np.arange(len(thick)))


def _boxed(pattern: Pattern, traits: Traits) -> Iterator[Formed]:
    """Parapets, and boxes over the stairs and lifts: one to four along a slab, else where wings meet."""
    thick, tall = _edge(traits)
    height = traits.height_m
    stairs = _between(2.2, 2.6, traits.chance[:, 2])
    lifts = _between(2.8, 4.2, traits.chance[:, 2])
    box = np.minimum(np.where(height > LIFT_M, lifts, stairs), 0.36 * height)
    box = np.maximum(box, tall + 0.3)
    levels = _levels(height - box, height - box + tall, height)
    tower = height > LIFT_M
    half_u = np.where(tower, _between(2.6, 4.4, traits.chance[:, 4]), _between(1.4, 1.9, traits.chance[:, 4]))
    half_v = np.where(tower, _between(2.2, 3.6, traits.chance[:, 3]), _between(1.5, 2.2, traits.chance[:, 3]))
    if pattern.turns in RECTANGLES:
        # Broad houses have plant rooms to match.
        broad = np.ptp(pattern.v, axis=1)
        half_u, half_v = np.maximum(half_u, 0.16 * broad * (broad > BROAD_M)), np.maximum(half_v, 0.11 * broad)
    measures = _measures(traits, thick, box=(half_u, half_v))
    if pattern.turns in RECTANGLES:
        count = np.clip(np.round(np.ptp(pattern.u, axis=1) / 19), 1, 4).astype(np.int64)
        count[np.isin(traits.use, ("village", "office", "commercial"))] = 1
        for number in np.unique(count).tolist():
            rows = np.flatnonzero(count == number)
            form = FlatForm((2, 1), ((0, 0, number),), 3)
            yield _flat(part(pattern, rows), form, _some(measures, rows), levels[rows], rows)
    else:
        form = FlatForm((2, 1), tuple((i, j, 1) for i, j in _crossings(pattern)), 3)
        yield _flat(pattern, form, measures, levels, np.arange(len(thick)))


def _crowned(pattern: Pattern, traits: Traits) -> Iterator[Formed]:
    """High screens around plant rooms."""
    height = traits.height_m
    screen = _between(2.4, 4.6, traits.chance[:, 1])
    levels = _levels(height - screen, height - 0.25 * screen, height)
    length, depth = np.ptp(pattern.u, axis=1), np.ptp(pattern.v, axis=1)
    share = _between(0.18, 0.3, traits.chance[:, 4])
    measures = _measures(traits, _between(0.4, 0.7, traits.chance[:, 3]), box=(share * length, share * depth))
    yield _flat(pattern, FlatForm((3, 1), ((0, 0, 1),), 2), measures, levels, np.arange(len(height)))


def _set_back(low: tuple[float, float], inset: tuple[float, float]) -> Callable[[Pattern, Traits], Iterator[Formed]]:
    """Lower part of a share of the height, and a slimmer tower on it, set back by a share of the depth."""

    def form(pattern: Pattern, traits: Traits) -> Iterator[Formed]:
        thick, tall = _edge(traits)
        height, depth = traits.height_m, np.ptp(pattern.v, axis=1)
        box = _between(2.8, 4.2, traits.chance[:, 2])
        base = np.round(_between(*low, traits.chance[:, 4]) * height / 4) * 4
        tower = height - box
        back = thick + _between(*inset, traits.chance[:, 2]) * depth
        levels = _levels(base, base + tall, tower, tower + np.minimum(tall, box - 0.4), height)
        half = (_between(3, 6, traits.chance[:, 5]), _between(2.5, 4.5, traits.chance[:, 5]))
        measures = _measures(traits, thick, back, back + thick, box=half)
        form = FlatForm((2, 1, 4, 3), ((0, 0, 1),), 5)
        yield _flat(pattern, form, measures, levels, np.arange(len(height)))

    return form


def _crossings(pattern: Pattern) -> list[tuple[int, int]]:
    """Cells of the footprint, two at most, where wings meet: those with the most neighbours, some on either axis."""
    inside = np.pad(_cells_inside(pattern.ring), 1)
    along = inside[:-2, 1:-1].astype(np.int64) + inside[2:, 1:-1]
    across = inside[1:-1, :-2].astype(np.int64) + inside[1:-1, 2:]
    count = np.where(inside[1:-1, 1:-1] & (along > 0) & (across > 0), along + across, 0)
    return [(int(i), int(j)) for i, j in np.argwhere(count == count.max())][:2]


def _cells_inside(ring: NDArray[np.int64]) -> NDArray[np.bool_]:
    """(lines of u - 1, lines of v - 1) whether the footprint covers each cell, by counting the sides west of it."""
    start, end = ring, np.roll(ring, -1, axis=0)
    inside = np.zeros(ring.max(axis=0), dtype=bool)
    for (u, low), (_, high) in zip(start, end, strict=True):
        first, last = sorted((low, high))
        inside[u:, first:last] ^= True
    return inside


def part(pattern: Pattern, rows: NDArray[np.int64]) -> Pattern:
    """Take some buildings of a pattern."""
    return Pattern(
        pattern.turns, pattern.ring, pattern.rows[rows], pattern.u[rows], pattern.v[rows], pattern.axis[rows]
    )


def _some(measures: FlatMeasures, rows: NDArray[np.int64]) -> FlatMeasures:
    return FlatMeasures(measures.insets[rows], measures.box_u[rows], measures.box_v[rows], measures.shift[rows])


_FORMS: dict[Roof, Callable[[Pattern, Traits], Iterator[Formed]]] = {
    Roof.GABLE: _ridged(1, (0.40, 0.58)),
    Roof.GABLES: _ridged(2, (0.40, 0.58)),
    Roof.LOW_GABLES: _ridged(2, (0.14, 0.24)),
    Roof.HIP: _hipped,
    Roof.WINGS: _winged,
    Roof.PARAPET: _parapet,
    Roof.BOXES: _boxed,
    Roof.CROWN: _crowned,
    Roof.SETBACK: _set_back((0.45, 0.75), (0.09, 0.16)),
    Roof.PODIUM: _set_back((0.16, 0.24), (0.17, 0.24)),
}
