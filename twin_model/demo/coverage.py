"""A coverage: polygons that tile the plane with identical vertices on both sides of every shared edge."""

from dataclasses import dataclass

import numpy as np
import shapely
from numpy.typing import NDArray

GRID_M = 0.001
MERGE_M = 0.012
INSERT_M = 0.005
"""Vertices nearer than MERGE_M become one; a vertex nearer than INSERT_M to an edge is put into it.

The second is the smaller, so that putting a vertex in cannot fold a ring.
"""


@dataclass(frozen=True)
class Coverage:
    """Polygons by shared vertices and edges.

    Attributes
    ----------
    vertices
        (v, 2) float64, metres, EPSG:4548.
    ring_vertices
        (h,) int64 vertex of each corner of each ring, counter-clockwise, not closed; rings one after the other.
    ring_starts
        (n + 1,) int64 start of each polygon's ring.
    edges
        (e, 2) int64 vertices of each edge, once.
    sides
        (e, 2) int64 polygon to the left and to the right of each edge, -1 where there is none.
    """

    vertices: NDArray[np.float64]
    ring_vertices: NDArray[np.int64]
    ring_starts: NDArray[np.int64]
    edges: NDArray[np.int64]
    sides: NDArray[np.int64]

    def polygons(self, vertices: NDArray[np.float64] | None = None) -> NDArray[np.object_]:
        """(n,) polygons, in metres, or with other coordinates for the same vertices."""
        points = self.vertices if vertices is None else vertices
        counts = np.diff(self.ring_starts)
        owner = np.repeat(np.arange(len(counts)), counts)
        rings = shapely.linearrings(points[self.ring_vertices], indices=owner)
        return np.asarray(shapely.polygons(rings), dtype=object)


def _merged_vertices(coords: NDArray[np.float64]) -> tuple[NDArray[np.float64], NDArray[np.int64]]:
    """Distinct vertices, and the vertex of each coordinate; those within reach of each other are one."""
    rounded, vertex = np.unique(np.round(coords / GRID_M).astype(np.int64), axis=0, return_inverse=True)
    points = rounded * GRID_M
    geometry = np.asarray(shapely.points(points), dtype=object)
    first, second = shapely.STRtree(geometry).query(geometry, predicate="dwithin", distance=MERGE_M)
    merged = np.arange(len(points), dtype=np.int64)
    np.minimum.at(merged, first, second)
    while not np.array_equal(merged, merged[merged]):
        merged = merged[merged]
    kept, vertex_of = np.unique(merged, return_inverse=True)
    return np.asarray(points[kept], dtype=np.float64), np.asarray(vertex_of[vertex.ravel()], dtype=np.int64)


def _insertions(
    vertices: NDArray[np.float64], edges: NDArray[np.int64]
) -> tuple[NDArray[np.int64], NDArray[np.int64], NDArray[np.float64]]:
    """Edges that pass through a foreign vertex: edge, vertex and place along the edge (0 to 1)."""
    lines = np.asarray(shapely.linestrings(vertices[edges]), dtype=object)
    vertex, edge = shapely.STRtree(lines).query(shapely.points(vertices), predicate="dwithin", distance=INSERT_M)
    foreign = (edges[edge, 0] != vertex) & (edges[edge, 1] != vertex)
    vertex, edge = vertex[foreign], edge[foreign]
    start, end = vertices[edges[edge, 0]], vertices[edges[edge, 1]]
    along = ((vertices[vertex] - start) * (end - start)).sum(axis=1) / ((end - start) ** 2).sum(axis=1)
    inside = (along > 0) & (along < 1)
    return edge[inside], vertex[inside], along[inside]


def _with_insertions(
    vertices: NDArray[np.float64], start: NDArray[np.int64], end: NDArray[np.int64], owner: NDArray[np.int64]
) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
    """Corner sequence and owner, foreign vertices put into the edges that pass through them."""
    low, high = np.minimum(start, end), np.maximum(start, end)
    edges, edge_of = np.unique(np.column_stack((low, high)), axis=0, return_inverse=True)
    edge_of = edge_of.ravel()
    edge, vertex, along = _insertions(vertices, edges)
    order = np.lexsort((along, edge))
    edge, vertex, along = edge[order], vertex[order], along[order]
    begin = np.searchsorted(edge, edge_of, side="left")
    count = np.searchsorted(edge, edge_of, side="right") - begin
    half = np.repeat(np.arange(len(start)), count)
    slot = np.repeat(begin, count) + np.arange(count.sum()) - np.repeat(np.cumsum(count) - count, count)
    place = np.where(start[half] == low[half], along[slot], 1 - along[slot])
    position = np.concatenate((np.arange(len(start), dtype=np.float64), half + place))
    corners = np.concatenate((start, vertex[slot]))[np.argsort(position, kind="stable")]
    owners = np.concatenate((owner, owner[half]))[np.argsort(position, kind="stable")]
    return corners, owners


def stitch(polygons: NDArray[np.object_]) -> Coverage:
    """Make a coverage of polygons that tile the plane but for rounding and for T-junctions.

    Parameters
    ----------
    polygons
        (n,) polygons without holes, metres.
    """
    polygons = shapely.orient_polygons(polygons)
    coords, owner = shapely.get_coordinates(polygons, return_index=True)
    owner = owner.astype(np.int64)
    vertices, vertex = _merged_vertices(coords)
    moves = (owner[1:] == owner[:-1]) & (vertex[1:] != vertex[:-1])
    corners, owners = _with_insertions(vertices, vertex[:-1][moves], vertex[1:][moves], owner[:-1][moves])
    starts = np.searchsorted(owners, np.arange(len(polygons) + 1)).astype(np.int64)
    following = np.roll(corners, -1)
    following[starts[1:] - 1] = corners[starts[:-1]]
    forward = corners < following
    pairs = np.column_stack((np.minimum(corners, following), np.maximum(corners, following)))
    edges, edge_of = np.unique(pairs, axis=0, return_inverse=True)
    sides = np.full((len(edges), 2), -1, dtype=np.int64)
    edge_of = edge_of.ravel()
    sides[edge_of[forward], 0] = owners[forward]
    sides[edge_of[~forward], 1] = owners[~forward]
    return Coverage(vertices, corners, starts, edges, sides)
