"""Footprints of right angles, sorted by pattern: which corners share a line along either side."""

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np
import shapely
from numpy.typing import NDArray

MOST_CORNERS = 12
SAME_LINE_M = 0.3
"""Sides closer than this lie on one line of the pattern."""
CROOKED_M = 0.05
"""A footprint with a corner farther than this from its pattern is none of right angles."""
_STARTS = {"LLLRLL": 0, "LLLLRRLL": 0, "LLLRLLRL": 0}
"""Turns of ells, courts and tees from the corner where the side of their main wing begins."""


@dataclass(frozen=True)
class Pattern:
    """Footprints of equal pattern.

    Attributes
    ----------
    turns
        ``L`` or ``R`` at each corner; every pattern begins at the corner that makes it one of its kind's own.
    ring
        (corners, 2) int64: line along u and along v of each corner, counter-clockwise; the first side runs along u.
    rows
        (n,) int64 footprints.
    u, v
        (n, lines) float64 places of the lines, ascending, metres from the footprint's origin.
    axis
        (n, 2) float64 direction of u, east and north; v is a quarter turn on.
    """

    turns: str
    ring: NDArray[np.int64]
    rows: NDArray[np.int64]
    u: NDArray[np.float64]
    v: NDArray[np.float64]
    axis: NDArray[np.float64]


def patterns(footprints: NDArray[np.object_]) -> Iterator[Pattern]:
    """Patterns of footprints that have right angles only; the others are left out.

    Parameters
    ----------
    footprints : (n,) object
        Valid polygons, metres around an origin of their own.
    """
    corners = shapely.get_num_coordinates(footprints) - 1
    whole = (shapely.get_type_id(footprints) == shapely.GeometryType.POLYGON.value) & (
        shapely.get_num_interior_rings(footprints) == 0
    )
    for count in range(4, MOST_CORNERS + 1, 2):
        rows = np.flatnonzero(whole & (corners == count))
        if len(rows):
            rings = shapely.get_coordinates(shapely.orient_polygons(footprints[rows])).reshape(len(rows), -1, 2)[:, :-1]
            yield from _by_turns(rows, rings)


def _by_turns(rows: NDArray[np.int64], rings: NDArray[np.float64]) -> Iterator[Pattern]:
    sides = np.roll(rings, -1, axis=1) - rings
    before = np.roll(sides, 1, axis=1)
    left = before[..., 0] * sides[..., 1] - before[..., 1] * sides[..., 0] > 0
    for mine in _alike(left.astype(np.int64)):
        text = "".join("L" if turn else "R" for turn in left[mine[0]])
        start = _start(text)
        moved = np.roll(rings[mine], -start, axis=1)
        text = text[start:] + text[:start]
        if len(text) == 4:  # noqa: PLR2004 - a rectangle begins with its longer side
            lengths = np.hypot(*(moved[:, 1:3] - moved[:, :2]).transpose(2, 0, 1))
            turned = lengths[:, 1] > lengths[:, 0]
            moved[turned] = np.roll(moved[turned], -1, axis=1)
        yield from _by_lines(text, rows[mine], moved)


def _alike(numbers: NDArray[np.int64]) -> Iterator[NDArray[np.int64]]:
    """Rows that are equal, group by group; (n, k) numbers below `MOST_CORNERS`."""
    key = numbers @ MOST_CORNERS ** np.arange(numbers.shape[1])
    for value in np.unique(key):
        yield np.flatnonzero(key == value)


def _start(turns: str) -> int:
    """Corner with which the turns are those of a known kind, else come first in the alphabet."""
    ways = [turns[start:] + turns[:start] for start in range(len(turns))]
    known = [start for start, way in enumerate(ways) if way in _STARTS]
    return known[0] if known else min(range(len(ways)), key=ways.__getitem__)


def _by_lines(turns: str, rows: NDArray[np.int64], rings: NDArray[np.float64]) -> Iterator[Pattern]:
    axis = _axes(turns, rings)
    across = np.stack((-axis[:, 1], axis[:, 0]), axis=1)
    u, v = (np.einsum("nck,nk->nc", rings, way) for way in (axis, across))
    # Sides take turns: the first runs along u at one v, the second along v at one u.
    at_v = (v[:, 0::2] + v[:, 1::2]) / 2
    at_u = (u[:, 1::2] + np.roll(u, -1, axis=1)[:, 1::2]) / 2
    rank_u, rank_v = _ranks(at_u), _ranks(at_v)
    lines = np.concatenate((rank_u, rank_v), axis=1)
    half = at_u.shape[1]
    for mine in _alike(lines):
        ranks = lines[mine[0]]
        place_u, place_v = _places(at_u[mine], ranks[:half]), _places(at_v[mine], ranks[half:])
        ring = np.stack((np.repeat(np.roll(ranks[:half], 1), 2), np.repeat(ranks[half:], 2)), axis=1)
        ring[:, 0] = np.roll(ring[:, 0], -1)
        off = np.hypot(u[mine] - place_u[:, ring[:, 0]], v[mine] - place_v[:, ring[:, 1]]).max(axis=1)
        straight = off <= CROOKED_M
        if straight.any():
            yield Pattern(turns, ring, rows[mine][straight], place_u[straight], place_v[straight], axis[mine][straight])


def _axes(turns: str, rings: NDArray[np.float64]) -> NDArray[np.float64]:
    """(n, 2) direction of the first side, from all sides turned back onto it."""
    sides = np.roll(rings, -1, axis=1) - rings
    quarter = np.cumsum([0, *(1 if turn == "L" else -1 for turn in turns[1:])])
    turn = np.exp(-0.5j * np.pi * quarter)
    total = ((sides[..., 0] + 1j * sides[..., 1]) * turn).sum(axis=1)
    total /= np.abs(total)
    return np.stack((total.real, total.imag), axis=1)


def _ranks(places: NDArray[np.float64]) -> NDArray[np.int64]:
    """Line of each side, counted upwards; sides closer than `SAME_LINE_M` share one."""
    order = np.argsort(places, axis=1)
    sorted_places = np.take_along_axis(places, order, axis=1)
    steps = np.diff(sorted_places, axis=1, prepend=sorted_places[:, :1]) > SAME_LINE_M
    ranks = np.empty(places.shape, dtype=np.int64)
    np.put_along_axis(ranks, order, np.cumsum(steps, axis=1), axis=1)
    return ranks


def _places(places: NDArray[np.float64], ranks: NDArray[np.int64]) -> NDArray[np.float64]:
    """(n, lines) mean place of the sides of each line."""
    return np.stack([places[:, ranks == line].mean(axis=1) for line in range(int(ranks.max()) + 1)], axis=1)
