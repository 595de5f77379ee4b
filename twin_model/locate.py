"""Point location: which polygon of a layer holds each of many points, exactly.

A raster over the layer answers most points with one look-up: a pixel that no boundary crosses belongs to one polygon or
to none. A pixel that a boundary crosses names a short list of candidates, and the points in it are tested against those
by the even-odd rule. Where a floating-point orientation test cannot be sure of its sign (on or next to a boundary),
shapely's robust predicate decides, so that answers equal ``shapely.intersects_xy`` with the first polygon that holds.
"""

from concurrent.futures import ThreadPoolExecutor
from threading import Lock
from typing import Any

import numpy as np
import shapely
from numpy.typing import ArrayLike, NDArray

from twin_model.errors import GeometryError
from twin_model.pixel_index import PixelIndex, build_pixel_index, edges_of

CHUNK = 1 << 16
"""Points a task: the working arrays of one chunk stay in the processor's cache."""

THREADS = 2
"""Chunks located at once; numpy lets go of the interpreter lock in the inner loops."""

_ORIENTATION_ERROR = 4.0 * np.finfo(np.float64).eps
"""Bound on the rounding error of a 2 × 2 determinant, relative to the sum of its terms' sizes (Shewchuk 1997)."""

_POLYGONAL = (3, 6)
"""shapely type ids of Polygon and MultiPolygon."""


class PointLocator:
    """Index of polygons that locates points by the million.

    Parameters
    ----------
    polygons : (n,) array_like of shapely.Polygon or shapely.MultiPolygon
        Valid polygons in any planar coordinates, for instance longitude and latitude in degrees, EPSG:4490. They may
        touch, overlap, have holes, be concave or empty.
    pixels : int, optional
        About how many pixels the raster has. Default: 200 a polygon, between 2²⁰ and 2²⁴.

    Raises
    ------
    GeometryError
        If an entry is no polygon.
    """

    def __init__(self, polygons: ArrayLike, *, pixels: int | None = None) -> None:
        self._polygons: NDArray[Any] = np.asarray(polygons, dtype=object).reshape(-1)
        wrong = np.flatnonzero(~np.isin(shapely.get_type_id(self._polygons), _POLYGONAL))
        if len(wrong):
            raise GeometryError(f"entry {wrong[0]} of the layer to locate in is no polygon; leave it out or mend it")
        self._edges = edges_of(self._polygons)
        self._index: PixelIndex = build_pixel_index(self._edges, len(self._polygons), pixels)
        # A prepared geometry fills in caches while it answers, and a caller may have prepared these: one thread asks.
        self._asking = Lock()

    def locate(self, lon: ArrayLike, lat: ArrayLike) -> NDArray[np.int32]:
        """Find the polygon that holds each point.

        Parameters
        ----------
        lon, lat : (m,) array_like of float
            Coordinates in the polygons' system. NaN and infinity lie outside.

        Returns
        -------
        (m,) int32
            Index of the polygon that holds the point, -1 outside. A point on a boundary, or in several polygons, goes
            to the lowest index.

        Raises
        ------
        GeometryError
            If the coordinates are not two arrays of one length.
        """
        x, y = np.ascontiguousarray(lon, np.float64), np.ascontiguousarray(lat, np.float64)
        if x.ndim != 1 or x.shape != y.shape:
            raise GeometryError(f"points need two arrays of one length; lon is {x.shape}, lat is {y.shape}")
        found = np.full(len(x), -1, np.int32)
        starts = range(0, len(x), CHUNK)
        if len(starts) <= 1:
            self._locate_chunk(x, y, found)
            return found
        with ThreadPoolExecutor(THREADS) as pool:
            chunks = (slice(start, start + CHUNK) for start in starts)
            tasks = [pool.submit(self._locate_chunk, x[part], y[part], found[part]) for part in chunks]
            for task in tasks:
                task.result()
        return found

    def _locate_chunk(self, x: NDArray[np.float64], y: NDArray[np.float64], found: NDArray[np.int32]) -> None:
        value = self._index.look_up(x, y)
        np.maximum(value, -1, out=found)
        undecided = np.flatnonzero(value < -1)
        if not len(undecided):
            return
        lists = -2 - value[undecided]
        first = self._index.list_start[lists]
        last = self._index.list_start[lists + 1]
        px, py = x[undecided], y[undecided]
        # Candidates stand in ascending order, so that the first that holds is the answer.
        while len(undecided):
            pair = first
            holds = self._holds(pair, px, py)
            found[undecided[holds]] = self._index.candidate[pair[holds]]
            first = first + 1
            rest = np.flatnonzero(~holds & (first < last))
            undecided, first, last, px, py = undecided[rest], first[rest], last[rest], px[rest], py[rest]

    def _holds(self, pair: NDArray[np.int64], px: NDArray[np.float64], py: NDArray[np.float64]) -> NDArray[np.bool_]:
        """Even-odd test of points against candidates, settled by shapely where rounding leaves a doubt."""
        start = self._index.edge_start[pair]
        count = self._index.edge_end[pair] - start
        offset = np.cumsum(count) - count
        point = np.repeat(np.arange(len(pair), dtype=np.int32), count)
        edge = self._index.edge[np.arange(len(point)) + np.repeat(start - offset, count)]
        y = py[point]
        y1, y2 = self._edges.y1[edge], self._edges.y2[edge]
        near = np.flatnonzero((np.minimum(y1, y2) <= y) & (y <= np.maximum(y1, y2)))
        point, edge, y, y1, y2 = point[near], edge[near], y[near], y1[near], y2[near]
        x1, x2 = self._edges.x1[edge], self._edges.x2[edge]
        left = (x2 - x1) * (y - y1)
        right = (px[point] - x1) * (y2 - y1)
        side = left - right
        doubt = np.abs(side) <= _ORIENTATION_ERROR * (np.abs(left) + np.abs(right))
        crosses = ((y1 <= y) != (y2 <= y)) & ((side > 0) == (y2 > y1))
        holds = (np.bincount(point[crosses], minlength=len(pair)) & 1).astype(np.bool_)
        unsure = np.unique(point[doubt])
        if len(unsure):
            polygon = self._polygons[self._index.candidate[pair[unsure]]]
            with self._asking:
                holds[unsure] = shapely.intersects_xy(polygon, px[unsure], py[unsure])
        return holds
