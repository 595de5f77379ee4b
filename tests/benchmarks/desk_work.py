"""Work for the desk: reports at places where cases were before, and what is done with a case until it is evaluated."""

import http.client
import json
import shutil
import signal
import socket
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from pathlib import Path
from random import Random
from threading import Thread
from time import perf_counter
from typing import Any, Self

from datastore.actor_store import actors
from datastore.desk.desk import Desk
from datastore.store import Store
from twin_model.actor import Actor
from twin_model.case import CaseStage
from twin_model.case_file import CaseFile
from twin_model.command import Command
from twin_model.workflow import Action

START_S = 180.0
PLACES = 5000
ADDRESS = "学院路 15 号院外人行道"
DESCRIPTION = "人行道上有散落垃圾，约两平方米，影响通行（基准 benchmark）"

_UNIT_DOES: Mapping[CaseStage, tuple[Action, dict[str, Any]]] = {
    CaseStage.DISPATCHED: (Action.ACCEPT, {}),
    CaseStage.ACCEPTED: (Action.START, {}),
    CaseStage.HANDLING: (Action.FEEDBACK, {"result": "已清理完毕，现场已恢复"}),
}
_CENTRE_DOES: Mapping[CaseStage, tuple[Action, dict[str, Any]]] = {
    CaseStage.FEEDBACK: (Action.CHECK, {}),
    CaseStage.CHECKING: (Action.CLOSE, {}),
    CaseStage.CLOSED: (Action.EVALUATE, {}),
}


@dataclass
class Work:
    """What reporters, units and the centre ask for.

    Parameters
    ----------
    places : sequence of (float, float)
        Longitude and latitude, degrees, EPSG:4490.
    classes : sequence of str
        Classes of events.
    people : mapping of str to Actor
        Actors by code, and those of units by the code of their unit.
    dice : Random
    """

    places: Sequence[tuple[float, float]]
    classes: Sequence[str]
    people: Mapping[str, Actor]
    dice: Random = field(default_factory=lambda: Random(1))  # noqa: S311 - where a case is reported is no secret
    count: int = 0

    @classmethod
    def of(cls, store: Store) -> "Work":
        """Work at the places, in the classes and for the units of a store."""
        with store.read() as cur:
            places = cur.execute(
                "SELECT lon, lat FROM cases WHERE lon IS NOT NULL ORDER BY hash(case_id) LIMIT ?", [PLACES]
            ).fetchall()
            classes = cur.execute("SELECT code FROM case_class WHERE kind = 'event' ORDER BY code").fetchall()
            known = [each.actor for each in actors(cur)]
        people = {actor.code: actor for actor in known} | {actor.unit_code: actor for actor in known if actor.unit_code}
        return cls(places, [code for (code,) in classes], people)

    @property
    def units(self) -> list[str]:
        """Codes of the units that have an actor."""
        return sorted(actor.unit_code for code, actor in self.people.items() if actor.unit_code == code)

    def of_client(self, number: int) -> "Work":
        """Give the same work to another client, which draws others of it."""
        return replace(self, dice=Random(number), count=number * 1_000_000)  # noqa: S311 - as above

    def fields(self) -> dict[str, str]:
        """Fields of a report that nobody has sent before."""
        self.count += 1
        lon, lat = self.dice.choice(self.places)
        return {
            "ref": f"bench-{self.count}-{self.dice.getrandbits(32):08x}",
            "class": self.dice.choice(self.classes),
            "lon": f"{lon + self.dice.uniform(-0.001, 0.001):.7f}",
            "lat": f"{lat + self.dice.uniform(-0.001, 0.001):.7f}",
            "address": ADDRESS,
            "description": DESCRIPTION,
        }

    def report(self) -> Command:
        """Report of a collector."""
        return Command(Action.REPORT, self.people["collector"], data={"source": "COLLECTOR", **self.fields()})

    def following(self, case_no: str, stage: CaseStage, unit: str, *, evaluated: bool) -> Command | None:
        """What is done next with a case; None where nothing is, or nobody has it."""
        who = self.people.get(unit) if stage in _UNIT_DOES else self.people["operator"]
        action, data = {**_UNIT_DOES, **_CENTRE_DOES}.get(stage, (None, {}))
        if stage is CaseStage.FILED:  # the lists name nobody
            action, data = Action.DISPATCH, {"unit": self.units[0], "reason": "人工派遣"}
        if action is None or who is None or evaluated:
            return None
        return Command(action, who, case_no, data)

    def after(self, file: CaseFile | None) -> Command | None:
        """What is done next with a case file."""
        if file is None:
            return None
        return self.following(file.case_no, file.stage, file.unit, evaluated=file.evaluated_at is not None)


@contextmanager
def copied(data: Path) -> Iterator[Path]:
    """Copy of a data directory that can be written to, brought up to this release."""
    with tempfile.TemporaryDirectory() as scratch:
        copy = Path(scratch) / "data"
        shutil.copytree(data, copy)
        with Store.open(copy) as store, Desk.open(store):
            pass
        yield copy


@contextmanager
def served(data: Path) -> Iterator[tuple[int, "subprocess.Popen[bytes]"]]:
    """Port of the web server over a data directory, as a user starts it, and its process."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    command = [sys.executable, "-m", "app.cli", "serve", "--data", str(data), "--port", str(port)]
    with tempfile.TemporaryFile() as told, subprocess.Popen(command, stdout=told, stderr=told) as process:  # noqa: S603
        try:
            _wait_for(port, process)
            yield port, process
        finally:
            process.send_signal(signal.SIGTERM)
            process.wait()


def _wait_for(port: int, process: "subprocess.Popen[bytes]") -> None:
    deadline = time.monotonic() + START_S
    while True:
        try:
            with Caller(port) as caller:
                caller.get("/healthz")
        except OSError:
            if time.monotonic() > deadline or process.poll() is not None:
                raise
            time.sleep(0.1)
        else:
            return


class Caller:
    """One client with one connection that stays open."""

    def __init__(self, port: int) -> None:
        self._connection = http.client.HTTPConnection("127.0.0.1", port, timeout=START_S)

    def __enter__(self) -> Self:
        """Give the client."""
        return self

    def __exit__(self, *_raised: object) -> None:
        """Close its connection."""
        self._connection.close()

    def get(self, path: str) -> None:
        """Ask for something, and forget the answer."""
        self._connection.request("GET", path)
        self._connection.getresponse().read()

    def report(self, fields: Mapping[str, str], actor: str = "collector") -> dict[str, Any]:
        """Send a report."""
        return self._post("/api/cases", fields, actor)

    def act(self, command: Command) -> dict[str, Any]:
        """Do something with a case."""
        return self._post(f"/api/cases/{command.case_no}/{command.action}", command.data, command.actor.code)

    def _post(self, path: str, body: Mapping[str, Any], actor: str) -> dict[str, Any]:
        headers = {"Content-Type": "application/json", "X-Citydeck-Actor": actor}
        self._connection.request("POST", path, json.dumps(body, ensure_ascii=False).encode(), headers)
        answer = self._connection.getresponse()
        told: dict[str, Any] = json.loads(answer.read())
        if answer.status not in (200, 201):
            raise RuntimeError(f"{path}: {answer.status} {told}")
        return told


@dataclass(frozen=True)
class Spell:
    """What some clients did at the same time.

    Parameters
    ----------
    took_ms : list of float
        Of each request, ascending.
    seconds : float
        From the first request to the last answer.
    """

    took_ms: list[float]
    seconds: float

    @property
    def rate(self) -> float:
        """Requests a second."""
        return len(self.took_ms) / self.seconds

    def at(self, share: float) -> float:
        """Milliseconds that a share of the requests stayed below."""
        return self.took_ms[min(int(len(self.took_ms) * share), len(self.took_ms) - 1)]


def together(makers: Sequence[Callable[[], object]], seconds: float) -> Spell:
    """Have clients ask one thing after the other for some seconds, each in a thread of its own."""
    took: list[list[float]] = [[] for _ in makers]
    faults: list[Exception] = []
    begun = perf_counter()

    def run(ask: Callable[[], object], into: list[float]) -> None:
        while not into or perf_counter() - begun < seconds:
            at = perf_counter()
            try:
                ask()
            except Exception as error:  # noqa: BLE001 - raised again below, in the thread that waits
                faults.append(error)
                return
            into.append((perf_counter() - at) * 1e3)

    threads = [Thread(target=run, args=pair) for pair in zip(makers, took, strict=True)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    if faults:
        raise faults[0]
    return Spell(sorted(ms for each in took for ms in each), perf_counter() - begun)
