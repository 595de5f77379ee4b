import numpy as np
import pytest
import shapely
from hypothesis import given
from hypothesis import strategies as st

from tests.unit.twin_model.shapes import star
from twin_model.triangulate import triangulate

RADII = st.lists(st.floats(1, 20), min_size=3, max_size=14).map(np.array)


def cut(*polygons):
    rings = [np.array(ring.coords)[:-1] for polygon in polygons for ring in (polygon.exterior, *polygon.interiors)]
    ring_start = np.cumsum([0, *(len(ring) for ring in rings)])
    polygon_start = np.cumsum([0, *(1 + len(polygon.interiors) for polygon in polygons)])
    xy = np.concatenate(rings)
    return xy, *triangulate(xy, ring_start, polygon_start)


def areas(xy, faces):
    a, b, c = (xy[faces[:, corner]] for corner in range(3))
    return ((b - a)[:, 0] * (c - a)[:, 1] - (b - a)[:, 1] * (c - a)[:, 0]) / 2


@given(st.lists(RADII, min_size=1, max_size=5))
def test_triangles_cover_each_polygon_counter_clockwise_with_every_corner(many):
    polygons = [star(radii) for radii in many]
    xy, faces, owner = cut(*polygons)
    assert (np.diff(owner) >= 0).all()
    assert np.bincount(owner, areas(xy, faces), len(polygons)) == pytest.approx([p.area for p in polygons])
    assert (areas(xy, faces) > -1e-9).all()
    assert len(faces) == sum(len(radii) - 2 for radii in many)
    assert set(faces.ravel()) == set(range(len(xy)))


@given(RADII, st.integers(0, 3))
def test_corners_in_line_are_used_also_around_holes(radii, holes):
    outer = shapely.box(-30, -30, 30, 30)
    rings = [shapely.box(x - 2, -2, x + 2, 2).exterior for x in (-20, 0, 20)[:holes]]
    polygon = shapely.segmentize(shapely.Polygon(outer.exterior, rings), 3.7)
    xy, faces, _ = cut(polygon, star(radii))
    corners = len(polygon.exterior.coords) - 1 + sum(len(ring.coords) - 1 for ring in polygon.interiors)
    assert len(faces) == corners + 2 * holes - 2 + len(radii) - 2
    assert set(faces.ravel()) == set(range(len(xy)))
    assert areas(xy, faces).sum() == pytest.approx(polygon.area + star(radii).area)


def test_a_quadrilateral_with_a_dent_is_cut_at_the_dent():
    xy, faces, _ = cut(shapely.Polygon([(0, 0), (10, 0), (3, 3), (0, 10)]))
    assert (areas(xy, faces) > 0).all()


def test_a_polygon_without_area_has_no_triangle_and_others_keep_theirs():
    flat = shapely.Polygon([(0, 0), (1, 1), (2, 2), (3, 3), (1.5, 1.5)])
    _, _, owner = cut(shapely.box(0, 0, 1, 1), flat, shapely.box(0, 0, 1, 1))
    assert owner.tolist() == [0, 0, 2, 2]


def test_a_ring_without_a_corner_changes_nothing():
    xy = np.array([(0, 0), (9, 0), (9, 9), (0, 9), (3, 3), (3, 6), (6, 6), (6, 3)], dtype=float)
    faces, _ = triangulate(xy, np.array([0, 4, 4, 8, 8]), np.array([0, 4]))
    assert areas(xy, faces).sum() == pytest.approx(81 - 9)
    assert len(triangulate(xy[:4], np.array([0, 4, 4]), np.array([0, 2]))[0]) == 2
    assert len(triangulate(xy[:4], np.array([0, 0, 4]), np.array([0, 2]))[0]) == 2
