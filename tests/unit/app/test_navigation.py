"""Gestures: each leads to one new state."""

import pytest

from app.callbacks.navigation import after_pick, after_switch, with_view
from app.state import Camera, PageState


def test_picking_an_area_enters_it() -> None:
    state = PageState(sel="case:1", view=Camera(1, 2, 3, 4, 5))
    assert after_pick(state, {"kind": "area", "code": "110108011", "seq": 1}) == PageState(area="110108011")


def test_picking_a_case_highlights_it_and_again_lets_go() -> None:
    once = after_pick(PageState(), {"kind": "case", "code": "11010820261122000001"})
    assert once.sel == "case:11010820261122000001"
    assert after_pick(once, {"kind": "case", "code": "11010820261122000001"}).sel == ""


@pytest.mark.parametrize(
    "pick",
    [
        {},
        {"kind": "area", "code": "<x>"},
        {"kind": "case", "code": "<b>"},
        {"kind": "building", "code": "B-1"},
        {"kind": "?", "code": 1},
    ],
)
def test_a_pick_without_sense_changes_nothing(pick: dict[str, object]) -> None:
    assert after_pick(PageState(area="110108011"), pick) == PageState(area="110108011")


@pytest.mark.parametrize(("field", "text", "value"), [("lang", "en", "en"), ("layers", "none", ()), ("panel", "", "")])
def test_a_switch_sets_its_field(field: str, text: str, value: object) -> None:
    assert getattr(after_switch(PageState(panel="table"), field, text), field) == value


@pytest.mark.parametrize(("field", "text"), [("lang", "fr"), ("nothing", "en")])
def test_a_switch_without_sense_changes_nothing(field: str, text: str) -> None:
    assert after_switch(PageState(), field, text) == PageState()


def test_a_switch_keeps_the_camera_that_the_browser_reported() -> None:
    view = {"longitude": 116.3, "latitude": 39.9, "zoom": 11, "pitch": 45, "bearing": 0}
    assert with_view(PageState(), view).view == Camera(116.3, 39.9, 11, 45, 0)
    assert with_view(PageState(), None).view is None
