"""Lots: what is left of a cell to build on, once roads, waters, parks and hills have taken theirs."""

from dataclasses import dataclass

import numpy as np
import shapely
from numpy.typing import NDArray

from twin_model.demo.ground import Ground
from twin_model.demo.landuse import Landuse
from twin_model.demo.splitting import subtract
from twin_model.demo.streetwork import RESIDENTIAL, WIDTHS_M

SETBACK_M = 1.6
WIDE_SETBACK_M = 5.0
INSET_M = 4.0 + SETBACK_M
"""Half of a residential street and its setback."""
SHORE_M = 8.0
SHORE_STEP_M = 2.0
"""Shores are simplified by less than they are wide."""
SMALLEST_M2 = 250.0
CLEAN_M = 0.05
"""Grid that lots are rounded to, so that what roads took leaves no hair-thin spikes."""


@dataclass(frozen=True)
class Lots:
    """Land to build on.

    Attributes
    ----------
    polygons
        (n,) polygons, metres; each strictly inside its cell.
    cell
        (n,) int64 cell of each.
    """

    polygons: NDArray[np.object_]
    cell: NDArray[np.int64]


def _wide_roads(ground: Ground) -> NDArray[np.object_]:
    """Land that wider roads take from the cells beside them and at their corners, metres."""
    wide = np.nonzero(ground.streetwork.ranks > RESIDENTIAL)[0]
    reach = WIDTHS_M[ground.streetwork.ranks[wide]] / 2 + WIDE_SETBACK_M
    lines = shapely.linestrings(ground.coverage.vertices[ground.coverage.edges[wide]])
    return np.asarray(shapely.buffer(lines, reach, cap_style="square", quad_segs=2), dtype=object)


def _shores(landuse: Landuse) -> NDArray[np.object_]:
    """Surfaces that nobody builds on, with their shores; of the hills only the lowest step, which holds the others."""
    hill = np.array([kind == "hill" for kind in landuse.kinds])
    lowest = landuse.elevations <= (landuse.elevations[hill].min() if hill.any() else 0)
    return shapely.simplify(shapely.buffer(landuse.polygons[~hill | lowest], SHORE_M, quad_segs=2), SHORE_STEP_M)


def lots_of(ground: Ground, chosen: NDArray[np.bool_], inset: float = INSET_M) -> Lots:
    """Lots of the chosen cells.

    Parameters
    ----------
    chosen
        (cells,) bool, whether a cell's lot is wanted.
    inset
        Metres that lanes and small streets take from each side of a cell.
    """
    rows = np.nonzero(chosen)[0]
    polygons = ground.coverage.polygons()[rows]
    polygons = shapely.buffer(polygons, -inset, join_style="mitre", mitre_limit=2.0)
    shores = _shores(ground.landuse)
    drowned, _ = shapely.STRtree(shores).query(polygons, predicate="covered_by")
    polygons[drowned] = shapely.Polygon()
    for surfaces in (_wide_roads(ground), shores):
        row, surface = shapely.STRtree(surfaces).query(polygons, predicate="intersects")
        subtract(polygons, row, surface, surfaces)
    polygons = shapely.set_precision(shapely.simplify(polygons, CLEAN_M), CLEAN_M)
    parts, origin = shapely.get_parts(polygons, return_index=True)
    kept = shapely.area(parts) > SMALLEST_M2
    return Lots(parts[kept], rows[origin[kept]])
