"""A real Chromium with software WebGL, and a server for it."""

import shutil
import threading
from collections.abc import Callable, Iterator
from typing import Any

import pytest
from flask import Flask
from selenium import webdriver
from selenium.webdriver.chrome.service import Service
from werkzeug.serving import make_server

from app.factory import CityDash, create_app
from app.settings import load_settings
from datastore.demo_store import build_demo
from datastore.store import Store
from tests.browser.city_page import PLAN, Page

FLAGS = (
    "--headless=new", "--no-sandbox", "--use-angle=swiftshader",
    "--enable-unsafe-swiftshader", "--ignore-gpu-blocklist",
    "--disable-background-networking", "--disable-component-update", "--disable-sync", "--disable-quic",
    "--no-first-run", "--window-size=900,640", "--lang=zh-CN", "--force-prefers-reduced-motion",
    "--host-resolver-rules=MAP * ~NOTFOUND, EXCLUDE 127.0.0.1",
)  # fmt: skip


@pytest.fixture
def browser() -> Iterator[webdriver.Chrome]:
    """Fresh browser; nothing but this machine can be reached from it."""
    chromium, driver = shutil.which("chromium"), shutil.which("chromedriver")
    if not (chromium and driver):
        pytest.skip("chromium and chromedriver are not installed (scripts/system_packages.sh)")
    options = webdriver.ChromeOptions()
    options.binary_location = chromium
    for flag in FLAGS:
        options.add_argument(flag)
    options.set_capability("goog:loggingPrefs", {"browser": "ALL"})
    chrome = webdriver.Chrome(service=Service(driver), options=options)
    chrome.set_script_timeout(120)
    yield chrome
    chrome.quit()


@pytest.fixture
def serve() -> Iterator[Callable[[Flask], str]]:
    """Serve a Flask application in this process; gives its address."""
    running: list[tuple[Any, threading.Thread]] = []

    def start(server: Flask) -> str:
        wsgi = make_server("127.0.0.1", 0, server, threaded=True)
        thread = threading.Thread(target=wsgi.serve_forever, daemon=True)
        thread.start()
        running.append((wsgi, thread))
        return f"http://127.0.0.1:{wsgi.server_port}"

    yield start
    for wsgi, thread in running:
        wsgi.shutdown()
        wsgi.server_close()
        thread.join()


@pytest.fixture(scope="session")
def city(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Store]:
    """Two streets of the demo city."""
    data = tmp_path_factory.mktemp("browser")
    build_demo(data, PLAN)
    with Store.open(data, read_only=True) as store:
        yield store


@pytest.fixture(scope="session")
def city_app(city: Store) -> CityDash:
    """Application over these two streets."""
    return create_app(load_settings(data=city.path.parent), city)


@pytest.fixture
def page(browser: webdriver.Chrome, serve: Callable[[Flask], str], city_app: CityDash) -> Page:
    """Page of the application, not opened yet."""
    browser.set_window_size(1600, 900)
    return Page(browser, serve(city_app.server))
