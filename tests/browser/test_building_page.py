"""A building's own page in a real browser."""

from typing import Any

import pytest
from selenium.webdriver.common.keys import Keys

from datastore.store import Store
from tests.browser.city_page import MARKS, Page

pytestmark = MARKS


@pytest.fixture(scope="module")
def code(city: Store) -> str:
    """Building with a model and the most cases."""
    with city.read() as cursor:
        found: list[Any] = cursor.execute(
            "SELECT code FROM building JOIN cases USING (building_id) JOIN building_model USING (building_id) "
            "GROUP BY code ORDER BY count(*) DESC, code LIMIT 1"
        ).fetchall()
    return str(found[0][0])


def test_the_page_shows_the_building_and_asks_nobody_else(page: Page, code: str) -> None:
    page.open_building(code)
    assert code in page.text(".panel-building_facts dd")
    assert "CIM" in page.text(".panel-building_facts dd")
    page.until(lambda: page.driver.execute_script("return citydeck.state()?.ready"))
    assert page.errors == []
    origins = page.driver.execute_script(
        "return [...new Set(performance.getEntriesByType('resource').map((e) => new URL(e.name).origin))]"
    )
    assert origins == [page.url]


def test_its_level_of_detail_and_surroundings_are_chosen_and_stay(page: Page, code: str) -> None:
    page.open_building(code)
    page.until(lambda: len(page.all(".panel-building_models tbody tr")) == 2)
    best = page.text(".panel-building_models tr.current a")
    page.click(".panel-building_view .segment:first-child")
    page.until(lambda: page.text(".panel-building_models tr.current a") not in ("", best))
    assert "lod=1" in page.driver.current_url
    page.click(".panel-building_view .display-row:nth-child(2) .segment:last-child")
    page.until(lambda: "place=alone" in page.driver.current_url)
    page.driver.refresh()
    page.until(lambda: page.text(".panel-building_models tr.current a") == "1")
    page.driver.back()
    page.until(lambda: "place=alone" not in page.driver.current_url)
    assert page.errors == []


def test_a_neighbour_is_a_click_away_and_back_returns(page: Page, code: str) -> None:
    page.open_building(code)
    name = page.text(".panel-building_facts h2")
    page.click("a.near")
    page.until(lambda: page.text(".panel-building_facts h2") not in ("", name))
    page.driver.back()
    page.until(lambda: page.text(".panel-building_facts h2") == name)
    assert page.driver.current_url.partition("?")[0].endswith(f"/building/{code}")
    assert page.errors == []


def test_keys_show_the_table_and_lead_up_to_the_map(page: Page, code: str) -> None:
    page.open_building(code)
    page.press("t")
    page.until(lambda: len(page.all("table.months tbody tr")) == 24)
    page.until(lambda: page.all("[data-shortcut=table][aria-pressed=true]"))
    page.press(Keys.ESCAPE)
    page.until(lambda: not page.all("table.months"))
    page.press(Keys.ESCAPE)
    page.until(lambda: page.all(".panel-ranking") and "area=" in page.driver.current_url)
    assert "/building/" not in page.driver.current_url
    assert page.errors == []


def test_a_building_that_is_not_there_is_no_page(page: Page) -> None:
    page.driver.get(f"{page.url}/building/nowhere")
    page.until(lambda: "404" in page.text(".not-found h1"))


@pytest.mark.parametrize(("width", "height"), [(390, 844), (1366, 768), (1920, 1080), (3840, 2160)])
def test_nothing_is_wider_than_the_window_and_nothing_overlaps(page: Page, code: str, width: int, height: int) -> None:
    page.resize(width, height)
    page.open_building(code, "?lang=en")
    page.until(lambda: page.all(".trend-graph svg text") or page.all(".panel-building_trend .empty"))
    assert page.driver.execute_script("return document.documentElement.scrollWidth") <= width
    overlap = page.driver.execute_script(
        """const boxes = [...document.querySelectorAll('.slot > .panel')].map((e) => e.getBoundingClientRect());
        return boxes.some((a, i) => boxes.some((b, j) => i < j && a.left < b.right - 1 && b.left < a.right - 1
          && a.top < b.bottom - 1 && b.top < a.bottom - 1));"""
    )
    assert not overlap
