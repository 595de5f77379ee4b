import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from twin_model.china_offset import (
    bd09_to_gcj02,
    bd09_to_wgs84,
    gcj02_to_bd09,
    gcj02_to_wgs84,
    wgs84_to_bd09,
    wgs84_to_gcj02,
)

LON, LAT = np.array([116.298]), np.array([39.959])


def test_published_vector_is_met_in_both_systems():
    gcj = wgs84_to_gcj02(LON, LAT)
    bd = gcj02_to_bd09(*gcj)
    assert gcj[0][0] == pytest.approx(116.30407660469037, abs=1e-12)
    assert gcj[1][0] == pytest.approx(39.96025932017854, abs=1e-12)
    assert bd[0][0] == pytest.approx(116.31054027386506, abs=1e-12)
    assert bd[1][0] == pytest.approx(39.966365896349316, abs=1e-12)


@pytest.mark.parametrize(
    ("there", "back"),
    [(wgs84_to_gcj02, gcj02_to_wgs84), (gcj02_to_bd09, bd09_to_gcj02), (wgs84_to_bd09, bd09_to_wgs84)],
)
@given(lon=st.floats(74, 134), lat=st.floats(18, 53))
def test_inverse_returns_to_within_a_billionth_of_a_degree(there, back, lon, lat):
    lon, lat = np.array([lon]), np.array([lat])
    again_lon, again_lat = back(*there(lon, lat))
    assert abs(again_lon - lon)[0] < 1e-9
    assert abs(again_lat - lat)[0] < 1e-9


def test_gcj02_is_the_identity_outside_china():
    lon, lat = np.array([-122.42, 2.35, 151.2]), np.array([37.77, 48.86, -33.9])
    for shift in (wgs84_to_gcj02, gcj02_to_wgs84):
        assert np.array_equal(shift(lon, lat), (lon, lat))


def test_a_missing_coordinate_stays_missing_and_leaves_its_neighbours_alone():
    lon, lat = gcj02_to_wgs84(np.array([np.nan, 116.30407660469037]), np.array([np.nan, 39.96025932017854]))
    assert np.isnan(lon[0])
    assert lon[1] == pytest.approx(116.298, abs=1e-9)
    assert lat[1] == pytest.approx(39.959, abs=1e-9)
