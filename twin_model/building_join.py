"""Which building a place belongs to: the one that it lies in or, within a distance, the nearest one.

Points inside a footprint are found by `twin_model.locate`. The others are measured against the edges of the footprints
near them, which a grid over the city holds ready: cells in the order of their distance from the point, and none that
lies farther than the nearest edge so far.
"""

from concurrent.futures import ThreadPoolExecutor
from itertools import product
from math import ceil
from typing import Any

import numpy as np
from numpy.typing import ArrayLike, NDArray

from twin_model.errors import GeometryError
from twin_model.local_frame import metres_per_degree, metres_per_degree_at
from twin_model.locate import PointLocator
from twin_model.pixel_index import Edges, edges_of, touched_pixels

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]

DEFAULT_WITHIN_M = 25.0
"""A case belongs to no building that is farther away, metres; a store may say otherwise."""

CELL_M = 25.0
"""Side of a cell of the grid, metres; larger where the city would have more than `MAX_CELLS` of them."""
MAX_CELLS = 1 << 23
CHUNK = 1 << 15
"""Points a task: the working arrays of one chunk stay in the processor's cache."""
THREADS = 2
"""Chunks measured at once; numpy lets go of the interpreter lock in the inner loops."""
NO_BUILDING = -1
_MAX_LON, _MAX_LAT = 180.0, 90.0
_LEAST_M_PER_DEGREE = 110_000.0
"""A degree of latitude is longer than this everywhere, metres."""
_MARGIN = 1e-9
"""Part by which a cell counts as nearer than it is, above the rounding of its distance."""


class BuildingLocator:
    """Index of footprints that finds the building of each of many points.

    Parameters
    ----------
    polygons : (n,) array_like of shapely.Polygon or shapely.MultiPolygon
        Valid footprints, longitude and latitude in degrees, EPSG:4490.
    pixels : int, optional
        Of the raster that finds what lies inside (`twin_model.locate.PointLocator`); fewer are made sooner.

    Raises
    ------
    GeometryError
        If an entry is no polygon.
    """

    def __init__(self, polygons: ArrayLike, *, pixels: int | None = None) -> None:
        shapes: NDArray[Any] = np.asarray(polygons, dtype=object).reshape(-1)
        self._inside = PointLocator(shapes, pixels=pixels)
        self._edges = edges_of(shapes)
        self._grid = _Grid(self._edges)

    def locate(self, lon: ArrayLike, lat: ArrayLike, within_m: float) -> tuple[NDArray[np.int32], NDArray[np.float32]]:
        """Find the building of each point.

        Distances are those of `twin_model.local_frame.LocalFrame` with the point as its origin.

        Parameters
        ----------
        lon, lat : (m,) array_like of float
            Degrees, EPSG:4490. NaN and what is not on the globe belong nowhere.
        within_m : float
            Farthest that a building may be, metres; 0 for inside only.

        Returns
        -------
        (m,) int32
            Index of the footprint that holds the point (of several the first), else of the nearest one within the
            distance, else `NO_BUILDING`.
        (m,) float32
            Distance, metres: 0 inside, NaN without a building.

        Raises
        ------
        GeometryError
            If the coordinates are not two arrays of one length, or the distance is no number of metres.
        """
        if not 0 <= within_m < np.inf:
            raise GeometryError(f"a distance of {within_m} m to the nearest building cannot be; give 0 or more")
        x, y = np.ascontiguousarray(lon, np.float64), np.ascontiguousarray(lat, np.float64)
        index = self._inside.locate(x, y)
        distance = np.where(index >= 0, np.float32(0), np.float32(np.nan))
        outside = np.flatnonzero((index < 0) & (np.abs(x) <= _MAX_LON) & self._grid.within_reach(y, within_m))
        if within_m and len(outside):
            # Neighbours one after another read the same cells.
            outside = outside[np.argsort(self._grid.cell_of(x[outside], y[outside]), kind="stable")]
            index[outside], distance[outside] = self._nearest(x[outside], y[outside], within_m)
        return index, distance

    def _nearest(self, x: Floats, y: Floats, within_m: float) -> tuple[NDArray[np.int32], NDArray[np.float32]]:
        index = np.full(len(x), NO_BUILDING, np.int32)
        distance = np.full(len(x), np.nan, np.float32)

        def measure(part: slice) -> None:
            square, polygon = self._nearest_of(x[part], y[part], within_m)
            index[part] = polygon
            distance[part] = np.where(polygon >= 0, np.sqrt(square), np.nan)

        parts = [slice(start, start + CHUNK) for start in range(0, len(x), CHUNK)]
        if len(parts) == 1:  # one case at a time must not wait for threads to start
            measure(parts[0])
            return index, distance
        with ThreadPoolExecutor(THREADS) as pool:
            for task in [pool.submit(measure, part) for part in parts]:
                task.result()
        return index, distance

    def _nearest_of(self, x: Floats, y: Floats, within_m: float) -> tuple[Floats, Ints]:
        """Square of the distance to the nearest edge within the limit (m²), and the polygon whose edge it is."""
        scale_x, scale_y = metres_per_degree_at(y).T
        grid = self._grid
        best = np.full(len(x), within_m * within_m)
        polygon = np.full(len(x), NO_BUILDING, np.int64)
        column, row = grid.place(x, y)
        for right, up in grid.steps(within_m, float(scale_x.min()), float(scale_y.min())):
            gap_x = _gap(column, right) / grid.per_x * scale_x
            gap_y = _gap(row, up) / grid.per_y * scale_y
            cell, inside = grid.cell(column, row, right, up)
            wanted = np.flatnonzero(inside & ((gap_x * gap_x + gap_y * gap_y) * (1 - _MARGIN) <= best))
            wanted = wanted[grid.start[cell[wanted] + 1] > grid.start[cell[wanted]]]
            if not len(wanted):
                continue
            pair_start, edge, owner = grid.edges_in(cell[wanted])
            point = wanted[owner]
            square = self._square_m2(edge, x[point], y[point], scale_x[point], scale_y[point])
            least = np.minimum.reduceat(square, pair_start)
            # Edges stand in the order of their polygons: of equally near ones the first counts.
            hits = np.flatnonzero(square == least[owner])
            first = hits[np.concatenate([[True], owner[hits][1:] != owner[hits][:-1]])]
            found = self._edges.polygon[edge[first]]
            known, kept = best[wanted], polygon[wanted]
            nearer = (least < known) | ((least == known) & ((kept < 0) | (found < kept)))
            best[wanted[nearer]], polygon[wanted[nearer]] = least[nearer], found[nearer]
        return best, polygon

    def _square_m2(self, edge: Ints, x: Floats, y: Floats, scale_x: Floats, scale_y: Floats) -> Floats:
        """Square of the distance of points to edges, m²."""
        edges = self._edges
        x1, y1 = (edges.x1[edge] - x) * scale_x, (edges.y1[edge] - y) * scale_y
        along_x, along_y = (edges.x2[edge] - x) * scale_x - x1, (edges.y2[edge] - y) * scale_y - y1
        length2 = along_x * along_x + along_y * along_y
        share = -(x1 * along_x + y1 * along_y) / np.where(length2 > 0, length2, 1.0)
        np.clip(share, 0.0, 1.0, out=share)
        x1 += share * along_x
        y1 += share * along_y
        return x1 * x1 + y1 * y1


class _Grid:
    """Cells over the footprints, and the edges that touch each."""

    def __init__(self, edges: Edges) -> None:
        self.start, self.edge = np.zeros(2, np.int64), np.zeros(0, np.int32)
        self.west = self.south = 0.0
        self.per_x = self.per_y = 1.0
        self.columns = self.rows = 1
        if len(edges.x1):
            self._draw(edges)

    def _draw(self, edges: Edges) -> None:
        self.west, self.south = float(min(edges.x1.min(), edges.x2.min())), float(min(edges.y1.min(), edges.y2.min()))
        east, north = float(max(edges.x1.max(), edges.x2.max())), float(max(edges.y1.max(), edges.y2.max()))
        scale_x, scale_y = metres_per_degree((self.south + north) / 2)
        width, height = (east - self.west) * scale_x, (north - self.south) * scale_y
        side = max(CELL_M, (width * height / MAX_CELLS) ** 0.5, width / MAX_CELLS, height / MAX_CELLS)
        self.columns, self.rows = int(width / side) + 1, int(height / side) + 1
        self.per_x, self.per_y = scale_x / side, scale_y / side
        drawn = Edges(
            (edges.x1 - self.west) * self.per_x,
            (edges.y1 - self.south) * self.per_y,
            (edges.x2 - self.west) * self.per_x,
            (edges.y2 - self.south) * self.per_y,
            np.arange(len(edges.x1)),
            edges.start,
        )
        cell, edge = touched_pixels(drawn, self.columns, self.rows)
        key = cell * len(edges.x1) + edge
        key.sort()
        key = key[np.concatenate([[True], key[1:] != key[:-1]])]
        cell, self.edge = key // len(edges.x1), (key % len(edges.x1)).astype(np.int32)
        self.start = np.searchsorted(cell, np.arange(self.columns * self.rows + 1)).astype(np.int64)

    def within_reach(self, y: Floats, within_m: float) -> NDArray[np.bool_]:
        """Whether the distance may lead from latitudes to the grid's, so that no step is counted near a pole for it."""
        reach = within_m / _LEAST_M_PER_DEGREE
        north = self.south + self.rows / self.per_y
        return np.asarray((y >= max(self.south - reach, -_MAX_LAT)) & (y <= min(north + reach, _MAX_LAT)))

    def place(self, x: Floats, y: Floats) -> tuple[Floats, Floats]:
        """Columns and rows of points, with the part of a cell that they lie into it."""
        return (x - self.west) * self.per_x, (y - self.south) * self.per_y

    def cell_of(self, x: Floats, y: Floats) -> Ints:
        """Cell of each point; of the nearest border cell outside the grid."""
        column, row = self.place(x, y)
        return np.clip(row, 0, self.rows - 1).astype(np.int64) * self.columns + np.clip(
            column, 0, self.columns - 1
        ).astype(np.int64)

    def cell(self, column: Floats, row: Floats, right: int, up: int) -> tuple[Ints, NDArray[np.bool_]]:
        """Cell some steps away from each point, and whether the grid has it; cell 0 where not."""
        there_x, there_y = np.floor(column) + right, np.floor(row) + up
        inside = (there_x >= 0) & (there_x < self.columns) & (there_y >= 0) & (there_y < self.rows)
        return np.where(inside, there_y * self.columns + there_x, 0).astype(np.int64), inside

    def edges_in(self, cell: Ints) -> tuple[Ints, Ints, Ints]:
        """Edges of cells that have some: where each cell's begin, the edges, and which of the cells each is of."""
        first = self.start[cell]
        count = self.start[cell + 1] - first
        begin = np.cumsum(count) - count
        owner = np.repeat(np.arange(len(cell)), count)
        return begin, self.edge[np.arange(len(owner)) + (first - begin)[owner]].astype(np.int64), owner

    def steps(self, within_m: float, scale_x: float, scale_y: float) -> list[tuple[int, int]]:
        """List the steps to the cells that the distance can reach, the nearest first."""
        side_x, side_y = scale_x / self.per_x, scale_y / self.per_y
        wide = range(-ceil(within_m / side_x), ceil(within_m / side_x) + 1)
        high = range(-ceil(within_m / side_y), ceil(within_m / side_y) + 1)
        return sorted(product(wide, high), key=lambda step: (step[0] ** 2 + step[1] ** 2, step))


def _gap(place: Floats, step: int) -> Floats:
    """How far cells some steps away are from points, in cells along one axis."""
    if step == 0:
        return np.zeros(len(place))
    edge = np.floor(place) + step
    return edge - place if step > 0 else place - edge - 1
