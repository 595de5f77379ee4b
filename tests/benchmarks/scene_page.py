"""Scenes of a store in a browser: pages, a server for them, and what the browser tells of them."""

import json
import logging
import threading
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import replace
from typing import Any

import shapely
from flask import Flask, Response
from selenium import webdriver
from selenium.webdriver.chrome.service import Service
from selenium.webdriver.support.ui import WebDriverWait
from werkzeug.serving import make_server

from app.api.tables import table_version, tables_blueprint
from app.components.deck import deck_scripts
from app.settings import ASSETS_DIR
from datastore.queries.scene import buildings_scene
from datastore.store import Store
from layers.buildings import BuildingLook
from layers.scene import SHOWN, Scene, scene_spec
from layers.style import Intensity
from layers.sunlight import Sun
from layers.table_address import TableAddress
from layers.view import Extent
from tests.browser.conftest import FLAGS

WAIT_S = 300
CHROMIUM, DRIVER = "/usr/bin/chromium", "/usr/bin/chromedriver"
STILL = "--force-prefers-reduced-motion"
WINDOW = "1280,720"
NEAR_DEG = 0.006
"""Width of the near view."""
AFTERNOON = Sun(azimuth_deg=255.0, altitude_deg=30.0, shadows=True)
EVERYTHING_ON = BuildingLook(by="building", exaggeration=1.5, rise=True, glow=True, detail=True, sun=AFTERNOON)
AS_IT_WAS = BuildingLook(by="grid", detail=False)
"""Blocks coloured by their grid cell: all that the scene could before there were models."""
PAGE = """<!doctype html><html lang="zh-CN"><head>{scripts}<style>body{{margin:0}}#deck-root{{position:fixed;inset:0}}
canvas{{width:100%;height:100%}}</style></head><body><div id="deck-root"></div><script type="module">
import "/assets/js/main.js"; window.spec = {spec}; window.citydeck.applySpec(window.spec);</script></body></html>"""
PAINTED = "return window.citydeck?.state()?.ready ? performance.now() : null"
TABLE_BYTES = """return performance.getEntriesByType('resource').filter((entry) => entry.name.includes('/api/table/'))
    .reduce((sum, entry) => sum + entry.encodedBodySize, 0)"""


class Data:
    """As much of a data manager as tables need."""

    def __init__(self, store: Store) -> None:
        self.store = store


def extent_of(store: Store) -> Extent:
    """Box around all buildings."""
    with store.read() as cursor:
        shapes = shapely.from_wkb(buildings_scene(cursor)["geom"].to_numpy())
    return Extent(*(float(edge) for edge in shapely.total_bounds(shapes)))


def busiest(store: Store) -> tuple[float, float]:
    """Longitude and latitude of the building in the middle of those of the street with the most models."""
    with store.read() as cursor:
        rows = cursor.execute(
            """
            SELECT median(b.lon), median(b.lat) FROM building AS b LEFT JOIN building_model AS m USING (building_id)
            GROUP BY b.street_id ORDER BY count(m.building_id) DESC, count(*) DESC, b.street_id LIMIT 1
            """
        ).fetchall()
    return rows[0]


def around(lon: float, lat: float) -> Extent:
    """Extent of a near view."""
    return Extent(lon - NEAR_DEG / 2, lat - NEAR_DEG / 2, lon + NEAR_DEG / 2, lat + NEAR_DEG / 2)


def scene_of(store: Store, parts: frozenset[str] = SHOWN, look: BuildingLook = AS_IT_WAS) -> Scene:
    """Scene of the whole store."""
    areas, buildings = Intensity("open", (1.0, 3.0, 7.0, 15.0)), Intensity("open", (0.5, 1.5, 3.5, 7.5))
    tables = TableAddress(table_version(Data(store), "areas"))
    return Scene(tables, extent_of(store), areas, areas, building_intensity=buildings, parts=parts, look=look)


def near(scene: Scene, store: Store) -> Scene:
    """The same scene from near, where most models are."""
    return replace(scene, extent=around(*busiest(store)))


def page_of(scene: Scene) -> str:
    """Page that shows nothing but a scene."""
    return PAGE.format(scripts=deck_scripts(), spec=json.dumps(scene_spec(scene)))


@contextmanager
def served(store: Store, pages: Mapping[str, str], packed: Mapping[str, bytes] | None = None) -> Iterator[str]:
    """Pages by name, and Brotli-packed ones, on one server with the store's tables; gives its address."""
    logging.getLogger("werkzeug").setLevel(logging.ERROR)  # a line a request would bury the figures
    server = Flask("bench", static_folder=str(ASSETS_DIR), static_url_path="/assets")
    server.register_blueprint(tables_blueprint(Data(store)))

    @server.get("/page/<name>")
    def _page(name: str) -> Response:
        if packed and name in packed:
            return Response(packed[name], mimetype="text/html", headers={"Content-Encoding": "br"})
        return Response(pages[name], mimetype="text/html")

    wsgi = make_server("127.0.0.1", 0, server, threaded=True)
    thread = threading.Thread(target=wsgi.serve_forever, daemon=True)
    thread.start()
    try:
        yield f"http://127.0.0.1:{wsgi.server_port}/page"
    finally:
        wsgi.shutdown()
        wsgi.server_close()
        thread.join()


@contextmanager
def browser(window: str = WINDOW, *, still: bool = True) -> Iterator[webdriver.Chrome]:
    """Fresh browser of a size in pixels; without ``still`` it moves the camera as it does for people."""
    options = webdriver.ChromeOptions()
    options.binary_location = CHROMIUM
    for flag in FLAGS:
        if still or flag != STILL:
            options.add_argument(flag)
    options.add_argument(f"--window-size={window}")  # the last one counts
    chrome = webdriver.Chrome(service=Service(DRIVER), options=options)
    try:
        chrome.set_page_load_timeout(WAIT_S)
        chrome.set_script_timeout(WAIT_S)
        yield chrome
    finally:
        chrome.quit()


def paint(chrome: webdriver.Chrome, address: str, painted: str = PAINTED) -> float:
    """Seconds from navigation to the first frame in which everything is drawn."""
    chrome.get(address)
    return float(wait_for(chrome, painted)) / 1000


def wait_for(chrome: webdriver.Chrome, script: str) -> Any:
    """What a script gives, once that is something."""
    return WebDriverWait(chrome, WAIT_S, 0.05).until(lambda driver: driver.execute_script(script))


def served_bytes(store: Store, scene: Scene) -> dict[str, int]:
    """Compressed bytes of every table that a scene's spec names, by table; of the meshes none."""
    server = Flask("bytes")
    server.register_blueprint(tables_blueprint(Data(store)))
    client = server.test_client()
    sizes: dict[str, int] = {}
    for url in set(_addresses(scene_spec(scene)["layers"])):
        name = url.split("/")[-1].split(".")[0]
        sizes[name] = sizes.get(name, 0) + len(client.get(url, headers={"Accept-Encoding": "br"}).data)
    return sizes


def mesh_bytes(store: Store, scene: Scene) -> list[int]:
    """Compressed bytes of the meshes of each tile, those of the most buildings first."""
    server = Flask("bytes")
    server.register_blueprint(tables_blueprint(Data(store)))
    client = server.test_client()
    with store.read() as cursor:
        rows = cursor.execute("SELECT tile FROM building_model GROUP BY tile ORDER BY count(*) DESC, tile").fetchall()
    urls = [f"{scene.tables.of('models')}&tile={tile}" for (tile,) in rows]
    return [len(client.get(url, headers={"Accept-Encoding": "br"}).data) for url in urls]


def _addresses(value: Any) -> Iterator[str]:
    """Addresses of tables anywhere in a spec, less the beginnings that a tile's number is put after."""
    if isinstance(value, dict):
        yield from (url for key, inner in value.items() if key != "models" for url in _addresses(inner))
    elif isinstance(value, list):
        yield from (url for inner in value for url in _addresses(inner))
    elif isinstance(value, str) and value.startswith("/api/table/"):
        yield value
