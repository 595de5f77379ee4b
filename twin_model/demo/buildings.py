"""Buildings: rows and courts laid out in each lot, in the manner of its block."""

from dataclasses import dataclass

import numpy as np
import pyarrow as pa
import shapely
from numpy.typing import NDArray

from twin_model.demo.archetypes import ARCHETYPES, Kind
from twin_model.demo.footprints import Shape
from twin_model.demo.frontages import Frontages
from twin_model.demo.ground import Ground
from twin_model.demo.layout import footprints_at, frames_of, places_in, polygons_of, turn
from twin_model.demo.manner import TALLEST_M, Manner, between, of_kind, spans
from twin_model.demo.outline import to_degrees
from twin_model.demo.plan import DemoPlan, stream

LOWEST_M = 3.0
NARROWEST_M = 5.5
TOWER_SHARE = 0.25
TOWER_PULL = 0.25
SHOP = len(Kind)
"""Kind of the shops in front of housing."""
SHOP_STOREY_M = 3.8
PLAIN = (1.0, 0.0, 0.0, 0.0, 0.0, 0.0, 0.0)


@dataclass(frozen=True)
class Buildings:
    """Buildings in metres.

    Attributes
    ----------
    polygons
        (n,) footprints.
    cell
        (n,) int64 cell that holds each.
    kind
        (n,) int64 `Kind` of the block, or `SHOP`.
    height_m
        (n,) float64.
    storeys
        (n,) int64.
    """

    polygons: NDArray[np.object_]
    cell: NDArray[np.int64]
    kind: NDArray[np.int64]
    height_m: NDArray[np.float64]
    storeys: NDArray[np.int64]


def build(frontages: Frontages, manner: Manner, plan: DemoPlan) -> Buildings:
    """Lay out the buildings behind the frontages; what does not fit its lot is left out."""
    lots = frontages.lots
    rng = stream(plan, "buildings", 1)
    frames = frames_of(lots)
    places = places_in(frames, lots.cell, manner, rng)
    cell = lots.cell[places.lot]
    kind = manner.kind[cell]
    chances = np.array([ARCHETYPES[k].shapes if k in ARCHETYPES else PLAIN for k in Kind]).cumsum(axis=1)
    shape = (rng.random(len(kind))[:, None] * chances[kind, -1:] > chances[kind]).sum(axis=1)
    shape[places.length < 0.8 * places.depth] = Shape.RECTANGLE
    wing = between(spans("wing")[kind], rng.random(len(kind)))
    corners, owner = footprints_at(places, shape, wing, rng.integers(0, 4, len(kind)))
    kept = shapely.contains_properly(frames.lots[places.lot], polygons_of(corners, owner))
    kept &= rng.random(len(kind)) >= of_kind("empty")[kind]
    kept &= np.minimum(places.length, places.depth) > NARROWEST_M
    height, storeys = _heights(cell, kind, manner, rng)
    rows = np.nonzero(kept)[0]
    place = np.full(len(kept), -1)
    place[rows] = np.arange(len(rows))
    corners, owner = corners[kept[owner]], owner[kept[owner]]
    lot = places.lot[owner]
    world = turn(corners, frames.angle[lot]) + frames.middle[lot]
    shops = len(frontages.cell)
    floors = rng.choice((1, 2, 3, 4), shops, p=(0.42, 0.34, 0.16, 0.08))
    return Buildings(
        np.concatenate((polygons_of(world, place[owner]), frontages.polygons)),
        np.concatenate((cell[rows], frontages.cell)),
        np.concatenate((kind[rows], np.full(shops, SHOP))),
        np.concatenate((height[rows], np.round(floors * SHOP_STOREY_M + rng.choice((0.3, 0.6), shops), 1))),
        np.concatenate((storeys[rows], floors)),
    )


def _heights(
    cell: NDArray[np.int64], kind: NDArray[np.int64], manner: Manner, rng: np.random.Generator
) -> tuple[NDArray[np.float64], NDArray[np.int64]]:
    """Height in metres and storeys of each building: its block's, a little varied, with towers in business centres."""
    height = manner.height[cell] * rng.lognormal(0, 0.08, len(kind))
    pull = manner.pull[cell]
    tower = (rng.random(len(kind)) < TOWER_SHARE) & (pull > TOWER_PULL) & np.isin(kind, (Kind.OFFICES, Kind.TECH_PARK))
    height = np.where(tower, np.maximum(height, rng.uniform(60, 118, len(kind)) * (0.8 + 0.35 * pull)), height)
    storey = np.maximum(of_kind("storey_m")[kind], 1.0)
    storeys = np.minimum(np.clip(np.round(height / storey), 1, None), np.floor(TALLEST_M / storey))
    height = np.clip(storeys * storey + rng.choice((0.0, 0.3, 0.6, 0.9), len(kind)), LOWEST_M, TALLEST_M)
    return np.round(height, 1), storeys.astype(np.int64)


def living_space(buildings: Buildings, cells: int) -> NDArray[np.float64]:
    """(cells,) square metres of floor in homes."""
    homes = np.isin(buildings.kind, (Kind.SLABS, Kind.HIGH_SLABS, Kind.TOWERS, Kind.VILLAGE, Kind.VILLAS))
    dorms = np.where(buildings.kind == Kind.CAMPUS, 0.35, 0.0)
    floor = shapely.area(buildings.polygons) * buildings.storeys * np.where(homes, 1.0, dorms)
    return np.bincount(buildings.cell, floor, cells).astype(np.float64)


def building_table(buildings: Buildings, ground: Ground) -> pa.Table:
    """Write the building table of the store, in code order: community code + B + five digits."""
    cells, communities = ground.cells, ground.communities
    order = np.argsort(cells.community[buildings.cell] * 10**7 + buildings.cell, kind="stable")
    cell, kind = buildings.cell[order], buildings.kind[order]
    community = cells.community[cell]
    start = np.searchsorted(community, community)
    number = np.arange(len(cell)) - start + 1
    codes = [f"{communities.codes[c]}B{n:05d}" for c, n in zip(community.tolist(), number.tolist(), strict=True)]
    uses = np.array([ARCHETYPES[k].use if k in ARCHETYPES else "other" for k in Kind] + ["commercial"], dtype=object)[
        kind
    ]
    polygons = shapely.orient_polygons(buildings.polygons[order])
    middle = to_degrees(shapely.get_coordinates(shapely.point_on_surface(polygons)))
    geometry = shapely.transform(polygons, to_degrees)
    street, neighbourhood, grid = ground.first_area
    return pa.table(
        {
            "building_id": pa.array(np.arange(len(cell)), pa.int32()),
            "code": pa.array(codes, pa.string()),
            "name": pa.nulls(len(cell), pa.string()),
            "use": pa.array(uses, pa.string()),
            "height_m": pa.array(buildings.height_m[order], pa.float32()),
            "height_source": pa.array(["simulated"] * len(cell), pa.string()),
            "storeys": pa.array(buildings.storeys[order], pa.int16()),
            "footprint_m2": pa.array(shapely.area(polygons), pa.float32()),
            "lon": pa.array(middle[:, 0], pa.float64()),
            "lat": pa.array(middle[:, 1], pa.float64()),
            "street_id": pa.array(communities.street[community] + street, pa.int32()),
            "community_id": pa.array(community + neighbourhood, pa.int32()),
            "grid_id": pa.array(cell + grid, pa.int32()),
            "geom": pa.array(shapely.to_wkb(geometry), pa.binary()),
        }
    )
