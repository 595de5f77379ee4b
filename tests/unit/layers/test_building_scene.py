"""The scene of one building."""

from dataclasses import replace
from typing import Any

import pytest

from layers.building_scene import BuildingScene, building_spec
from layers.table_address import TableAddress
from twin_model.surface import SurfaceKind

BOX = ((116.3, 39.9), (116.3005, 39.9003))
HOUSE = BuildingScene(TableAddress("7-abc"), "110108011002B00039", BOX, 12.0, lod="2.0")


def layers(scene: BuildingScene) -> dict[str, dict[str, Any]]:
    return {layer["id"]: layer for layer in building_spec(scene)["layers"]}


def test_the_mesh_has_a_colour_for_each_kind_of_surface() -> None:
    model = layers(HOUSE)["model"]
    assert "lod=2.0" in model["data"]
    assert len(model["surfaces"]) == len(SurfaceKind)


def test_a_building_is_drawn_once_as_its_mesh_or_as_its_block_and_before_its_neighbours() -> None:
    for scene, own in ((HOUSE, "model"), (replace(HOUSE, lod=""), "block")):
        ids = [layer["id"] for layer in building_spec(scene)["layers"]]
        assert {"model", "block"} & set(ids) == {own}
        assert ids.index(own) < ids.index("buildings")
        assert layers(scene)["buildings"]["look"]["without"] == HOUSE.code


def test_alone_it_has_no_neighbours() -> None:
    assert set(layers(replace(HOUSE, in_place=False, cases=False, components=False))) == {"ground", "model"}
    alone = layers(replace(HOUSE, lod="", in_place=False))
    assert alone["block"]["look"]["isolate"]
    assert "buildings" not in alone


def test_its_cases_are_those_at_the_building() -> None:
    assert f"sel=building({HOUSE.code})" in layers(HOUSE)["urgent-cases"]["data"]


def test_textures_are_worn_only_where_they_are_asked_for() -> None:
    textured = replace(HOUSE, texture_ids=(4,))
    assert layers(textured)["model"]["textures"] == {"4": "/api/texture/4?v=7-abc"}
    assert layers(replace(textured, textured=False))["model"]["textures"] == {}


@pytest.mark.parametrize(("height", "nearer"), [(12.0, 12.0), (180.0, 12.0)])
def test_a_tower_is_seen_from_farther_away(height: float, nearer: float) -> None:
    zoom, near = (building_spec(replace(HOUSE, height_m=each))["initialViewState"]["zoom"] for each in (height, nearer))
    assert zoom == near if height == nearer else zoom < near - 0.5
