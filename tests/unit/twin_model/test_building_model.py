from dataclasses import replace

import numpy as np
import pytest

from twin_model.body_batch import body_batch
from twin_model.building_model import building_models
from twin_model.city_object import LodGeometry

QUADS = [(0, 2, 3, 1), (4, 5, 7, 6), (0, 1, 5, 4), (1, 3, 7, 5), (3, 2, 6, 7), (2, 0, 4, 6)]
"""Faces of a box whose corner number counts x, then y, then z, outward."""


def box(east=0.0, size=(10.0, 10.0, 5.0), lod="2", quads=QUADS, base=0.0):
    """Box as a solid, metres as degrees of a place where both are as long."""
    corners = np.array([(x, y, z) for z in (0, 1) for y in (0, 1) for x in (0, 1)]) * size + (east, 0, base)
    count = len(quads)
    return LodGeometry(
        lod,
        corners[np.array(quads).ravel()] / (111_319.49, 110_574.3, 1),
        np.arange(count + 1) * 4,
        np.arange(count + 1),
        np.zeros(count, dtype=np.uint8),
        solid=True,
    )


def models(*objects):
    return list(
        building_models(body_batch(objects, np.concatenate([body.positions for each in objects for body in each])))
    )


def test_bodies_that_touch_are_each_sound_and_add_up():
    ((owner, model),) = models([box(), box(east=10.0)])
    assert (owner, model.report.state, model.report.watertight) == (0, "valid", True)
    assert model.report.volume_m3 == pytest.approx(1000, rel=1e-3)
    assert len(model.mesh.faces) == 24


def test_one_open_body_makes_the_whole_open_with_its_reason():
    ((_, model),) = models([box(), box(east=20.0, quads=QUADS[:3])])
    assert (model.report.state, model.report.watertight, model.report.volume_m3) == ("as_found", False, None)
    assert "open_edges" in model.report.reason


def test_lods_come_upwards_each_from_its_own_lowest_corner():
    found = models([box(lod="2.2", base=3.0), box(lod="1", base=1.0), box(lod="1.2")], [box(lod="0")])
    assert [(owner, model.lod, model.frame.base_m) for owner, model in found] == [
        (0, "1", 1.0), (0, "1.2", 0.0), (0, "2.2", 3.0), (1, "0", 0.0),
    ]  # fmt: skip
    assert all(model.mesh.vertices[:, 2].min() == 0 for _, model in found)
    assert all(model.height_m == pytest.approx(5) for _, model in found)


def test_a_body_without_area_gives_no_model():
    assert models([box(size=(0.0, 0.0, 0.0))]) == []


@pytest.mark.parametrize("inside_out", [False, True])
def test_texture_coordinates_stay_with_their_corners_whatever_is_mended(inside_out):
    body = box()
    uv = body.positions[:, :2] * (111_319.49 / 10, 110_574.3 / 10)
    if inside_out:
        body, uv = replace(body, positions=body.positions[::-1]), uv[::-1]
    texture = np.where(np.arange(6) % 2, -1, 0).astype(np.int32)
    ((_, model),) = models([replace(body, images=("wall.jpg",), texture=texture, uv=uv)])
    assert model.report.state == ("repaired" if inside_out else "valid")
    mapped = model.texture == 0
    assert mapped.sum() == 6
    # The coordinates were made from the place of each corner, so that it tells whether they are still its own.
    corners = model.mesh.vertices[model.mesh.faces[mapped]][:, :, :2]
    assert model.uv[mapped].reshape(-1, 3, 2) == pytest.approx(corners / 10 + 0.5, abs=1e-3)
