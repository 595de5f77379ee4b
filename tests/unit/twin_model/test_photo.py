import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from pyproj import Geod

from twin_model.photo import (
    PlaceVerdict,
    difference_hash,
    distance_m,
    hamming,
    is_telling,
    place_verdict,
    reuse,
    sharpness,
)

HASH = st.integers(0, 2**64 - 1)


def test_each_bit_says_that_a_pixel_is_brighter_than_its_left_neighbour():
    grey = np.zeros((8, 9), np.uint8)
    grey[0, 1:] = 9  # a step up after the first pixel
    grey[7, 8] = 9
    assert difference_hash(grey) == (1 << 63) | 1


def test_a_hash_survives_a_change_of_brightness():
    grey = np.random.default_rng(1).integers(0, 200, (8, 9), dtype=np.uint8)
    assert difference_hash(grey) == difference_hash(grey + np.uint8(50))


def test_a_picture_of_another_shape_is_refused_with_the_shape():
    with pytest.raises(ValueError, match=r"\(9, 8\); shrink it to \(8, 9\)"):
        difference_hash(np.zeros((9, 8), np.uint8))


@given(HASH, st.lists(HASH, min_size=1, max_size=20))
def test_the_most_similar_earlier_photo_is_found(dhash, earlier):
    nearest = reuse(dhash, earlier)
    bits = [hamming(dhash, other) for other in earlier]
    assert nearest is not None
    assert (nearest.index, nearest.bits) == (bits.index(min(bits)), min(bits))


@given(HASH, HASH, HASH)
def test_hamming_is_a_metric(a, b, c):
    assert hamming(a, a) == 0
    assert hamming(a, b) == hamming(b, a)
    assert hamming(a, c) <= hamming(a, b) + hamming(b, c)


def test_without_an_earlier_photo_there_is_no_nearest():
    assert reuse(7, []) is None


def test_a_hash_of_one_colour_tells_nothing():
    assert not is_telling(difference_hash(np.full((8, 9), 128, np.uint8)))
    assert not is_telling(2**64 - 1)
    assert is_telling(0xF0F0F0F0F0F0F0F0)


def test_a_picture_of_one_colour_has_no_sharpness():
    assert sharpness(np.full((20, 30), 77, np.uint8)) == 0
    assert sharpness(np.zeros((2, 30), np.uint8)) == 0


def test_blur_lowers_sharpness():
    sharp = np.random.default_rng(2).integers(0, 256, (60, 60), dtype=np.uint8)
    blurred = (sharp[:-1, :-1] // 4 + sharp[1:, :-1] // 4 + sharp[:-1, 1:] // 4 + sharp[1:, 1:] // 4).astype(np.uint8)
    assert sharpness(blurred) < sharpness(sharp) / 4


@given(st.floats(73, 135), st.floats(18, 53), st.floats(0, 360), st.floats(1, 50_000))
def test_distance_is_that_of_the_geodesic(lon, lat, azimuth, metres):
    other_lon, other_lat, _ = Geod(ellps="GRS80").fwd(lon, lat, azimuth, metres)
    assert distance_m(lon, lat, other_lon, other_lat) == pytest.approx(metres, abs=1e-3)


@pytest.mark.parametrize(
    ("metres", "verdict"),
    [(None, PlaceVerdict.UNKNOWN), (0.0, PlaceVerdict.NEAR), (200.0, PlaceVerdict.NEAR), (200.1, PlaceVerdict.FAR)],
)
def test_place_verdict(metres, verdict):
    assert place_verdict(metres, 200) is verdict
