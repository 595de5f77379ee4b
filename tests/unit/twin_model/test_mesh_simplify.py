import numpy as np
import pytest
import trimesh
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.unit.twin_model.shapes import block, star, without
from twin_model.errors import GeometryError
from twin_model.extrusion import extrude
from twin_model.mesh import Mesh
from twin_model.mesh_repair import repaired
from twin_model.mesh_simplify import deviation_m, simplified
from twin_model.surface import SurfaceKind


def column(radii, height):
    """A block over a star of many corners."""
    return extrude(np.array([star(np.array(radii))], dtype=object), np.array([height]))[0]


def farthest(points, mesh):
    body = trimesh.Trimesh(mesh.vertices, mesh.faces, process=False)
    return trimesh.proximity.closest_point(body, points)[1].max()


@settings(max_examples=20)
@given(st.lists(st.floats(9, 11), min_size=8, max_size=24), st.floats(3, 40), st.floats(0.05, 3))
def test_the_simpler_mesh_stays_within_the_tolerance_and_closed(radii, height, tolerance):
    mesh = column(radii, height)
    simple = simplified(mesh, tolerance)
    assert len(simple.faces) <= len(mesh.faces)
    assert farthest(mesh.vertices, simple) <= tolerance
    assert farthest(simple.vertices, mesh) <= tolerance
    assert repaired(simple, solid=True)[1].watertight


def test_a_round_tower_becomes_much_simpler_and_a_wider_tolerance_never_keeps_more():
    mesh = column(np.full(60, 10.0), 30.0)
    sizes = [len(simplified(mesh, tolerance).faces) for tolerance in (0.15, 0.5, 2.0)]
    assert len(mesh.faces) > sizes[0] >= sizes[1] >= sizes[2]
    assert sizes[1] < len(mesh.faces) / 2


def test_triangles_keep_the_kind_of_what_they_stand_for():
    simple = simplified(column(np.full(40, 10.0), 30.0), 0.4)
    up = np.array([0, 0, 1.0])
    corners = simple.vertices[simple.faces]
    normal = np.cross(corners[:, 1] - corners[:, 0], corners[:, 2] - corners[:, 0])
    steep = normal @ up / np.linalg.norm(normal, axis=1)
    assert set(simple.surfaces[steep > 0.9]) == {SurfaceKind.ROOF}
    assert set(simple.surfaces[steep < -0.9]) == {SurfaceKind.GROUND}


def test_a_mesh_without_its_ground_is_simplified_and_gets_none():
    tower = column(np.full(40, 10.0), 30.0)
    sheet = without(tower, *np.flatnonzero(tower.surfaces == SurfaceKind.GROUND))
    simple = simplified(sheet, 0.5)
    assert len(simple.faces) < len(sheet.faces) / 2
    assert deviation_m(sheet, simple) <= 0.5
    assert set(simple.surfaces) == {SurfaceKind.ROOF, SurfaceKind.WALL}


def test_a_sheet_keeps_within_the_tolerance():
    side = np.arange(12.0)
    east, north = (axis.ravel() for axis in np.meshgrid(side, side))
    slope = np.column_stack((east, north, 0.4 * east + 0.02 * np.sin(7 * east * north)))
    corner = (np.arange(11)[:, None] * 12 + np.arange(11)).ravel()
    faces = np.concatenate([corner[:, None] + step for step in ((0, 1, 13), (0, 13, 12))]).astype(np.int32)
    sheet = Mesh(slope, faces, np.full(len(faces), SurfaceKind.ROOF, dtype=np.uint8))
    simple = simplified(sheet, 1.5)
    assert len(simple.faces) < len(sheet.faces)
    assert deviation_m(sheet, simple) <= 1.5
    assert set(simple.surfaces) == {SurfaceKind.ROOF}


def test_nothing_to_take_away_gives_the_mesh_back():
    box = block()
    assert simplified(box, 0.001) is box
    nothing = Mesh(np.zeros((0, 3)), np.zeros((0, 3), np.int32), np.zeros(0, np.uint8))
    assert simplified(nothing, 1.0) is nothing


def test_the_deviation_of_a_shifted_box_is_its_shift():
    assert deviation_m(block(), block(x=0.25)) == pytest.approx(0.25)


@pytest.mark.parametrize("tolerance", [0.0, -1.0, float("nan")])
def test_a_tolerance_that_holds_nothing_is_refused(tolerance):
    with pytest.raises(GeometryError, match="above 0"):
        simplified(block(), tolerance)
