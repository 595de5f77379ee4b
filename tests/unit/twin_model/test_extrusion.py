import numpy as np
import pytest
import shapely
from hypothesis import given
from hypothesis import strategies as st
from numpy.testing import assert_array_equal

from tests.unit.twin_model.shapes import enclosed_m3, star
from twin_model.extrusion import extrude, extrude_all
from twin_model.mesh import area_vectors
from twin_model.mesh_repair import repaired
from twin_model.surface import SurfaceKind

RADII = st.lists(st.floats(4, 40), min_size=3, max_size=12).map(np.array)
HEIGHTS = st.floats(0.5, 400)


def with_courtyards(radii, count):
    """A star of at least 4 m all round would not hold courtyards: a ring around it does."""
    corners = star(radii + 40)
    yards = [shapely.box(x - 2, -3, x + 2, 3).exterior for x in (-12, 0, 12)[:count]]
    return shapely.Polygon(corners.exterior, yards)


def one(footprint, height):
    (mesh,) = extrude(np.array([footprint], dtype=object), np.array([height]))
    return mesh


@given(RADII.filter(lambda radii: len(radii) > 4), HEIGHTS, st.integers(0, 3))
def test_volume_is_area_times_height_and_the_mesh_closed_with_a_hole_for_each_courtyard(radii, height, courtyards):
    footprint = with_courtyards(radii, courtyards)
    mesh = one(footprint, height)
    _, report, _ = repaired(mesh, solid=True)
    assert (report.state, report.reason) == ("valid", "")
    assert report.volume_m3 == pytest.approx(footprint.area * height)
    assert report.euler_number == 2 - 2 * courtyards
    assert report.surface_m2 == pytest.approx(2 * footprint.area + footprint.length * height)


@given(RADII, HEIGHTS)
def test_ground_roof_and_walls_face_down_up_and_outwards(radii, height):
    mesh = one(star(radii), height)
    up = area_vectors(mesh.vertices, mesh.faces)[:, 2]
    area = star(radii).area
    assert up[mesh.surfaces == SurfaceKind.ROOF].sum() == pytest.approx(area)
    assert up[mesh.surfaces == SurfaceKind.GROUND].sum() == pytest.approx(-area)
    assert np.abs(up[mesh.surfaces == SurfaceKind.WALL]).max() == pytest.approx(0, abs=1e-9)
    assert [mesh.vertices[:, 2].min(), mesh.vertices[:, 2].max()] == [0, height]
    assert enclosed_m3(mesh) > 0


@given(st.lists(st.tuples(RADII, HEIGHTS), max_size=5))
def test_many_at_once_are_those_one_by_one(many):
    footprints = np.array([star(radii) for radii, _ in many] + [None], dtype=object)[:-1]
    heights = np.array([height for _, height in many])
    blocks = extrude_all(footprints, heights)
    for number, mesh in enumerate(extrude(footprints, heights)):
        alone = one(footprints[number], heights[number])
        assert_array_equal(mesh.vertices, alone.vertices)
        assert_array_equal(mesh.faces, alone.faces)
        part = slice(blocks.face_start[number], blocks.face_start[number + 1])
        assert_array_equal(blocks.faces[part] - blocks.vertex_start[number], alone.faces)


def test_parts_of_one_footprint_make_one_mesh_of_two_shells_and_none_an_empty_one():
    parts = shapely.MultiPolygon([shapely.box(0, 0, 2, 2), shapely.box(5, 0, 6, 2)])
    two, none, empty = extrude(np.array([parts, None, shapely.Polygon()], dtype=object), np.array([3.0, 4.0, 5.0]))
    _, report, _ = repaired(two, solid=True)
    assert report.volume_m3 == pytest.approx(18)
    assert report.euler_number == 4
    assert len(none.faces) == len(empty.faces) == 0


def test_corners_in_line_and_repeated_points_do_not_open_the_block():
    ring = [(0, 0), (5, 0), (5, 0), (10, 0), (10, 8), (6, 8), (3, 8), (0, 8), (0, 4)]
    _, report, _ = repaired(one(shapely.Polygon(ring), 3.0), solid=True)
    assert (report.state, report.reason) == ("valid", "")
    assert report.volume_m3 == pytest.approx(240)
