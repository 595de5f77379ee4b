"""The scene on the wire and on the screen, beside ``pydeck.Deck.to_html`` and beside itself without what is new.

python -m tests.benchmarks.bench_scene --data DIR

Same browser, same machine, same server, same compression (Brotli 6), one after the other, each in a fresh browser.
pydeck's page holds its own deck.gl bundle (``offline=True``); its links to style sheets and scripts on the network are
taken out, so that neither page waits for anything outside. First paint is the first frame after navigation in which
every layer is loaded. A frame's time is that of a turn of the camera, over many frames that follow one another as fast
as the browser draws them.

"Everything on" is buildings coloured by their own cases, heights times 1.5 and growing with the cases, glow, shadows of
an afternoon's sun and, from near, meshes; "as it was" is blocks coloured by their grid cell.
"""

import argparse
import re
import statistics
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import brotli  # type: ignore[import-untyped]  # ships no types
import numpy as np
import pydeck
import shapely
from selenium import webdriver

from datastore.queries.scene import buildings_scene
from datastore.store import Store
from layers.scene import scene_spec
from tests.benchmarks.report import Figure, print_figures
from tests.benchmarks.scene_page import (
    AS_IT_WAS,
    EVERYTHING_ON,
    TABLE_BYTES,
    WINDOW,
    browser,
    mesh_bytes,
    near,
    page_of,
    paint,
    scene_of,
    served,
    served_bytes,
)

KIB = 1024
TURNS = 12
"""Frames of one measurement: the camera turns half around."""
VIEWS = {"": "whole scene", "-near": "near"}
"""Views that are measured, by what the names of their pages end with."""
BEFORE = {"whole scene on the wire": 2647.0, "first paint, whole scene": 2.08}
"""Figures of the release without models and glow, on the machine of its README: KiB and seconds."""
OUTSIDE = re.compile(r"<(?:link|script)[^>]*(?:src|href)=[\"']?https://[^>]*>(?:</script>)?")
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
TURN = """
const [turns, done] = arguments;
const root = document.getElementById('deck-root'), gl = root.querySelector('canvas').getContext('webgl2');
const pixel = new Uint8Array(4), seen = () => window.citydeck.state();
const finish = () => gl.readPixels(0, 0, 1, 1, gl.RGBA, gl.UNSIGNED_BYTE, pixel); // waits until all is drawn
const turn = (count, then) => {
  finish();
  const first = seen().frames, begun = performance.now();
  let last = first - 1;
  const step = () => {
    const {frames} = seen();
    if (frames - first >= count) { finish(); then((performance.now() - begun) / (frames - first)); return; }
    if (frames !== last) root.dispatchEvent(new KeyboardEvent('keydown', {key: 'e', bubbles: true}));
    last = frames;
    requestAnimationFrame(step);
  };
  step();
};
// What other zoom levels need is fetched after the first paint: wait until nothing more comes.
let before = '';
const rest = () => {
  const now = `${seen().frames} ${performance.getEntriesByType('resource').length}`;
  if (now !== before) { before = now; setTimeout(rest, 1000); return; }
  turn(1, () => turn(turns, done));
};
rest();"""


@dataclass(frozen=True)
class Seen:
    """What one page took."""

    paint_s: float
    wire_bytes: int
    frame_ms: float
    models: dict[str, Any]


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


def pages_of(store: Store, views: Sequence[str]) -> dict[str, str]:
    """Our pages by name."""
    scenes = {"buildings": scene_of(store, frozenset({"buildings"}))}
    for name, look in (("was", AS_IT_WAS), ("now", EVERYTHING_ON)):
        scene = scene_of(store, look=look)
        scenes |= {f"{name}{view}": near(scene, store) if view else scene for view in views}
    return {name: page_of(scene) for name, scene in scenes.items()}


def seen(address: str, name: str, turns: int, window: str) -> Seen:
    """One of our pages in a fresh browser."""
    with browser(window) as chrome:
        taken = paint(chrome, f"{address}/{name}")
        wire = int(chrome.execute_script(TABLE_BYTES))
        drawn = frame_ms(chrome, turns)
        return Seen(taken, wire, drawn, chrome.execute_script("return window.citydeck.state().models"))


def frame_ms(chrome: webdriver.Chrome, turns: int) -> float:
    """Milliseconds of a frame while the camera turns."""
    return float(chrome.execute_async_script(TURN, turns))


def figures(
    data: Path, rounds: int, turns: int = TURNS, views: Sequence[str] = tuple(VIEWS), window: str = WINDOW
) -> list[Figure]:
    """Bytes and times of all pages.

    Parameters
    ----------
    data : Path
        Data directory with a store.
    rounds : int
        How often each page is opened; with one alone, its first paint waits for tables to be encoded.
    turns : int
        Frames that are measured each time.
    views : sequence of str
        Of `VIEWS`.
    window : str
        Width and height of the browser's window, pixels.
    """
    with Store.open(data, read_only=True) as store:
        with store.read() as cursor:
            count = buildings_scene(cursor).num_rows
        html = peer_html(store)
        bundle = (Path(pydeck.__file__).parent / "nbextension/static/index.js").read_text(encoding="utf-8")
        peer_bytes = len(brotli.compress(html.replace(bundle, "").encode(), quality=6))
        pages = pages_of(store, views)
        with served(store, pages, {"peer": brotli.compress(html.encode(), quality=6)}) as address:
            for view in views if rounds > 1 else ():
                seen(address, f"now{view}", 1, window)  # encodes the tables once, as a running server has
            ours = {name: [seen(address, name, turns, window) for _ in range(rounds)] for name in pages}
            peers = []
            for _ in range(rounds):
                with browser(window) as chrome:
                    peers.append(paint(chrome, f"{address}/peer", PEER_PAINT))
        was, now = served_bytes(store, scene_of(store)), served_bytes(store, scene_of(store, look=EVERYTHING_ON))
        meshes = mesh_bytes(store, scene_of(store))
    note = f"{count:,} buildings, {window.replace(',', ' × ')} pixels"
    return [
        Figure(
            "buildings on the wire", ours["buildings"][0].wire_bytes / KIB, "KiB", "pydeck to_html, data",
            peer_bytes / KIB, note,
        ),
        Figure(
            "first paint, buildings", _median(ours["buildings"], "paint_s"), "s", "pydeck to_html",
            statistics.median(peers), "software WebGL",
        ),
        *_wire(was, now, meshes),
        *(figure for view in views for figure in _screen(ours, view)),
    ]  # fmt: skip


def _wire(was: dict[str, int], now: dict[str, int], meshes: Sequence[int]) -> list[Figure]:
    total = sum(now.values()) / KIB
    before = f"{BEFORE['whole scene on the wire']:,.0f} KiB before models; all tables, all zooms"
    found = [
        Figure("whole scene on the wire, everything on", total, "KiB", "as it was", sum(was.values()) / KIB, before),
        Figure("whole scene on the wire, everything on", total, "KiB", "target", 8.0 * KIB),
        Figure("restyle on the wire, by building", now["building_load"] / KIB, "KiB", "target", 200),
        Figure("restyle on the wire, by grid cell", was["area_load"] / KIB, "KiB", "target", 200),
    ]
    if meshes:
        found.append(
            Figure("meshes of a tile on the wire", statistics.median(meshes) / KIB, "KiB", note=f"{len(meshes)} tiles")
        )
        found.append(Figure("meshes of the largest tile", max(meshes) / KIB, "KiB"))
    return found


def _screen(ours: dict[str, list[Seen]], view: str) -> list[Figure]:
    was, now, where = ours[f"was{view}"], ours[f"now{view}"], VIEWS[view]
    before = "" if view else f"{BEFORE['first paint, whole scene']} s before models"
    found = [
        Figure(
            f"first paint, {where}, everything on", _median(now, "paint_s"), "s", "as it was", _median(was, "paint_s"),
            before,
        ),
        Figure(
            f"frame, {where}, everything on", _median(now, "frame_ms"), "ms", "as it was", _median(was, "frame_ms"),
            "software WebGL",
        ),
    ]  # fmt: skip
    models = now[0].models
    if not models["buildings"]:
        return found
    held = f"{models['buildings']:,} buildings in {models['tiles']} tiles"
    return [
        *found,
        Figure(f"meshes in the browser, {where}", models["bytes"] / KIB, "KiB", "budget", models["budget"] / KIB, held),
    ]


def _median(pages: Sequence[Seen], key: str) -> float:
    return statistics.median(getattr(page, key) for page in pages)


def main(arguments: Sequence[str] | None = None) -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--data", type=Path, required=True, help="data directory with a store")
    parser.add_argument("--rounds", type=int, default=3)
    options = parser.parse_args(arguments)
    print_figures("Scene", figures(options.data, options.rounds))


if __name__ == "__main__":
    main()
