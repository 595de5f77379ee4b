"""The scene's spec: what the browser is told, snapshot by snapshot.

To record a snapshot anew, delete it and run the test: the first run writes it and fails, so that it is read.
"""

import json
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from layers.buildings import BuildingLook, Condition
from layers.columns import SIZES_M
from layers.scene import PARTS, Scene, scene_spec
from layers.scene_tooltip import Tooltip
from layers.style import Intensity
from layers.sunlight import Sun
from layers.table_address import TableAddress
from layers.tileset import Tileset
from layers.view import Extent
from twin_model.area import AreaLevel

SNAPSHOTS = Path(__file__).parent / "snapshots"
DISTRICT = Scene(
    tables=TableAddress("7-abc"),
    extent=Extent(116.03, 39.88, 116.4, 40.16),
    area_intensity=Intensity("open", (10, 40, 90)),
    grid_intensity=Intensity("open", (1, 2, 4, 8, 16)),
    tooltips={"building": Tooltip("code", (("高度", "height_m", "米"),), {"use": {"office": "办公"}})},
    fly_key="110108",
)
STREET = replace(
    DISTRICT,
    level=AreaLevel.COMMUNITY,
    parent="110108011",
    case_no="11010820261122000001",
    selection="area(110108011)",
    theme="light",
    parts=frozenset(PARTS),
    highest=120.0,
    name_column="name_en",
    fly_key="110108011",
)

TWIN = replace(
    DISTRICT,
    parts=frozenset({"buildings", "tiles"}),
    building_intensity=Intensity("open", (2, 5)),
    look=BuildingLook(
        exaggeration=1.5, rise=True, glow=True, isolate=True, sun=Sun(180, 60, shadows=True),
        where=(Condition("use", values=("office", "civic")), Condition("height_m", 50), Condition("overdue", 1)),
    ),
    tilesets=(Tileset("/tiles/town/tileset.json", 43.5),),
    building="110108011002B00039",
)  # fmt: skip


@pytest.mark.parametrize(
    ("name", "scene"), [("district_dark", DISTRICT), ("street_light", STREET), ("twin_dark", TWIN)]
)
def test_the_spec_is_as_recorded(name: str, scene: Scene) -> None:
    path = SNAPSHOTS / f"{name}.json"
    spec = json.dumps(scene_spec(scene), ensure_ascii=False, indent=1, sort_keys=True) + "\n"
    if not path.exists():
        path.write_text(spec, encoding="utf-8")
        pytest.fail(f"{path.name} was not there and is written now: read it and run again")
    assert spec == path.read_text(encoding="utf-8")


def test_no_layer_carries_data_of_its_own() -> None:
    for layer in scene_spec(STREET)["layers"]:
        assert layer["data"].startswith("/api/table/")


def test_a_part_that_is_switched_off_is_not_drawn() -> None:
    ids = {layer["id"] for layer in scene_spec(replace(DISTRICT, parts=frozenset({"roads"})))["layers"]}
    assert ids == {"ground", "roads"}


def test_another_selection_leaves_the_addresses_of_geometry_as_they_are() -> None:
    def geometry(scene: Scene) -> dict[str, str]:
        return {layer["id"]: layer["data"] for layer in scene_spec(scene)["layers"] if "cases" not in layer["id"]}

    assert geometry(DISTRICT) == geometry(replace(DISTRICT, selection="not(source(VIDEO))"))


def test_the_chosen_case_is_marked_in_front_of_all_but_the_labels() -> None:
    ids = [layer["id"] for layer in scene_spec(STREET)["layers"]]
    marker = [ids.index(name) for name in ("chosen-stem", "chosen-halo", "chosen-ring", "chosen-dot")]
    assert min(marker) > ids.index("urgent-cases") > ids.index("open-cases") > ids.index("buildings")
    assert max(marker) < ids.index("labels")


def test_plain_open_cases_of_the_whole_district_are_left_to_the_colours() -> None:
    ids = {layer["id"] for layer in scene_spec(DISTRICT)["layers"]}
    assert "urgent-cases" in ids
    assert "open-cases" not in ids


@pytest.mark.parametrize("level", [AreaLevel.STREET, AreaLevel.COMMUNITY, AreaLevel.GRID])
def test_the_highest_column_is_no_taller_than_its_level_bears(level: AreaLevel) -> None:
    layers = scene_spec(replace(STREET, level=level, highest=50.0))["layers"]
    column = next(layer for layer in layers if layer["id"] == "columns")
    assert column["elevationScale"] * 50 == pytest.approx(SIZES_M[level][1])


def layer_of(scene: Scene, name: str) -> dict[str, Any]:
    """Layer of a scene by its id."""
    return next(layer for layer in scene_spec(scene)["layers"] if layer["id"] == name)


def test_buildings_show_their_own_load_where_it_is_known_and_else_that_of_their_cell() -> None:
    assert layer_of(TWIN, "buildings")["style"]["key"] == "building_id"
    assert layer_of(DISTRICT, "buildings")["style"]["key"] == "grid_id"
    by_cell = replace(TWIN, look=replace(TWIN.look, by="grid"))
    assert layer_of(by_cell, "buildings")["style"]["key"] == "grid_id"


def test_no_change_of_look_changes_an_address_of_geometry() -> None:
    def addresses(scene: Scene) -> tuple[str, dict[str, Any]]:
        layer = layer_of(scene, "buildings")
        return layer["data"], layer["detail"]

    plain = replace(TWIN, look=BuildingLook(), building="")
    assert addresses(plain) == addresses(TWIN)


def test_a_condition_on_the_load_names_the_table_that_holds_it() -> None:
    use, height, overdue = layer_of(TWIN, "buildings")["look"]["where"]
    assert use == {"column": "use", "values": ["office", "civic"]}
    assert height == {"column": "height_m", "minimum": 50}
    assert "metric=overdue" in overdue["url"]


def test_the_pointer_finds_buildings_of_the_district_from_near_and_those_of_a_street_always() -> None:
    assert layer_of(DISTRICT, "buildings")["pickFrom"] == pytest.approx(13.5)
    assert layer_of(STREET, "buildings")["pickFrom"] == 0


def test_meshes_are_drawn_unless_they_are_switched_off() -> None:
    assert layer_of(DISTRICT, "buildings")["detail"]["budget"] == 96 * 1024 * 1024
    assert "detail" not in layer_of(replace(DISTRICT, look=BuildingLook(detail=False)), "buildings")


def test_what_glows_lies_under_and_over_the_buildings() -> None:
    ids = [layer["id"] for layer in scene_spec(TWIN)["layers"]]
    assert ids.index("glow-ground") < ids.index("buildings") < ids.index("glow-air") < ids.index("chosen-building")
    assert "glow-air" not in {layer["id"] for layer in scene_spec(DISTRICT)["layers"]}


def test_a_tileset_is_lowered_to_the_plain() -> None:
    layer = layer_of(TWIN, "tileset-0")
    assert (layer["data"], layer["groundM"]) == ("/tiles/town/tileset.json", 43.5)
