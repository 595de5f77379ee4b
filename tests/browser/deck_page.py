"""A page with nothing but the 3D canvas, and what was asked of its server."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlsplit

from dash import Dash, html
from flask import Flask, request
from selenium import webdriver
from selenium.webdriver.common.by import By
from selenium.webdriver.support.ui import WebDriverWait

from app.api.problems import register_problems
from app.api.security import content_policy, secure
from app.api.tables import table_version, tables_blueprint
from app.api.textures import textures_blueprint
from app.components.deck import ASSETS_IGNORE, deck_canvas, deck_scripts, register_deck_callbacks
from app.settings import ASSETS_DIR
from datastore.store import Store
from layers.scene import Scene, scene_spec
from layers.scene_tooltip import Tooltip
from layers.style import Intensity
from layers.table_address import TableAddress
from layers.view import Extent

WAIT_S = 60
NEAR = Extent(116.31, 39.975, 116.32, 39.983)
LISTEN = """
window.told = {};
const write = window.dash_clientside.set_props;
window.dash_clientside.set_props = (id, props) => { window.told[id] = props.data; write(id, props); };
"""


class Data:
    def __init__(self, store: Store) -> None:
        self.store = store


@dataclass
class Page:
    """The page in the browser, and what was asked of its server."""

    chrome: webdriver.Chrome
    scene: Scene
    asked: list[str]
    broken: set[str]

    def run(self, script: str, *arguments: Any) -> Any:
        return self.chrome.execute_script(script, *arguments)

    def until(self, script: str) -> Any:
        return WebDriverWait(self.chrome, WAIT_S, 0.2).until(lambda chrome: chrome.execute_script(script))

    def ready(self) -> dict[str, Any]:
        self.until("return window.citydeck?.state()?.ready")
        return self.run("return window.citydeck.state()")

    def show(self, scene: Scene) -> None:
        self.run("window.citydeck.applySpec(arguments[0])", scene_spec(scene))

    def mouse(self, event: str, x: int, y: int) -> None:
        pressed = {"button": "left", "clickCount": 1} if event != "mouseMoved" else {}
        self.chrome.execute_cdp_cmd("Input.dispatchMouseEvent", {"type": event, "x": x, "y": y, **pressed})

    def errors(self) -> list[str]:
        return [entry["message"] for entry in self.chrome.get_log("browser") if entry["level"] == "SEVERE"]


def near_scene(store: Store) -> Scene:
    """Scene of the small demo from near."""
    return Scene(
        TableAddress(table_version(Data(store), "areas")),
        NEAR,
        Intensity("open", (50, 100)),
        Intensity("open", (1, 2, 4, 8)),
        tooltips={
            "building": Tooltip(
                "code",
                (("高度", "height_m", "米"), ("来源", "height_source", "")),
                {"height_source": {"simulated": "模拟"}},
            ),
            "area": Tooltip("name", (("在办", "open", "件"),)),
        },
        fly_key="start",
    )  # fmt: skip


def open_page(browser: webdriver.Chrome, serve: Callable[[Flask], str], store: Store, scene: Scene) -> Page:
    """Serve a page with a scene, and open it."""
    data = Data(store)
    asked: list[str] = []
    broken: set[str] = set()
    dash = Dash(__name__, assets_folder=str(ASSETS_DIR), assets_ignore=ASSETS_IGNORE)
    dash.index_string = dash.index_string.replace("{%css%}", f"{{%css%}}{deck_scripts()}")
    dash.layout = html.Div(
        deck_canvas("三维城市", spec=scene_spec(scene)), style={"position": "fixed", "inset": 0, "display": "grid"}
    )
    register_deck_callbacks(dash)

    @dash.server.before_request
    def _note() -> tuple[str, int] | None:
        asked.append(request.full_path)
        return ("broken", 500) if urlsplit(request.full_path).path in broken else None

    dash.server.register_blueprint(tables_blueprint(data))
    dash.server.register_blueprint(textures_blueprint(data))
    register_problems(dash.server)
    secure(dash.server, content_policy(dash.csp_hashes()))
    page = Page(browser, scene, asked, broken)
    browser.get(serve(dash.server))
    return page


def point_at(page: Page, needed: str = "") -> tuple[int, int]:
    """Move the pointer over the city until the tooltip shows, with the text needed; gives the place."""
    tooltip = page.chrome.find_element(By.CSS_SELECTOR, ".deck-tooltip")
    for spot in [(450 + x, 300 + y) for y in (0, 60, -60, 120) for x in (0, 50, -50, 100, -100, 150)]:
        page.mouse("mouseMoved", *spot)
        page.chrome.execute_async_script("setTimeout(() => requestAnimationFrame(arguments[0]), 150)")
        if tooltip.is_displayed() and needed in tooltip.text:
            return spot
    raise AssertionError(f"nothing under the pointer shows {needed!r}")


def click(page: Page, spot: tuple[int, int]) -> dict[str, Any]:
    page.run(LISTEN)
    page.mouse("mousePressed", *spot)
    page.mouse("mouseReleased", *spot)
    return dict(page.until("return window.told['deck-pick']"))
