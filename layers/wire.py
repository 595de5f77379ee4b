"""Tables to the wire: one Arrow IPC stream a table, small enough to send a whole city.

A wire table has one row; each column is a list, as long as its stream needs. The schema's metadata, key ``citydeck``,
is a JSON object: ``form`` (polygons, lines, points, rows or, by `layers.wire_mesh`, meshes), ``rows``, ``quantum``
and, by name, how to read each stream. ``assets/js/arrow_table.js`` reads it.
"""

import json
from collections.abc import Mapping
from dataclasses import asdict

import numpy as np
import pyarrow as pa
import shapely
from numpy.typing import NDArray

from layers.errors import WireError
from layers.wire_geometry import (
    Quantum,
    geometry_streams,
    quantum_of,
    ragged_lines,
    ragged_points,
    ragged_polygons,
    read_wkb,
    triangle_streams,
)
from layers.wire_stream import Stream, float_stream, integer_stream, text_stream

FORMAT = 1
METADATA_KEY = b"citydeck"
NO_ID = -1
"""Stands for a null in an integer column."""


def encode_polygons(table: pa.Table, quanta: Mapping[str, float] | None = None) -> bytes:
    """Encode a table of polygons.

    Parameters
    ----------
    table
        Column ``geom`` (WKB Polygon or MultiPolygon, EPSG:4490) and attributes.
    quanta
        Step to which a float column is rounded, in the column's unit; others travel as float32.

    Raises
    ------
    WireError
        If a geometry is no polygon or a value does not fit.
    """
    geometries = read_wkb(table)
    quantum = quantum_of(_bounds(geometries))
    ragged = ragged_polygons(geometries, quantum)
    streams = geometry_streams(ragged) | triangle_streams(ragged)
    return message("polygons", table.drop_columns("geom"), quanta, quantum, streams)


def encode_lines(table: pa.Table, quanta: Mapping[str, float] | None = None) -> bytes:
    """Encode a table of lines: as `encode_polygons`, of WKB LineString or MultiLineString.

    Raises
    ------
    WireError
        If a geometry is no line or a value does not fit.
    """
    geometries = read_wkb(table)
    quantum = quantum_of(_bounds(geometries))
    streams = geometry_streams(ragged_lines(geometries, quantum))
    return message("lines", table.drop_columns("geom"), quanta, quantum, streams)


def encode_points(table: pa.Table, quanta: Mapping[str, float] | None = None) -> bytes:
    """Encode a table of points: columns ``lon`` and ``lat`` (degrees, EPSG:4490) and attributes.

    Raises
    ------
    WireError
        If a coordinate is absent or a value does not fit.
    """
    lon, lat = (table.column(name).to_numpy().astype(np.float64) for name in ("lon", "lat"))
    if not (np.isfinite(lon).all() and np.isfinite(lat).all()):
        raise WireError("a point has no coordinates: leave unplaced rows out of the table")
    bounds = np.array([lon.min(), lat.min(), lon.max(), lat.max()]) if lon.size else np.zeros(4)
    quantum = quantum_of(bounds)
    streams = geometry_streams(ragged_points(lon, lat, quantum))
    return message("points", table.drop_columns(["lon", "lat"]), quanta, quantum, streams)


def encode_rows(table: pa.Table, quanta: Mapping[str, float] | None = None) -> bytes:
    """Encode a table without geometry, such as values to colour another table by.

    Raises
    ------
    WireError
        If a value does not fit.
    """
    return message("rows", table, quanta, None, {})


def _bounds(geometries: NDArray[np.object_]) -> NDArray[np.float64]:
    return np.asarray(shapely.total_bounds(geometries)) if geometries.size else np.zeros(4)


def attribute_stream(name: str, column: pa.ChunkedArray, quantum: float | None = None) -> Stream:
    """Encode one column by its type: whole numbers, numbers or text.

    Raises
    ------
    WireError
        If the type has no encoding or a value does not fit.
    """
    values = column.combine_chunks()
    if pa.types.is_boolean(values.type) or pa.types.is_integer(values.type):
        whole = values.cast(pa.int64()).fill_null(NO_ID)
        return integer_stream(name, whole.to_numpy(zero_copy_only=False))
    if pa.types.is_floating(values.type) or pa.types.is_decimal(values.type):
        return float_stream(name, values.cast(pa.float64()).to_numpy(zero_copy_only=False), quantum)
    if pa.types.is_string(values.type) or pa.types.is_large_string(values.type) or pa.types.is_dictionary(values.type):
        return text_stream(name, values)
    raise WireError(f"column {name!r} is {values.type}: cast it to a number or text before encoding")


def message(
    form: str,
    attributes: pa.Table,
    quanta: Mapping[str, float] | None,
    quantum: Quantum | None,
    geometry: Mapping[str, Stream],
) -> bytes:
    """Put attributes and the streams of a geometry into one Arrow IPC stream.

    Raises
    ------
    WireError
        If a value does not fit.
    """
    columns = {
        name: attribute_stream(name, attributes.column(name), (quanta or {}).get(name))
        for name in attributes.column_names
    }
    head = {
        "format": FORMAT,
        "form": form,
        "rows": attributes.num_rows,
        "quantum": asdict(quantum) if quantum else None,
        "geometry": {name: stream.spec for name, stream in geometry.items()},
        "columns": {name: stream.spec for name, stream in columns.items()},
    }
    physical = {f"geometry/{name}": array for stream in geometry.values() for name, array in stream.columns.items()}
    physical |= {f"columns/{name}": array for stream in columns.values() for name, array in stream.columns.items()}
    metadata = {METADATA_KEY: json.dumps(head, ensure_ascii=False).encode()}
    schema = pa.schema([pa.field(name, pa.list_(array.type)) for name, array in physical.items()], metadata=metadata)
    lists = [pa.ListArray.from_arrays(pa.array([0, len(array)], pa.int32()), array) for array in physical.values()]
    sink = pa.BufferOutputStream()
    with pa.ipc.new_stream(sink, schema) as writer:
        if lists:
            writer.write_batch(pa.record_batch(lists, schema=schema))
    return bytes(sink.getvalue())
