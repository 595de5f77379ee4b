"""Geometry of the wire format: WKB in, quantised ragged rings, lines and points out.

A row may hold a multi-geometry: it becomes several parts that keep the row's number. Coordinates are whole numbers of
a quantum of `QUANTUM_M` metres, so that none is off by more than half of that along either axis.
"""

from dataclasses import dataclass

import numpy as np
import pyarrow as pa
import shapely
from numpy.typing import NDArray

from layers.errors import WireError
from layers.triangulate import convex_rings, ear_clip
from layers.wire_stream import Stream, integer_stream

QUANTUM_M = 0.05
METRES_PER_DEGREE = 111_320.0
"""Along a meridian; close enough to choose a quantum by."""
QUAD = 4
HOLE_TRIANGLES = 2
"""Ear clipping needs two more triangles for the bridge to each hole."""


@dataclass(frozen=True)
class Quantum:
    """Origin and step of the whole-number coordinates, degrees, EPSG:4490."""

    lon: float
    lat: float
    step_lon: float
    step_lat: float

    def steps(self, coordinates: NDArray[np.float64]) -> NDArray[np.int64]:
        """(n, 2) degrees to (n, 2) whole steps from the origin."""
        scaled = (coordinates - (self.lon, self.lat)) / (self.step_lon, self.step_lat)
        return np.asarray(np.round(scaled).astype(np.int64))


@dataclass(frozen=True)
class Ragged:
    """Vertices of many parts, end to end.

    Attributes
    ----------
    vertices
        (v, 2) int64 whole steps; rings are open.
    run_sizes
        (r,) int64 vertices of each run: a ring, a line or a point.
    part_runs
        (p,) int64 runs of each part: one, and one more for each hole.
    part_rows
        (p,) int64 row of the table that the part came from, ascending.
    """

    vertices: NDArray[np.int64]
    run_sizes: NDArray[np.int64]
    part_runs: NDArray[np.int64]
    part_rows: NDArray[np.int64]


def quantum_of(bounds: NDArray[np.float64], *, step_m: float = QUANTUM_M) -> Quantum:
    """Quantum for an extent.

    Parameters
    ----------
    bounds
        (4,) float64 min lon, min lat, max lon, max lat, degrees.
    step_m
        Step, metres.
    """
    west, south, east, north = (float(edge) if np.isfinite(edge) else 0.0 for edge in bounds)
    step_lat = step_m / METRES_PER_DEGREE
    squeeze = max(0.05, float(np.cos(np.radians((south + north) / 2))))
    return Quantum((west + east) / 2, (south + north) / 2, step_lat / squeeze, step_lat)


def read_wkb(table: pa.Table, column: str = "geom") -> NDArray[np.object_]:
    """Geometries of a table.

    Raises
    ------
    WireError
        If the column is absent or a value is no WKB.
    """
    if column not in table.column_names:
        raise WireError(f"the table has no column {column!r}: it has {', '.join(table.column_names)}")
    try:
        return np.asarray(shapely.from_wkb(table.column(column).to_numpy()))
    except shapely.errors.GEOSException as error:
        raise WireError(f"column {column!r} holds a value that is no WKB: {error}") from error


def ragged_polygons(geometries: NDArray[np.object_], quantum: Quantum) -> Ragged:
    """Rings of polygons: outer ring clockwise, holes counter-clockwise, as deck.gl's side walls expect.

    Raises
    ------
    WireError
        If a geometry is neither a Polygon nor a MultiPolygon.
    """
    parts, rows = _parts(geometries, (shapely.GeometryType.POLYGON,), "Polygon")
    parts = shapely.orient_polygons(parts, exterior_cw=True)
    part_runs = (shapely.get_num_interior_rings(parts) + 1).astype(np.int64)
    rings = shapely.get_rings(parts)
    closed, owner = shapely.get_coordinates(rings, return_index=True)
    sizes = np.bincount(owner, minlength=rings.size).astype(np.int64)
    keep = np.ones(owner.size, dtype=np.bool_)
    keep[np.cumsum(sizes) - 1] = False  # the closing vertex repeats the first; the browser adds it again
    return Ragged(quantum.steps(closed[keep]), sizes - 1, part_runs, rows)


def ragged_lines(geometries: NDArray[np.object_], quantum: Quantum) -> Ragged:
    """Vertices of lines.

    Raises
    ------
    WireError
        If a geometry is neither a LineString nor a MultiLineString.
    """
    parts, rows = _parts(geometries, (shapely.GeometryType.LINESTRING,), "LineString")
    coordinates, owner = shapely.get_coordinates(parts, return_index=True)
    sizes = np.bincount(owner, minlength=parts.size).astype(np.int64)
    return Ragged(quantum.steps(coordinates), sizes, np.ones(parts.size, dtype=np.int64), rows)


def ragged_points(lon: NDArray[np.float64], lat: NDArray[np.float64], quantum: Quantum) -> Ragged:
    """Points as runs of one vertex."""
    ones = np.ones(lon.size, dtype=np.int64)
    return Ragged(quantum.steps(np.column_stack([lon, lat])), ones, ones, np.arange(lon.size, dtype=np.int64))


def _parts(
    geometries: NDArray[np.object_], kinds: tuple[shapely.GeometryType, ...], name: str
) -> tuple[NDArray[np.object_], NDArray[np.int64]]:
    parts, rows = shapely.get_parts(geometries, return_index=True)
    filled = ~shapely.is_empty(parts)
    parts, rows = parts[filled], rows[filled].astype(np.int64)
    strange = ~np.isin(shapely.get_type_id(parts), [int(kind) for kind in kinds])
    if strange.any():
        row = int(rows[strange][0])
        raise WireError(f"row {row} is a {shapely.get_type_id(parts[strange][0]).item()!r} geometry, not a {name}")
    return parts, rows


def geometry_streams(ragged: Ragged) -> dict[str, Stream]:
    """Streams of the vertices: start of each run, steps within the run, and the counts that shape them."""
    sizes = ragged.run_sizes
    starts = np.cumsum(sizes) - sizes
    steps = np.diff(ragged.vertices, axis=0, prepend=np.zeros((1, 2), dtype=np.int64))
    quads = starts[sizes == QUAD] + QUAD - 1
    # The fourth side of a parallelogram undoes the second; most buildings are one, and then nothing is left to send.
    steps[quads] += steps[quads - 2]
    within = np.ones(steps.shape[0], dtype=np.bool_)
    within[starts] = False
    streams = {
        "run_sizes": integer_stream("run_sizes", sizes, delta=False),
        "part_runs": integer_stream("part_runs", ragged.part_runs, delta=False),
        "part_rows": integer_stream("part_rows", ragged.part_rows),
    }
    for axis, letter in enumerate("xy"):
        streams[f"start_{letter}"] = integer_stream(f"start_{letter}", ragged.vertices[starts, axis])
        streams[f"step_{letter}"] = integer_stream(f"step_{letter}", steps[within, axis], delta=False)
    return streams


def triangle_streams(ragged: Ragged) -> dict[str, Stream]:
    """Streams of the triangles of the parts that are not convex; the browser fans the others itself.

    A part of n vertices and h holes has n - 2 + 2 h triangles; ``triangle_lack`` counts those that ear clipping left
    out because they have no area.
    """
    sizes, runs = ragged.run_sizes, ragged.part_runs
    first_run = np.cumsum(runs) - runs
    convex = convex_rings(ragged.vertices[:, 0], ragged.vertices[:, 1], sizes)[first_run] & (runs == 1)
    run_starts = np.cumsum(sizes) - sizes
    metric = ragged.vertices.astype(np.float64)
    lack = np.zeros(runs.size, dtype=np.int64)
    pieces = [np.zeros(0, dtype=np.uint32)]
    for part in np.flatnonzero(~convex):
        rings = slice(first_run[part], first_run[part] + runs[part])
        begin, ends = run_starts[rings.start], np.cumsum(sizes[rings])
        found = ear_clip(metric[begin : begin + ends[-1]], ends.astype(np.uint32))
        lack[part] = ends[-1] - 2 + HOLE_TRIANGLES * (runs[part] - 1) - found.size // 3
        pieces.append(found)
    return {
        "convex": integer_stream("convex", convex.astype(np.int64), delta=False),
        "triangle_lack": integer_stream("triangle_lack", lack, delta=False),
        "triangles": integer_stream("triangles", np.concatenate(pieces).astype(np.int64), delta=False),
    }
