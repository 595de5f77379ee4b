"""Unit grid cells: communities cut along arterials, then again and again along their own grid."""

from dataclasses import dataclass

import numpy as np
import shapely
from numpy.typing import NDArray

from twin_model.demo.arterials import Arterials
from twin_model.demo.communities import THROUGH, Communities
from twin_model.demo.land import Land
from twin_model.demo.plan import DemoPlan, stream
from twin_model.demo.splitting import cut, extents, longest_edge_angle, pieces_of, unit_vectors

BLOCK_CELLS = 5.0
"""A block is this many cells: its edges are streets, the cuts inside it lanes."""
CUT_SHIFT = 0.11
CUT_TILT_RAD = 0.006
LONGEST_SIDES = 2.6
"""A cell longer than this many times its width is cut again."""


@dataclass(frozen=True)
class Cells:
    """Unit grid cells, ordered by community and, within it, in reading order.

    Attributes
    ----------
    polygons
        (n,) polygons, metres; they tile the communities but for rounding.
    community
        (n,) int64 index of the community.
    sequence
        (n,) int64 number of the cell in its community, from 1, in reading order: bands from north to south, as high
        as the side of a square of the community's mean cell; within a band from west to east.
    block
        (n,) int64 block that the cell is part of.
    settled
        (n,) bool, whether people live or work there (else fields, parkland, hills).
    """

    polygons: NDArray[np.object_]
    community: NDArray[np.int64]
    sequence: NDArray[np.int64]
    block: NDArray[np.int64]
    settled: NDArray[np.bool_]


def _cut_by_arterials(
    polygons: NDArray[np.object_], community: NDArray[np.int64], roads: Arterials
) -> tuple[NDArray[np.object_], NDArray[np.int64]]:
    """Cut what an arterial still runs through."""
    for course, line, side in zip(roads.courses, roads.lines, roads.sides, strict=True):
        crossed = shapely.intersects(polygons, course)
        rows = np.nonzero(crossed)[0]
        inner = shapely.buffer(polygons[rows], -0.5, quad_segs=1)
        through = shapely.length(shapely.intersection(inner, course))
        rows = rows[(through > 1.0) & (through >= THROUGH * shapely.length(shapely.intersection(inner, line)))]
        if not len(rows):
            continue
        halves = np.concatenate((shapely.intersection(polygons[rows], side), shapely.difference(polygons[rows], side)))
        pieces, origin = pieces_of(halves, np.tile(rows, 2))
        rest = np.setdiff1d(np.arange(len(polygons)), rows)
        polygons, community = (
            np.concatenate((polygons[rest], pieces)),
            np.concatenate((community[rest], community[origin])),
        )
    return polygons, community


def _sides(polygons: NDArray[np.object_], angles: NDArray[np.float64]) -> NDArray[np.float64]:
    """(n, 2) extent of each polygon along its angle and across it, metres."""
    along = extents(polygons, unit_vectors(angles))
    across = extents(polygons, unit_vectors(angles + np.pi / 2))
    return np.column_stack((np.ptp(along, axis=1), np.ptp(across, axis=1)))


@dataclass(frozen=True)
class _Pieces:
    """Pieces still to be cut: polygon, community, block (-1: larger than a block) and direction of the grid."""

    polygons: NDArray[np.object_]
    community: NDArray[np.int64]
    block: NDArray[np.int64]
    angle: NDArray[np.float64]

    def where(self, rows: NDArray[np.bool_]) -> "_Pieces":
        """Take some of the pieces."""
        return _Pieces(self.polygons[rows], self.community[rows], self.block[rows], self.angle[rows])


def _halved(pieces: _Pieces, sides: NDArray[np.float64], rng: np.random.Generator) -> _Pieces:
    """Cut each piece across its longer side, near its middle and nearly square."""
    count = len(pieces.polygons)
    if not count:
        return pieces
    turn = np.where(sides[:, 0] >= sides[:, 1], 0.0, np.pi / 2) + rng.normal(0, CUT_TILT_RAD, count)
    normal = unit_vectors(pieces.angle + turn)
    shift = rng.uniform(-CUT_SHIFT, CUT_SHIFT, count) * sides.max(axis=1)
    middle = shapely.get_coordinates(shapely.centroid(pieces.polygons)) + normal * shift[:, None]
    polygons, origin = cut(pieces.polygons, middle, normal)
    return _Pieces(polygons, pieces.community[origin], pieces.block[origin], pieces.angle[origin])


def _reading_order(
    polygons: NDArray[np.object_], community: NDArray[np.int64]
) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
    """Order by community and reading order, and each cell's number in its community (in that order).

    Rows are bands from north to south, as high as the side of a square of the community's mean cell; a cell is in the
    band that its centroid is in, and within a band cells run from west to east.
    """
    middle = shapely.get_coordinates(shapely.centroid(polygons))
    count = np.bincount(community)
    band = np.sqrt(np.bincount(community, weights=shapely.area(polygons)) / np.maximum(count, 1))
    top = np.full(len(count), -np.inf)
    np.maximum.at(top, community, middle[:, 1])
    row = np.floor((top[community] - middle[:, 1]) / band[community]).astype(np.int64)
    order = np.lexsort((middle[:, 1], middle[:, 0], row, community))
    first = np.cumsum(count) - count
    return order, np.arange(len(order)) - first[community[order]] + 1


def divide_communities(communities: Communities, land: Land, roads: Arterials, plan: DemoPlan) -> Cells:
    """Cut communities into unit grid cells: halves of halves, along each block's longest side, down to the wanted area.

    Parameters
    ----------
    land
        Says how fine each place is cut, and where people live.
    """
    rng = stream(plan, "grid", 1)
    polygons, community = pieces_of(communities.polygons, np.arange(len(communities.codes)))
    polygons, community = _cut_by_arterials(polygons, community, roads)
    pieces = _Pieces(polygons, community, np.full(len(polygons), -1), communities.angles[community])
    done: list[_Pieces] = []
    blocks = 0
    while len(pieces.polygons):
        area = shapely.area(pieces.polygons)
        wanted, _ = land.wanted(pieces.polygons, pieces.community, leaf=False)
        new = (pieces.block < 0) & (area < BLOCK_CELLS * wanted * rng.uniform(0.7, 1.5, len(area)))
        pieces.block[new] = blocks + np.arange(new.sum())
        blocks += int(new.sum())
        pieces.angle[new] = longest_edge_angle(pieces.polygons[new])
        sides = _sides(pieces.polygons, pieces.angle)
        slender = sides.max(axis=1) > LONGEST_SIDES * sides.min(axis=1)
        largest = wanted * np.where(slender, 0.7, rng.uniform(1.15, 1.75, len(area)))
        leaf = (area < largest) & (pieces.block >= 0)
        done.append(pieces.where(leaf))
        pieces = _halved(pieces.where(~leaf), sides[~leaf], rng)
    polygons, community, block = (
        np.concatenate([getattr(part, name) for part in done]) for name in ("polygons", "community", "block")
    )
    order, sequence = _reading_order(polygons, community)
    polygons, community = polygons[order], community[order]
    _, settled = land.wanted(polygons, community, leaf=True)
    return Cells(polygons, community, sequence, block[order], settled)
