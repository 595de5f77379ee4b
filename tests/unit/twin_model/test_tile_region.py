import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from twin_model.tile_region import MARGIN_DEGREES, MARGIN_M, Region, from_radians, region_of, union

PLACES = st.lists(st.tuples(st.floats(-179, 179), st.floats(-80, 80), st.floats(-100, 500)), min_size=1, max_size=20)


@given(places=PLACES)
def test_a_region_holds_its_places_with_a_margin_of_millimetres(places: list[tuple[float, float, float]]) -> None:
    region = region_of(np.array(places))
    lon, lat, height = zip(*places, strict=True)
    assert (region.west, region.north) == (
        pytest.approx(min(lon) - MARGIN_DEGREES), pytest.approx(max(lat) + MARGIN_DEGREES)
    )  # fmt: skip
    assert region.low_m < min(height) <= max(height) < region.high_m
    assert region.high_m == pytest.approx(max(height) + MARGIN_M)


def test_a_union_holds_every_region() -> None:
    whole = union([Region(1, 2, 3, 4, 0, 9), Region(0, 3, 2, 5, -1, 4)])
    assert whole == Region(0, 2, 3, 5, -1, 9)


def test_radians_and_back_give_the_same_region() -> None:
    region = Region(116.05, 39.88, 116.39, 40.16, -2.5, 310.0)
    back = from_radians(region.in_radians())
    assert (back.west, back.north, back.low_m) == (pytest.approx(116.05), pytest.approx(40.16), -2.5)


def test_the_diagonal_is_in_metres() -> None:
    assert Region(0, 0, 1, 0, 0, 0).diagonal_m == pytest.approx(111_319, rel=1e-3)
