"""Frontages: low rows of shops along the streets in front of housing blocks."""

from dataclasses import dataclass

import numpy as np
import shapely
from numpy.typing import NDArray

from twin_model.demo.archetypes import Kind
from twin_model.demo.coverage import Coverage
from twin_model.demo.ground import Ground
from twin_model.demo.layout import polygons_of, turn
from twin_model.demo.lots import SMALLEST_M2, Lots
from twin_model.demo.manner import Manner
from twin_model.demo.plan import DemoPlan, stream
from twin_model.demo.splitting import subtract
from twin_model.demo.streetwork import RESIDENTIAL, WIDTHS_M, Streetwork

HOUSING = (Kind.SLABS, Kind.HIGH_SLABS, Kind.TOWERS)
DEPTH_M = (8.0, 12.0)
LENGTH_M = (15.0, 34.0)
GAP_M = 3.0
YARD_M = 5.5
"""Space between the shops' backs and the houses behind them."""
SHORTEST_SIDE_M = 30.0
TO_STREET_M = 8.0
BLOCK_SHARE = 0.66
"""Share of housing lots whose street sides have shops."""
CLEARANCE_M = 0.3


@dataclass(frozen=True)
class Frontages:
    """Shops, and what they leave of the lots.

    Attributes
    ----------
    polygons
        (n,) footprints, metres.
    cell
        (n,) int64 cell of each.
    lots
        Lots without the land of the shops and their yards.
    """

    polygons: NDArray[np.object_]
    cell: NDArray[np.int64]
    lots: Lots


@dataclass(frozen=True)
class _Sides:
    """Sides of lots, from start to end with the lot on the left."""

    lot: NDArray[np.int64]
    start: NDArray[np.float64]
    end: NDArray[np.float64]


def _street_sides(lots: Lots, chosen: NDArray[np.bool_], coverage: Coverage, streetwork: Streetwork) -> _Sides:
    """Long sides of the chosen lots that lie along a street (not along a lane or a neighbour)."""
    rows = np.nonzero(chosen)[0]
    coords, owner = shapely.get_coordinates(shapely.orient_polygons(lots.polygons[rows]), return_index=True)
    same = owner[1:] == owner[:-1]
    lot, start, end = rows[owner[:-1][same]], coords[:-1][same], coords[1:][same]
    streets = np.nonzero(streetwork.ranks >= RESIDENTIAL)[0]
    tree = shapely.STRtree(np.asarray(shapely.linestrings(coverage.vertices[coverage.edges[streets]]), dtype=object))
    middle = shapely.points((start + end) / 2)
    nearest = tree.nearest(middle)
    near = shapely.distance(middle, tree.geometries[nearest])
    kept = near <= WIDTHS_M[streetwork.ranks[streets[nearest]]] / 2 + TO_STREET_M
    kept &= np.hypot(*(end - start).T) > SHORTEST_SIDE_M
    return _Sides(lot[kept], start[kept], end[kept])


def _shops(
    sides: _Sides, depth: NDArray[np.float64], rng: np.random.Generator
) -> tuple[NDArray[np.object_], NDArray[np.int64]]:
    """Rows of shops along sides, and the side of each; a row stops before the corner where the next one begins."""
    span = sides.end - sides.start
    length = np.hypot(*span.T)
    usable = length - depth - GAP_M - CLEARANCE_M
    wanted = rng.uniform(*LENGTH_M, len(length))
    count = np.maximum(np.floor((usable + GAP_M) / (wanted + GAP_M)), 1).astype(np.int64)
    side = np.repeat(np.arange(len(length)), count)
    slot = np.arange(len(side)) - np.repeat(np.cumsum(count) - count, count)
    pitch = ((usable + GAP_M) / count)[side]
    west = CLEARANCE_M + slot * pitch
    long = (pitch - GAP_M) * rng.uniform(0.86, 1.0, len(side))
    deep = depth[side] * rng.uniform(0.9, 1.0, len(side))
    low = np.full(len(side), CLEARANCE_M)
    corners = np.stack(
        [np.column_stack(pair) for pair in ((west, low), (west + long, low), (west + long, deep), (west, deep))], axis=1
    )
    angle = np.arctan2(span[side, 1], span[side, 0])
    world = turn(corners, angle) + sides.start[side][:, None, :]
    return polygons_of(world.reshape(-1, 2), np.repeat(np.arange(len(side)), 4)), side


def _apart(polygons: NDArray[np.object_]) -> NDArray[np.bool_]:
    """Whether each polygon is clear of those before it."""
    first, second = shapely.STRtree(polygons).query(polygons, predicate="intersects")
    clear = np.ones(len(polygons), dtype=bool)
    clear[np.maximum(first, second)[first != second]] = False
    return clear


def frontages_of(lots: Lots, manner: Manner, ground: Ground, plan: DemoPlan) -> Frontages:
    """Set shops along the street sides of housing lots and give back what is left of the lots."""
    rng = stream(plan, "buildings", 3)
    housing = np.isin(manner.kind[lots.cell], HOUSING)
    sides = _street_sides(
        lots, housing & (rng.random(len(lots.cell)) < BLOCK_SHARE), ground.coverage, ground.streetwork
    )
    depth = rng.uniform(*DEPTH_M, len(lots.cell))[sides.lot]
    shops, side = _shops(sides, depth, rng)
    shapely.prepare(lots.polygons)
    lot = sides.lot[side]
    kept = shapely.contains_properly(lots.polygons[lot], shops)
    shops, lot = shops[kept], lot[kept]
    clear = _apart(shops)
    lines = np.asarray(shapely.linestrings(np.stack((sides.start, sides.end), axis=1)), dtype=object)
    strips = shapely.buffer(lines, depth + YARD_M, cap_style="square", quad_segs=1)
    left = lots.polygons.copy()
    shapely.destroy_prepared(left)
    subtract(left, sides.lot, np.arange(len(sides.lot)), strips)
    parts, origin = shapely.get_parts(left, return_index=True)
    kept = shapely.area(parts) > SMALLEST_M2
    return Frontages(shops[clear], lots.cell[lot[clear]], Lots(parts[kept], lots.cell[origin[kept]]))
