import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.unit.twin_model.shapes import block, together
from twin_model.mesh_crossing import DEPTH_M, crossing_meshes

ONE = block(size=(10.0, 10.0, 10.0))


def crosses(*meshes):
    whole = together(*meshes)
    faces = whole.faces.astype(np.int64)
    return bool(crossing_meshes(whole.vertices, faces, np.zeros(len(faces), dtype=np.int64), 1)[0])


@given(st.floats(0.5, 9), st.floats(0.5, 9), st.floats(0.5, 9))
def test_a_bar_through_a_box_crosses_and_one_within_or_beside_it_does_not(x, y, z):
    bar = (x, y, z)
    assert crosses(ONE, block(5 - x / 2 + 0.01, -3, 5 - z / 2 + 0.02, size=(x, 16, z)))
    assert not crosses(ONE, block(0.2, 0.2, 0.2, size=bar))
    assert not crosses(ONE, block(10.2, 0.2, 0.2, size=bar))


@pytest.mark.parametrize(("depth_m", "crossing"), [(-0.5, False), (0.0, False), (DEPTH_M / 2, False), (0.3, True)])
def test_a_touch_is_no_crossing(depth_m, crossing):
    beside = block(10 - depth_m, 3, 3, size=(5.0, 3.0, 3.0))
    assert crosses(ONE, beside) is crossing


def test_each_mesh_answers_for_itself_although_all_stand_in_one_place():
    bar = block(4, -3, 4, size=(2.0, 16.0, 2.0))
    parts = (ONE, bar, together(ONE, bar), ONE)
    whole = together(*parts)
    owner = np.repeat(np.arange(4), [len(part.faces) for part in parts])
    found = crossing_meshes(whole.vertices, whole.faces.astype(np.int64), owner, 5)
    assert found.tolist() == [False, False, True, False, False]


def test_no_triangles_cross_nothing():
    assert not crossing_meshes(np.zeros((0, 3)), np.zeros((0, 3), np.int64), np.zeros(0, np.int64), 2).any()
