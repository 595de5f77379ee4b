"""The scene on the wire and on the screen, beside ``pydeck.Deck.to_html`` of the same buildings.

python -m tests.benchmarks.bench_scene --data DIR

Same browser, same machine, same server, same compression (Brotli 6), one after the other, each in a fresh browser.
pydeck's page holds its own deck.gl bundle (``offline=True``); its links to style sheets and scripts on the network are
taken out, so that neither page waits for anything outside. First paint is the first frame after navigation in which
every layer is loaded.
"""

import argparse
import json
import logging
import re
import statistics
import threading
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import brotli  # type: ignore[import-untyped]  # ships no types
import numpy as np
import pydeck
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
from layers.scene import SHOWN, Scene, scene_spec
from layers.style import Intensity
from layers.table_address import TableAddress
from layers.view import Extent
from tests.benchmarks.report import Figure, print_figures
from tests.browser.conftest import FLAGS

KIB = 1024
WAIT_S = 300
OUTSIDE = re.compile(r"<(?:link|script)[^>]*(?:src|href)=[\"']?https://[^>]*>(?:</script>)?")
OURS = """<!doctype html><html lang="zh-CN"><head>{scripts}<style>body{{margin:0}}#deck-root{{position:fixed;inset:0}}
canvas{{width:100%;height:100%}}</style></head><body><div id="deck-root"></div><script type="module">
import "/assets/js/main.js"; window.citydeck.applySpec({spec});</script></body></html>"""
OUR_PAINT = """return window.citydeck?.state()?.ready ? performance.now() : null"""
PEER_PAINT = """
if (typeof deckInstance === 'undefined' || !deckInstance.layerManager) return null;
if (window.paintedAt) return window.paintedAt;
if (!window.watching && deckInstance.layerManager.getLayers().length) {
  window.watching = true;
  deckInstance.setProps({onAfterRender: () => {
    if (deckInstance.layerManager.getLayers().every((layer) => layer.isLoaded)) window.paintedAt ??= performance.now();
  }});
  deckInstance.redraw('bench');
}
return null"""
OUR_BYTES = """return performance.getEntriesByType('resource').filter((entry) => entry.name.includes('/api/table/'))
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


def scene_of(store: Store, parts: frozenset[str]) -> Scene:
    """Scene of the whole store."""
    classes = Intensity("open", (1.0, 3.0, 7.0, 15.0))
    return Scene(TableAddress(table_version(Data(store))), extent_of(store), classes, classes, parts=parts)


def peer_html(store: Store) -> str:
    """``pydeck.Deck.to_html`` of the buildings, as a user of pydeck writes it, coordinates to the centimetre."""
    with store.read() as cursor:
        table = buildings_scene(cursor).select(["code", "height_m", "geom"])
    parts, rows = shapely.get_parts(shapely.from_wkb(table["geom"].to_numpy()), return_index=True)
    codes, heights = table["code"].to_pylist(), np.round(table["height_m"].to_numpy(), 1).tolist()
    records = [
        {
            "polygon": [np.round(ring.coords, 7).tolist() for ring in (part.exterior, *part.interiors)],
            "height": heights[row],
            "code": codes[row],
        }
        for part, row in zip(parts, rows.tolist(), strict=True)
    ]
    layer = pydeck.Layer(
        "PolygonLayer", records, get_polygon="polygon", get_elevation="height", get_fill_color=[74, 88, 112],
        extruded=True, pickable=True, stroked=False,
    )  # fmt: skip
    view = scene_spec(scene_of(store, frozenset({"buildings"})))["initialViewState"]
    deck = pydeck.Deck([layer], initial_view_state=pydeck.ViewState(**view), map_provider=None, map_style=None)
    page: str = deck.to_html(as_string=True, offline=True)
    return OUTSIDE.sub("", page)


@contextmanager
def served(store: Store, peer: str) -> Iterator[str]:
    """Both pages on one server; gives its address."""
    logging.getLogger("werkzeug").setLevel(logging.ERROR)  # a line a request would bury the figures
    server = Flask("bench", static_folder=str(ASSETS_DIR), static_url_path="/assets")
    server.register_blueprint(tables_blueprint(Data(store)))
    packed = brotli.compress(peer.encode(), quality=6)

    @server.get("/ours/<parts>")
    def _ours(parts: str) -> str:
        spec = scene_spec(scene_of(store, frozenset(parts.split("+"))))
        return OURS.format(scripts=deck_scripts(), spec=json.dumps(spec))

    @server.get("/peer")
    def _peer() -> Response:
        return Response(packed, mimetype="text/html", headers={"Content-Encoding": "br"})

    wsgi = make_server("127.0.0.1", 0, server, threaded=True)
    threading.Thread(target=wsgi.serve_forever, daemon=True).start()
    yield f"http://127.0.0.1:{wsgi.server_port}"
    wsgi.shutdown()


def paint(address: str, painted: str, after: str = "return 0") -> tuple[float, Any]:
    """Seconds from navigation to first paint in a fresh browser, and what a script then gives."""
    options = webdriver.ChromeOptions()
    options.binary_location = "/usr/bin/chromium"
    for flag in FLAGS:
        options.add_argument(flag)
    chrome = webdriver.Chrome(service=Service("/usr/bin/chromedriver"), options=options)
    try:
        chrome.set_page_load_timeout(WAIT_S)
        chrome.get(address)
        milliseconds = WebDriverWait(chrome, WAIT_S, 0.05).until(lambda driver: driver.execute_script(painted))
        return milliseconds / 1000, chrome.execute_script(after)
    finally:
        chrome.quit()


def figures(data: Path, rounds: int) -> list[Figure]:
    """Bytes and seconds of both pages."""
    with Store.open(data, read_only=True) as store:
        with store.read() as cursor:
            count = buildings_scene(cursor).num_rows
        html = peer_html(store)
        bundle = (Path(pydeck.__file__).parent / "nbextension/static/index.js").read_text(encoding="utf-8")
        peer_bytes = len(brotli.compress(html.replace(bundle, "").encode(), quality=6))
        with served(store, html) as address:
            everything = "+".join(sorted(SHOWN))
            paint(f"{address}/ours/{everything}", OUR_PAINT)  # encodes the tables once, as a running server has
            ours = [paint(f"{address}/ours/buildings", OUR_PAINT, OUR_BYTES) for _ in range(rounds)]
            whole = [paint(f"{address}/ours/{everything}", OUR_PAINT, OUR_BYTES) for _ in range(rounds)]
            peers = [paint(f"{address}/peer", PEER_PAINT)[0] for _ in range(rounds)]
            parts = served_bytes(store)
    note = f"{count:,} buildings"
    return [
        Figure("buildings on the wire", ours[0][1] / KIB, "KiB", "pydeck to_html, data", peer_bytes / KIB, note),
        Figure("whole scene on the wire", sum(parts.values()) / KIB, "KiB", "target", 8 * KIB, "all tables, all zooms"),
        Figure("restyle on the wire", parts["area_load"] / KIB, "KiB", "target", 200, "loads of every grid cell"),
        Figure(
            "first paint, buildings", statistics.median(t for t, _ in ours), "s", "pydeck to_html",
            statistics.median(peers), "software WebGL",
        ),
        Figure("first paint, whole scene", statistics.median(t for t, _ in whole), "s", note="software WebGL"),
    ]  # fmt: skip


def served_bytes(store: Store) -> dict[str, int]:
    """Compressed bytes of every table that the scene's spec names, by table."""
    server = Flask("bytes")
    server.register_blueprint(tables_blueprint(Data(store)))
    client = server.test_client()
    layers = scene_spec(scene_of(store, SHOWN))["layers"]
    urls = {layer["data"] for layer in layers} | {
        layer["style"]["url"] for layer in layers if "url" in layer.get("style", {})
    }
    sizes: dict[str, int] = {}
    for url in urls:
        name = url.split("/")[-1].split(".")[0]
        sizes[name] = sizes.get(name, 0) + len(client.get(url, headers={"Accept-Encoding": "br"}).data)
    return sizes


def main(arguments: Sequence[str] | None = None) -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--data", type=Path, required=True, help="data directory with a store")
    parser.add_argument("--rounds", type=int, default=3)
    options = parser.parse_args(arguments)
    print_figures("Scene", figures(options.data, options.rounds))


if __name__ == "__main__":
    main()
