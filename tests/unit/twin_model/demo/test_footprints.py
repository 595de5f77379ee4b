import numpy as np
import pytest
import shapely
from hypothesis import given
from hypothesis import strategies as st

from twin_model.demo.footprints import Shape, outlines


@pytest.mark.parametrize("shape", list(Shape))
@given(length=st.floats(8, 90), depth=st.floats(8, 90), wing=st.floats(3, 25), flip=st.integers(0, 3))
def test_a_footprint_is_a_valid_ring_that_fills_its_frame(shape, length, depth, wing, flip):
    ring = outlines(shape, np.array([length]), np.array([depth]), np.array([wing]), np.array([flip]))[0]
    polygon = shapely.Polygon(ring)
    assert polygon.is_valid
    assert 4 <= len(ring) <= 12
    assert polygon.bounds == pytest.approx((-length / 2, -depth / 2, length / 2, depth / 2))
    thickness = min(wing, 0.42 * min(length, depth))
    assert polygon.area > 0.9 * thickness * max(length, depth)
