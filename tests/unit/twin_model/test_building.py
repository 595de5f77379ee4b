import numpy as np
import pytest

from twin_model.building import building_heights, read_numbers


def values(*items):
    return np.array([*items, None], dtype=object)[:-1]


def test_measured_height_beats_storeys_and_storeys_beat_the_estimate():
    found = building_heights(np.full(3, 500.0), values(31.5, None, None), values(2, 6, None))
    assert found.height_m.tolist() == [31.5, 18.0, 6.0]
    assert found.source.tolist() == ["measured", "levels", "estimated"]
    assert found.storeys.tolist() == [2, 6, 2]


def test_storeys_follow_from_a_measured_height():
    assert building_heights(np.array([100.0]), values(30.0)).storeys.tolist() == [10]


@pytest.mark.parametrize(("footprint", "height"), [(30, 3), (399, 3), (400, 6), (999, 9), (1200, 12), (60_000, 36)])
def test_estimate_grows_with_the_footprint(footprint, height):
    assert building_heights(np.array([float(footprint)])).height_m.tolist() == [height]


@pytest.mark.parametrize("nonsense", [0, -3, 1001, "tall", "40'"])
def test_a_height_that_makes_no_sense_counts_as_missing_and_is_told(nonsense):
    found = building_heights(np.array([100.0]), values(nonsense))
    assert found.source.tolist() == ["estimated"]
    assert found.refused[0] == f"height {nonsense!r}"


@pytest.mark.parametrize("blank", [None, "", float("nan")])
def test_a_blank_height_is_missing_without_a_word(blank):
    assert building_heights(np.array([100.0]), values(blank)).refused.tolist() == [""]


@pytest.mark.parametrize(
    ("text", "number"), [("12", 12), ("12.5 m", 12.5), ("6层", 6), (7, 7), ("108", 108), ("A座", None), (True, 1)]
)
def test_numbers_are_read_as_sources_write_them(text, number):
    found = read_numbers(values(text))[0]
    assert np.isnan(found) if number is None or text is True else found == number
