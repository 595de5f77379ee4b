"""The building of a place, against shapely asked building by building."""

import numpy as np
import pytest
import shapely
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from tests.unit.twin_model.test_locate import polygonal, star
from twin_model import building_join
from twin_model.building_join import NO_BUILDING, BuildingLocator
from twin_model.errors import GeometryError
from twin_model.local_frame import metres_per_degree, metres_per_degree_at

LON, LAT = 116.3, 39.96
STEP = 1e-4
"""One unit of a drawn shape in degrees: about ten metres."""


@st.composite
def cities(draw):
    """Footprints that touch, overlap, have courtyards and stand apart: a block of a town, or far from each other."""
    spread = draw(st.sampled_from([1.0, 1.0, 40.0]))
    shapes = np.empty(draw(st.integers(1, 6)), object)
    shapes[:] = [draw(star()) for _ in shapes]
    corner = np.array([LON, LAT])
    placed = shapely.transform(shapes, lambda xy: corner + xy * STEP)
    moved = [
        shapely.transform(shape, lambda xy, i=i: xy + i * (spread - 1) * STEP)
        for i, shape in enumerate(placed.tolist())
    ]
    return np.array([polygonal(shape) for shape in moved] + [None], dtype=object)[:-1]


def by_hand(polygons, lon, lat):
    """Distances (n, m) in metres of every point to every footprint, in the point's frame; infinite to an empty one."""
    scale_x, scale_y = metres_per_degree_at(lat).T
    rows = []
    for x, y, east, north in zip(lon, lat, scale_x, scale_y, strict=True):
        metric = shapely.transform(polygons, lambda xy, at=(x, y), by=(east, north): (xy - at) * by)
        rows.append(shapely.distance(metric, shapely.Point(0, 0)))
    return np.nan_to_num(np.array(rows), nan=np.inf)


@settings(max_examples=60)
@given(city=cities(), within_m=st.sampled_from([0.5, 12.0, 25.0, 90.0]), seed=st.integers(0, 2**32 - 1))
def test_the_building_is_the_one_that_holds_the_point_or_the_nearest_within_the_distance(city, within_m, seed):
    rng = np.random.default_rng(seed)
    assume(not shapely.is_empty(city).all())
    west, south, east, north = shapely.total_bounds(city)
    margin = 12 * STEP
    lon = rng.uniform(west - margin, east + margin, 80)
    lat = rng.uniform(south - margin, north + margin, 80)
    index, distance = BuildingLocator(city).locate(lon, lat, within_m)
    expected = by_hand(city, lon, lat)
    nearest = expected.min(axis=1)
    doubtful = np.abs(nearest - within_m) < 1e-6
    joined = index != NO_BUILDING
    assert (joined == (nearest <= within_m))[~doubtful].all()
    assert np.isnan(distance[~joined]).all()
    at = np.flatnonzero(joined)
    assert distance[at] == pytest.approx(nearest[at], abs=1e-4)
    assert expected[at, index[at]] == pytest.approx(nearest[at], abs=1e-6)
    inside = shapely.intersects_xy(city[index[at]], lon[at], lat[at])
    assert ((distance[at] == 0) == inside).all()


def test_of_buildings_that_overlap_the_first_holds_the_point():
    boxes = [shapely.box(LON, LAT, LON + STEP, LAT + STEP)] * 2
    index, distance = BuildingLocator(boxes).locate([LON + STEP / 2], [LAT + STEP / 2], 10)
    assert (index.tolist(), distance.tolist()) == ([0], [0.0])


def test_with_no_distance_only_the_inside_counts():
    locator = BuildingLocator([shapely.box(LON, LAT, LON + STEP, LAT + STEP)])
    index, _ = locator.locate([LON + STEP / 2, LON + 1.01 * STEP], [LAT + STEP / 2] * 2, 0)
    assert index.tolist() == [0, NO_BUILDING]


def test_a_courtyard_is_near_and_not_inside():
    hole = shapely.box(LON + STEP, LAT + STEP, LON + 3 * STEP, LAT + 3 * STEP)
    court = shapely.box(LON, LAT, LON + 4 * STEP, LAT + 4 * STEP).difference(hole)
    index, distance = BuildingLocator([court]).locate([LON + 2 * STEP], [LAT + 2 * STEP], 25)
    assert index.tolist() == [0]
    assert distance[0] == pytest.approx(STEP * metres_per_degree(LAT)[0], rel=1e-3)


def test_places_that_are_none_belong_nowhere():
    lon = [np.nan, np.inf, 1e300, 200.0, LON]
    index, distance = BuildingLocator([shapely.box(LON, LAT, LON + STEP, LAT + STEP)]).locate(
        lon, [LAT] * 4 + [91.0], 25
    )
    assert index.tolist() == [NO_BUILDING] * 5
    assert np.isnan(distance).all()


@pytest.mark.parametrize("polygons", [[], [shapely.Polygon()]])
def test_a_city_without_buildings_joins_nothing(polygons):
    index, _ = BuildingLocator(polygons).locate([LON], [LAT], 25)
    assert index.tolist() == [NO_BUILDING]


def test_many_points_are_answered_as_few_are(monkeypatch):
    rng = np.random.default_rng(5)
    corners = np.array([LON, LAT]) + rng.uniform(0, 100, (60, 2)) * STEP
    city = shapely.box(*corners.T, *(corners + STEP).T)
    lon, lat = (np.array([LON, LAT])[:, None] + rng.uniform(-5, 105, (2, 3000)) * STEP).tolist()
    whole = BuildingLocator(city).locate(lon, lat, 30)
    monkeypatch.setattr(building_join, "CHUNK", 64)
    monkeypatch.setattr(building_join, "MAX_CELLS", 50)
    parts = BuildingLocator(city, pixels=64).locate(lon, lat, 30)
    assert (whole[0] == parts[0]).all()
    assert np.array_equal(whole[1], parts[1], equal_nan=True)
    assert (whole[0] >= 0).any()


@pytest.mark.parametrize("within_m", [-1.0, np.inf, np.nan])
def test_a_distance_that_cannot_be_is_refused(within_m):
    with pytest.raises(GeometryError, match="to the nearest building cannot be; give 0 or more"):
        BuildingLocator([]).locate([LON], [LAT], within_m)


@pytest.mark.parametrize("pole", [90.0, 89.999999, -90.0])
def test_a_place_at_a_pole_belongs_nowhere_and_keeps_no_other_from_its_building(pole):
    locator = BuildingLocator([shapely.box(LON, LAT, LON + STEP, LAT + STEP)])
    index, _ = locator.locate([LON, LON - STEP / 2], [pole, LAT], 25)
    assert index.tolist() == [NO_BUILDING, 0]


def test_a_city_near_a_pole_finds_its_buildings():
    index, _ = BuildingLocator([shapely.box(15.6, 89.2, 15.61, 89.2001)]).locate([15.605] * 2, [89.2002, 89.2008], 25)
    assert index.tolist() == [0, NO_BUILDING]
