"""Meshes of buildings to the wire: whole centimetres, corners as numbers within each mesh, one row a mesh.

The scene is a plain at height 0, so that each mesh is lowered until its lowest vertex lies there.
"""

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
import pyarrow as pa
from numpy.typing import NDArray

from layers.errors import WireError
from layers.wire import message
from layers.wire_geometry import Quantum, quantum_of
from layers.wire_stream import Stream, float_stream, integer_stream
from twin_model.local_frame import metres_per_degree
from twin_model.surface import SurfaceKind

MESH_QUANTUM_M = 0.01
MESH_COLUMNS = ("lon", "lat", "vertices", "faces", "surfaces", "texture_ids", "uv")
"""Columns of the table that are its geometry; all others travel as attributes."""
CORNERS = 3
UV_OF_TRIANGLE = 6
NO_TEXTURE = -1


@dataclass(frozen=True)
class Meshes:
    """Meshes end to end.

    Attributes
    ----------
    positions
        (v, 3) float64: longitude and latitude in degrees, EPSG:4490, and metres above the plain.
    faces
        (t, 3) int64 vertex numbers, counted through all meshes.
    vertex_counts, face_counts
        (n,) int64 vertices and triangles of each mesh.
    surfaces
        (t,) uint8 `twin_model.surface.SurfaceKind`.
    """

    positions: NDArray[np.float64]
    faces: NDArray[np.int64]
    vertex_counts: NDArray[np.int64]
    face_counts: NDArray[np.int64]
    surfaces: NDArray[np.uint8]

    @property
    def vertex_starts(self) -> NDArray[np.int64]:
        """(n,) number of the first vertex of each mesh."""
        return np.cumsum(self.vertex_counts) - self.vertex_counts

    @property
    def local_faces(self) -> NDArray[np.int64]:
        """(t, 3) vertex numbers within each mesh."""
        return self.faces - np.repeat(self.vertex_starts, self.face_counts)[:, None]


def encode_meshes(table: pa.Table, quanta: Mapping[str, float] | None = None) -> bytes:
    """Encode meshes as they are seen from outside and above: without the faces that lie on the ground.

    Parameters
    ----------
    table
        Columns ``lon``, ``lat`` (degrees, EPSG:4490), ``vertices`` (float32 metres east, north, up), ``faces``
        (uint32) and ``surfaces`` (uint8) as little-endian binary, and attributes.
    quanta
        Step to which a float attribute is rounded.

    Raises
    ------
    WireError
        If a mesh is not what its columns say.
    """
    meshes = without_ground(read_meshes(table))
    return _encoded(table, meshes, {}, quanta)


def encode_surfaces(table: pa.Table, quanta: Mapping[str, float] | None = None) -> bytes:
    """Encode meshes whole, with what each triangle is and, where there are textures, which one it wears and how.

    Parameters
    ----------
    table
        As in `encode_meshes`, and ``texture_ids`` (int32) and ``uv`` (float32, six a triangle), which may be null.
    quanta
        Step to which a float attribute is rounded.

    Raises
    ------
    WireError
        If a mesh is not what its columns say.
    """
    meshes = read_meshes(table)
    streams = {"surfaces": integer_stream("surfaces", meshes.surfaces.astype(np.int64), delta=False)}
    return _encoded(table, meshes, streams | _texture_streams(table, meshes), quanta)


def read_meshes(table: pa.Table) -> Meshes:
    """Meshes of a table's binary columns.

    Raises
    ------
    WireError
        If a binary column does not divide into vertices, triangles and kinds, or a triangle names no vertex.
    """
    vertices, vertex_counts = _binary(table, "vertices", np.dtype("<f4"), CORNERS)
    faces, face_counts = _binary(table, "faces", np.dtype("<u4"), CORNERS)
    surfaces, _ = _binary(table, "surfaces", np.dtype("u1"), 1)
    if surfaces.size != faces.size // CORNERS:
        raise WireError(f"{surfaces.size} kinds of surface for {faces.size // CORNERS} triangles: give one to each")
    lon, lat = (table.column(name).to_numpy().astype(np.float64) for name in ("lon", "lat"))
    metres = vertices.reshape(-1, CORNERS).astype(np.float64)
    local = faces.reshape(-1, CORNERS).astype(np.int64)
    if local.size and (local.max(axis=1) >= np.repeat(vertex_counts, face_counts)).any():
        raise WireError("a triangle names a vertex that its mesh does not have: import the model again")
    scale = np.array([metres_per_degree(each) for each in lat], dtype=np.float64).reshape(-1, 2)
    owner = np.repeat(np.arange(lon.size), vertex_counts)
    starts = np.cumsum(vertex_counts) - vertex_counts
    filled = vertex_counts > 0
    floor = np.zeros(lon.size)
    if filled.any():
        floor[filled] = np.minimum.reduceat(metres[:, 2], starts[filled])
    positions = np.column_stack(
        [
            lon[owner] + metres[:, 0] / scale[owner, 0],
            lat[owner] + metres[:, 1] / scale[owner, 1],
            metres[:, 2] - floor[owner],
        ]
    )
    return Meshes(
        positions,
        local + np.repeat(starts, face_counts)[:, None],
        vertex_counts,
        face_counts,
        surfaces.astype(np.uint8),
    )


def without_ground(meshes: Meshes) -> Meshes:
    """Meshes without the faces on the ground, and without vertices that nothing uses."""
    kept = meshes.surfaces != SurfaceKind.GROUND
    faces = meshes.faces[kept]
    used = np.zeros(meshes.positions.shape[0], dtype=np.bool_)
    used[faces.ravel()] = True
    renumbered = np.cumsum(used) - 1
    owners = np.arange(meshes.vertex_counts.size)
    vertex_owner = np.repeat(owners, meshes.vertex_counts)[used]
    face_owner = np.repeat(owners, meshes.face_counts)[kept]
    return Meshes(
        meshes.positions[used],
        renumbered[faces],
        np.bincount(vertex_owner, minlength=owners.size).astype(np.int64),
        np.bincount(face_owner, minlength=owners.size).astype(np.int64),
        meshes.surfaces[kept],
    )


def _encoded(table: pa.Table, meshes: Meshes, more: Mapping[str, Stream], quanta: Mapping[str, float] | None) -> bytes:
    quantum = _quantum(meshes.positions)
    streams = mesh_streams(meshes, quantum) | dict(more)
    attributes = table.drop_columns([name for name in MESH_COLUMNS if name in table.column_names])
    return message("meshes", attributes, quanta, quantum, streams)


def _quantum(positions: NDArray[np.float64]) -> Quantum:
    low, high = (
        (positions.min(axis=0), positions.max(axis=0)) if positions.size else (np.zeros(CORNERS), np.zeros(CORNERS))
    )
    return quantum_of(np.array([low[0], low[1], high[0], high[1]]), step_m=MESH_QUANTUM_M)


def mesh_streams(meshes: Meshes, quantum: Quantum) -> dict[str, Stream]:
    """Streams of meshes: first vertex of each, steps from vertex to vertex, and corners."""
    steps = quantum.steps(meshes.positions[:, :2])
    heights = np.round(meshes.positions[:, 2] / MESH_QUANTUM_M).astype(np.int64)
    first = np.zeros(steps.shape[0], dtype=np.bool_)
    first[meshes.vertex_starts[meshes.vertex_counts > 0]] = True
    onward = np.diff(steps, axis=0, prepend=np.zeros((1, 2), dtype=np.int64))
    streams = {
        "vertex_counts": integer_stream("vertex_counts", meshes.vertex_counts, delta=False),
        "face_counts": integer_stream("face_counts", meshes.face_counts, delta=False),
        "corners": integer_stream("corners", meshes.local_faces.ravel(), delta=False),
        "z": integer_stream("z", heights, delta=False),
    }
    for axis, letter in enumerate("xy"):
        streams[f"start_{letter}"] = integer_stream(f"start_{letter}", steps[first, axis])
        streams[f"step_{letter}"] = integer_stream(f"step_{letter}", onward[~first, axis], delta=False)
    return streams


def _texture_streams(table: pa.Table, meshes: Meshes) -> dict[str, Stream]:
    """Texture and corners' places on it, of each triangle; nothing where no mesh has textures."""
    columns = {"texture_ids", "uv"}
    if not columns <= set(table.column_names) or table.column("texture_ids").null_count == table.num_rows:
        return {}
    if table.num_rows > 1:
        raise WireError("textures travel one building at a time: ask for one")
    textures, _ = _binary(table, "texture_ids", np.dtype("<i4"), 1)
    places, _ = _binary(table, "uv", np.dtype("<f4"), UV_OF_TRIANGLE)
    if textures.size != meshes.surfaces.size or places.size != UV_OF_TRIANGLE * textures.size:
        raise WireError("textures do not match the triangles: import the model again")
    return {
        "textures": integer_stream("textures", textures.astype(np.int64), delta=False),
        "uv": float_stream("uv", places.astype(np.float64), None),
    }


def _binary(
    table: pa.Table, column: str, kind: np.dtype[np.generic], width: int
) -> tuple[NDArray[np.generic], NDArray[np.int64]]:
    """Values of a binary column end to end, and how many groups of ``width`` each row has."""
    blobs = [value or b"" for value in table.column(column).to_pylist()]
    sizes = np.array([len(blob) for blob in blobs], dtype=np.int64)
    group = kind.itemsize * width
    if (sizes % group).any():
        raise WireError(f"column {column!r} has {int(sizes[sizes % group > 0][0])} bytes, not a multiple of {group}")
    return np.frombuffer(b"".join(blobs), dtype=kind), sizes // group
