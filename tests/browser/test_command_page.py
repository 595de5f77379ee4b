"""The command page in a real browser over a small real store."""

from typing import Any

import pytest
import shapely

from app.components.scene import canvas_of
from datastore.queries.scene import areas_scene
from datastore.store import Store
from tests.browser.city_page import MARKS, STREET, Page
from twin_model.area import AreaLevel

pytestmark = MARKS


@pytest.fixture
def street_shape(city: Store) -> Any:
    with city.read() as cursor:
        streets = areas_scene(cursor, AreaLevel.STREET).to_pylist()
    return next(shapely.from_wkb(street["geom"]) for street in streets if street["code"] == STREET)


def test_the_page_loads_without_an_error_and_asks_nobody_else(page: Page) -> None:
    page.open()
    assert "4,000" in page.text(".kpi .value")
    assert page.errors == []
    origins = page.driver.execute_script(
        "return [...new Set(performance.getEntriesByType('resource').map((e) => new URL(e.name).origin))]"
    )
    assert origins == [page.url]


def test_a_street_in_the_list_leads_down_back_leads_up_and_reload_stays(page: Page) -> None:
    page.open()
    district = page.text(".kpi .value")
    page.click(f".rank-row[href*='{STREET}']")
    page.until(lambda: page.text(".crumb.current") == "清华园街道")
    page.until(lambda: page.text(".kpi .value") != district and "社区" in page.text(".panel-ranking h2"))
    assert f"area={STREET}" in page.driver.current_url
    street = page.text(".kpi .value")
    page.driver.refresh()
    page.until(lambda: page.text(".kpi .value") == street)
    page.driver.back()
    page.until(lambda: page.text(".kpi .value") == district)
    page.driver.forward()
    page.until(lambda: page.text(".kpi .value") == street)
    assert page.errors == []


def test_language_and_theme_change_the_whole_page(page: Page) -> None:
    page.open()
    page.click(".header-tools button:last-child")
    page.until(lambda: "Sensing sources" in page.text(".panel-sources h2") and "Reported" in page.text(".kpi dt"))
    assert page.driver.execute_script("return document.documentElement.lang") == "en"
    page.click(".header-tools button:nth-last-child(2)")
    page.until(lambda: page.driver.execute_script("return document.documentElement.dataset.theme") == "light")
    assert "lang=en" in page.driver.current_url
    assert "theme=light" in page.driver.current_url
    assert page.errors == []


def test_the_first_answer_already_has_the_language_and_theme_of_the_address(page: Page) -> None:
    page.driver.get(f"{page.url}/?lang=en&theme=light")
    source = page.driver.page_source
    assert 'lang="en"' in source
    assert 'data-theme="light"' in source


def test_a_key_shows_the_table_and_another_leads_up(page: Page) -> None:
    page.open(f"?area={STREET}")
    body = page.all("body")[0]
    body.send_keys("t")
    page.until(lambda: page.all(".ag-row") and "panel=table" in page.driver.current_url)
    # The key presses the button of the head, which is drawn anew on its own.
    page.until(lambda: page.all("[data-shortcut=table][aria-pressed=true]"))
    body.send_keys("t")
    page.until(lambda: not page.all(".slot-table .panel") and page.all("[data-shortcut=table][aria-pressed=false]"))
    page.driver.execute_script(
        "document.body.dispatchEvent(new KeyboardEvent('keydown', {key: 'Escape', bubbles: true}))"
    )
    page.until(lambda: page.text(".crumb.current") == "海淀区")
    assert page.errors == []


def on_screen(page: Page, lon: float, lat: float) -> tuple[int, int]:
    """Place of a point of the city in the window, as the map's camera sees it."""
    x, y = page.driver.execute_script(
        """const box = document.querySelector('#deck-root').getBoundingClientRect();
        const {width, height} = box;
        const viewport = new deck.WebMercatorViewport({...citydeck.state().view, width, height});
        const [x, y] = viewport.project([arguments[0], arguments[1]]);
        return [box.left + x, box.top + y];""",
        lon,
        lat,
    )
    return round(x), round(y)


def mouse(page: Page, event: str, spot: tuple[int, int]) -> None:
    pressed = {"button": "left", "clickCount": 1} if event != "mouseMoved" else {}
    page.driver.execute_cdp_cmd("Input.dispatchMouseEvent", {"type": event, "x": spot[0], "y": spot[1], **pressed})


def point_at(page: Page, shape: Any, name: str) -> tuple[int, int]:
    """Move the pointer over a shape until the map names it: here and there a case lies over it."""
    west, south, east, north = shape.bounds
    steps = [0.5, 0.4, 0.6, 0.3, 0.7]
    grid = [(west + x * (east - west), south + y * (north - south)) for x in steps for y in steps]
    inside = [place for place in grid if shape.buffer(-0.001).contains(shapely.Point(place))]
    for place in [shape.representative_point().coords[0], *inside]:
        spot = on_screen(page, *place)
        mouse(page, "mouseMoved", spot)
        page.driver.execute_async_script("setTimeout(() => requestAnimationFrame(arguments[0]), 200)")
        if name in page.text(".deck-tooltip:not([hidden])"):
            return spot
    raise AssertionError(f"the map names {name} nowhere")


def test_a_street_clicked_on_the_map_is_entered(page: Page, street_shape: Any) -> None:
    page.open()
    page.until(lambda: page.driver.execute_script("return citydeck.state().ready && citydeck.state().view"))
    spot = point_at(page, street_shape, "清华园街道")
    mouse(page, "mousePressed", spot)
    mouse(page, "mouseReleased", spot)
    page.until(lambda: page.text(".crumb.current") == "清华园街道")
    assert f"area={STREET}" in page.driver.current_url
    assert page.errors == []


def test_a_case_is_highlighted_with_its_particulars(page: Page) -> None:
    page.open()
    page.click(".case")
    page.until(lambda: page.all(".current > .case + .particulars .fact"))
    assert "sel=case" in page.driver.current_url


def test_nonsense_in_the_address_is_a_gentle_notice(page: Page) -> None:
    page.open("?area=999999&metric=%00&junk=<script>")
    page.until(lambda: len(page.all(".notice")) == 2)
    assert page.errors == []


def test_a_definition_opens_and_escape_closes_it(page: Page) -> None:
    page.open()
    page.click(".panel-sources .info")
    page.until(lambda: "六位一体" in page.text(".definition"))


@pytest.mark.parametrize(("width", "height"), [(390, 844), (1024, 768), (1366, 768), (1920, 1080), (3840, 2160)])
def test_nothing_is_wider_than_the_window(page: Page, width: int, height: int) -> None:
    page.driver.execute_cdp_cmd(
        "Emulation.setDeviceMetricsOverride",
        {"width": width, "height": height, "deviceScaleFactor": 1, "mobile": False},
    )
    page.open()
    assert page.driver.execute_script("return document.documentElement.scrollWidth") <= width
    overlap = page.driver.execute_script(
        """const boxes = [...document.querySelectorAll('.slot > .panel')].map((e) => e.getBoundingClientRect());
        return boxes.some((a, i) => boxes.some((b, j) => i < j && a.left < b.right - 1 && b.left < a.right - 1
          && a.top < b.bottom - 1 && b.top < a.bottom - 1));"""
    )
    assert not overlap
    spilled = page.driver.execute_script(
        """return [...document.querySelectorAll('.panel-legend .figure, .provenance span')].filter((e) => {
          const range = document.createRange(); range.selectNodeContents(e);
          return range.getBoundingClientRect().right > e.closest('.panel').getBoundingClientRect().right - 4;
        }).map((e) => e.textContent);"""
    )
    assert spilled == []


@pytest.mark.parametrize(("width", "height"), [(1366, 768), (1920, 1080), (3840, 2160)])
def test_the_camera_frames_what_no_panel_covers(page: Page, width: int, height: int) -> None:
    page.driver.execute_cdp_cmd(
        "Emulation.setDeviceMetricsOverride",
        {"width": width, "height": height, "deviceScaleFactor": 1, "mobile": False},
    )
    page.open()
    page.until(lambda: page.all(".provenance"))
    left, top, right, bottom = page.driver.execute_script(
        """const box = (name) => document.querySelector(`.slot-${name}`).getBoundingClientRect();
        return [box('ranking').right, box('kpis').bottom, box('cases').left, box('legend').top];"""
    )
    canvas = canvas_of((width, height))
    slack = 0.04 * height
    assert left <= canvas.left_px <= left + slack
    assert top <= canvas.top_px <= top + slack
    assert width - right <= canvas.right_px <= width - right + slack
    assert height - bottom <= canvas.bottom_px <= height - bottom + slack


def test_no_text_on_a_wall_is_too_small_to_read(page: Page) -> None:
    page.driver.execute_cdp_cmd(
        "Emulation.setDeviceMetricsOverride", {"width": 3840, "height": 2160, "deviceScaleFactor": 1, "mobile": False}
    )
    page.open()
    page.until(lambda: page.all(".trend-graph svg text"))
    smallest = page.driver.execute_script(
        """const sizes = [...document.querySelectorAll('.command *')]
          .filter((e) => [...e.childNodes].some((n) => n.nodeType === 3 && n.data.trim()) && e.getClientRects().length)
          .map((e) => [parseFloat(getComputedStyle(e).fontSize), e.className, e.textContent.slice(0, 20)]);
        return sizes.sort((a, b) => a[0] - b[0])[0];"""
    )
    assert smallest[0] >= 0.016 * 2160, smallest
