"""The real web server over a store, with a stand-in for the desk: what it commits is told by a request.

python -m tests.live_server --data DIR --port N
"""

import argparse
import threading
import time
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

from flask import jsonify, request

from app.cli.serve import WebServer
from app.factory import create_app
from app.live.figures import FiguresOf
from app.live.scope import Scope
from app.live.service import Live, start_live
from app.settings import Settings, load_settings
from tests.committed_events import committed
from twin_model.case_event import Committed

LOG_ID = "trial"


class TrialDesk:
    """Stands where the desk stands: commits what it is told to, from a thread of its own."""

    def __init__(self) -> None:
        self._commit: list[Callable[[Sequence[Committed]], None]] = []
        self._settle: list[Callable[[int], None]] = []
        self._lock = threading.Lock()
        self.seq = 0
        self.version = 1

    def on_commit(self, listener: Callable[[Sequence[Committed]], None]) -> None:
        self._commit.append(listener)

    def on_settle(self, listener: Callable[[int], None]) -> None:
        self._settle.append(listener)

    def commit(self, count: int, **changes: Any) -> int:
        """Commit some events together; gives the place of the last one. The case number is the time, nanoseconds."""
        with self._lock:
            first = self.seq + 1
            self.seq += count
            changes = {"case_no": str(time.time_ns()), **changes}
            events = [committed(seq, **changes) for seq in range(first, first + count)]
            for listener in self._commit:
                listener(events)
            return self.seq

    def settle(self) -> None:
        with self._lock:
            self.version += 1
            for listener in self._settle:
                listener(self.version)

    def keep_on(self, count: int, batches: int, every_s: float) -> None:
        """Commit batch after batch, and settle after each."""
        due = time.monotonic()
        for _ in range(batches):
            self.commit(count)
            self.settle()
            due += every_s
            time.sleep(max(0.0, due - time.monotonic()))


def pushed(desk: TrialDesk, figures_of: FiguresOf, settings: Settings) -> Live:
    """Begin to push; what was committed counts in the figures, though it is not in the store."""

    def with_committed(scope: Scope) -> dict[str, Any]:
        figures = dict(figures_of(scope))
        totals = figures["totals"]
        added = {name: totals[name] + desk.seq for name in ("reported", "open")}
        return figures | {"data_version": desk.version, "totals": totals | added}

    return start_live(desk, with_committed, LOG_ID, 0, data_version=desk.version, most=settings.live_clients)


class TrialServer(WebServer):
    """The web server, with addresses that tell the desk what to commit."""

    def __init__(self, settings: Settings, desk: TrialDesk) -> None:
        self._trial = desk
        super().__init__(settings)

    def load(self) -> Any:
        self._app = create_app(self._settings, push=lambda figures_of: pushed(self._trial, figures_of, self._settings))
        server = self._app.server
        live = self._app.live

        @server.post("/trial/commit")
        def _commit() -> Any:
            street = request.args.get("street", "110108011")
            seq = self._trial.commit(int(request.args.get("n", 1)), street_code=street)
            self._trial.settle()
            return jsonify(seq=seq)

        @server.post("/trial/run")
        def _run() -> Any:
            told = (int(request.args["n"]), int(request.args["batches"]), float(request.args["every"]))
            threading.Thread(target=self._trial.keep_on, args=told, daemon=True).start()
            return jsonify(seq=self._trial.seq)

        @server.get("/trial/metrics")
        def _metrics() -> Any:
            assert live is not None
            return jsonify(live.hub.metrics())

        return server


def main(arguments: Sequence[str] | None = None) -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--data", type=Path, required=True)
    parser.add_argument("--port", type=int, required=True)
    options = parser.parse_args(arguments)
    TrialServer(load_settings(data=options.data, port=options.port), TrialDesk()).run()


if __name__ == "__main__":
    main()
