import numpy as np
import pytest
import shapely
from hypothesis import given
from hypothesis import strategies as st

from twin_model.demo.footprints import Shape, outlines
from twin_model.demo.rectilinear import patterns

SIZES = st.tuples(st.floats(20, 60), st.floats(20, 60), st.floats(5, 8))


def footprint(shape, size, flip, angle, offset):
    corners = outlines(shape, *(np.array([value]) for value in size), np.array([flip]))[0]
    turn = np.array([[np.cos(angle), -np.sin(angle)], [np.sin(angle), np.cos(angle)]])
    return shapely.Polygon(corners @ turn.T + offset)


def rebuilt(pattern, row):
    along, across = pattern.axis[row], np.array([-pattern.axis[row, 1], pattern.axis[row, 0]])
    places = np.column_stack((pattern.u[row][pattern.ring[:, 0]], pattern.v[row][pattern.ring[:, 1]]))
    return shapely.Polygon(places @ np.array((along, across)))


@given(
    st.lists(
        st.tuples(
            st.sampled_from(Shape), SIZES, st.integers(0, 3), st.floats(-3, 3), st.tuples(*[st.floats(-9, 9)] * 2)
        ),
        min_size=1,
        max_size=8,
    )
)
def test_every_footprint_is_found_again_from_its_lines(many):
    footprints = np.array([footprint(*one) for one in many], dtype=object)
    found = [(pattern, row) for pattern in patterns(footprints) for row in range(len(pattern.rows))]
    assert sorted(int(pattern.rows[row]) for pattern, row in found) == list(range(len(many)))
    for pattern, row in found:
        again = rebuilt(pattern, row)
        assert again.exterior.is_ccw
        assert again.symmetric_difference(footprints[pattern.rows[row]]).area == pytest.approx(0, abs=1e-6)
        assert (np.diff(pattern.u[row]) > 0).all()
        assert (np.diff(pattern.v[row]) > 0).all()
        assert pattern.ring[0, 1] == pattern.ring[1, 1]


def test_kinds_begin_where_their_main_wing_does():
    shapes = {Shape.RECTANGLE: "LLLL", Shape.ELL: "LLLRLL", Shape.TEE: "LLLRLLRL", Shape.COURT: "LLLLRRLL"}
    for shape, turns in shapes.items():
        for flip in range(4):
            (pattern,) = patterns(np.array([footprint(shape, (40, 25, 8), flip, 0.4, 0)], dtype=object))
            assert pattern.turns == turns
            assert pattern.ring[0].tolist() == [0, 0]
            # The first side is the whole back of the main wing, and of a rectangle the longer side.
            assert pattern.ring[1].tolist() == [pattern.u.shape[1] - 1, 0]
    (upright,) = patterns(np.array([shapely.box(0, 0, 5, 30)], dtype=object))
    assert np.ptp(upright.u) == pytest.approx(30)


@pytest.mark.parametrize(
    "shape",
    [
        shapely.Polygon([(0, 0), (10, 0), (12, 8), (0, 8)]),
        shapely.Polygon([(0, 0), (10, 0), (5, 8)]),
        shapely.box(0, 0, 20, 20).difference(shapely.box(5, 5, 9, 9)),
        shapely.MultiPolygon([shapely.box(0, 0, 1, 1), shapely.box(2, 2, 3, 3)]),
    ],
)
def test_what_has_other_angles_or_holes_or_parts_is_left_out(shape):
    assert not list(patterns(np.array([shape], dtype=object)))
