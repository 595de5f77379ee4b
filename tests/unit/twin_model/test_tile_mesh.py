import numpy as np
import pytest
import shapely
from hypothesis import given
from hypothesis import strategies as st

from tests.tile_reader import anchor_at
from twin_model.local_frame import LocalFrame
from twin_model.tile_buildings import Footprints, blocks
from twin_model.tile_mesh import PIECE_M, STEP_M, FeatureMesh, TileMesh, tile_meshes

ANCHOR = anchor_at(116.2, 40.0)
BOX = shapely.box(116.3, 39.95, 116.3004, 39.9503)
BLOCK = blocks(Footprints(np.array([BOX]), np.array([30.0]), np.array([5.0])), np.array([7]))


def metres_of(made: TileMesh) -> np.ndarray:
    return made.positions.astype(np.float64) * made.step_m + made.origin


def boxes_apart(metres: float, count: int) -> FeatureMesh:
    """Boxes of 20 m in a row, so far from one another."""
    frame = LocalFrame(116.3, 39.95)
    ends = frame.to_geographic(np.array([(each * metres, 0.0, 0.0) for each in range(count)]))
    shapes = [shapely.box(lon, lat, lon + 0.00025, lat + 0.0002) for lon, lat, _ in ends]
    return blocks(Footprints(np.array(shapes), np.full(count, 9.0), np.zeros(count)), np.arange(count))


def test_a_block_has_a_corner_for_each_of_its_sides_and_none_for_its_underside() -> None:
    (made,) = tile_meshes(BLOCK, ANCHOR)
    assert len(made.positions) == 4 * 4 + 4
    assert len(made.faces) == 4 * 2 + 2
    assert set(made.features.tolist()) == {7}


@pytest.mark.parametrize(("apart_m", "count", "pieces", "exact_m"), [
    (0, 1, 1, 0.001), (100, 6, 1, STEP_M / 2), (PIECE_M * 0.6, 4, 2, STEP_M / 2), (PIECE_M * 2, 2, 2, 0.001),
    (PIECE_M * 3, 3, 1, 0.001),
])  # fmt: skip
def test_positions_are_exact_to_half_a_step_far_from_the_origin(
    apart_m: float, count: int, pieces: int, exact_m: float
) -> None:
    mesh = boxes_apart(apart_m, count)
    made = tile_meshes(mesh, ANCHOR)
    assert len(made) == pieces
    assert sum(len(each.faces) for each in made) == len(mesh.faces)
    exact = ANCHOR.local(mesh.positions)
    for each in made:
        off = np.abs(exact[:, None] - metres_of(each)[None]).max(axis=2).min(axis=0)
        assert off.max() <= exact_m + 0.0005
        assert each.step_m <= STEP_M or each.positions.dtype == np.float32
    features = [set(each.features.tolist()) for each in made]
    assert sorted(feature for some in features for feature in some) == list(range(count))


def test_normals_are_of_one_length_and_point_out_of_the_block() -> None:
    (made,) = tile_meshes(BLOCK, ANCHOR)
    normals = made.normals.astype(np.float64) / 127
    assert np.allclose(np.linalg.norm(normals, axis=1), 1, atol=0.0068)
    middle = (metres_of(made).min(axis=0) + metres_of(made).max(axis=0)) / 2
    assert ((metres_of(made) - middle) * normals).sum(axis=1).min() > 0


@given(st.lists(st.tuples(*[st.floats(-250, 250)] * 3), min_size=3, max_size=12, unique=True), st.data())
def test_no_triangle_is_turned_about_by_the_steps(corners: list[tuple[float, float, float]], data: st.DataObject):
    number = st.integers(0, len(corners) - 1)
    faces = np.array(data.draw(st.lists(st.tuples(number, number, number), min_size=1, max_size=20)))
    positions = LocalFrame(116.2, 40.0).to_geographic(np.array(corners))
    mesh = FeatureMesh(positions, faces, np.zeros(len(faces), np.uint8), np.zeros(len(faces), np.int64))
    for made in tile_meshes(mesh, ANCHOR):
        a, b, c = (made.positions[made.faces[:, corner]].astype(np.float64) for corner in range(3))
        assert ((np.cross(b - a, c - a) * made.normals[made.faces[:, 0]]).sum(axis=1) > 0).all()


def test_triangles_of_no_width_are_left_out() -> None:
    positions = np.array([(116.2, 40.0, 0.0), (116.2, 40.0, 0.0), (116.2, 40.0, 9.0), (116.2001, 40.0, 0.0)])
    faces = np.array([(0, 1, 2), (0, 3, 2)])
    (made,) = tile_meshes(FeatureMesh(positions, faces, np.zeros(2, np.uint8), np.zeros(2, np.int64)), ANCHOR)
    assert len(made.faces) == 1
    assert len(made.positions) == 3
    flat = FeatureMesh(positions, faces[:1], np.zeros(1, np.uint8), np.zeros(1, np.int64))
    assert not tile_meshes(flat, ANCHOR)
