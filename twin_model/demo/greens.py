"""Greens: fields and orchards of the open land, gardens between the blocks."""

import numpy as np
import pyarrow as pa
import shapely
from numpy.typing import NDArray

from twin_model.demo.archetypes import Kind
from twin_model.demo.ground import Ground
from twin_model.demo.landuse import Landuse
from twin_model.demo.lots import Lots, lots_of
from twin_model.demo.manner import Manner
from twin_model.demo.outline import to_degrees

HEDGE_M = 3.5


def green_lots(ground: Ground, manner: Manner) -> tuple[NDArray[np.object_], NDArray[np.bool_]]:
    """Green plots in metres, and whether each is a garden in a built-up block (else open land)."""
    lots: Lots = lots_of(ground, manner.kind == Kind.GREEN, HEDGE_M)
    return lots.polygons, ground.cells.settled[lots.cell]


def landuse_table(landuse: Landuse, greens: tuple[NDArray[np.object_], NDArray[np.bool_]]) -> pa.Table:
    """Land-use table of the store, in drawing order: greens, parks, hills from the foot up, waters."""
    plots, garden = greens
    count = len(plots)
    kinds = [*np.where(garden, "park", "green").tolist(), *landuse.kinds]
    geometry = shapely.transform(np.concatenate((plots, landuse.polygons)), to_degrees)
    return pa.table(
        {
            "landuse_id": pa.array(np.arange(len(kinds)), pa.int32()),
            "name": pa.array([*[None] * count, *landuse.names], pa.string()),
            "kind": pa.array(kinds, pa.string()),
            "elevation_m": pa.array(np.concatenate((np.zeros(count), landuse.elevations)), pa.float32()),
            "geom": pa.array(shapely.to_wkb(geometry), pa.binary()),
        }
    )
