"""Raster index of polygons: for each pixel the polygon that covers it, none, or the candidates on its boundary."""

from dataclasses import dataclass
from typing import Any

import numpy as np
import shapely
from numpy.typing import NDArray

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]

PIXELS_PER_POLYGON = 200
MIN_PIXELS, MAX_PIXELS = 1 << 20, 1 << 24

_SLACK = 1e-6
"""Pixels by which a boundary is thickened, above the rounding of a pixel coordinate."""

_FINEST = 1e7 * np.finfo(np.float64).eps
"""Smallest pixel, relative to the largest coordinate: keeps the rounding of a pixel coordinate below `_SLACK`."""


@dataclass(frozen=True)
class Edges:
    """Boundary edges of polygons, grouped by polygon.

    Attributes
    ----------
    x1, y1, x2, y2
        (e,) float64, the ends.
    polygon
        (e,) int64, whose edge it is.
    start
        (n + 1,) int64, first edge of each polygon.
    """

    x1: Floats
    y1: Floats
    x2: Floats
    y2: Floats
    polygon: Ints
    start: Ints


@dataclass(frozen=True)
class PixelIndex:
    """What each pixel of a raster holds.

    Attributes
    ----------
    west, south
        Corner of the raster, in the polygons' coordinates.
    per_x, per_y
        Pixels a unit of each axis.
    columns, rows
        Size.
    cell
        (rows * columns,) int32: a polygon's index where it covers the pixel, -1 where nothing does, -2 - k where the
        pixel has the k-th list of candidates.
    list_start
        (k + 1,) int64, first candidate of each list.
    candidate
        (c,) int64, polygons, ascending within a list.
    edge_start, edge_end
        (c,) int64, slice of ``edge`` for each candidate.
    edge
        (e,) int64, edges of a polygon that touch a row of pixels: all that the even-odd test of a point there needs.
    """

    west: float
    south: float
    per_x: float
    per_y: float
    columns: int
    rows: int
    cell: NDArray[np.int32]
    list_start: Ints
    candidate: Ints
    edge_start: Ints
    edge_end: Ints
    edge: Ints

    def look_up(self, x: Floats, y: Floats) -> NDArray[np.int32]:
        """Read the pixel under each point; -1 outside the raster and for NaN.

        Parameters
        ----------
        x, y : (m,) float64
        """
        column, row = (x - self.west) * self.per_x, (y - self.south) * self.per_y
        inside = (column >= 0) & (column < self.columns) & (row >= 0) & (row < self.rows)
        if inside.all():
            return self.cell[row.astype(np.int64) * self.columns + column.astype(np.int64)]
        value = np.full(len(x), -1, np.int32)
        value[inside] = self.cell[row[inside].astype(np.int64) * self.columns + column[inside].astype(np.int64)]
        return value


def edges_of(polygons: NDArray[Any]) -> Edges:
    """Take the boundary edges of polygons, holes included.

    Parameters
    ----------
    polygons : (n,) array of shapely.Polygon or shapely.MultiPolygon
    """
    parts, part_polygon = shapely.get_parts(polygons, return_index=True)
    rings, ring_part = shapely.get_rings(parts, return_index=True)
    points, point_ring = shapely.get_coordinates(rings, return_index=True)
    joined = point_ring[1:] == point_ring[:-1]
    begin, end = points[:-1][joined], points[1:][joined]
    polygon = part_polygon[ring_part[point_ring[:-1][joined]]].astype(np.int64)
    start = np.searchsorted(polygon, np.arange(len(polygons) + 1)).astype(np.int64)
    x1, y1, x2, y2 = (np.ascontiguousarray(axis) for axis in (*begin.T, *end.T))
    return Edges(x1, y1, x2, y2, polygon, start)


def build_pixel_index(edges: Edges, polygons: int, pixels: int | None) -> PixelIndex:
    """Draw polygons into a raster.

    Parameters
    ----------
    edges : Edges
    polygons : int
        How many polygons the edges belong to.
    pixels : int or None
        About how many pixels the raster has; None chooses.
    """
    if not len(edges.x1):
        nothing = np.zeros(1, np.int64)
        return PixelIndex(0.0, 0.0, 1.0, 1.0, 1, 1, np.full(1, -1, np.int32), nothing, *[nothing[:0]] * 4)
    if pixels is None:
        pixels = min(max(PIXELS_PER_POLYGON * polygons, MIN_PIXELS), MAX_PIXELS)
    west, south, width, height = _frame(edges)
    finest = _FINEST * max(abs(west), abs(south), abs(west + width), abs(south + height))
    columns = int(np.clip(np.sqrt(pixels * width / height), 1, min(pixels, max(width / finest, 1))))
    rows = int(np.clip(pixels // columns, 1, max(height / finest, 1)))
    per_x, per_y = columns / width, rows / height
    drawn = Edges(
        (edges.x1 - west) * per_x,
        (edges.y1 - south) * per_y,
        (edges.x2 - west) * per_x,
        (edges.y2 - south) * per_y,
        edges.polygon,
        edges.start,
    )
    row, edge = _edge_rows(drawn, rows)
    cell, list_start, pixel, candidate = _draw(drawn, row, edge, columns, rows)
    band = edges.polygon[edge] * rows + row
    order = np.argsort(band, kind="stable")
    wanted = candidate * rows + pixel // columns
    first, last = (np.searchsorted(band[order], wanted, side) for side in ("left", "right"))
    return PixelIndex(
        west,
        south,
        per_x,
        per_y,
        columns=columns,
        rows=rows,
        cell=cell,
        list_start=list_start,
        candidate=candidate,
        edge_start=first,
        edge_end=last,
        edge=edge[order],
    )


def touched_pixels(edges: Edges, columns: int, rows: int) -> tuple[Ints, Ints]:
    """Pixels that each edge touches, as pairs of pixel (``row * columns + column``) and owner, with repeats.

    Parameters
    ----------
    edges : Edges
        In pixels; the owner of an edge is its ``polygon``.
    columns, rows : int
        Size of the raster.
    """
    row, edge = _edge_rows(edges, rows)
    return _boundary_pixels(edges, row, edge, columns)


def _frame(edges: Edges) -> tuple[float, float, float, float]:
    """West, south, width and height of the edges, with a margin so that the last boundary is inside the last pixel."""
    west, east = float(edges.x1.min()), float(edges.x1.max())
    south, north = float(edges.y1.min()), float(edges.y1.max())
    margin = 1e-3 * max(east - west, north - south, np.finfo(np.float64).tiny)
    return west - margin, south - margin, east - west + 2 * margin, north - south + 2 * margin


def _draw(edges: Edges, row: Ints, edge: Ints, columns: int, rows: int) -> tuple[NDArray[np.int32], Ints, Ints, Ints]:
    """Cells of the raster, where each list of candidates starts, and pixel and polygon of each candidate."""
    boundary_pixel, boundary_polygon = _boundary_pixels(edges, row, edge, columns)
    fill_pixel, fill_polygon = _filled_pixels(edges, columns, rows)
    cell = np.full(rows * columns, -1, np.int32)
    # Polygons fill in descending order, so that the lowest index stays where polygons overlap.
    cell[fill_pixel[::-1]] = fill_polygon[::-1]
    on_boundary = np.zeros(rows * columns, np.bool_)
    on_boundary[boundary_pixel] = True
    # A polygon that covers a pixel is a candidate there as well, where another's boundary crosses it.
    shared = on_boundary[fill_pixel]
    key = np.concatenate([boundary_pixel, fill_pixel[shared]]) << 32
    key |= np.concatenate([boundary_polygon, fill_polygon[shared]])
    key.sort()
    key = key[np.concatenate([[True], key[1:] != key[:-1]])]
    pixel = key >> 32
    list_start = np.flatnonzero(np.concatenate([[True], pixel[1:] != pixel[:-1], [True]]))
    cell[pixel[list_start[:-1]]] = -2 - np.arange(len(list_start) - 1, dtype=np.int32)
    return cell, list_start, pixel, key & 0xFFFFFFFF


def _ranges(first: Ints, count: Ints) -> tuple[Ints, Ints]:
    """Concatenate the ranges ``first[i] … first[i] + count[i] - 1``; also tell which range each number is of."""
    owner = np.repeat(np.arange(len(first)), count)
    offset = np.cumsum(count) - count
    return np.arange(len(owner)) + (first - offset)[owner], owner


def _edge_rows(edges: Edges, rows: int) -> tuple[Ints, Ints]:
    """Rows of pixels that each edge touches, as pairs of row and edge."""
    first = np.clip(np.floor(np.minimum(edges.y1, edges.y2) - _SLACK), 0, rows - 1).astype(np.int64)
    last = np.clip(np.floor(np.maximum(edges.y1, edges.y2) + _SLACK), 0, rows - 1).astype(np.int64)
    return _ranges(first, last - first + 1)


def _boundary_pixels(edges: Edges, row: Ints, edge: Ints, columns: int) -> tuple[Ints, Ints]:
    """Pixels that each edge touches in its rows, as pairs of pixel and polygon, with repeats."""
    x1, y1, x2, y2 = edges.x1[edge], edges.y1[edge], edges.x2[edge], edges.y2[edge]
    rise = y2 - y1
    level = np.abs(rise) <= _SLACK
    slope = (x2 - x1) / np.where(level, 1.0, rise)
    low, high = np.minimum(y1, y2), np.maximum(y1, y2)
    bottom, top = np.clip(row - _SLACK, low, high), np.clip(row + 1 + _SLACK, low, high)
    a = np.where(level, x1, x1 + (bottom - y1) * slope)
    b = np.where(level, x2, x1 + (top - y1) * slope)
    west = np.clip(np.floor(np.minimum(a, b) - _SLACK), 0, columns - 1).astype(np.int64)
    east = np.clip(np.floor(np.maximum(a, b) + _SLACK), 0, columns - 1).astype(np.int64)
    column, owner = _ranges(west, east - west + 1)
    return row[owner] * columns + column, edges.polygon[edge[owner]]


def _filled_pixels(edges: Edges, columns: int, rows: int) -> tuple[Ints, Ints]:
    """Pixels whose centre is inside each polygon, as pairs of pixel and polygon, polygons ascending."""
    low, high = np.minimum(edges.y1, edges.y2), np.maximum(edges.y1, edges.y2)
    first = np.maximum(np.ceil(low - 0.5), 0).astype(np.int64)
    count = np.maximum(np.minimum(np.ceil(high - 0.5).astype(np.int64), rows) - first, 0)
    row, edge = _ranges(first, count)
    x1, y1, x2, y2 = edges.x1[edge], edges.y1[edge], edges.x2[edge], edges.y2[edge]
    x = x1 + (row + 0.5 - y1) * ((x2 - x1) / (y2 - y1))
    order = np.lexsort((x, edges.polygon[edge] * rows + row))
    x, row, polygon = x[order], row[order], edges.polygon[edge[order]]
    # Crossings of a closed boundary with a line come in pairs: in, out.
    begin = np.clip(np.ceil(x[0::2] - 0.5), 0, columns).astype(np.int64)
    end = np.clip(np.ceil(x[1::2] - 0.5), 0, columns).astype(np.int64)
    pixel, owner = _ranges(row[0::2] * columns + begin, end - begin)
    return pixel, polygon[0::2][owner]
