"""The scene of an address: its frame, its labels, what it says of things, and what it admits."""

from collections.abc import Callable

import pytest

from app.callbacks.navigation import after_pick
from app.components.legend import provenance
from app.components.scene import WINDOW, canvas_of, scene_of, window_of
from app.context import Context
from app.state import PageState
from layers.scene import scene_spec
from layers.table_address import TableAddress

CASE = "11010820261122000001"
At = Callable[[str], Context]


@pytest.fixture(autouse=True)
def _a_version_without_a_file(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("app.components.scene.table_address", lambda _data: TableAddress("7-abc"))


@pytest.mark.parametrize(("text", "window"), [("390x844", (390, 844)), ("1x99999", (200, 16_000))])
def test_a_window_is_read_within_bounds(text: str, window: tuple[int, int]) -> None:
    assert window_of(text) == window


@pytest.mark.parametrize("text", ["", "x", "axb", "1920", "-1x5", "9" * 99 + "x1"])
def test_anything_else_is_the_usual_window(text: str) -> None:
    assert window_of(text) == WINDOW


@pytest.mark.parametrize("size", [(200, 200), (390, 844), (1024, 768), (1366, 768), (1920, 1080), (3840, 2160)])
def test_every_window_leaves_the_map_at_least_a_fifth_of_its_canvas(size: tuple[int, int]) -> None:
    canvas = canvas_of(size)
    (wide, high), _ = canvas.free
    assert wide * high > 0.2 * canvas.width_px * canvas.height_px


@pytest.mark.parametrize("size", [(1101, 200), (16_000, 200), (1101, 16_000)])
def test_a_strange_window_has_a_free_part_too(size: tuple[int, int]) -> None:
    assert min(canvas_of(size).free[0]) > 0


def test_the_camera_shows_the_hull_of_the_area_in_focus(at: At) -> None:
    scene = scene_of(at("?area=110108011"))
    assert scene is not None
    assert scene.outline == ((116.30, 39.97), (116.33, 39.97), (116.31, 39.99))


@pytest.mark.parametrize(("search", "highest"), [("", 12_000), ("?area=110108011", 700)])
def test_the_highest_column_is_that_of_the_areas_that_show(at: At, search: str, highest: float) -> None:
    scene = scene_of(at(search))
    assert scene is not None
    assert scene.highest == highest


def test_a_chosen_case_is_framed_and_marked(at: At) -> None:
    scene = scene_of(at(f"?sel=case:{CASE}"))
    assert scene is not None
    assert (scene.case_no, scene.outline) == (CASE, ())
    assert {"chosen-stem", "chosen-ring"} <= {layer["id"] for layer in scene_spec(scene)["layers"]}


def test_a_case_that_is_not_there_has_no_marker(at: At) -> None:
    scene = scene_of(at("?sel=case:11010820261122999999"))
    assert scene is not None
    assert scene.case_no == ""


@pytest.mark.parametrize(
    ("search", "parts", "beside"),
    [
        ("?area=110108011", "level=community&parent=110108011", "level=street"),
        ("?area=110108011001", "level=grid&parent=110108011001", "level=community&parent=110108011"),
        ("?area=110108011001001", "level=grid&parent=110108011001", "level=community&parent=110108011"),
    ],
)
def test_only_the_parts_of_the_area_in_focus_are_named_clearly(at: At, search: str, parts: str, beside: str) -> None:
    scene = scene_of(at(search))
    assert scene is not None
    labels = {layer["id"]: layer for layer in scene_spec(scene)["layers"] if "label" in layer}
    assert labels["labels"]["data"].endswith(parts)
    assert labels["labels-beside"]["data"].endswith(beside)
    assert labels["labels"]["label"]["priority"] > labels["labels-beside"]["label"]["priority"]
    assert labels["labels-beside"]["label"]["without"] == scene.parent


@pytest.mark.parametrize("search", ["", "?area=110108011"])
def test_buildings_are_picked_from_near_and_inside_a_street(at: At, search: str) -> None:
    scene = scene_of(at(search))
    assert scene is not None
    picked = {layer["id"]: layer for layer in scene_spec(scene)["layers"] if layer.get("pickable")}
    assert {"areas", "areas-near", "buildings"} <= set(picked)
    assert (picked["buildings"]["pickFrom"] == 0) == bool(scene.parent)
    assert "grid" not in picked


def test_the_area_that_a_pick_names_is_entered() -> None:
    assert after_pick(PageState(), {"kind": "area", "code": "110108011"}).area == "110108011"


@pytest.mark.parametrize(("lang", "word"), [("zh-CN", "估算"), ("en", "estimated")])
def test_a_building_says_how_its_height_is_known(at: At, lang: str, word: str) -> None:
    scene = scene_of(at(f"?lang={lang}"))
    assert scene is not None
    tooltip = scene_spec(scene)["tooltip"]["building"]
    assert "height_source" in [column for _, column, _ in tooltip["rows"]]
    assert tooltip["words"]["height_source"]["estimated"] == word


def told(thing: str, level: int, **counts: int) -> list[dict[str, object]]:
    return [{"thing": thing, "level": level, "source": source, "n": n} for source, n in counts.items()]


@pytest.mark.parametrize(
    ("sources", "said"),
    [
        (told("building", 0, simulated=9) + told("area", 2, schematic=2), ["楼高：模拟", "街镇边界：示意"]),
        (told("building", 0, estimated=1, measured=3), ["楼高：实测 75%、估算 25%"]),
        (told("building", 0, measured=3) + told("area", 2, surveyed=2) + told("area", 3, derived=2), []),
    ],
)
def test_the_legend_admits_what_nobody_measured(at: At, sources: list[dict[str, object]], said: list[str]) -> None:
    assert provenance(at(""), sources) == said
