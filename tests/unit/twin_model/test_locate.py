import numpy as np
import pytest
import shapely
from hypothesis import given, settings
from hypothesis import strategies as st
from shapely import affinity

from twin_model.errors import GeometryError
from twin_model.locate import CHUNK, PointLocator

GRID = st.integers(-8, 8)


def brute_force(polygons, lon, lat):
    """First polygon that intersects each point, by shapely alone."""
    found = np.full(len(lon), -1)
    for index in range(len(polygons) - 1, -1, -1):
        found[shapely.intersects_xy(polygons[index], lon, lat)] = index
    return found


@st.composite
def star(draw):
    """A concave polygon around a centre, sometimes with a hole, sometimes in two parts; corners on a coarse lattice."""
    angles = np.sort(np.array(draw(st.lists(st.integers(0, 71), min_size=5, max_size=14, unique=True)))) * np.pi / 36
    radii = np.array(draw(st.lists(st.sampled_from([1.0, 1.5, 3.0, 5.0]), min_size=len(angles), max_size=len(angles))))
    centre = np.array([draw(GRID), draw(GRID)])
    ring = centre + np.round(np.column_stack([np.cos(angles), np.sin(angles)]) * radii[:, None] * 4) / 4
    shape = shapely.make_valid(shapely.Polygon(ring))
    if draw(st.booleans()):
        shape = shapely.difference(shape, shapely.box(*(centre - 0.5), *(centre + 0.5)))
    if draw(st.booleans()):
        shape = shapely.union(shape, affinity.translate(shape, 11, 3))
    return polygonal(shape)


def polygonal(shape):
    """The polygons of a geometry: what make_valid leaves beside them is dropped."""
    parts = [part for part in shapely.get_parts(shape) if part.geom_type == "Polygon" and part.area > 0]
    return shapely.MultiPolygon(parts) if len(parts) != 1 else parts[0]


@st.composite
def layers(draw):
    polygons = np.empty(draw(st.integers(1, 6)), object)
    polygons[:] = [draw(star()) for _ in polygons]
    return polygons


def awkward_points(polygons, rng):
    """Random points, corners, points on edges, points beside edges, lattice points and NaN."""
    corners = shapely.get_coordinates(polygons)
    boundary = [shapely.get_coordinates(shapely.segmentize(polygons, 0.3))]
    around = [corners + np.array([dx, 0.0]) for dx in (1e-15, -1e-15, 1e-9)]
    scattered = rng.uniform(-20, 25, (400, 2))
    lattice = rng.integers(-48, 80, (200, 2)) / 4
    return np.concatenate([corners, *boundary, *around, scattered, lattice, [[np.nan, 0.0], [np.inf, 1.0]]])


@settings(max_examples=120)
@given(layers(), st.sampled_from([None, 7, 400, 40_000]), st.integers(0, 2**32 - 1))
def test_agrees_with_shapely_everywhere(polygons, pixels, seed):
    points = awkward_points(polygons, np.random.default_rng(seed))
    found = PointLocator(polygons, pixels=pixels).locate(points[:, 0], points[:, 1])
    np.testing.assert_array_equal(found, brute_force(polygons, points[:, 0], points[:, 1]))


@settings(max_examples=40)
@given(st.integers(2, 60), st.integers(0, 2**32 - 1))
def test_agrees_with_shapely_on_a_coverage_in_degrees(cells, seed):
    rng = np.random.default_rng(seed)
    sites = shapely.MultiPoint(rng.uniform([116.2, 39.9], [116.3, 40.0], (cells, 2)))
    polygons = shapely.get_parts(shapely.voronoi_polygons(sites))
    points = np.concatenate([rng.uniform([116.1, 39.8], [116.4, 40.1], (500, 2)), shapely.get_coordinates(polygons)])
    found = PointLocator(polygons).locate(points[:, 0], points[:, 1])
    np.testing.assert_array_equal(found, brute_force(polygons, points[:, 0], points[:, 1]))


def test_point_on_a_shared_edge_goes_to_the_lower_index():
    squares = [shapely.box(0, 0, 1, 1), shapely.box(1, 0, 2, 1)]
    assert PointLocator(squares).locate([1.0, 0.5, 1.5, 2.0], [0.5, 0.5, 0.5, 1.0]).tolist() == [0, 0, 1, 1]
    assert PointLocator(squares[::-1]).locate([1.0], [0.5]).tolist() == [0]


def test_hole_is_outside_and_its_edge_is_inside():
    ring = shapely.Polygon([(0, 0), (9, 0), (9, 9), (0, 9)], [[(3, 3), (6, 3), (6, 6), (3, 6)]])
    assert PointLocator([ring]).locate([4.5, 3.0, 1.0], [4.5, 4.0, 1.0]).tolist() == [-1, 0, 0]


def test_nan_and_infinity_are_outside():
    locator = PointLocator([shapely.box(0, 0, 1, 1)])
    assert locator.locate([np.nan, 0.5, np.inf, 0.5], [0.5, np.nan, 0.5, -np.inf]).tolist() == [-1, -1, -1, -1]


def test_empty_layer_and_empty_polygons_hold_nothing():
    assert PointLocator([]).locate([0.0], [0.0]).tolist() == [-1]
    assert PointLocator([shapely.Polygon(), shapely.box(0, 0, 1, 1)]).locate([0.5], [0.5]).tolist() == [1]


def test_no_points_give_no_answers():
    found = PointLocator([shapely.box(0, 0, 1, 1)]).locate([], [])
    assert found.shape == (0,)
    assert found.dtype == np.int32


def test_a_polygon_smaller_than_a_coordinate_s_rounding_allows_pixels_is_still_exact():
    tiny = shapely.box(116.3, 40.0, 116.3 + 1e-10, 40.0 + 1e-10)
    x = 116.3 + np.linspace(-1e-10, 2e-10, 50)
    y = np.full(50, 40.0 + 5e-11)
    np.testing.assert_array_equal(PointLocator([tiny]).locate(x, y), brute_force([tiny], x, y))


def test_many_chunks_answer_like_one():
    rng = np.random.default_rng(3)
    squares = [shapely.box(x, y, x + 1, y + 1) for y in range(20) for x in range(20)]
    x, y = rng.uniform(-1, 21, (2, 3 * CHUNK + 11))
    inside = (x > 0) & (x < 20) & (y > 0) & (y < 20)
    expected = np.where(inside, np.floor(y) * 20 + np.floor(x), -1)
    np.testing.assert_array_equal(PointLocator(squares).locate(x, y), expected)


def test_doubtful_points_of_many_chunks_are_settled_on_prepared_polygons():
    rng = np.random.default_rng(4)
    squares = [shapely.box(x, y, x + 1, y + 1) for y in range(20) for x in range(20)]
    shapely.prepare(squares)
    x, y = rng.integers(0, 21, 3 * CHUNK).astype(float), rng.uniform(0.1, 19.9, 3 * CHUNK)
    expected = np.floor(y) * 20 + np.maximum(x - 1, 0)
    np.testing.assert_array_equal(PointLocator(squares).locate(x, y), expected)


def test_entry_that_is_no_polygon_is_named():
    with pytest.raises(GeometryError, match="entry 1 "):
        PointLocator([shapely.box(0, 0, 1, 1), shapely.Point(0, 0)])


def test_coordinates_of_two_lengths_are_refused():
    with pytest.raises(GeometryError, match="one length"):
        PointLocator([shapely.box(0, 0, 1, 1)]).locate([0.0, 1.0], [0.0])
