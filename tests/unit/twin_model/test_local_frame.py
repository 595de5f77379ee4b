import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from numpy.testing import assert_allclose
from pyproj import Transformer

from twin_model.local_frame import LocalFrame, metres_per_degree, metres_per_degree_at

LON, LAT = st.floats(-179, 179), st.floats(-80, 80)
GEOCENTRIC = Transformer.from_crs("EPSG:4480", "EPSG:4479", always_xy=True)
BEIJING = (116.3, 39.96)


def tangent_plane(frame, positions):
    """Exact metres east, north and up of positions, by way of geocentric coordinates."""
    origin = np.array(GEOCENTRIC.transform(frame.lon, frame.lat, frame.base_m))
    away = np.column_stack(GEOCENTRIC.transform(*positions.T)) - origin
    lam, phi = np.radians((frame.lon, frame.lat))
    east = (-np.sin(lam), np.cos(lam), 0)
    north = (-np.sin(phi) * np.cos(lam), -np.sin(phi) * np.sin(lam), np.cos(phi))
    up = (np.cos(phi) * np.cos(lam), np.cos(phi) * np.sin(lam), np.sin(phi))
    return away @ np.array((east, north, up)).T


def error_at(distance_m, lon, lat):
    """Largest distance from the exact place, all round."""
    frame = LocalFrame(lon, lat)
    way = np.linspace(0, 2 * np.pi, 73)
    around = distance_m * np.column_stack((np.cos(way), np.sin(way), np.zeros(73)))
    return np.linalg.norm(tangent_plane(frame, frame.to_geographic(around)) - around, axis=1).max()


@given(LON, LAT, st.floats(-100, 4000), st.lists(st.tuples(*[st.floats(-500, 500)] * 3), max_size=5))
def test_metres_become_degrees_and_back(lon, lat, base, places):
    frame = LocalFrame(lon, lat, base)
    metres = np.array(places).reshape(-1, 3)
    assert_allclose(frame.to_local(frame.to_geographic(metres)), metres, atol=1e-7)


@pytest.mark.parametrize(("distance_m", "error_m"), [(50, 0.0003), (100, 0.0011), (300, 0.01)])
def test_the_stated_error_holds_in_beijing(distance_m, error_m):
    assert error_m / 1.2 < error_at(distance_m, *BEIJING) <= error_m


@given(LON, st.floats(-60, 60))
def test_the_error_at_300_metres_is_at_most_16_mm_up_to_60_degrees_and_grows_with_the_square(lon, lat):
    error = error_at(300, lon, lat)
    assert 0.006 < error < 0.016
    assert error_at(600, lon, lat) == pytest.approx(4 * error, rel=0.02)


def test_height_stretches_the_frame_by_16_mm_a_kilometre_for_every_100_metres():
    frame = LocalFrame(*BEIJING, 1000.0)
    east = np.array([[100.0, 0.0, 0.0]])
    exact = tangent_plane(frame, frame.to_geographic(east))
    assert exact[0, 0] - 100 == pytest.approx(0.016 * 10 * 0.1, rel=0.03)


def test_many_latitudes_at_once_are_those_one_by_one():
    lat = np.array([0.0, 39.96, -75.0])
    assert_allclose(metres_per_degree_at(lat), [metres_per_degree(value) for value in lat])
    assert metres_per_degree(0.0)[0] == pytest.approx(111_319.49, abs=0.01)
    assert metres_per_degree(0.0)[1] == pytest.approx(110_574.28, abs=0.01)
