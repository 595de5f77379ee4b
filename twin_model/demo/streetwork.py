"""Streetwork: what kind of road each edge of the cells is."""

from dataclasses import dataclass

import numpy as np
import shapely
from numpy.typing import NDArray

from twin_model.demo.arterials import Arterials
from twin_model.demo.cells import Cells
from twin_model.demo.communities import Communities
from twin_model.demo.coverage import Coverage
from twin_model.demo.landuse import Landuse

NO_ROAD = 0
CLASSES = ("", "path", "service", "residential", "tertiary", "secondary", "primary", "trunk", "motorway")
"""OSM highway values by rank; rank 0 is no road."""
WIDTHS_M = np.array([0.0, 3.0, 5.0, 8.0, 14.0, 20.0, 28.0, 36.0, 44.0])
PATH, SERVICE, RESIDENTIAL, TERTIARY, SECONDARY, PRIMARY = range(1, 7)
ON_LINE_M = 0.02
LAKE_M2 = 60_000.0


@dataclass(frozen=True)
class Streetwork:
    """Road rank of each edge of a coverage.

    Attributes
    ----------
    ranks
        (e,) int64 index into `CLASSES`.
    arterial
        (e,) int64 arterial that the edge is part of, or -1.
    """

    ranks: NDArray[np.int64]
    arterial: NDArray[np.int64]


def _arterial_of(coverage: Coverage, roads: Arterials) -> NDArray[np.int64]:
    """(e,) arterial that each edge lies on, or -1."""
    near = np.zeros((len(roads.lines), len(coverage.vertices)), dtype=bool)
    line, vertex = shapely.STRtree(np.asarray(shapely.points(coverage.vertices), dtype=object)).query(
        roads.lines, predicate="dwithin", distance=ON_LINE_M
    )
    near[line, vertex] = True
    both = near[:, coverage.edges[:, 0]] & near[:, coverage.edges[:, 1]]
    found = np.where(both.any(axis=0), both.argmax(axis=0), -1)
    rows = np.nonzero(found >= 0)[0]
    middle = shapely.points(coverage.vertices[coverage.edges[rows]].mean(axis=1))
    off = shapely.distance(middle, roads.lines[found[rows]]) > 10 * ON_LINE_M
    found[rows[off]] = -1
    return found


def closed_land(landuse: Landuse) -> shapely.Geometry:
    """Parks, hills and lakes, metres, prepared: only arterials cross them."""
    kinds, areas = np.array(landuse.kinds), shapely.area(landuse.polygons)
    lake = (kinds == "water") & (areas > LAKE_M2)
    closed = shapely.union_all(landuse.polygons[(kinds == "hill") | (kinds == "park") | lake])
    shapely.prepare(closed)
    return closed


def rank_edges(
    coverage: Coverage, cells: Cells, communities: Communities, roads: Arterials, landuse: Landuse
) -> Streetwork:
    """Rank each edge: arterial, or the border of streets, communities, blocks or cells; none in hills and lakes."""
    left, right = coverage.sides.T
    community = cells.community
    street = communities.street[community]
    settled = cells.settled[left] | cells.settled[right]
    ranks = np.where(settled, SERVICE, PATH)
    ranks = np.where(settled & (cells.block[left] != cells.block[right]), RESIDENTIAL, ranks)
    ranks = np.where(community[left] != community[right], np.where(settled, SECONDARY, TERTIARY), ranks)
    lone = cells.settled[left] != cells.settled[right]
    ranks = np.where((ranks == SECONDARY) & lone, TERTIARY, ranks)
    ranks = np.where(street[left] != street[right], PRIMARY, ranks)
    ranks[(left < 0) | (right < 0)] = NO_ROAD
    middle = coverage.vertices[coverage.edges].mean(axis=1)
    closed = closed_land(landuse)
    ranks[shapely.contains_xy(closed, middle[:, 0], middle[:, 1])] = NO_ROAD
    arterial = _arterial_of(coverage, roads)
    class_rank = np.array([CLASSES.index(klass) for klass in roads.classes])
    return Streetwork(np.where(arterial >= 0, class_rank[arterial], ranks), arterial)
