"""Floor areas."""

import pytest

from twin_model.floor_area import FloorArea, floor_area


def test_known_storeys_give_the_area_whatever_the_height() -> None:
    assert floor_area(250.0, 6, 90.0) == FloorArea(1500.0, storeys_estimated=False)


@pytest.mark.parametrize("storeys", [None, 0, -1])
def test_unknown_storeys_follow_from_the_height_and_are_marked(storeys: int | None) -> None:
    assert floor_area(250.0, storeys, 17.4) == FloorArea(1500.0, storeys_estimated=True)


def test_the_lowest_building_has_one_storey() -> None:
    assert floor_area(80.0, None, 1.1) == FloorArea(80.0, storeys_estimated=True)
