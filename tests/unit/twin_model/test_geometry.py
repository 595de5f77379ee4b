import numpy as np
import pytest
import shapely

from twin_model.geometry import (
    REASONS,
    check_lines,
    check_polygons,
    geometry_from_metric,
    geometry_to_metric,
    geometry_to_stored,
    parse_wkb,
)

SQUARE = shapely.box(116.0, 39.0, 116.1, 39.1)
BOW_TIE = shapely.Polygon([(0, 0), (1, 1), (1, 0), (0, 1), (0, 0)])


def array(*geometries):
    return np.array([*geometries, None], dtype=object)[:-1]


def ring_wkb(points):
    body = np.array(points, dtype="<f8").tobytes()
    return b"\x01" + np.array([3, 1, len(points)], dtype="<u4").tobytes() + body


def test_sound_wkb_is_read_and_flattened():
    geometry, reason = parse_wkb(array(shapely.to_wkb(shapely.Point(1, 2, 3), output_dimension=3)))
    assert reason.tolist() == [""]
    assert not shapely.has_z(geometry[0])


@pytest.mark.parametrize(
    ("wkb", "reason"),
    [
        (None, "missing_geometry"),
        (ring_wkb([(0, 0), (1, 0), (1, 1), (0, 1)]), "unclosed_ring"),
        (ring_wkb([(0, 0), (1, 0)]), "too_few_points"),
    ],
)
def test_each_unreadable_geometry_has_its_reason_and_others_are_kept(wkb, reason):
    geometry, reasons = parse_wkb(array(wkb, shapely.to_wkb(SQUARE)))
    assert reasons.tolist() == [reason, ""]
    assert geometry[0] is None
    assert geometry[1].equals(SQUARE)


def test_a_ring_that_crosses_itself_is_repaired_and_counted():
    checked = check_polygons(array(BOW_TIE, SQUARE))
    assert checked.repaired.tolist() == [True, False]
    assert checked.geometry[0].is_valid
    assert checked.geometry[0].area == pytest.approx(0.5)


def test_only_polygon_parts_are_left_by_a_repair():
    spiked = shapely.Polygon([(0, 0), (2, 0), (2, 2), (2, 5), (2, 2), (0, 2), (0, 0)])
    checked = check_polygons(array(spiked))
    assert checked.geometry[0].geom_type == "Polygon"
    assert checked.geometry[0].area == pytest.approx(4.0)


@pytest.mark.parametrize(
    ("geometry", "reason"),
    [
        (shapely.Polygon(), "missing_geometry"),
        (shapely.Point(1, 1), "wrong_type"),
        (parse_wkb(array(ring_wkb([(0, 0), (1, 0), (np.nan, 1), (0, 0)])))[0][0], "bad_coordinates"),
        (parse_wkb(array(ring_wkb([(0, 0), (np.inf, 0), (1, 1), (0, 0)])))[0][0], "bad_coordinates"),
        (shapely.box(179, 0, 181, 1), "out_of_range"),
        (shapely.Polygon([(0, 0), (0, 0), (0, 0), (0, 0)]), "zero_area"),
        (shapely.Polygon([(0, 0), (1, 1), (2, 2), (0, 0)]), "unrepairable"),
    ],
)
def test_each_unusable_polygon_has_its_reason(geometry, reason):
    checked = check_polygons(array(geometry, SQUARE))
    assert checked.reason.tolist() == [reason, ""]
    assert checked.geometry[0] is None
    assert reason in REASONS


def test_outer_rings_turn_counter_clockwise_and_holes_clockwise():
    clockwise = shapely.Polygon([(0, 0), (0, 4), (4, 4), (4, 0)], holes=[[(1, 1), (2, 1), (2, 2), (1, 2)]])
    checked = check_polygons(array(clockwise))
    assert checked.geometry[0].exterior.is_ccw
    assert not checked.geometry[0].interiors[0].is_ccw


@pytest.mark.parametrize(
    ("geometry", "reason"),
    [(SQUARE, "wrong_type"), (shapely.LineString([(1, 1), (1, 1)]), "zero_length"), (None, "missing_geometry")],
)
def test_each_unusable_line_has_its_reason(geometry, reason):
    line = shapely.LineString([(0, 0), (1, 1)])
    checked = check_lines(array(geometry, line))
    assert checked.reason.tolist() == [reason, ""]
    assert checked.geometry[1] is line


def test_metres_become_degrees_and_back_with_empty_places_kept():
    stored = geometry_to_stored(geometry_to_metric(array(SQUARE, None), "EPSG:4548"), "EPSG:4548")
    again = geometry_from_metric(geometry_to_metric(stored, "EPSG:4548"), "EPSG:4548")
    assert shapely.equals_exact(again[0], SQUARE, tolerance=1e-9)
    assert again[1] is None
