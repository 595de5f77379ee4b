"""The simulator against the real server: a day in a minute, over nothing but the public interfaces."""

import json
import shutil
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import timedelta
from pathlib import Path
from time import perf_counter
from urllib.request import urlopen

import time_machine
from werkzeug.serving import make_server

from app.factory import create_app
from app.settings import load_settings
from app.simulate.arrivals import PER_DAY
from app.simulate.report import MARK
from app.simulate.run import Options, simulate
from app.simulate.tally import Tally
from datastore.desk.desk import Desk
from datastore.log.replay import replay_differences
from datastore.log.verify import verify
from datastore.store import Store
from tests.conftest import BUILT_AT

MOST_S = 120.0
"""Real seconds after which what has not happened will not."""
RACES = (" 409", " 412")
"""Somebody else was first."""
WANTED = ("feedback", "close", "return", "dispatch", "ask_extension", "extend", "rework")


@contextmanager
def served(data: Path) -> Iterator[str]:
    """Serve a store with its desk; gives the address."""
    with Store.open(data) as store, Desk.open(store) as desk:
        app = create_app(load_settings(data=data), store, desk)
        wsgi = make_server("127.0.0.1", 0, app.server, threaded=True)
        thread = threading.Thread(target=wsgi.serve_forever, daemon=True)
        thread.start()
        try:
            yield f"http://127.0.0.1:{wsgi.server_port}"
        finally:
            wsgi.shutdown()
            wsgi.server_close()
            thread.join()
            if app.live:
                app.live.stop()


def has_happened(tally: Tally) -> bool:
    """Whether every source has reported, and everything wanted has been done."""
    done = tally.actions
    every = all(tally.of(source) for source in PER_DAY) and all(done.get(action) for action in WANTED)
    return (
        every and bool(tally.of("candidates")) and bool({"promote", "dismiss"} & set(done)) and tally.of("closed") > 5
    )


def test_a_day_of_the_city(small_data_dir: Path, tmp_path: Path) -> None:
    data = tmp_path / "data"
    shutil.copytree(small_data_dir, data)
    tally, lines, began = Tally(), list[str](), perf_counter()
    with time_machine.travel(BUILT_AT + timedelta(hours=1), tick=True):
        with served(data) as url:
            options = Options(url, seed=3, rate=600, speed=2000, even=1.0, backlog=150)
            too_late = lambda: perf_counter() - began > MOST_S  # noqa: E731 - two words
            simulate(options, tally, lines.append, threading.Event(), lambda: has_happened(tally) or too_late())
            with urlopen(f"{url}/open311/v2/requests.json?extensions=true") as answer:  # noqa: S310 - of this test
                rows = json.load(answer)
        with Store.open(data) as store, store.read() as cur:
            report = verify(cur, None, replay=replay_differences)
    assert has_happened(tally), tally.paragraph()
    assert not [reason for reason in tally.refusals if not reason.endswith(RACES)], (tally.refusals, lines)
    assert report.findings == ()
    ours = [row for row in rows if MARK in (row["description"] or "")]
    assert {row["extended_attributes"]["source"] for row in ours} > {"COLLECTOR", "ASSESSMENT", "PUBLIC"}
    assert {row["status"] for row in ours} == {"open", "closed"}
