import numpy as np
import pytest
import shapely
from hypothesis import given, settings
from hypothesis import strategies as st

from twin_model.demo.splitting import cut, cut_to_share, extents, longest_edge_angle, unit_vectors

ANGLES = st.floats(-np.pi, np.pi)
FAR = np.array([440_000.0, 4_430_000.0])


def _field(width: float, height: float) -> shapely.Polygon:
    return shapely.box(FAR[0], FAR[1], FAR[0] + width, FAR[1] + height)


@settings(max_examples=40)
@given(ANGLES, st.floats(0.1, 0.9), st.floats(50, 5_000), st.floats(50, 5_000))
def test_a_cut_gives_the_share_asked_for_and_loses_nothing(angle, share, width, height):
    field = _field(width, height)
    first, second = cut_to_share(field, angle, share)
    assert first.area + second.area == pytest.approx(field.area, rel=1e-9)
    assert first.area == pytest.approx(share * field.area, abs=np.hypot(width, height))
    assert first.intersection(second).area < 1e-3


@settings(max_examples=40)
@given(ANGLES)
def test_cutting_many_keeps_each_polygons_area(angle):
    fields = np.array([_field(100, 300), _field(700, 80)])
    pieces, origin = cut(fields, shapely.get_coordinates(shapely.centroid(fields)), unit_vectors(np.full(2, angle)))
    assert np.bincount(origin, shapely.area(pieces)) == pytest.approx(shapely.area(fields))
    assert (np.diff(origin) >= 0).all()


@given(st.floats(-0.7, 0.7))
def test_the_longest_edge_tells_the_turn_of_a_rectangle(turn):
    box = shapely.affinity.rotate(_field(300, 100), turn, use_radians=True)
    assert longest_edge_angle(np.array([box]))[0] == pytest.approx(turn, abs=1e-6)


def test_extents_are_measured_along_the_direction():
    measured = extents(np.array([_field(30, 40)]), np.array([[0.0, 1.0]]))
    assert np.ptp(measured) == pytest.approx(40)
