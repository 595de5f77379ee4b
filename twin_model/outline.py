"""Outlines on the ground of city objects that come as bodies in space."""

from collections.abc import Sequence
from typing import Any

import numpy as np
import shapely
from numpy.typing import NDArray

from twin_model.body_batch import MIN_AREA_M2, BodyBatch, projected
from twin_model.city_object import best_lod, lod_number
from twin_model.local_frame import LocalFrame
from twin_model.surface import SurfaceKind

SAME_AREA = 1e-9
SAME_SHADOW = 0.99
GRID_M = 0.001
"""Outlines are joined on a grid of this width: source polygons meet to about as much."""


def building_outlines(batch: BodyBatch) -> NDArray[Any]:
    """Footprint of each object: its ground surfaces, else its LoD 0, else all of it seen from above.

    Parameters
    ----------
    batch : BodyBatch
        Bodies of buildings.

    Returns
    -------
    (o,) object
        Shapely geometries, metres of the object's frame; None for an object that is nothing but upright.
    """
    polygon, area = projected(batch)
    body_of = np.repeat(np.arange(len(batch.bodies)), np.diff(batch.body_start))
    chosen = np.zeros(len(polygon), dtype=bool)
    ground = (batch.surfaces == SurfaceKind.GROUND) & (np.abs(area) > MIN_AREA_M2)
    for bodies in _bodies_by_object(batch):
        chosen[_footprint_polygons(batch, bodies, area, ground)] = True
    return _unions(polygon, chosen, batch.owner[body_of], len(batch.frames))


def flat_outlines(batch: BodyBatch) -> NDArray[Any]:
    """All of each object seen from above, as `building_outlines` gives it."""
    polygon, area = projected(batch)
    body_of = np.repeat(np.arange(len(batch.bodies)), np.diff(batch.body_start))
    return _unions(polygon, np.abs(area) > MIN_AREA_M2, batch.owner[body_of], len(batch.frames))


def outlines_to_stored(outlines: NDArray[Any], frames: Sequence[LocalFrame]) -> NDArray[Any]:
    """Outlines in metres of their frames as geometries in EPSG:4490."""
    coordinates, owner = shapely.get_coordinates(outlines, return_index=True)
    scale = np.array([frame.metres_per_degree for frame in frames]).reshape(-1, 2)
    origin = np.array([(frame.lon, frame.lat) for frame in frames]).reshape(-1, 2)
    moved = coordinates / scale[owner] + origin[owner]
    return np.asarray(shapely.set_coordinates(outlines.copy(), moved), dtype=object)


def _bodies_by_object(batch: BodyBatch) -> list[NDArray[np.int64]]:
    return np.split(np.arange(len(batch.bodies)), np.flatnonzero(np.diff(batch.owner)) + 1)


def _footprint_polygons(
    batch: BodyBatch,
    bodies: NDArray[np.int64],
    area: NDArray[np.float64],
    ground: NDArray[np.bool_],
) -> NDArray[np.int64]:
    """Polygons of one object whose union is its footprint."""
    lods = {batch.bodies[body].lod for body in bodies}
    best = best_lod([lod for lod in lods if lod_number(lod) > 0])
    shown = [int(body) for body in bodies if batch.bodies[body].lod == best]
    grounds = [_polygons(batch, body)[ground[_polygons(batch, body)]] for body in shown]
    if best is not None and any(len(each) for each in grounds):
        return np.concatenate(grounds)
    flat = [int(body) for body in bodies if lod_number(batch.bodies[body].lod) == 0]
    if flat:
        return np.concatenate([_lying(batch, body, area) for body in flat])
    return np.concatenate([_lying(batch, body, area) for body in shown])


def _lying(batch: BodyBatch, body: int, area: NDArray[np.float64]) -> NDArray[np.int64]:
    """Polygons of a body that are seen from above; of a solid those that face down: its shadow, and fewer."""
    polygons = _polygons(batch, body)
    if batch.bodies[body].solid:
        down = polygons[area[polygons] < -MIN_AREA_M2]
        up = polygons[area[polygons] > MIN_AREA_M2]
        # A solid casts the same shadow from both sides; one that does not is open and has all of it counted.
        below, above = -area[down].sum(), area[up].sum()
        if min(below, above) > SAME_SHADOW * max(below, above):
            return down
    return polygons[np.abs(area[polygons]) > MIN_AREA_M2]


def _polygons(batch: BodyBatch, body: int) -> NDArray[np.int64]:
    return np.arange(batch.body_start[body], batch.body_start[body + 1])


def _unions(polygon: NDArray[Any], chosen: NDArray[np.bool_], owner: NDArray[np.int64], count: int) -> NDArray[Any]:
    """Union of the chosen polygons of each object."""
    united = np.full(count, None, dtype=object)
    chosen = chosen & ~shapely.is_missing(polygon)
    kept, mine = polygon[chosen], owner[chosen]
    invalid = ~shapely.is_valid(kept)
    kept[invalid] = shapely.make_valid(kept[invalid])
    starts = np.concatenate(([0], np.flatnonzero(np.diff(mine)) + 1, [len(mine)])) if len(mine) else np.zeros(1, int)
    for start, end in zip(starts[:-1].tolist(), starts[1:].tolist(), strict=True):
        clean = not invalid[start:end].any()
        united[mine[start]] = kept[start] if clean and end - start == 1 else _union(kept[start:end], tiled=clean)
    return united


def _union(polygons: NDArray[Any], *, tiled: bool) -> Any:  # noqa: ANN401 - shapely has no one type for it
    """Union of polygons; those that only touch, as the triangles of a surface do, are joined without cutting."""
    joined = _tiled(polygons) if tiled else None
    return shapely.union_all(polygons, grid_size=GRID_M) if joined is None else joined


def _tiled(polygons: NDArray[Any]) -> Any:  # noqa: ANN401 - shapely has no one type for it
    """Union of polygons that meet corner to corner; None where they overlap or leave gaps."""
    try:
        joined = shapely.coverage_union_all(polygons)
    except shapely.errors.GEOSException:
        return None
    whole = float(shapely.area(polygons).sum())
    same = abs(shapely.area(joined) - whole) <= SAME_AREA * whole
    return joined if same and shapely.is_valid(joined) else None
