import numpy as np
import pytest
import shapely
from hypothesis import given, settings
from hypothesis import strategies as st

from twin_model.demo.outline import to_metres
from twin_model.demo.streets import fit_streets, power_cells

AREA_SHARE = 0.03
CENTROID_M = 800.0


def test_every_street_has_its_known_area(facts, street_fit):
    known = facts.streets["area_km2"].to_numpy() * 1e6
    assert np.abs(shapely.area(street_fit.cells) / known - 1).max() < AREA_SHARE


def test_every_street_lies_where_it_is_known_to_lie(facts, street_fit):
    known = to_metres(np.column_stack((facts.streets["lon"].to_numpy(), facts.streets["lat"].to_numpy())))
    found = shapely.get_coordinates(shapely.centroid(street_fit.cells))
    assert np.hypot(*(found - known).T).max() < CENTROID_M


def test_streets_tile_the_district(district, street_fit):
    cells = street_fit.cells
    assert {cell.geom_type for cell in cells} == {"Polygon"}
    assert shapely.area(cells).sum() == pytest.approx(district.area, abs=0.01)
    assert shapely.union_all(cells).area == pytest.approx(district.area, abs=0.01)
    first, second = np.triu_indices(len(cells), 1)
    assert shapely.area(shapely.intersection(cells[first], cells[second])).max() < 1e-3


@settings(max_examples=25)
@given(st.integers(0, 2**32 - 1), st.integers(2, 9))
def test_a_place_belongs_to_the_site_of_least_power(seed, count):
    rng = np.random.default_rng(seed)
    square = shapely.box(0, 0, 10_000, 10_000)
    sites, weights = rng.uniform(0, 10_000, (count, 2)), rng.uniform(0, 4e6, count)
    cells = power_cells(square, sites, weights)
    places = rng.uniform(0, 10_000, (200, 2))
    power = ((places[:, None] - sites) ** 2).sum(axis=2) - weights
    ordered = np.sort(power, axis=1)
    clear = ordered[:, 1] - ordered[:, 0] > 1.0
    inside = shapely.contains_xy(cells[power.argmin(axis=1)], places[:, 0], places[:, 1])
    assert inside[clear].all()
    assert shapely.area(cells).sum() == pytest.approx(square.area, rel=1e-9)


def test_areas_are_met_exactly_in_a_plain_square():
    square = shapely.box(0, 0, 9_000, 9_000)
    centroids = np.array([[1_500.0, 4_500], [4_500, 4_500], [7_500, 4_500]])
    fit = fit_streets(square, centroids, np.array([2.0, 3.0, 4.0]))
    assert shapely.area(fit.cells) / 1e6 == pytest.approx([18.0, 27.0, 36.0], rel=1e-6)
