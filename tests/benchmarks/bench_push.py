"""Live push: milliseconds from a commit to its arrival at every one of many displays, and to what a person sees.

python -m tests.benchmarks.bench_push --data DIR [--clients 1 100 500] [--seconds S] [--no-browser]

The web server runs over a copy of the store, as a user starts it. Reports come by HTTP, each of them three events in
one commit. The displays are connections of a process of their own; one more is a real browser with the command page,
which tells when the row of a new case is in the page and when the frame with it has been drawn. Its map is empty: a
display draws the city with a graphics card, and here the processors of the server would have to. All of them read one
clock; commit times are told in whole milliseconds, rounded down.
"""

import argparse
import json
import signal
import subprocess
import sys
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager, nullcontext
from pathlib import Path
from typing import Any

from selenium import webdriver

from datastore.store import Store
from tests.benchmarks.desk_work import Caller, Work, copied, served
from tests.benchmarks.report import Figure, print_figures
from tests.benchmarks.scene_page import WINDOW, browser, wait_for

CLIENTS = (1, 100, 500)
EVERY_S = 0.1
"""Seconds between two reports."""
TARGET_MS, STOP_TARGET_S = 500.0, 3.0
SHARES = (0.5, 0.95)

PAGE = "?layers=none&cases=newest"
STEADY_S = 60.0
SHOWN = """return document.documentElement.dataset.liveState === 'live' && document.getElementById('live-cases')
    && window.citydeck?.state()?.ready"""
STEADY = """
const [longest, done] = arguments, begun = performance.now();
let last = begun, even = 0;
const step = () => {
  const now = performance.now();
  even = now - last < 100 ? even + 1 : 0;
  last = now;
  if (even >= 20 || now - begun > longest) done(now - begun);
  else requestAnimationFrame(step);
};
requestAnimationFrame(step);"""
"""Waits until a page that was opened has drawn twenty frames without a stop."""
WATCH = """
const now = () => performance.timeOrigin + performance.now();
const committed = new Map(), told = {arrived: [], changed: [], drawn: []};
window.citydeckLive.addEventListener('case', ({detail}) => {
  if (detail.before !== null) return;
  committed.set(detail.case, Date.parse(detail.committed));
  told.arrived.push(now() - committed.get(detail.case));
});
new MutationObserver((records) => {
  for (const row of records.flatMap((record) => [...record.addedNodes])) {
    const at = committed.get(row.matches?.('.live-new') ? row.firstElementChild.title : '');
    if (at === undefined) continue;
    committed.delete(row.firstElementChild.title);
    told.changed.push(now() - at);
    requestAnimationFrame(() => {
      const drawn = new MessageChannel();
      drawn.port1.onmessage = () => told.drawn.push(now() - at);
      drawn.port2.postMessage('');
    });
  }
}).observe(document.body, {childList: true, subtree: true});
window.watched = told;"""
TOLD = "const told = window.watched; window.watched = null; return told;"


@contextmanager
def listening(port: int, count: int) -> Iterator[dict[str, float]]:
    """Displays that listen inside the block; what came is in the result after it."""
    result: dict[str, float] = {}
    command = [sys.executable, "-m", "tests.benchmarks.push_readers", str(port), str(count)]
    with subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True) as process:  # noqa: S603
        assert process.stdout is not None
        assert process.stdin is not None
        assert process.stdout.readline() == "ready\n"
        yield result
        process.stdin.close()
        result |= json.loads(process.stdout.read())


def report_for(port: int, work: Work, seconds: float) -> int:
    """Send reports one after the other for some seconds, and give how many."""
    begun, sent = time.perf_counter(), 0
    with Caller(port) as caller:
        while not sent or time.perf_counter() - begun < seconds:
            caller.report(work.fields())
            sent += 1
            time.sleep(max(0.0, begun + sent * EVERY_S - time.perf_counter()))
    return sent


def displays(port: int, work: Work, count: int, seconds: float, chrome: webdriver.Chrome | None) -> list[Figure]:
    """Figures of one number of displays."""
    if chrome is not None:
        chrome.get(f"http://127.0.0.1:{port}/{PAGE}")
        wait_for(chrome, SHOWN)
        chrome.execute_async_script(STEADY, STEADY_S * 1e3)
        chrome.execute_script(WATCH)
    with listening(port, count) as heard:
        sent = report_for(port, work, seconds)
    assert not heard["lost"], f"{heard['lost']} events did not arrive everywhere"
    note = f"{sent} reports, {heard['arrivals']:,.0f} arrivals"
    found = [
        Figure(f"{count} displays, to the socket, p50", heard["p50"], "ms", note=note),
        Figure(f"{count} displays, to the socket, p95", heard["p95"], "ms", "target", TARGET_MS, note),
    ]
    return found + (seen(count, chrome.execute_script(TOLD)) if chrome is not None else [])


def seen(count: int, told: dict[str, list[float]]) -> list[Figure]:
    """Figures of the browser among some displays."""
    found = []
    for what, name in (("changed", "row in the page"), ("drawn", "frame drawn")):
        took: list[Any] = sorted(told[what])
        for share in SHARES:
            value = took[min(int(len(took) * share), len(took) - 1)] if took else float("nan")
            peer = ("target", TARGET_MS) if what == "changed" and share == SHARES[-1] else ("", None)
            note = f"{len(took)} new cases seen"
            found.append(Figure(f"{count} displays, {name}, p{share * 100:.0f}", value, "ms", *peer, note))
    return found


def figures(
    data: Path, clients: Sequence[int] = CLIENTS, seconds: float = 20.0, window: str | None = WINDOW
) -> list[Figure]:
    """Figures of each number of displays, and how long the server takes to stop with the most.

    Parameters
    ----------
    data : Path
        Data directory; a copy is worked on.
    clients : sequence of int
    seconds : float
        For each number of displays.
    window : str or None
        Size of the browser; None leaves it out.
    """
    with copied(data) as copy:
        with Store.open(copy) as store:
            work = Work.of(store)
        with served(copy) as (port, process):
            found = []
            for count in clients:
                with browser(window) if window else nullcontext() as chrome:
                    found += displays(port, work, count, seconds, chrome)
            with listening(port, max(clients)):
                begun = time.monotonic()
                process.send_signal(signal.SIGTERM)
                process.wait()
                took = time.monotonic() - begun
    return [*found, Figure(f"stop with {max(clients)} displays", took, "s", "target", STOP_TARGET_S)]


def main(arguments: Sequence[str] | None = None) -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--data", type=Path, required=True, help="data directory with a store")
    parser.add_argument("--clients", type=int, nargs="+", default=CLIENTS)
    parser.add_argument("--seconds", type=float, default=20.0, help="for each number of clients")
    parser.add_argument("--no-browser", action="store_true")
    options = parser.parse_args(arguments)
    window = None if options.no_browser else WINDOW
    print_figures("Live push", figures(options.data, options.clients, options.seconds, window))


if __name__ == "__main__":
    main()
