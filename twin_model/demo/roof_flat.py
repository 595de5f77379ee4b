"""Flat roofs: parapets, set-backs, and boxes over stairs and lifts, on footprints of right angles."""

from dataclasses import dataclass
from functools import lru_cache
from typing import TypeAlias

import numpy as np
import shapely
from numpy.typing import NDArray

from twin_model.demo.rectilinear import Pattern
from twin_model.demo.roof_template import Template, template, terraces

STEP = 100.0
"""Distance of neighbouring lines of a footprint in the drawing from which templates are made."""
_BOX = 3.0
_REACH = 0.30
"""Boxes of one cell stand in this part of it, to either side of its middle, in the drawing."""

Line: TypeAlias = tuple[int, int]
"""Line of the footprint, and how many insets east or north of it (west or south where negative)."""


@dataclass(frozen=True)
class FlatForm:
    """What stands where, apart from measures.

    Attributes
    ----------
    tiers
        Levels from the edge of the footprint inwards: of the outer ring, of the ring within the first inset … and of
        the roof within the last.
    boxes
        Cell along u, cell along v and how many boxes stand in it, in a row along u.
    box_level
        Level of the tops of boxes.
    """

    tiers: tuple[int, ...]
    boxes: tuple[tuple[int, int, int], ...] = ()
    box_level: int = 0


@dataclass(frozen=True)
class FlatMeasures:
    """Measures of b buildings, metres.

    Attributes
    ----------
    insets
        (b, tiers - 1) float64 distance of each inset from the edge, ascending.
    box_u, box_v
        (b,) float64 half of a box's length and depth; held so that it stays in its place.
    shift
        (b,) float64 -1 to 1: where a single box stands between the ends of its cell.
    """

    insets: NDArray[np.float64]
    box_u: NDArray[np.float64]
    box_v: NDArray[np.float64]
    shift: NDArray[np.float64]


def flat_roof(
    pattern: Pattern, form: FlatForm, measures: FlatMeasures
) -> tuple[Template, NDArray[np.float64], NDArray[np.float64]]:
    """Template of a form on a pattern's footprint, and the lines of each building along u and v."""
    ring = tuple((int(u), int(v)) for u, v in pattern.ring)
    found = _flat_template(ring, form)
    return (
        found,
        _lines(pattern.u, form, measures, 0, measures.box_u),
        _lines(pattern.v, form, measures, 1, measures.box_v),
    )


@lru_cache(maxsize=256)
def _flat_template(ring: tuple[tuple[int, int], ...], form: FlatForm) -> Template:
    corners = np.array(ring)
    lines_u, lines_v = (_drawn_lines(int(corners[:, side].max()), form, side) for side in (0, 1))
    places = np.stack(np.meshgrid((lines_u[1:] + lines_u[:-1]) / 2, (lines_v[1:] + lines_v[:-1]) / 2, indexing="ij"))
    footprint = shapely.Polygon(corners * STEP)
    levels = np.zeros(places.shape[1:], dtype=np.int64)
    for inset, level in enumerate(form.tiers):
        within = footprint.buffer(-inset, join_style="mitre", mitre_limit=10)
        levels[shapely.contains_xy(within, *places)] = level
    for cell_u, cell_v, count in form.boxes:
        for number in range(count):
            middles = (_middle(cell_u, number, count), _middle(cell_v, 0, 1))
            inside = (np.abs(places - np.reshape(middles, (2, 1, 1))) < _BOX).all(axis=0)
            levels[inside] = form.box_level
    return template(terraces(levels))


def _middle(cell: int, number: int, count: int) -> float:
    """Middle of a box in the drawing."""
    return STEP * (cell + 0.5 + 2 * _REACH * ((number + 0.5) / count - 0.5))


def _drawn_lines(last: int, form: FlatForm, side: int) -> NDArray[np.float64]:
    """Lines along one side in the drawing, ascending; `_lines` gives their places in the same order."""
    insets = len(form.tiers) - 1
    lines = [STEP * line + inset for line in range(last + 1) for inset in range(-insets, insets + 1)]
    for middle in _box_middles(form, side):
        lines += [middle - _BOX, middle + _BOX]
    return np.sort(np.array(lines))


def _box_middles(form: FlatForm, side: int) -> list[float]:
    """Middles of boxes along one side in the drawing; boxes in a row share those across it."""
    if side == 0:
        found = {_middle(cell, number, count) for cell, _, count in form.boxes for number in range(count)}
    else:
        found = {_middle(cell, 0, 1) for _, cell, _ in form.boxes}
    return sorted(found)


def _lines(
    places: NDArray[np.float64], form: FlatForm, measures: FlatMeasures, side: int, half: NDArray[np.float64]
) -> NDArray[np.float64]:
    """(b, lines) places of the lines of `_drawn_lines`, metres."""
    insets = np.column_stack((np.zeros(len(places)), measures.insets))
    count = insets.shape[1] - 1
    drawn, found = [], []
    for line in range(places.shape[1]):
        for inset in range(-count, count + 1):
            drawn.append(STEP * line + inset)
            found.append(places[:, line] + np.sign(inset) * insets[:, abs(inset)])
    for middle in _box_middles(form, side):
        cell = int(middle // STEP)
        row = max(number for at_u, at_v, number in form.boxes if (at_u, at_v)[side] == cell) if side == 0 else 1
        low, high = places[:, cell] + insets[:, -1], places[:, cell + 1] - insets[:, -1]
        share = 0.5 + (middle / STEP - cell - 0.5) / (2 * _REACH)
        room = (high - low) / row
        size = np.minimum(half, 0.4 * room)
        at = low + share * (high - low)
        if row == 1:
            at = at + measures.shift * np.maximum(room / 2 - size - 0.6, 0.0)
        drawn += [middle - _BOX, middle + _BOX]
        found += [at - size, at + size]
    return np.column_stack(found)[:, np.argsort(drawn)]
