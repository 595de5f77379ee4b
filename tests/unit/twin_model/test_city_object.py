import numpy as np
import pytest

from twin_model.city_object import CityObject, LodGeometry, best_lod, lod_number, with_parts


@pytest.mark.parametrize(
    ("lod", "number"), [("2.2", 2.2), ("2", 2.0), ("10", 10.0), ("", 0.0), ("roof", 0.0), ("nan", 0.0), ("inf", 0.0)]
)
def test_a_level_of_detail_that_is_no_finite_number_counts_as_none(lod, number):
    assert lod_number(lod) == number


def test_the_best_level_is_the_highest_by_number():
    assert best_lod(["2.2", "10", "nan", "1"]) == "10"
    assert best_lod([]) is None


def test_a_whole_takes_the_shapes_of_its_parts_and_leaves_out_its_rooms():
    square = LodGeometry(
        "2", np.zeros((4, 3)), np.array([0, 4]), np.array([0, 1]), np.zeros(1, dtype=np.uint8), solid=False
    )
    part = CityObject("b", "BuildingPart", 2, name="东楼", address="甲路 1 号", geometries=(square,))
    room = CityObject("c", "BuildingRoom", 3, geometries=(square,))
    whole = with_parts(CityObject("a", "Building", 1, name="楼"), [part, room])
    assert whole.geometries == (square,)
    assert (whole.name, whole.address, whole.omitted) == ("楼", "甲路 1 号", ("BuildingRoom",))
