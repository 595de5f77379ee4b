import math

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from twin_model.mesh_tile import MAX_LATITUDE, tile_bounds, tile_of

LON, LAT = st.floats(-180, 179.999), st.floats(-85, 85)


@given(LON, LAT)
def test_a_place_lies_in_its_tile(lon, lat):
    west, south, east, north = tile_bounds(int(tile_of(lon, lat)))
    assert west - 1e-9 <= lon <= east + 1e-9
    assert south - 1e-9 <= lat <= north + 1e-9
    assert east - west == pytest.approx(360 / 2**15)


@given(LON, LAT)
def test_tiles_are_those_of_web_maps(lon, lat):
    x = int((lon + 180) / 360 * 2**15)
    y = int((1 - math.log(math.tan(math.radians(lat)) + 1 / math.cos(math.radians(lat))) / math.pi) / 2 * 2**15)
    assert abs(int(tile_of(lon, lat)) - (x * 2**15 + y)) <= 1  # a place on the very edge may round either way


def test_known_tiles_and_many_at_once():
    tiles = tile_of(np.array([116.3, -180.0, 179.9999]), np.array([39.96, 89.0, -89.0]))
    assert tiles.dtype == np.int32
    assert tiles.tolist() == [26969 * 2**15 + 12410, 0, 2**30 - 1]
    assert tile_bounds(0)[3] == pytest.approx(MAX_LATITUDE, abs=1e-6)
