import numpy as np
import pytest
import trimesh
from hypothesis import given
from hypothesis import strategies as st

from tests.unit.twin_model.shapes import block, enclosed_m3, soup, with_faces
from twin_model.mesh import area_vectors

SIZES = st.tuples(*[st.floats(0.5, 50)] * 3)
PLACES = st.tuples(*[st.floats(-1000, 1000)] * 3)


@given(SIZES, PLACES)
def test_areas_and_volume_of_a_box_hold_wherever_it_stands_and_agree_with_trimesh(size, place):
    mesh = soup(block(*place, size=size))
    x, y, z = size
    vectors = area_vectors(mesh.vertices, mesh.faces)
    assert np.linalg.norm(vectors, axis=1).sum() == pytest.approx(2 * (x * y + y * z + z * x), rel=1e-6)
    assert enclosed_m3(mesh) == pytest.approx(x * y * z, rel=1e-6)
    assert trimesh.Trimesh(mesh.vertices, mesh.faces).volume == pytest.approx(x * y * z, rel=1e-4)


def test_vectors_point_inwards_when_a_mesh_is_inside_out():
    box = block()
    turned = with_faces(box, box.faces[:, ::-1])
    assert area_vectors(turned.vertices, turned.faces) == pytest.approx(-area_vectors(box.vertices, box.faces))
    assert enclosed_m3(turned) == -enclosed_m3(box)


def test_vectors_of_small_floats_are_as_exact_as_their_corners():
    corners = np.array([[1e4, 0, 0], [1e4 + 1, 0, 0], [1e4, 1, 0]], dtype=np.float32)
    assert area_vectors(corners, np.array([[0, 1, 2]])).tolist() == [[0, 0, 0.5]]
