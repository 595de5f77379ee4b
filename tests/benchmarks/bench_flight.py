"""Memory of the browser while it flies over the city with everything on.

python -m tests.benchmarks.bench_flight --data DIR [--minutes M]

The camera flies from place to place as a person's does, near the ground and back up, in loops over the whole city;
after each flight rubbish is collected and memory read: JavaScript's heap with its array buffers, the meshes that the
page says it holds, and what the browser's page and graphics processes hold in all (with software WebGL the latter is
where graphics memory is). The slope is that of a straight line through what was read in the second half: by then every
place has been seen.
"""

import argparse
import math
import os
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import cycle
from pathlib import Path
from time import monotonic
from typing import Any

import numpy as np
from selenium import webdriver

from datastore.store import Store
from layers.scene import scene_spec
from tests.benchmarks.report import Figure, print_figures
from tests.benchmarks.scene_page import EVERYTHING_ON, PAINTED, WINDOW, browser, page_of, scene_of, served, wait_for

MIB = 1024 * 1024
SECONDS_PER_HOUR = 3600
PLACES = 12
LEVELS = (16.6, 15.8, 13.0)
"""Zooms that the flights end at, one after the other."""
FLIGHT_LIMIT_MS = 15_000
FLY = """
const [view, key, limit, done] = arguments;
const {frames} = window.citydeck.state(), begun = performance.now();
window.citydeck.applySpec({...window.spec, initialViewState: {...window.spec.initialViewState, ...view}, flyKey: key});
const near = (a, b) => Math.abs(a - b) < 1e-6;
const step = () => {
  const state = window.citydeck.state();
  const arrived = near(state.view.longitude, view.longitude) && near(state.view.zoom, view.zoom);
  if ((arrived && state.ready && state.frames > frames) || performance.now() - begun > limit) done(state);
  else requestAnimationFrame(step);
};
requestAnimationFrame(step);"""


@dataclass(frozen=True)
class Reading:
    """Memory at one moment, bytes."""

    at_s: float
    heap: int
    meshes: int
    page: int
    graphics: int
    frames: int


def route(store: Store) -> Iterator[dict[str, float]]:
    """Views without end: places spread over the city's buildings, each at the next zoom."""
    with store.read() as cursor:
        rows = cursor.execute(
            """
            SELECT median(lon), median(lat), count(*) FROM building GROUP BY street_id, community_id
            ORDER BY count(*) DESC, street_id, community_id LIMIT $places
            """,
            {"places": PLACES},
        ).fetchall()
    for number, (lon, lat, _) in enumerate(cycle(rows)):
        yield {
            "longitude": lon, "latitude": lat, "zoom": LEVELS[number % len(LEVELS)], "pitch": 50.0,
            "bearing": (40.0 * number) % 360 - 180,
        }  # fmt: skip


def fly(chrome: webdriver.Chrome, views: Iterator[dict[str, float]], seconds: float) -> list[Reading]:
    """Fly until the time is over, at least two flights; one reading after each."""
    begun, read = monotonic(), []
    for number, view in enumerate(views):
        state = chrome.execute_async_script(FLY, view, f"flight-{number}", FLIGHT_LIMIT_MS)
        read.append(reading(chrome, state, monotonic() - begun))
        if monotonic() - begun > seconds and len(read) > 1:
            return read
    raise AssertionError("a route has no end")


def reading(chrome: webdriver.Chrome, state: dict[str, Any], at_s: float) -> Reading:
    """Memory now, with rubbish collected."""
    chrome.execute_cdp_cmd("HeapProfiler.collectGarbage", {})
    heap = chrome.execute_cdp_cmd("Runtime.getHeapUsage", {})
    held = resident(chrome.service.process.pid)
    used = int(heap["usedSize"]) + int(heap.get("backingStorageSize", 0))
    return Reading(at_s, used, state["models"]["bytes"], held["renderer"], held["gpu-process"], state["frames"])


def resident(root: int) -> dict[str, int]:
    """Bytes that the browser's processes of each kind hold in memory, below the process of a driver."""
    parents: dict[int, int] = {}
    for entry in Path("/proc").iterdir():
        if entry.name.isdigit():
            try:
                parents[int(entry.name)] = int((entry / "stat").read_text().rpartition(")")[2].split()[1])
            except OSError:  # it has just ended
                continue
    held = {"renderer": 0, "gpu-process": 0}
    for process in parents:
        above = process
        while above in parents and above != root:
            above = parents[above]
        kind = _kind(process) if above == root else ""
        if kind in held:
            held[kind] += _resident_bytes(process)
    return held


def _kind(process: int) -> str:
    try:
        words = (Path("/proc") / str(process) / "cmdline").read_text().replace("\0", " ")
    except OSError:  # it has just ended
        return ""
    return words.partition("--type=")[2].partition(" ")[0]


def _resident_bytes(process: int) -> int:
    try:
        return int((Path("/proc") / str(process) / "statm").read_text().split()[1]) * os.sysconf("SC_PAGE_SIZE")
    except OSError:  # it has just ended
        return 0


def slope_mib_per_hour(read: Sequence[Reading], what: str) -> float:
    """Growth in the second half of the readings; nan where there are too few to tell."""
    late = [each for each in read if each.at_s >= read[-1].at_s / 2]
    if len(late) < 3:
        return math.nan
    hours = np.array([each.at_s for each in late]) / SECONDS_PER_HOUR
    return float(np.polyfit(hours, [getattr(each, what) / MIB for each in late], 1)[0])


def figures(data: Path, seconds: float, window: str = WINDOW, *, still: bool = False) -> list[Figure]:
    """Peaks, ends and slopes of what was read.

    Parameters
    ----------
    data : Path
        Data directory with a store.
    seconds : float
        How long to fly, at least two flights.
    window : str
        Width and height of the browser's window, pixels.
    still : bool
        Whether the camera jumps where it would fly.
    """
    with Store.open(data, read_only=True) as store:
        scene = scene_of(store, look=EVERYTHING_ON)
        budget = next(layer["detail"]["budget"] for layer in scene_spec(scene)["layers"] if layer.get("detail"))
        with served(store, {"flight": page_of(scene)}) as address, browser(window, still=still) as chrome:
            chrome.get(f"{address}/flight")
            wait_for(chrome, PAINTED)
            read = fly(chrome, route(store), seconds)
    told = f"{len(read)} flights in {read[-1].at_s / 60:.1f} min, {read[-1].frames:,} frames"
    names = {
        "heap": "JavaScript heap and buffers", "page": "page process", "graphics": "graphics process, software WebGL",
    }  # fmt: skip
    found = [
        Figure(
            "meshes held, most", max(each.meshes for each in read) / MIB, "MiB", "budget", budget / MIB, told,
        )
    ]  # fmt: skip
    for what, name in names.items():
        values = [getattr(each, what) / MIB for each in read]
        note = f"{values[0]:,.0f} MiB after the first flight, {values[-1]:,.0f} after the last"
        found.append(Figure(f"{name}, most", max(values), "MiB", note=note))
        found.append(Figure(f"{name}, growth", slope_mib_per_hour(read, what), "MiB/h", note="second half"))
    return found


def main(arguments: Sequence[str] | None = None) -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--data", type=Path, required=True, help="data directory with a store")
    parser.add_argument("--minutes", type=float, default=10.0)
    options = parser.parse_args(arguments)
    print_figures("Flight", figures(options.data, options.minutes * 60))


if __name__ == "__main__":
    main()
