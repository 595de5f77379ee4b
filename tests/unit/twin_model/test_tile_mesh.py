import numpy as np
import shapely

from tests.tile_reader import anchor_at
from twin_model.tile_buildings import Footprints, blocks
from twin_model.tile_mesh import FeatureMesh, tile_mesh

ANCHOR = anchor_at(116.2, 40.0)
BOX = shapely.box(116.3, 39.95, 116.3004, 39.9503)


def test_a_block_has_a_corner_for_each_of_its_sides_and_none_for_its_underside() -> None:
    made = tile_mesh(blocks(Footprints(np.array([BOX]), np.array([30.0]), np.array([5.0])), np.array([7])), ANCHOR)
    assert len(made.positions) == 4 * 4 + 4
    assert len(made.faces) == 4 * 2 + 2
    assert set(made.features.tolist()) == {7}


def test_positions_are_exact_to_a_millimetre_far_from_the_origin() -> None:
    mesh = blocks(Footprints(np.array([BOX]), np.array([30.0]), np.array([5.0])), np.array([0]))
    made = tile_mesh(mesh, ANCHOR)
    metres = made.positions.astype(np.float64) + made.origin
    exact = ANCHOR.local(mesh.positions)
    nearest = np.linalg.norm(exact[:, None] - metres[None], axis=2).min(axis=0)
    assert nearest.max() < 0.001


def test_normals_are_of_one_length_and_point_out_of_the_block() -> None:
    made = tile_mesh(blocks(Footprints(np.array([BOX]), np.array([30.0]), np.array([0.0])), np.array([0])), ANCHOR)
    normals = made.normals.astype(np.float64) / 127
    assert np.allclose(np.linalg.norm(normals, axis=1), 1, atol=0.0068)
    middle = (made.positions.min(axis=0) + made.positions.max(axis=0)) / 2
    assert ((made.positions - middle) * normals).sum(axis=1).min() > 0


def test_triangles_of_no_width_are_left_out() -> None:
    positions = np.array([(116.2, 40.0, 0.0), (116.2, 40.0, 0.0), (116.2, 40.0, 9.0), (116.2001, 40.0, 0.0)])
    faces = np.array([(0, 1, 2), (0, 3, 2)])
    made = tile_mesh(FeatureMesh(positions, faces, np.zeros(2, np.uint8), np.zeros(2, np.int64)), ANCHOR)
    assert len(made.faces) == 1
    assert len(made.positions) == 3
