import numpy as np
import pytest
import shapely

from twin_model.demo.arterials import arterials
from twin_model.demo.cells import divide_communities
from twin_model.demo.land import survey
from twin_model.demo.landuse import draw_landuse
from twin_model.demo.setting import CELL_M2, Setting


@pytest.fixture(scope="module")
def cells(communities, plan, district):
    wild = draw_landuse(district, plan).wild
    return divide_communities(communities, survey(communities, plan.streets, wild, plan), arterials(), plan)


def test_cells_tile_their_communities(communities, cells):
    area = np.bincount(cells.community, shapely.area(cells.polygons))
    assert area == pytest.approx(shapely.area(communities.polygons), abs=0.5)
    first, second = shapely.STRtree(cells.polygons).query(cells.polygons, predicate="intersects")
    other = first < second
    overlap = shapely.intersection(cells.polygons[first[other]], cells.polygons[second[other]])
    assert shapely.area(overlap).max() < 1e-2


def test_cells_are_about_a_hectare_where_people_live_densely_and_larger_in_the_open(communities, cells):
    area = shapely.area(cells.polygons)
    dense = np.isin(communities.street[cells.community], [0, 1]) & cells.settled
    assert np.median(area[dense]) == pytest.approx(CELL_M2[Setting.CORE], rel=0.25)
    assert np.median(area[~cells.settled]) > 3 * np.median(area[dense])


def test_cells_count_from_one_in_each_community_and_fit_three_digits(cells):
    for community in np.unique(cells.community):
        sequence = cells.sequence[cells.community == community]
        assert sequence.tolist() == list(range(1, len(sequence) + 1))
        assert len(sequence) <= 999


def test_cells_are_numbered_in_bands_from_the_north_and_within_a_band_from_the_west(cells):
    middle, area = shapely.get_coordinates(shapely.centroid(cells.polygons)), shapely.area(cells.polygons)
    for community in np.unique(cells.community):
        rows = np.nonzero(cells.community == community)[0]
        x, y = middle[rows].T
        band = np.floor((y.max() - y) / np.sqrt(area[rows].mean()))
        assert (np.diff(band) >= 0).all()
        assert (np.diff(x)[np.diff(band) == 0] >= 0).all()


def test_an_arterial_that_runs_right_through_a_community_cuts_all_its_cells(communities, cells):
    roads = arterials()
    inner, cores = shapely.buffer(communities.polygons, -2.0), shapely.buffer(cells.polygons, -2.0)
    crossings = 0
    for course, line in zip(roads.courses, roads.lines, strict=True):
        way, whole = (shapely.length(shapely.intersection(inner, road)) for road in (course, line))
        through = (way > 5.0) & (way > 0.999 * whole)
        crossings += through.sum()
        assert shapely.length(shapely.intersection(cores[through[cells.community]], course)).sum() < 1.0
    assert crossings > 0
