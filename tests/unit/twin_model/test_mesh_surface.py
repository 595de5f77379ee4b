import numpy as np
from hypothesis import given
from hypothesis import strategies as st
from numpy.testing import assert_allclose, assert_array_equal

from twin_model.mesh import area_vectors
from twin_model.mesh_surface import mesh_of_polygons

RING = np.array([[0, 0, 0], [8, 0, 0], [8, 3, 0], [4, 5, 0], [0, 3, 0]], dtype=float)
HOLE = np.array([[2, 1, 0], [3, 1, 0], [3, 2, 0], [2, 2, 0]], dtype=float)
AREA = 32.0


def turned(angles):
    """A rotation by three angles."""
    out = np.eye(3)
    for axis, angle in enumerate(angles):
        one, other = [(1, 2), (2, 0), (0, 1)][axis]
        step = np.eye(3)
        step[one, one] = step[other, other] = np.cos(angle)
        step[one, other], step[other, one] = -np.sin(angle), np.sin(angle)
        out = step @ out
    return out


@given(st.tuples(*[st.floats(-3, 3)] * 3), st.booleans(), st.tuples(*[st.floats(-5000, 5000)] * 3))
def test_triangles_face_as_the_outer_ring_turns_wherever_the_polygon_lies(angles, hole_turned, offset):
    rotation = turned(angles)
    hole = HOLE[::-1] if hole_turned else HOLE
    rings = [ring @ rotation.T + offset for ring in (RING, hole)]
    cut = mesh_of_polygons([rings], [3])
    vectors = area_vectors(cut.mesh.vertices, cut.mesh.faces)
    assert_allclose(vectors.sum(axis=0), rotation @ [0, 0, AREA - 1], atol=1e-6)
    assert_allclose(np.linalg.norm(vectors, axis=1).sum(), AREA - 1, rtol=1e-6)


def test_each_triangle_knows_its_polygon_kind_and_corners():
    wall = np.array([[0, 0, 0], [0, 4, 0], [0, 4, 6], [0, 0, 6]], dtype=float)
    cut = mesh_of_polygons([[RING, HOLE], [wall], [wall[:3] + 9]], [3, 2, 1])
    assert_array_equal(cut.mesh.vertices, np.concatenate((RING, HOLE, wall, wall[:3] + 9)))
    assert_array_equal(cut.mesh.surfaces, np.array([3, 2, 1])[cut.polygon])
    assert_array_equal(cut.corners, cut.mesh.faces)
    assert np.bincount(cut.polygon).tolist() == [9, 2, 1]
    limits = np.array([0, 9, 13, 16])
    assert (cut.corners >= limits[cut.polygon][:, None]).all()
    assert (cut.corners < limits[cut.polygon + 1][:, None]).all()


def test_polygons_without_area_or_corners_have_no_triangles():
    line = np.array([[0, 0, 0], [1, 0, 0], [2, 0, 0], [1, 0, 0]], dtype=float)
    cut = mesh_of_polygons([[line[:2]], [line[:0]], [], [RING]], [0, 1, 2, 3])
    assert set(cut.polygon) == {3}
    assert not len(mesh_of_polygons([], []).mesh.faces)
    assert not len(mesh_of_polygons([[np.zeros((0, 3))]], [1]).mesh.faces)
