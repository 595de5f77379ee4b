"""The highlighted building, its table, its look and the data sets on the command page."""

from collections.abc import Callable
from typing import Any

import pytest

from app.callbacks import panels
from app.components.display import display_panel
from app.components.scene import look_of, scene_of, sun_of
from app.context import Context
from layers.buildings import Condition
from layers.sunlight import Sun
from layers.table_address import TableAddress
from tests.unit.app.conftest import BUILDING
from tests.unit.app.test_panels import shown

At = Callable[[str], Context]


def test_nothing_is_inspected_that_is_not_highlighted(at: At) -> None:
    assert panels.draw_inspector(at("")) is None


def test_a_highlighted_building_is_told_with_its_cases_and_how_its_height_is_known(at: At) -> None:
    text = shown(panels.draw_inspector(at(f"?sel=building:{BUILDING}")))
    assert "中关村街道科馨社区12号楼" in text
    assert "36.3 m（实测）" in text
    assert "LoD 2.2" in text
    assert "CIM3" in text
    assert '"children": "21"' in text
    assert '"children": "1", "className": "value overdue"' in text
    assert f"/building/{BUILDING}" in text


def test_an_unknown_building_is_a_notice_and_highlights_nothing(at: At) -> None:
    ctx = at("?sel=building:nowhere&area=110108011")
    assert ctx.state.sel == ""
    assert "nowhere" in ctx.notices[0]
    assert ctx.area is not None
    assert ctx.area["code"] == "110108011"


def test_its_cases_alone_are_a_filter_that_can_be_taken_away(at: At) -> None:
    own = f"building({BUILDING})"
    assert own in shown(panels.draw_inspector(at(f"?sel=building:{BUILDING}")))
    assert own not in shown(panels.draw_inspector(at(f"?sel=building:{BUILDING}&filter={own}")))


def test_a_highlighted_case_links_to_its_building(at: At) -> None:
    text = shown(panels.draw_cases(at("?sel=case:11010820261122000001")))
    assert f"/building/{BUILDING}" in text
    assert f"/building/{BUILDING}" not in shown(panels.draw_cases(at("")))


def test_the_table_of_buildings_asks_for_what_the_map_shows(city: Any, at: At) -> None:
    text = shown(
        panels.draw_area_table(at("?area=110108011&panel=buildings&metric=overdue&where=use:office;height:30-;open:1-"))
    )
    assert BUILDING in text
    asked = city.ranked
    assert (asked["area_code"], asked["metric"], asked["uses"]) == ("110108011", "overdue", ("office",))
    assert asked["limits"] == (("height", (30.0, None)), ("open", (1.0, None)))


def test_a_table_without_a_building_says_so(city: Any, at: At) -> None:
    city.buildings_ranked = lambda _selection, **_params: []
    assert "没有符合条件的建筑" in shown(panels.draw_area_table(at("?panel=buildings")))


def test_each_data_set_has_its_level_and_no_more(at: At) -> None:
    text = shown(panels.draw_area_table(at("?panel=datasets")))
    assert text.count("CIM3") >= 1
    assert "不评级" in text
    assert "演示数据" in text


@pytest.mark.parametrize(
    ("search", "look"),
    [
        ("", {"by": "building", "exaggeration": 1.0, "rise": False, "glow": False, "detail": True, "isolate": False}),
        ("?by=grid&exag=2&rise=1&glow=1&detail=0", {"by": "grid", "exaggeration": 2.0, "rise": True, "detail": False}),
        ("?only=1", {"where": (), "isolate": False}),
        ("?only=1&where=height:30-", {"where": (Condition("height_m", 30.0),), "isolate": True}),
        (f"?only=1&sel=building:{BUILDING}", {"where": (Condition("code", values=(BUILDING,)),), "chosen": BUILDING}),
    ],
)
def test_the_address_says_how_buildings_look(at: At, search: str, look: dict[str, Any]) -> None:
    found = look_of(at(search))
    assert {name: getattr(found, name) for name in look} == look


def test_the_sun_stands_where_it_does_at_that_hour_of_the_city(at: At) -> None:
    noon = sun_of(at("?sun=2026-06-21T12:15"))
    assert noon is not None
    assert noon.altitude_deg == pytest.approx(73.5, abs=0.5)
    assert noon.shadows
    night = sun_of(at("?sun=2026-06-21T02:00&shade=0"))
    assert night is not None
    assert night.altitude_deg < 0
    assert not night.shadows
    assert sun_of(at("")) is None


def test_the_scene_shows_the_chosen_building_near(at: At, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("app.components.scene.table_address", lambda _data: TableAddress("7-abc"))
    scene = scene_of(at(f"?sel=building:{BUILDING}"))
    assert scene is not None
    assert (scene.building, scene.outline) == (BUILDING, ())
    assert scene.extent.east - scene.extent.west < 0.005
    assert scene.fly_key.endswith(BUILDING)
    assert [tileset.url for tileset in scene.tilesets] == ["/tiles/bridge/tileset.json"]
    assert scene_of(at("?layers=grid")).tilesets == ()  # type: ignore[union-attr]  # there is a scene


def test_the_controls_are_there_when_asked_for(at: At) -> None:
    assert panels.draw_display(at("")) is None
    text = shown(panels.draw_display(at("?panel=display&where=use:office&sun=2026-06-21T15:00")))
    assert "1 / 7 栋" in text
    assert "dayOfYear" in text


def test_a_set_sun_is_said_to_have_set(at: At) -> None:
    ctx = at("?panel=display&sun=2026-06-21T02:00")
    assert "地平线下" in shown(display_panel(ctx, Sun(10.0, -20.0), None))
    assert "高度角 20°" in shown(display_panel(ctx, Sun(10.0, 20.0), None))


@pytest.mark.parametrize(
    "search", ["?panel=display&where=use:office&sun=2026-06-21T15:00", f"?sel=building:{BUILDING}"]
)
def test_no_two_buttons_have_the_same_id(at: At, search: str) -> None:
    ctx = at(search)
    drawn = [panel for panel in (panels.draw_display(ctx), panels.draw_inspector(ctx)) if panel is not None]
    ids = [str(part.id) for panel in drawn for part in panel._traverse() if getattr(part, "id", None)]
    assert len(ids) == len(set(ids)) > 0
    # Dash compares ids as text that the browser and the server write differently beyond ASCII.
    assert "".join(ids).isascii()
