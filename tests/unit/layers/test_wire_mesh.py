"""Meshes on the wire: what is read back is what was there, to half a centimetre."""

from typing import Any

import numpy as np
import pyarrow as pa
import pytest
from hypothesis import given
from hypothesis import strategies as st

from layers.errors import WireError
from layers.wire_mesh import MESH_QUANTUM_M, encode_meshes, encode_surfaces
from tests.unit.layers.wire_reader import Wire, read_wire
from twin_model.local_frame import metres_per_degree
from twin_model.surface import SurfaceKind

GROUND, WALL, ROOF = SurfaceKind.GROUND, SurfaceKind.WALL, SurfaceKind.ROOF
HOUSE = np.array([[0, 0, 0], [10, 0, 0], [10, 8, 0], [0, 8, 0], [0, 4, 6], [10, 4, 6]], dtype=np.float64)
FACES = [(0, 2, 1), (0, 3, 2), (0, 1, 5), (0, 5, 4), (2, 3, 4), (2, 4, 5), (1, 2, 5), (3, 0, 4)]
KINDS = [GROUND, GROUND, ROOF, ROOF, ROOF, ROOF, WALL, WALL]


def model(vertices: Any = HOUSE, faces: Any = FACES, kinds: Any = KINDS, **more: Any) -> dict[str, Any]:
    return {
        "building_id": 7,
        "lon": 116.3,
        "lat": 39.9,
        "vertices": np.asarray(vertices, dtype="<f4").tobytes(),
        "faces": np.asarray(faces, dtype="<u4").tobytes(),
        "surfaces": bytes(kinds),
        **more,
    }


def table(*rows: dict[str, Any]) -> pa.Table:
    blobs = {name: pa.binary() for name in ("vertices", "faces", "surfaces", "texture_ids", "uv")}
    return pa.table({name: pa.array([row[name] for row in rows], blobs.get(name)) for name in rows[0]})


def solids(wire: Wire) -> list[np.ndarray]:
    """Triangles of each mesh, (t, 3, 3) degrees and metres."""
    quantum = wire.head["quantum"]
    counts, face_counts = wire.geometry("vertex_counts"), wire.geometry("face_counts")
    starts = iter(zip(wire.geometry("start_x"), wire.geometry("start_y"), strict=True))
    steps = iter(zip(wire.geometry("step_x"), wire.geometry("step_y"), strict=True))
    heights, corners = iter(wire.geometry("z")), iter(wire.geometry("corners"))
    found = []
    for count, faces in zip(counts, face_counts, strict=True):
        plane = (
            np.cumsum([next(starts), *(next(steps) for _ in range(count - 1))], axis=0) if count else np.zeros((0, 2))
        )
        degrees = plane * (quantum["step_lon"], quantum["step_lat"]) + (quantum["lon"], quantum["lat"])
        vertices = np.column_stack([degrees, [next(heights) * MESH_QUANTUM_M for _ in range(count)]])
        found.append(vertices[np.array([next(corners) for _ in range(3 * faces)], dtype=int).reshape(-1, 3)])
    return found


def metres(triangles: np.ndarray) -> np.ndarray:
    return (triangles - (116.3, 39.9, 0)) * (*metres_per_degree(39.9), 1)


def test_a_mesh_reads_back_to_half_a_centimetre_along_each_axis() -> None:
    (found,) = solids(read_wire(encode_surfaces(table(model()))))
    assert np.abs(metres(found) - HOUSE[FACES]).max() < 0.0051


def test_the_ground_is_not_sent_to_the_city_and_nothing_else_is_lost() -> None:
    wire = read_wire(encode_meshes(table(model())))
    (found,) = solids(wire)
    assert np.abs(metres(found) - HOUSE[FACES[2:]]).max() < 0.0051
    assert wire.column("building_id") == [7]


def test_vertices_that_only_the_ground_used_are_dropped() -> None:
    vertices = np.vstack([HOUSE, HOUSE[:4]])
    faces = [(6, 8, 7), (6, 9, 8), *FACES[2:]]
    wire = read_wire(encode_meshes(table(model(vertices, faces))))
    assert wire.geometry("vertex_counts") == [6]
    assert np.abs(metres(solids(wire)[0]) - HOUSE[FACES[2:]]).max() < 0.0051


@given(st.lists(st.tuples(st.floats(-200, 200), st.integers(0, 8)), min_size=1, max_size=5))
def test_each_mesh_keeps_its_own_triangles_and_stands_on_the_plain(houses: list[tuple[float, int]]) -> None:
    rows = [
        model(HOUSE + np.array([0, 0, lift]), FACES[:count], KINDS[:count], building_id=number)
        for number, (lift, count) in enumerate(houses)
    ]
    wire = read_wire(encode_surfaces(table(*rows)))
    assert wire.column("building_id") == list(range(len(houses)))
    for found, (_, count) in zip(solids(wire), houses, strict=True):
        assert found.shape == (count, 3, 3)
        whole = HOUSE[np.array(FACES[:count], dtype=int).reshape(-1, 3)]
        assert np.abs(metres(found) - whole).max(initial=0) < 0.0102


def test_a_mesh_without_triangles_or_a_table_without_meshes_is_still_a_table() -> None:
    assert read_wire(encode_meshes(table(model([], [], [])))).head["rows"] == 1
    assert read_wire(encode_meshes(table(model()).slice(0, 0))).head["rows"] == 0


def test_surfaces_and_textures_travel_with_one_building() -> None:
    places = np.arange(6 * len(FACES), dtype="<f4")
    textures = np.array([-1, -1, 3, 3, 3, 3, -1, -1], dtype="<i4")
    wire = read_wire(encode_surfaces(table(model(texture_ids=textures.tobytes(), uv=places.tobytes()))))
    assert wire.geometry("surfaces") == KINDS
    assert wire.geometry("textures") == textures.tolist()
    assert wire.physical["geometry/uv"] == places.tolist()


@pytest.mark.parametrize(
    ("broken", "said"),
    [
        (model(faces=[(0, 1, 6)], kinds=[WALL]), "names a vertex"),
        (model(kinds=KINDS[:-1]), "give one to each"),
        (model() | {"vertices": b"12345"}, "not a multiple of 12"),
        (model(texture_ids=b"\0" * 4, uv=b"\0" * 24), "do not match"),
    ],
)
def test_a_mesh_that_is_not_what_its_columns_say_is_refused(broken: dict[str, Any], said: str) -> None:
    with pytest.raises(WireError, match=said):
        encode_surfaces(table(broken))
