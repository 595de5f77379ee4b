"""A page that is open: what is pushed to it shows at once, and it says whether it hears anything."""

from collections.abc import Callable, Iterator
from typing import Any

import pytest
from flask import Flask
from selenium import webdriver

from app.factory import CityDash, create_app
from app.settings import load_settings
from datastore.store import Store
from tests.browser.city_page import MARKS, STREET, Page
from tests.live_server import LOG_ID, TrialDesk, pushed

pytestmark = MARKS
OPEN = '[data-live="totals.open"]'
LAYERS = "return (citydeck.state()?.layers ?? []).map((layer) => layer.id)"


@pytest.fixture
def desk() -> TrialDesk:
    return TrialDesk()


@pytest.fixture
def live_app(city: Store, desk: TrialDesk) -> Iterator[CityDash]:
    settings = load_settings(data=city.path.parent)
    app = create_app(settings, city, push=lambda figures_of: pushed(desk, figures_of, settings))
    yield app
    assert app.live is not None
    app.live.stop(30)


@pytest.fixture
def live_page(browser: webdriver.Chrome, serve: Callable[[Flask], str], live_app: CityDash) -> Page:
    browser.set_window_size(1600, 900)
    page = Page(browser, serve(live_app.server))
    page.open(f"?lang=en&area={STREET}&cases=newest")
    page.until(lambda: state(page) == "live")
    return page


def state(page: Page) -> Any:
    return page.driver.execute_script("return citydeckLive.state")


def test_a_live_page_says_so_and_a_historical_one_too(live_page: Page, page: Page) -> None:
    assert live_page.text("#live-status") == "Live"
    page.open()
    page.until(lambda: page.text("#live-status") == "历史数据")
    assert state(page) == "off"
    assert not page.errors


def test_pushed_figures_and_new_cases_show_without_asking(live_page: Page, desk: TrialDesk) -> None:
    page = live_page
    before = int(page.text(OPEN).replace(",", ""))
    desk.commit(1, street_code=STREET, case_no="11010820261123000001")
    desk.settle()
    page.until(lambda: int(page.text(OPEN).replace(",", "")) == before + desk.seq)
    page.until(lambda: page.all("#live-cases .case"))
    assert "New" in page.text("#live-cases .case")
    assert page.all('#live-cases .case[title="11010820261123000001"]')
    page.click("#live-cases .case")
    page.until(lambda: "sel=case:11010820261123000001" in page.driver.current_url)
    assert not page.errors


def test_a_ring_shows_on_the_map_for_a_moment_and_then_nothing_is_drawn(live_page: Page, desk: TrialDesk) -> None:
    page = live_page
    page.until(lambda: page.driver.execute_script("return citydeck.state()?.ready"))
    desk.commit(3, street_code=STREET)
    page.until(lambda: "live-pulses" in page.driver.execute_script(LAYERS))
    counted = "return citydeck.state().layers.find(({id}) => id === 'live-pulses')?.count"
    assert page.driver.execute_script(counted) in (1, None)  # three events of one case are one ring
    page.until(lambda: "live-pulses" not in page.driver.execute_script(LAYERS))
    assert page.driver.execute_script("return citydeck.state().ready")


def test_what_lies_elsewhere_or_is_filtered_out_does_not_show(live_page: Page, desk: TrialDesk) -> None:
    page = live_page
    page.open(f"?area={STREET}&cases=newest&filter=source(VIDEO)")
    page.until(lambda: state(page) == "live")
    desk.commit(1, street_code="110108011", source_code="VIDEO")
    desk.commit(1, street_code=STREET)
    last = desk.commit(1, street_code=STREET, source_code="VIDEO")
    page.until(lambda: page.driver.execute_script("return citydeckLive.since") == f"{LOG_ID}-{last}")
    page.until(lambda: page.all("#live-cases .case"))
    assert len(page.all("#live-cases .case")) == 1


def test_panels_are_told_to_ask_anew_at_a_gap(live_page: Page, live_app: CityDash) -> None:
    page = live_page
    page.driver.execute_script(
        "window.ticks = []; const set = dash_clientside.set_props;"
        "dash_clientside.set_props = (id, props) => { window.ticks.push(id); set(id, props); };"
    )
    assert live_app.live is not None
    live_app.live.hub.gap(0)
    page.until(lambda: "live-tick" in page.driver.execute_script("return window.ticks"))


def test_a_page_that_hears_nothing_says_since_when(live_page: Page) -> None:
    page = live_page
    page.driver.execute_script(
        "const now = Date.now; EventSource = class extends EventTarget { close() {} };"
        "window.real = now; Date.now = () => now() + 60_000;"
    )
    page.until(lambda: page.text("#live-status").startswith("Stale since "))
    assert page.driver.execute_script("return getComputedStyle(document.querySelector('.as-of time')).opacity") < "1"


def test_a_page_whose_address_cannot_be_read_is_live_all_the_same(live_page: Page) -> None:
    page = live_page
    page.open(f"?lang=en&area={STREET}&filter=nonsense(")
    page.until(lambda: state(page) == "live")
    assert page.driver.execute_script("return citydeckLive.scope") == {"area": STREET, "filter": ""}


def test_a_page_that_comes_back_to_the_front_does_not_call_itself_paused(live_page: Page) -> None:
    page = live_page
    page.driver.execute_script(
        "citydeckLive.close(); citydeckLive.become('paused'); EventSource = class extends EventTarget { close() {} };"
        "document.dispatchEvent(new Event('visibilitychange'));"
    )
    page.until(lambda: page.text("#live-status") == "Reconnecting")


def test_another_area_is_listened_to_as_the_address_changes(live_page: Page) -> None:
    page = live_page
    page.click(".breadcrumb a")
    page.until(lambda: page.driver.execute_script("return citydeckLive.scope.area") == "")
    page.until(lambda: state(page) == "live")
    assert page.driver.execute_script("return citydeckLive.since").startswith(LOG_ID)
