"""Gestures: each leads to one new state."""

import pytest

from app.callbacks.navigation import after_pick, after_slide, after_slides, after_switch, with_view
from app.state import Camera, PageState


def test_picking_an_area_enters_it() -> None:
    state = PageState(sel="case:1", view=Camera(1, 2, 3, 4, 5))
    assert after_pick(state, {"kind": "area", "code": "110108011", "seq": 1}) == PageState(area="110108011")


def test_picking_a_case_highlights_it_and_again_lets_go() -> None:
    once = after_pick(PageState(), {"kind": "case", "code": "11010820261122000001"})
    assert once.sel == "case:11010820261122000001"
    assert after_pick(once, {"kind": "case", "code": "11010820261122000001"}).sel == ""


def test_picking_a_building_highlights_it_and_again_lets_go() -> None:
    once = after_pick(PageState(area="110108011"), {"kind": "building", "code": "B-1"})
    assert once == PageState(area="110108011", sel="building:B-1")
    assert after_pick(once, {"kind": "building", "code": "B-1"}).sel == ""


@pytest.mark.parametrize(
    "pick",
    [
        {},
        {"kind": "area", "code": "<x>"},
        {"kind": "case", "code": "<b>"},
        {"kind": "building", "code": "a/b"},
        {"kind": "?", "code": 1},
    ],
)
def test_a_pick_without_sense_changes_nothing(pick: dict[str, object]) -> None:
    assert after_pick(PageState(area="110108011"), pick) == PageState(area="110108011")


@pytest.mark.parametrize(
    ("field", "text", "value"),
    [
        ("lang", "en", "en"),
        ("layers", "none", ()),
        ("panel", "", ""),
        ("sel", "", ""),
        ("exag", "2", 2.0),
        ("rise", "1", True),
    ],
)
def test_a_switch_sets_its_field(field: str, text: str, value: object) -> None:
    assert getattr(after_switch(PageState(panel="table"), field, text), field) == value


@pytest.mark.parametrize(("field", "text"), [("lang", "fr"), ("nothing", "en")])
def test_a_switch_without_sense_changes_nothing(field: str, text: str) -> None:
    assert after_switch(PageState(), field, text) == PageState()


def test_a_switch_keeps_the_camera_that_the_browser_reported() -> None:
    view = {"longitude": 116.3, "latitude": 39.9, "zoom": 11, "pitch": 45, "bearing": 0}
    assert with_view(PageState(), view).view == Camera(116.3, 39.9, 11, 45, 0)
    assert with_view(PageState(), None).view is None


@pytest.mark.parametrize(
    ("where", "ends", "after"),
    [
        ("", [50, 150], "height:50-"),
        ("use:office;height:50-", [0, 150], "use:office"),
        ("height:50-", [50, 100], "height:50-100"),
        ("height:-10", [0, 20], "height:-20"),
    ],
)
def test_a_range_slider_sets_its_condition(where: str, ends: list[float], after: str) -> None:
    assert after_slide(PageState(where=where), "height", ends).where == after


@pytest.mark.parametrize(("where", "ends"), [("", [0, 150]), ("height:50-", [50, 150]), ("height:20-400", [20, 150])])
def test_a_slider_that_is_drawn_changes_nothing(where: str, ends: list[float]) -> None:
    assert after_slide(PageState(where=where), "height", ends) == PageState(where=where)


def test_the_sun_follows_its_sliders_together() -> None:
    state = PageState(sun="2026-06-21T15:00")
    told = [
        {"prop_id": '{"field":"day","type":"slider"}.value', "value": 0},
        {"prop_id": '{"field":"hour","type":"slider"}.value', "value": 6.5},
    ]
    assert after_slides(state, told).sun == "2026-01-01T06:30"
    assert after_slide(state, "day", 171).sun == state.sun


@pytest.mark.parametrize(
    ("field", "value"), [("hour", 9), ("day", 3), ("colour", 3), ("height", [1]), ("height", None)]
)
def test_a_slider_without_sense_changes_nothing(field: str, value: object) -> None:
    assert after_slide(PageState(), field, value) == PageState()  # type: ignore[arg-type]  # what a browser might send
