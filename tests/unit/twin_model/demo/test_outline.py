import numpy as np
import pytest
import shapely

from twin_model.demo.outline import district_polygon, to_degrees, to_metres
from twin_model.errors import GeometryError


def test_projecting_there_and_back_keeps_a_place_within_a_tenth_of_a_millimetre():
    places = np.array([[116.04, 39.88], [116.39, 40.16], [116.2, 40.0]])
    assert np.abs(to_degrees(to_metres(places)) - places).max() < 1e-9


def test_the_district_has_its_known_size(district):
    assert district.area == pytest.approx(429.94e6, rel=1e-4)


def test_densified_edges_stay_on_the_outline_in_degrees(facts, district):
    ring = shapely.LinearRing(facts.outline)
    vertices = shapely.points(to_degrees(shapely.get_coordinates(district)))
    assert shapely.distance(vertices, ring).max() < 2e-8


def test_an_outline_that_crosses_itself_is_refused():
    bow = np.array([[116.0, 40.0], [116.1, 40.1], [116.1, 40.0], [116.0, 40.1]])
    with pytest.raises(GeometryError, match="outline"):
        district_polygon(bow)
