"""What is encoded reads back: shapes within the quantum, attributes as they were."""

import numpy as np
import pyarrow as pa
import pytest
import shapely
from hypothesis import given, settings
from hypothesis import strategies as st

from layers.errors import WireError
from layers.wire import NO_ID, encode_lines, encode_points, encode_polygons, encode_rows
from layers.wire_geometry import METRES_PER_DEGREE, QUANTUM_M
from tests.unit.layers.wire_reader import Wire, read_wire

LON, LAT = 116.3, 39.9


def wkb(*geometries: shapely.Geometry) -> pa.Array:
    return pa.array([shapely.to_wkb(geometry) for geometry in geometries], pa.binary())


def encode(*geometries: shapely.Geometry) -> Wire:
    return read_wire(encode_polygons(pa.table({"geom": wkb(*geometries)})))


def metres(degrees: float) -> float:
    return degrees * METRES_PER_DEGREE


@st.composite
def polygons(draw: st.DrawFn) -> shapely.Polygon:
    """Star-shaped polygons of 3 to 12 corners, 8 m to 3 km wide, some with a hole."""
    corners = draw(st.integers(3, 12))
    radius = draw(st.floats(8, 3000)) / METRES_PER_DEGREE
    radii = draw(st.lists(st.floats(0.5, 1), min_size=corners, max_size=corners))
    centre = (LON + draw(st.floats(-0.2, 0.2)), LAT + draw(st.floats(-0.2, 0.2)))
    angles = np.arange(corners) * 2 * np.pi / corners
    ring = np.column_stack([np.cos(angles), np.sin(angles)]) * np.array(radii)[:, None] * radius
    if corners > 3 and draw(st.booleans()):
        return shapely.Polygon(ring + centre, [ring[::-1] * 0.3 + centre])
    return shapely.Polygon(ring + centre)


@given(st.lists(polygons(), min_size=1, max_size=8))
@settings(max_examples=40)
def test_every_vertex_of_a_polygon_reads_back_within_half_a_quantum(shapes: list[shapely.Polygon]) -> None:
    parts = encode(*shapes).parts()
    assert [row for row, _ in parts] == list(range(len(shapes)))
    squeeze = np.cos(np.radians(LAT - 0.25))
    for shape, (_, rings) in zip(shapely.orient_polygons(shapes, exterior_cw=True), parts, strict=True):
        wanted = [shape.exterior, *shape.interiors]
        for ring, read in zip(wanted, rings, strict=True):
            off = np.abs(np.asarray(ring.coords)[:-1] - read)
            assert metres(off[:, 1].max()) <= QUANTUM_M / 2 + 1e-6
            assert metres(off[:, 0].max()) * squeeze <= QUANTUM_M / 2 * 1.05


@given(st.lists(polygons(), min_size=1, max_size=8))
@settings(max_examples=40)
def test_triangles_cover_the_polygon_and_nothing_else(shapes: list[shapely.Polygon]) -> None:
    wire = encode(*shapes)
    for (_, rings), triangles in zip(wire.parts(), wire.triangles(), strict=True):
        area = shapely.Polygon(rings[0], rings[1:]).area
        covered = sum(shapely.Polygon(corners).area for corners in triangles)
        assert covered == pytest.approx(area, rel=1e-6)


def test_a_parallelogram_sends_no_step_for_its_fourth_corner() -> None:
    box = shapely.box(LON, LAT, LON + 0.001, LAT + 0.001)
    wire = encode(box)
    assert wire.geometry("step_x")[2] == 0
    assert wire.geometry("step_y")[2] == 0


def test_a_multipolygon_becomes_parts_of_one_row() -> None:
    pair = shapely.MultiPolygon([shapely.box(LON, LAT, LON + 1e-3, LAT + 1e-3), shapely.box(116, 40, 116.001, 40.001)])
    wire = encode(pair, shapely.box(LON, LAT, LON + 1e-3, LAT + 1e-3))
    assert [row for row, _ in wire.parts()] == [0, 0, 1]
    assert wire.head["rows"] == 2


def test_outer_rings_run_clockwise_and_holes_against() -> None:
    hole = shapely.box(LON + 2e-4, LAT + 2e-4, LON + 4e-4, LAT + 4e-4)
    ((_, rings),) = encode(shapely.box(LON, LAT, LON + 1e-3, LAT + 1e-3).difference(hole)).parts()
    assert not shapely.is_ccw(shapely.LinearRing(rings[0]))
    assert shapely.is_ccw(shapely.LinearRing(rings[1]))


def test_lines_read_back_with_the_number_of_their_row() -> None:
    line = shapely.LineString([(LON, LAT), (LON + 0.01, LAT), (LON + 0.01, LAT + 0.01)])
    both = shapely.MultiLineString([line.coords, [(116, 40), (116.1, 40.1)]])
    wire = read_wire(encode_lines(pa.table({"geom": wkb(line, both), "width_m": [7.5, 3.0]}), {"width_m": 0.5}))
    assert [row for row, _ in wire.parts()] == [0, 1, 1]
    assert np.abs(wire.runs()[0] - np.asarray(line.coords)).max() * METRES_PER_DEGREE <= QUANTUM_M
    assert wire.column("width_m") == [7.5, 3.0]


def test_points_keep_their_order_and_place() -> None:
    lon, lat = [116.1, 116.4, 116.2], [39.9, 40.1, 40.0]
    wire = read_wire(encode_points(pa.table({"lon": lon, "lat": lat, "state": ["open", "overdue", "open"]})))
    assert np.abs(np.concatenate(wire.runs()) - np.column_stack([lon, lat])).max() * METRES_PER_DEGREE <= QUANTUM_M
    assert wire.column("state") == ["open", "overdue", "open"]


def test_an_empty_table_encodes_and_reads_back_empty() -> None:
    empty = pa.table({"geom": pa.array([], pa.binary()), "code": pa.array([], pa.string())})
    wire = read_wire(encode_polygons(empty))
    assert wire.parts() == []
    assert wire.head["rows"] == 0


@given(st.lists(st.one_of(st.none(), st.integers(0, 2**29)), max_size=30))
def test_ids_read_back_and_nulls_as_no_id(ids: list[int | None]) -> None:
    wire = read_wire(encode_rows(pa.table({"area_id": pa.array(ids, pa.int32())})))
    assert wire.column("area_id") == [NO_ID if value is None else value for value in ids]


@given(st.lists(st.text(max_size=8), max_size=30))
def test_any_text_reads_back(texts: list[str]) -> None:
    wire = read_wire(encode_rows(pa.table({"name": pa.array(texts, pa.string())})))
    assert wire.column("name") == texts


@given(st.lists(st.tuples(st.integers(0, 999_999_999), st.integers(0, 99_999)), min_size=1, max_size=30))
def test_codes_of_one_shape_travel_as_numbers_and_read_back(numbers: list[tuple[int, int]]) -> None:
    codes = [f"110108{area:09d}B{serial:05d}" for area, serial in numbers]
    wire = read_wire(encode_rows(pa.table({"code": codes})))
    assert wire.head["columns"]["code"]["codec"] == "shaped"
    assert wire.column("code") == codes


def test_text_beside_codes_is_not_taken_for_a_code() -> None:
    codes = ["A1", "A1\n", "B2"]
    assert read_wire(encode_rows(pa.table({"code": codes}))).column("code") == codes


def test_a_point_among_polygons_is_refused_with_its_row() -> None:
    with pytest.raises(WireError, match="row 1"):
        encode_polygons(pa.table({"geom": wkb(shapely.box(0, 0, 1, 1), shapely.Point(0, 0))}))


def test_bytes_that_are_no_wkb_are_refused() -> None:
    with pytest.raises(WireError, match="no WKB"):
        encode_polygons(pa.table({"geom": pa.array([b"city"], pa.binary())}))


def test_a_point_without_coordinates_is_refused() -> None:
    with pytest.raises(WireError, match="unplaced"):
        encode_points(pa.table({"lon": [116.0, None], "lat": [40.0, None]}))
