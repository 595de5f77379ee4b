import numpy as np
import pytest
import trimesh
from hypothesis import given
from hypothesis import strategies as st

from tests.unit.twin_model.shapes import block, soup, with_faces, without
from twin_model.mesh import Mesh, area_vectors, bounds, enclosed_m3, surface_m2

SIZES = st.tuples(*[st.floats(0.5, 50)] * 3)
PLACES = st.tuples(*[st.floats(-1000, 1000)] * 3)


@given(SIZES, PLACES)
def test_measures_of_a_box_hold_wherever_it_stands_and_agree_with_trimesh(size, place):
    mesh = soup(block(*place, size=size))
    x, y, z = size
    assert surface_m2(mesh) == pytest.approx(2 * (x * y + y * z + z * x), rel=1e-6)
    assert enclosed_m3(mesh) == pytest.approx(x * y * z, rel=1e-6)
    assert bounds(mesh)[0] == pytest.approx(place)
    assert bounds(mesh)[1] == pytest.approx(np.add(place, size))
    assert trimesh.Trimesh(mesh.vertices, mesh.faces).volume == pytest.approx(x * y * z, rel=1e-4)


def test_inside_out_the_volume_is_negative_and_vectors_point_inwards():
    box = block()
    turned = with_faces(box, box.faces[:, ::-1])
    assert enclosed_m3(turned) == -enclosed_m3(box)
    assert area_vectors(turned.vertices, turned.faces) == pytest.approx(-area_vectors(box.vertices, box.faces))


def test_bounds_count_only_what_triangles_use():
    lid = without(block(), *range(2, 12))
    assert bounds(lid)[:, 2].tolist() == [0, 0]
    nothing = Mesh(np.ones((3, 3)), np.zeros((0, 3), np.int32), np.zeros(0, np.uint8))
    assert np.isnan(bounds(nothing)).all()
    assert surface_m2(nothing) == enclosed_m3(nothing) == 0
