"""Buildings on the command page in a real browser: search, inspector, look, filter and tables."""

from typing import Any

import pytest
from selenium.webdriver.common.keys import Keys

from datastore.store import Store
from tests.browser.city_page import MARKS, STREET, Page

pytestmark = MARKS


@pytest.fixture(scope="module")
def place(city: Store) -> tuple[str, str]:
    """Code and address of a building with an open case."""
    with city.read() as cursor:
        found: list[Any] = cursor.execute(
            "SELECT code, address FROM building JOIN open_case USING (building_id) JOIN building_detail USING "
            "(building_id) GROUP BY ALL ORDER BY count(*) DESC, code LIMIT 1"
        ).fetchall()
    return str(found[0][0]), str(found[0][1])


def test_a_building_is_searched_by_its_address_with_keys_alone(page: Page, place: tuple[str, str]) -> None:
    code, address = place
    page.open()
    page.press("/")
    page.until(lambda: page.driver.execute_script("return document.activeElement.id") == "search-text")
    page.press(address)
    page.until(lambda: code in page.text(".search-found"))
    while code not in page.text(".search-found[aria-selected=true]"):
        page.press(Keys.ARROW_DOWN)
    page.press(Keys.ENTER)
    page.until(lambda: code in page.text(".panel-inspector dd"))
    assert f"sel=building:{code}" in page.driver.current_url.replace("%3A", ":")
    page.click(".panel-inspector .chip.go")
    page.until(lambda: code in page.text(".panel-building_facts dd"))
    page.driver.back()
    page.until(lambda: code in page.text(".panel-inspector dd"))
    assert page.errors == []


def test_the_highlighted_building_is_let_go_with_escape(page: Page, place: tuple[str, str]) -> None:
    page.open(f"?area={STREET}&sel=building:{place[0]}")
    page.until(lambda: page.all(".panel-inspector"))
    page.press(Keys.ESCAPE)
    page.until(lambda: not page.all(".panel-inspector"))
    assert f"area={STREET}" in page.driver.current_url
    assert page.errors == []


def test_how_buildings_look_is_in_the_address_and_survives_a_reload(page: Page) -> None:
    page.open(f"?area={STREET}")
    page.until(lambda: page.all("[data-shortcut=display]"))
    page.press("d")
    page.until(lambda: page.all(".panel-display"))
    page.click(".panel-display .display-row:nth-child(2) .segment:nth-child(3)")
    page.until(lambda: "exag=2" in page.driver.current_url)
    page.click(".panel-display .display-row:nth-child(3) .chip:first-child")
    page.until(lambda: "rise=1" in page.driver.current_url)
    page.click(".display:last-child .chip:nth-child(3)")
    page.until(lambda: "where=use:office" in page.driver.current_url)
    page.until(lambda: "栋" in page.text(".panel-display .display-said"))
    page.driver.refresh()
    page.until(lambda: page.text(".panel-display .segment.on").startswith("建筑自身 2×"))
    page.press(Keys.ESCAPE)
    page.until(lambda: not page.all(".panel-display"))
    assert "where=use:office" in page.driver.current_url
    assert page.errors == []


def test_the_sun_follows_its_slider_by_key(page: Page) -> None:
    page.open(f"?area={STREET}&panel=display&sun=2026-06-21T12:00")
    page.until(lambda: len(page.all(".panel-display [role=slider]")) == 6)
    hour = "document.querySelectorAll('.panel-display [role=slider]')[1]"
    page.driver.execute_script(f"{hour}.focus()")
    page.press(Keys.ARROW_RIGHT)
    page.until(lambda: "sun=2026-06-21T12:30" in page.driver.current_url.replace("%3A", ":"))
    page.until(lambda: "12:30" in page.text(".panel-display .display-said"))
    assert page.errors == []


def test_tables_of_buildings_and_data_sets_equal_the_map(page: Page) -> None:
    page.open(f"?area={STREET}")
    page.press("t")
    page.until(lambda: page.all(".slot-table .choice:nth-child(2)"))
    page.click(".slot-table .choice:nth-child(2)")
    page.until(lambda: page.all(".slot-table .ag-row a[href^='/building/']"))
    page.click(".slot-table .choice:nth-child(3)")
    page.until(lambda: "CIM1" in page.text("table.datasets") and "演示数据" in page.text("table.datasets"))
    page.press("t")
    page.until(lambda: not page.all(".slot-table .panel"))
    assert page.errors == []


@pytest.mark.parametrize(("width", "height"), [(390, 844), (1366, 768), (1920, 1080), (3840, 2160)])
@pytest.mark.parametrize("lang", ["zh-CN", "en"])
def test_open_panels_stay_inside_the_window(
    page: Page, place: tuple[str, str], width: int, height: int, lang: str
) -> None:
    page.resize(width, height)
    page.open(f"?area={STREET}&sel=building:{place[0]}&panel=display&sun=2026-06-21T12:00&lang={lang}")
    page.until(lambda: page.all(".panel-display") and page.all(".panel-inspector") and page.all(".provenance"))
    assert page.driver.execute_script("return document.documentElement.scrollWidth") <= width
    outside = page.driver.execute_script(
        """const seen = (e) => e.getClientRects().length;
        return [...document.querySelectorAll('.panel-display, .panel-inspector, .panel-display .chip, .stages li')]
          .filter(seen).map((e) => [e.className, e.getBoundingClientRect()])
          .filter(([, box]) => box.left < -1 || box.right > innerWidth + 1 || box.top < -1).map(([name]) => name);"""
    )
    assert outside == []
