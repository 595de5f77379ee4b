"""Roofs of the demo's buildings: closed meshes at LoD 2, simulated."""

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np
import pyarrow as pa
import shapely
from numpy.typing import NDArray

from twin_model.demo.chance import chances
from twin_model.demo.rectilinear import Pattern, patterns
from twin_model.demo.roof_choice import Roof, Traits, roofs
from twin_model.demo.roof_form import Formed, formed, part
from twin_model.local_frame import metres_per_degree_at
from twin_model.mesh_tile import tile_of

LOD = "2.0"
CHANCES = 6
MODEL_SCHEMA = pa.schema(
    [
        ("building_id", pa.int32()),
        ("lod", pa.string()),
        ("tile", pa.int32()),
        ("lon", pa.float64()),
        ("lat", pa.float64()),
        ("base_m", pa.float64()),
        ("vertices", pa.binary()),
        ("faces", pa.binary()),
        ("surfaces", pa.binary()),
        ("texture_ids", pa.binary()),
        ("uv", pa.binary()),
        ("state", pa.string()),
        ("reason", pa.string()),
        ("watertight", pa.bool_()),
        ("volume_m3", pa.float64()),
        ("surface_m2", pa.float64()),
    ]
)
"""Columns of the store's table building_model, less ``dataset_id``."""


@dataclass(frozen=True)
class _Models:
    """Models of one template: rows of the building table, blobs and measures."""

    rows: NDArray[np.int64]
    vertices: pa.Array
    faces: pa.Array
    surfaces: pa.Array
    volume_m3: NDArray[np.float64]
    surface_m2: NDArray[np.float64]


def building_models(building: pa.Table, seed: int) -> pa.Table:
    """Rows of the store's table building_model, less ``dataset_id``, in the order of the buildings.

    Every model is closed, stands on the ground within its footprint, and is as high as its building. A building whose
    footprint suits no roof, and most rows of low shops, keep the block that follows from footprint and height.

    Parameters
    ----------
    building : pyarrow.Table
        Columns building_id, code, use, height_m, storeys, lon, lat and geom (WKB, EPSG:4490).
    seed : int
        Together with its code it settles a building's roof.
    """
    lon, lat = building["lon"].to_numpy(), building["lat"].to_numpy()
    traits = Traits(
        np.array(building["use"].to_pylist(), dtype=object),
        building["height_m"].to_numpy().astype(np.float64),
        building["storeys"].to_numpy().astype(np.int64),
        chances(building["code"].to_pylist(), seed, CHANCES),
    )
    models = list(_models(_around_origins(building, lon, lat), traits))
    if not models:
        return MODEL_SCHEMA.empty_table()
    rows = np.concatenate([model.rows for model in models])
    order = np.argsort(rows)
    taken = rows[order]
    count = len(rows)

    def joined(name: str) -> pa.Array:
        return pa.concat_arrays([getattr(model, name) for model in models]).take(pa.array(order))

    columns = {
        "building_id": building["building_id"].take(pa.array(taken)),
        "lod": pa.array([LOD] * count),
        "tile": tile_of(lon[taken], lat[taken]),
        "lon": lon[taken],
        "lat": lat[taken],
        "base_m": np.zeros(count),
        "vertices": joined("vertices"),
        "faces": joined("faces"),
        "surfaces": joined("surfaces"),
        "texture_ids": pa.nulls(count, pa.binary()),
        "uv": pa.nulls(count, pa.binary()),
        "state": pa.array(["valid"] * count),
        "reason": pa.array([""] * count),
        "watertight": np.ones(count, dtype=bool),
        "volume_m3": np.concatenate([model.volume_m3 for model in models])[order],
        "surface_m2": np.concatenate([model.surface_m2 for model in models])[order],
    }
    return pa.table(columns, schema=MODEL_SCHEMA)


def _around_origins(building: pa.Table, lon: NDArray[np.float64], lat: NDArray[np.float64]) -> NDArray[np.object_]:
    """Footprints in metres, each around the place of its building."""
    geometry = shapely.from_wkb(building["geom"].to_numpy(zero_copy_only=False))
    lon_lat, owner = shapely.get_coordinates(geometry, return_index=True)
    metres = (lon_lat - np.column_stack((lon, lat))[owner]) * metres_per_degree_at(lat)[owner]
    return np.asarray(shapely.set_coordinates(geometry, metres), dtype=object)


def _models(footprints: NDArray[np.object_], traits: Traits) -> Iterator[_Models]:
    for pattern in patterns(footprints):
        mine = traits.of(pattern.rows)
        chosen = roofs(pattern, mine)
        for roof in np.unique(chosen).tolist():
            if roof == Roof.BLOCK:
                continue
            rows = np.flatnonzero(chosen == roof)
            some = part(pattern, rows)
            for found in formed(Roof(roof), some, mine.of(rows)):
                yield _set_up(found, some)


def _set_up(found: Formed, pattern: Pattern) -> _Models:
    template = found.template
    vertices = template.placed(found.u, found.v, found.z, pattern.axis[found.rows])
    volume, surface = _measures(vertices, template.faces)
    count = len(vertices)
    return _Models(
        pattern.rows[found.rows],
        _blobs(vertices, count),
        _blobs(np.tile(template.faces.astype(np.uint32), (count, 1)), count),
        _blobs(np.tile(template.surfaces, count), count),
        volume,
        surface,
    )


def _measures(
    vertices: NDArray[np.float32], faces: NDArray[np.int32]
) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    """Volume (m³) and area (m²) of (b, n, 3) closed meshes of equal faces."""
    volume, surface = np.zeros(len(vertices)), np.zeros(len(vertices))
    places = vertices.astype(np.float64).transpose(1, 2, 0)
    for a, b, c in faces.tolist():
        (px, py, pz), (qx, qy, qz) = places[b] - places[a], places[c] - places[a]
        x, y, z = py * qz - pz * qy, pz * qx - px * qz, px * qy - py * qx
        volume += places[a, 0] * x + places[a, 1] * y + places[a, 2] * z
        surface += np.sqrt(x * x + y * y + z * z)
    return volume / 6, surface / 2


def _blobs(values: NDArray[np.generic], count: int) -> pa.Array:
    """Equal parts of an array as binary values."""
    data = np.ascontiguousarray(values)
    offsets = np.arange(count + 1, dtype=np.int64) * (data.nbytes // count)
    return pa.Array.from_buffers(pa.binary(), count, [None, pa.py_buffer(offsets.astype(np.int32)), pa.py_buffer(data)])
