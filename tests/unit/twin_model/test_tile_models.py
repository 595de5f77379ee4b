import numpy as np
import pytest
import trimesh

from tests.tile_reader import anchor_at
from tests.unit.twin_model.tents import FACES, LAT, LON, NAMED, TENT, tent
from twin_model.geocentric import frame_axes, to_geocentric
from twin_model.mesh import Mesh
from twin_model.mesh_simplify import deviation_m
from twin_model.surface import SurfaceKind
from twin_model.tile_mesh import tile_meshes
from twin_model.tile_models import MANY, MATERIALS, ROOF, SIMPLER_M, WALL, Models, Skin, modelled, simpler

UV = np.arange(8 * 3 * 2, dtype=np.float32).reshape(8, 3, 2) / 10
PICTURE = len(MATERIALS)


def skin(*textures: int) -> Skin:
    return Skin(np.array(textures, dtype=np.int32), UV)


def ball(subdivisions: int) -> Mesh:
    body = trimesh.creation.icosphere(subdivisions=subdivisions, radius=10.0)
    return Mesh(np.array(body.vertices), np.array(body.faces, np.int32), np.full(len(body.faces), SurfaceKind.WALL))


def test_a_model_stands_where_its_origin_is_and_shows_no_underside() -> None:
    made = modelled(tent(NAMED))
    assert len(made.faces) == 6
    assert np.bincount(made.parts).tolist() == [2, 4]
    metres = to_geocentric(made.positions) - to_geocentric(np.array([(LON, LAT, 40.0)]))
    assert np.allclose(metres @ frame_axes(LON, LAT), TENT, atol=0.001)


def test_surfaces_without_a_name_are_roofs_where_they_face_up() -> None:
    made = modelled(tent([SurfaceKind.UNKNOWN] * 8))
    assert made.parts.tolist() == [WALL, WALL, ROOF, ROOF, ROOF, ROOF, WALL, WALL]


def test_models_beside_others_keep_their_features_and_shapes() -> None:
    both = modelled(tent(NAMED, feature=4).beside(tent([SurfaceKind.WALL] * 8, feature=2)))
    assert both.features.tolist() == [4] * 6 + [2] * 8
    alone = modelled(tent(NAMED))
    assert np.allclose(both.positions[both.faces[:6]], alone.positions[alone.faces])


def test_textures_take_the_place_of_the_surfaces_colour_where_their_image_is_there() -> None:
    models = tent(NAMED, skin(-1, 9, 9, 9, 5, -1, -1, 9)).beside(tent(NAMED))
    assert models.textures == [5, 9]
    made = modelled(models, {9: PICTURE})
    assert made.parts.tolist() == [PICTURE, PICTURE, ROOF, ROOF, WALL, PICTURE, *[ROOF] * 4, *[WALL] * 2]
    assert made.uv is not None
    assert np.array_equal(np.isfinite(made.uv).all(axis=(1, 2)), made.parts == PICTURE)
    assert modelled(models).uv is None


def test_each_corner_of_a_textured_triangle_has_its_place_in_the_image() -> None:
    made = tile_meshes(modelled(tent(NAMED, skin(*[9] * 5, -1, -1, -1)), {9: PICTURE}), anchor_at(LON, LAT))
    plain, textured = made
    assert plain.uv is None
    assert textured.uv is not None
    assert set(textured.parts.tolist()) == {PICTURE}
    metres = textured.positions * textured.step_m + textured.origin - (0, 0, 40)
    for face, uv in zip(FACES[2:5], UV[2:5], strict=True):
        mine = [sorted(map(tuple, uv.tolist())) == sorted(map(tuple, textured.uv[f].tolist())) for f in textured.faces]
        (drawn,) = textured.faces[mine]
        order = [int(np.argmin(np.abs(textured.uv[drawn] - corner).sum(axis=1))) for corner in uv]
        assert np.allclose(metres[drawn[order]], TENT[face], atol=0.01)


def test_large_models_become_simpler_within_the_tolerance() -> None:
    large = ball(4)
    assert len(large.faces) >= MANY
    models = Models(np.array([1]), np.array([(LON, LAT, 0.0)]), [large], [None]).beside(tent(NAMED))
    found = simpler(models)
    assert found is not None
    assert len(found.meshes[0].faces) < len(large.faces) / 2
    assert deviation_m(large, found.meshes[0]) <= SIMPLER_M
    assert found.meshes[1] is models.meshes[1]


@pytest.mark.parametrize("many", [0, 300])
def test_what_would_save_too_little_is_not_made(many: int) -> None:
    models = tent(NAMED)
    for _ in range(many):
        models = models.beside(tent(NAMED))
    if many:
        models = models.beside(Models(np.array([1]), np.array([(LON, LAT, 0.0)]), [ball(3)], [None]))
    assert simpler(models) is None
