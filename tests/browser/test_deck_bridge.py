"""The bridge in a real browser: draws, picks, restyles, and comes back after a lost context."""

from collections.abc import Callable
from dataclasses import replace
from urllib.parse import urlsplit

import pytest
from flask import Flask
from selenium import webdriver
from selenium.webdriver.common.by import By
from selenium.webdriver.common.keys import Keys

from app.components.deck import DECK_ROOT
from datastore.store import Store
from layers.scene import Scene
from layers.view import Extent
from tests.browser.deck_page import LISTEN, Page, click, near_scene, open_page, point_at
from twin_model.area import AreaLevel

pytestmark = [
    pytest.mark.browser,
    # The Selenium that dash[testing] pins calls a method that urllib3 means to drop.
    pytest.mark.filterwarnings("ignore:HTTPResponse.getheader:DeprecationWarning"),
]

STREET = "110108011"
FAR = Extent(116.26, 39.958, 116.37, 40.046)


@pytest.fixture
def page(browser: webdriver.Chrome, serve: Callable[[Flask], str], small_store: Store) -> Page:
    return open_page(browser, serve, small_store, near_scene(small_store))


def test_the_city_is_drawn_without_an_error_or_a_request_to_elsewhere(page: Page) -> None:
    state = page.ready()
    drawn = {layer["id"]: layer["count"] for layer in state["layers"]}
    assert drawn["buildings"] > 1000
    addresses = page.run("return performance.getEntriesByType('resource').map((entry) => entry.name)")
    assert {urlsplit(address).hostname for address in addresses if address.startswith("http")} == {"127.0.0.1"}
    assert page.errors() == []


def test_nothing_is_drawn_while_nothing_changes(page: Page) -> None:
    frames = page.ready()["frames"]
    page.chrome.execute_async_script("setTimeout(arguments[0], 1500)")
    assert page.run("return window.citydeck.state().frames") <= frames + 1


def test_another_selection_restyles_without_asking_for_geometry(page: Page) -> None:
    page.ready()
    page.until("return !performance.getEntriesByType('resource').some((entry) => entry.responseEnd === 0)")
    before = len(page.asked)
    page.show(replace(page.scene, selection="area(110108011)"))
    page.ready()
    tables = [path for path in page.asked[before:] if path.startswith("/api/table/")]
    assert any("area_load" in path for path in tables)
    assert all("area_load" in path or "cases" in path for path in tables)


def inside_a_street(page: Page, parts: set[str]) -> Scene:
    return replace(page.scene, level=AreaLevel.COMMUNITY, parent=STREET, parts=frozenset(parts))


def test_a_click_on_a_building_in_a_street_tells_its_code_and_keeps_its_tooltip(page: Page) -> None:
    page.ready()
    page.show(inside_a_street(page, {"buildings"}))
    page.ready()
    spot = point_at(page, "高度")
    tooltip = page.chrome.find_element(By.CSS_SELECTOR, ".deck-tooltip")
    assert "米" in tooltip.text
    assert "模拟" in tooltip.text
    picked = click(page, spot)
    assert picked["kind"] == "building"
    assert picked["code"] in tooltip.text
    page.mouse("mouseMoved", 5, 635)
    page.chrome.execute_async_script("setTimeout(() => requestAnimationFrame(arguments[0]), 300)")
    assert picked["code"] in tooltip.text


def test_in_the_district_the_pointer_finds_the_building_from_near(page: Page) -> None:
    page.ready()
    picked = click(page, point_at(page, "高度"))
    assert picked["kind"] == "building"


def test_in_the_district_the_pointer_finds_the_street_from_afar_even_over_buildings(page: Page) -> None:
    page.ready()
    page.show(replace(page.scene, extent=FAR, fly_key="afar", parts=frozenset({"areas", "buildings"})))
    assert page.ready()["view"]["zoom"] < 13.5
    picked = click(page, point_at(page, "在办"))
    assert picked["kind"] == "area"
    assert picked["code"] in {STREET, "110108012"}


def test_in_a_street_the_pointer_finds_the_community_between_the_buildings(page: Page) -> None:
    page.ready()
    page.show(inside_a_street(page, {"areas", "grid"}))
    page.ready()
    picked = click(page, point_at(page, "在办"))
    assert picked["kind"] == "area"
    assert len(picked["code"]) == len(STREET) + 3
    assert picked["code"].startswith(STREET)


def test_labels_in_a_street_are_those_of_its_parts_and_faintly_of_its_neighbours(page: Page) -> None:
    page.ready()
    page.show(inside_a_street(page, {"areas", "labels"}))
    page.ready()
    labels = page.run("return window.citydeck.state().labels")
    assert any(label.startswith(f"labels/{STREET}") for label in labels)
    assert all(label.startswith((f"labels/{STREET}", "labels-beside/")) for label in labels)
    assert f"labels-beside/{STREET}" not in labels


def test_labels_that_show_stand_clear_of_each_other_and_of_panels(page: Page) -> None:
    page.ready()
    shown = page.chrome.execute_async_script(
        """const done = arguments[0];
        import('/assets/js/labels.js').then(({placed}) => {
          const labels = Array.from({length: 300}, (_, i) => ({
            id: 'labels', code: String(i), priority: i % 2, weight: i, text: '科馨社区', em: 14, far: 1,
            x: (i * 137) % 900, y: (i * 71) % 640,
          }));
          const panel = {left: 0, top: 0, right: 300, bottom: 640};
          const keys = placed(labels, [panel], {width: 900, height: 640});
          done(labels.filter(({code}) => keys.has(`labels/${code}`)));
        });"""
    )
    places = [(label["x"], label["y"]) for label in shown]
    assert len(places) > 20
    assert min(x for x, _ in places) > 300 + 28
    assert all(abs(x - u) >= 4 * 14 or abs(y - v) >= 14 for i, (x, y) in enumerate(places) for u, v in places[i + 1 :])
    assert sum(label["priority"] for label in shown) > len(shown) / 2


@pytest.mark.parametrize(
    ("width", "height", "least", "most"),
    [(3840, 2160, 0.016 * 2160 / 0.94, 45), (1920, 1080, 13, 16), (1366, 768, 12, 14), (390, 380, 11, 11)],
)
def test_labels_are_as_large_as_the_window_asks(page: Page, width: int, height: int, least: float, most: float) -> None:
    size = page.chrome.execute_async_script(
        "const [w, h, done] = arguments; import('/assets/js/labels.js').then(({labelSize}) => done(labelSize(w, h)))",
        width, height,
    )  # fmt: skip
    assert least <= size <= most


def test_keys_move_the_camera_and_the_page_is_told_where_it_rests(page: Page) -> None:
    start = page.ready()["view"]
    page.run(LISTEN)
    root = page.chrome.find_element(By.ID, DECK_ROOT)
    root.send_keys("e", Keys.ARROW_RIGHT, "+")
    view = page.until("return window.told['deck-view']")
    assert view["bearing"] == pytest.approx(start["bearing"] + 15)
    assert view["zoom"] == pytest.approx(start["zoom"] + 0.5)
    assert view["longitude"] > start["longitude"]


def test_the_camera_moves_only_when_the_fly_key_changes(page: Page) -> None:
    start = page.ready()["view"]
    elsewhere = Extent(116.30, 39.95, 116.305, 39.955)
    page.show(replace(page.scene, extent=elsewhere))
    assert page.ready()["view"] == start
    page.show(replace(page.scene, extent=elsewhere, fly_key="there"))
    assert page.ready()["view"]["latitude"] == pytest.approx(39.9525, abs=0.003)


def test_a_lost_context_comes_back_from_the_tables_that_are_here(page: Page) -> None:
    before = page.ready()
    asked = len(page.asked)
    page.run(
        f"document.querySelector('#{DECK_ROOT} canvas').getContext('webgl2').getExtension('WEBGL_lose_context')"
        ".loseContext()"
    )
    page.until("return window.citydeck.state().contextsLost === 1")
    after = page.ready()
    assert {layer["id"] for layer in after["layers"]} == {layer["id"] for layer in before["layers"]}
    assert after["view"] == before["view"]
    assert not [path for path in page.asked[asked:] if "buildings" in path or "roads" in path]
    assert len(page.chrome.find_elements(By.CSS_SELECTOR, f"#{DECK_ROOT} canvas")) == 1


def test_a_table_that_fails_is_said_and_can_be_tried_again(page: Page) -> None:
    page.ready()
    page.broken.add("/api/table/cases.arrow")
    page.show(replace(page.scene, selection="area(110108012)"))
    page.until("return !document.querySelector('.deck-message').hidden")
    assert "未能载入" in page.chrome.find_element(By.CSS_SELECTOR, ".deck-message").text
    page.broken.clear()
    page.chrome.find_element(By.CSS_SELECTOR, ".deck-message button").click()
    page.ready()
    assert not page.chrome.find_element(By.CSS_SELECTOR, ".deck-message").is_displayed()
