import numpy as np
import shapely

from twin_model.demo.arterials import COURSES, arterials, smooth


def test_each_arterial_is_a_smooth_line_with_a_side():
    roads = arterials()
    assert len(roads.names) == len(COURSES) == len(set(roads.names))
    assert shapely.is_simple(roads.lines).all()
    assert shapely.is_valid(roads.sides).all()
    on_edge = shapely.distance(roads.lines, shapely.boundary(roads.sides))
    assert on_edge.max() < 1e-6


def test_smoothing_keeps_the_ends_of_an_open_line_and_blunts_its_corners():
    corner = np.array([[0.0, 0], [100, 0], [100, 100]])
    line = smooth(corner)
    assert np.array_equal(line[[0, -1]], corner[[0, -1]])
    turns = np.diff(np.arctan2(*np.diff(line, axis=0).T[::-1]))
    assert np.abs(turns).max() < np.pi / 4


def test_a_closed_ring_stays_closed_and_inside_its_corners():
    ring = np.array([[0.0, 0], [100, 0], [100, 100], [0, 100]])
    assert shapely.Polygon(ring).covers(shapely.Polygon(smooth(ring, closed=True)))
