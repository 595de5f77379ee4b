import numpy as np
from hypothesis import given
from hypothesis import strategies as st
from pyproj import Transformer

from twin_model.geocentric import frame_axes, from_geocentric, to_geocentric

PLACES = st.tuples(st.floats(-180, 180), st.floats(-89, 89), st.floats(-500, 9000))


@given(place=PLACES)
def test_geocentric_metres_equal_those_of_proj(place: tuple[float, float, float]) -> None:
    expected = Transformer.from_crs("EPSG:4979", "EPSG:4978", always_xy=True).transform(*place)
    assert np.allclose(to_geocentric(np.array([place]))[0], expected, atol=1e-6, rtol=0)


@given(place=PLACES)
def test_going_there_and_back_leads_to_the_same_place(place: tuple[float, float, float]) -> None:
    there = to_geocentric(np.array([place]))
    assert np.allclose(to_geocentric(from_geocentric(there)), there, atol=1e-6, rtol=0)


@given(place=PLACES)
def test_the_axes_at_a_place_are_a_rotation_whose_third_points_up(place: tuple[float, float, float]) -> None:
    lon, lat, height = place
    axes = frame_axes(lon, lat)
    assert np.allclose(axes.T @ axes, np.eye(3), atol=1e-12)
    assert np.isclose(np.linalg.det(axes), 1.0)
    low, high = to_geocentric(np.array([place, (lon, lat, height + 100)]))
    assert np.allclose((high - low) / 100, axes[:, 2], atol=1e-6)
