import numpy as np

from twin_model.floor_area import floor_areas


def test_known_storeys_count_and_others_follow_from_the_height_and_are_marked():
    found = floor_areas(np.full(5, 100.0), np.array([4, np.nan, 0, np.nan, 2]), np.array([99, 18.2, 6, 0.4, 50]))
    assert found.area_m2.tolist() == [400, 600, 200, 100, 200]
    assert found.estimated.tolist() == [False, True, True, True, False]
