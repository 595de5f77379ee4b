"""A page of the application in a real browser over a small real store, read and used as a person would."""

from datetime import date
from typing import Any

import pytest
from selenium.webdriver.common.action_chains import ActionChains
from selenium.webdriver.common.by import By
from selenium.webdriver.support.ui import WebDriverWait

from twin_model.demo.plan import DemoPlan

MARKS = [
    pytest.mark.browser,
    pytest.mark.filterwarnings("ignore:HTTPResponse.getheader:DeprecationWarning"),  # selenium 4.2 calls it
    # flask-compress leaves closing a streamed asset to the collector.
    pytest.mark.filterwarnings("ignore::ResourceWarning"),
    pytest.mark.filterwarnings("ignore::pytest.PytestUnraisableExceptionWarning"),
    # The browser closes while answers are under way, which the server's threads notice.
    pytest.mark.filterwarnings("ignore::pytest.PytestUnhandledThreadExceptionWarning"),
]
"""Of every test in a browser."""
WAIT_S = 120
"""Longest wait for something to be true; a machine with other work is slow."""
STREET = "110108014"
PLAN = DemoPlan(anchor_day=date(2026, 11, 23), cases=4000, streets=(STREET, "110108011"))


class Page:
    """The page, read and used as a person would."""

    def __init__(self, driver: Any, url: str) -> None:
        self.driver, self.url = driver, url

    def open(self, search: str = "") -> "Page":
        self.driver.get(f"{self.url}/{search}")
        self.until(lambda: self.all(".rank-row") and self.all(".kpi .value") and self.all(".crumb.current"))
        return self

    def open_building(self, code: str, search: str = "") -> "Page":
        self.driver.get(f"{self.url}/building/{code}{search}")
        self.until(lambda: self.all(".panel-building_facts .pair") and self.all(".kpi .value") and self.all(".near"))
        return self

    def resize(self, width: int, height: int) -> None:
        self.driver.execute_cdp_cmd(
            "Emulation.setDeviceMetricsOverride",
            {"width": width, "height": height, "deviceScaleFactor": 1, "mobile": False},
        )

    def press(self, *keys: str) -> None:
        ActionChains(self.driver).send_keys(*keys).perform()

    def all(self, selector: str) -> list[Any]:
        return self.driver.find_elements(By.CSS_SELECTOR, selector)

    def text(self, selector: str) -> str:
        return " ".join(self.driver.execute_script(
            "return [...document.querySelectorAll(arguments[0])].map((e) => e.innerText)", selector
        ))  # fmt: skip

    def until(self, true: Any) -> None:
        WebDriverWait(self.driver, WAIT_S, ignored_exceptions=[Exception]).until(lambda _: true())

    def click(self, selector: str) -> None:
        self.until(lambda: self.all(selector))
        self.driver.execute_script("document.querySelector(arguments[0]).click()", selector)

    @property
    def errors(self) -> list[Any]:
        told = [entry for entry in self.driver.get_log("browser") if entry["level"] == "SEVERE"]
        return [entry for entry in told if "favicon" not in entry["message"]]
