import numpy as np
import pytest
import shapely
import trimesh
from hypothesis import given
from hypothesis import strategies as st
from numpy.testing import assert_allclose, assert_array_equal

from tests.unit.twin_model.shapes import block, enclosed_m3, soup, together, with_faces, without
from twin_model.extrusion import extrude
from twin_model.mesh import Mesh
from twin_model.mesh_repair import corner_weights, repaired, repaired_all
from twin_model.mesh_report import FAULTS, REASONS, REPAIRS
from twin_model.mesh_surface import mesh_of_polygons
from twin_model.surface import SurfaceKind

BOX_M3, BOX_M2 = 480.0, 376.0


def outcome(mesh, *, solid=True):
    mended, report, source = repaired(mesh, solid=solid)
    assert len(mended.faces) == len(mended.surfaces) == len(source)
    return mended, (report.state, report.reason), report


def test_a_closed_solid_is_valid_and_its_corners_are_joined():
    mended, (state, reason), report = outcome(soup(block()))
    assert (state, reason) == ("valid", "")
    assert len(mended.vertices) == 8
    assert report.watertight
    assert report.volume_m3 == pytest.approx(BOX_M3)
    assert report.surface_m2 == pytest.approx(BOX_M2)
    assert report.euler_number == 2


@given(st.permutations(range(12)), st.sets(st.integers(0, 11), min_size=1, max_size=11))
def test_flipped_triangles_are_turned_outwards_again(order, flipped):
    box = block()
    faces = box.faces[list(order)].copy()
    faces[list(flipped)] = faces[list(flipped)][:, ::-1]
    _, (state, reason), report = outcome(with_faces(box, faces))
    assert state == "repaired"
    assert set(reason.split(",")) <= {"flipped_faces", "inside_out"}
    assert report.volume_m3 == pytest.approx(BOX_M3)


def test_a_solid_that_is_inside_out_is_turned():
    box = block()
    mended, found, report = outcome(with_faces(box, box.faces[:, ::-1]))
    assert found == ("repaired", "inside_out")
    assert report.volume_m3 == pytest.approx(BOX_M3)
    assert enclosed_m3(mended) == pytest.approx(BOX_M3)


def test_a_body_that_is_inside_out_beside_a_larger_one_is_turned_and_a_hollow_stays():
    small = block(20, 0, 0, size=(2.0, 2.0, 2.0))
    _, found, report = outcome(together(block(), with_faces(small, small.faces[:, ::-1])))
    assert found == ("repaired", "inside_out")
    assert report.volume_m3 == pytest.approx(BOX_M3 + 8)
    hollow = block(2, 2, 2, size=(2.0, 2.0, 2.0))
    _, found, report = outcome(together(block(), with_faces(hollow, hollow.faces[:, ::-1])))
    assert found == ("valid", "")
    assert report.volume_m3 == pytest.approx(BOX_M3 - 8)


@given(st.lists(st.integers(0, 11), min_size=1, max_size=5))
def test_triangles_that_are_there_twice_are_dropped(again):
    box = block()
    faces = np.concatenate((box.faces, np.roll(box.faces[again], 1, axis=1)))
    doubled = Mesh(box.vertices, faces, np.concatenate((box.surfaces, box.surfaces[again])))
    mended, found, report = outcome(doubled)
    assert found == ("repaired", "duplicate_faces")
    assert len(mended.faces) == 12
    assert report.volume_m3 == pytest.approx(BOX_M3)


@given(st.integers(0, 11))
def test_a_missing_triangle_is_filled_as_ground_or_closure(row):
    box = block()
    mended, found, report = outcome(without(box, row))
    source = repaired(without(box, row), solid=True)[2]
    assert found == ("repaired", "holes_filled")
    assert report.volume_m3 == pytest.approx(BOX_M3)
    assert (source == -1).sum() == 1
    expected = SurfaceKind.GROUND if box.surfaces[row] == SurfaceKind.GROUND else SurfaceKind.CLOSURE
    assert mended.surfaces[source == -1] == expected


def test_a_missing_ground_is_filled_and_its_courtyard_left_open():
    footprint = shapely.box(0, 0, 20, 20).difference(shapely.box(5, 5, 12, 12))
    (whole,) = extrude(np.array([footprint], dtype=object), np.array([9.0]))
    mended, found, report = outcome(without(whole, *np.flatnonzero(whole.surfaces == SurfaceKind.GROUND)))
    assert found == ("repaired", "holes_filled")
    assert report.volume_m3 == pytest.approx(footprint.area * 9)
    assert report.euler_number == 0
    assert (mended.surfaces == SurfaceKind.GROUND).any()


def test_an_open_solid_whose_hole_is_not_flat_stays_as_found():
    box = block()
    rows = [row for row in range(12) if box.surfaces[row] != SurfaceKind.GROUND][:5]
    given_mesh = without(box, *rows)
    mended, (state, reason), report = outcome(given_mesh)
    assert state == "as_found"
    assert "open_edges" in reason.split(",")
    assert report.volume_m3 is None
    assert not report.watertight
    assert_allclose(mended.vertices[mended.faces], given_mesh.vertices[given_mesh.faces])


def test_a_solid_that_runs_through_itself_stays_as_found():
    bar, post = block(size=(10, 2, 2)), block(4, -4, 0.5, size=(2, 10, 1))
    mended, found, report = outcome(together(bar, post))
    assert found == ("as_found", "self_intersecting")
    assert report.watertight
    assert len(mended.faces) == 24


def test_a_bow_tie_prism_is_told_as_running_through_itself():
    ring = np.array([[0, 0, 0], [10, 10, 0], [10, 0, 0], [0, 10, 0]], dtype=float)
    top = ring + np.array((0, 0, 5))
    walls = [[np.array([ring[i], ring[(i + 1) % 4], top[(i + 1) % 4], top[i]])] for i in range(4)]
    mesh = mesh_of_polygons([[ring[::-1]], [top], *walls], [1, 3, 2, 2, 2, 2]).mesh
    _, (state, reason), _ = outcome(mesh)
    assert state == "as_found"
    assert reason


def test_parts_that_share_a_wall_are_two_sound_solids():
    _, found, report = outcome(together(block(), block(x=10)))
    assert found == ("valid", "")
    assert report.volume_m3 == pytest.approx(2 * BOX_M3)
    assert report.euler_number == 4


def test_parts_are_turned_each_on_its_own_and_a_hollow_stays():
    box = block()
    inside_out = with_faces(box, box.faces[:, ::-1])
    apart = together(box, Mesh(inside_out.vertices + np.array((30, 0, 0)), inside_out.faces, inside_out.surfaces))
    assert outcome(apart)[1] == ("repaired", "inside_out")
    hollow = block(2, 2, 2, size=(3, 3, 3))
    with_hollow = together(box, with_faces(hollow, hollow.faces[:, ::-1]))
    _, found, report = outcome(with_hollow)
    assert found == ("valid", "")
    assert report.volume_m3 == pytest.approx(BOX_M3 - 27)


def test_a_triangle_is_cut_where_a_neighbours_corner_lies_on_its_side():
    polygons = [
        [[0, 0, 0], [0, 4, 0], [4, 4, 0], [4, 0, 0]],
        [[0, 0, 3], [4, 0, 3], [4, 4, 3], [0, 4, 3]],
        [[0, 0, 0], [4, 0, 0], [4, 0, 3], [0, 0, 3]],
        [[4, 0, 0], [4, 4, 0], [4, 4, 3], [4, 0, 3]],
        [[4, 4, 0], [0, 4, 0], [0, 4, 3], [4, 4, 3]],
        # The last wall in three pieces, whose corners the floor and the roof do not have.
        [[0, 4, 0], [0, 3, 0], [0, 3, 3], [0, 4, 3]],
        [[0, 3, 0], [0, 1, 0], [0, 1, 3], [0, 3, 3]],
        [[0, 1, 0], [0, 0, 0], [0, 0, 3], [0, 1, 3]],
    ]
    mesh = mesh_of_polygons([[np.array(ring, dtype=float)] for ring in polygons], [1, 3, 2, 2, 2, 2, 2, 2]).mesh
    mended, found, report = outcome(mesh)
    assert found == ("repaired", "t_junctions")
    assert report.volume_m3 == pytest.approx(48)
    _, _, source = repaired(mesh, solid=True)
    assert_array_equal(mended.surfaces, mesh.surfaces[source])


def test_corners_near_each_other_on_either_side_of_a_millimetre_are_joined():
    box = soup(block())
    nudged = Mesh(box.vertices + np.where(np.arange(36)[:, None] % 2, 0.00049, 0.00051), box.faces, box.surfaces)
    _, (state, _), report = outcome(nudged)
    assert state in {"valid", "repaired"}
    assert report.watertight


def test_triangles_without_extent_are_dropped():
    box = block()
    faces = np.concatenate((box.faces, [[0, 0, 1]]))
    mended, found, _ = outcome(Mesh(box.vertices, faces.astype(np.int32), np.append(box.surfaces, 2).astype(np.uint8)))
    assert found == ("repaired", "degenerate_faces")
    assert len(mended.faces) == 12


def test_surfaces_are_not_held_to_be_closed():
    sheet = without(block(), *range(8))
    _, found, report = outcome(sheet, solid=False)
    assert found == ("valid", "")
    assert report.volume_m3 is None


@pytest.mark.parametrize(
    ("vertices", "faces", "reason"),
    [
        (np.zeros((0, 3)), np.zeros((0, 3)), "empty"),
        ([[0, 0, 0], [1, 0, 0], [0, np.nan, 0]], [[0, 1, 2]], "not_finite"),
        ([[0, 0, 0], [1, 0, 0], [0, 1, 0]], [[0, 1, 1]], "empty"),
        ([[0, 0, 0], [1, 0, 0], [0, 1, 0]], [[0, 1, 2], [0, 2, 1]], "no_volume"),
    ],
)
def test_what_is_no_solid_at_all_is_told(vertices, faces, reason):
    faces = np.asarray(faces, dtype=np.int32)
    mesh = Mesh(np.asarray(vertices, dtype=float), faces, np.zeros(len(faces), dtype=np.uint8))
    _, found, _ = outcome(mesh)
    assert found == ("as_found", reason)


def test_many_at_once_come_out_as_one_by_one():
    box = block()
    meshes = [soup(box), without(box, 3), with_faces(box, box.faces[:, ::-1]), without(box, *range(7)), block(5, 5, 5)]
    for mesh, (mended, report, source) in zip(meshes, repaired_all(meshes, solid=True), strict=True):
        alone = repaired(mesh, solid=True)
        assert_array_equal(mended.faces, alone[0].faces)
        assert report == alone[1]
        assert_array_equal(source, alone[2])
    assert repaired_all([], solid=True) == []


@given(st.integers(0, 11), st.booleans())
def test_values_at_corners_follow_a_turned_triangle(row, turn_all):
    box = soup(block())
    faces = box.faces.copy()
    rows = slice(None) if turn_all else row
    faces[rows] = np.flip(faces[rows], axis=-1)
    before = with_faces(box, faces)
    after, _, source = repaired(before, solid=True)
    weights = corner_weights(before, after, source)
    places = np.einsum("kij,kjx->kix", weights, before.vertices[before.faces[source]])
    assert_allclose(places, after.vertices[after.faces], atol=0.002)


def test_trimesh_agrees_on_what_is_watertight_and_on_the_volume():
    mended, report, _ = repaired(soup(block()), solid=True)
    body = trimesh.Trimesh(mended.vertices, mended.faces, process=False)
    assert body.is_watertight
    assert body.is_winding_consistent
    assert body.volume == pytest.approx(report.volume_m3)
    assert body.euler_number == report.euler_number


def test_every_reason_is_a_repair_or_a_fault():
    assert REASONS == REPAIRS + FAULTS
    assert len(set(REASONS)) == len(REASONS)
