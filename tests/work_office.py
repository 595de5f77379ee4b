"""An office over a small real store of its own: a desk that takes commands, and what its pages are drawn from."""

import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from itertools import count
from pathlib import Path
from typing import Any

from flask import Flask
from flask_caching import Cache

from app.data import DataManager
from app.desk_context import DeskContext, Office, read_desk
from app.identity import Identities
from app.questions import QUESTIONS
from datastore.desk.desk import Desk
from datastore.desk.receipt import Receipt
from datastore.store import Store
from twin_model.actor import Actor, Role
from twin_model.command import Command
from twin_model.workflow import Action

OPERATOR = Actor("operator", Role.OPERATOR)
COLLECTOR = Actor("collector", Role.COLLECTOR, source_code="COLLECTOR")
START = datetime(2026, 11, 24, 1, tzinfo=UTC)
"""Tuesday, 09:00 in the city."""


class Clock:
    """Time that a test moves."""

    def __init__(self) -> None:
        self.now = START

    def __call__(self) -> datetime:
        return self.now

    def pass_on(self, **span: float) -> None:
        self.now += timedelta(**span)


class Work:
    """An office, and what people do in it."""

    def __init__(self, office: Office, desk: Desk, clock: Clock) -> None:
        self.office, self.desk, self.clock = office, desk, clock
        self._places = count()

    @property
    def store(self) -> Store:
        return self.desk.store

    def at(self, address: str) -> DeskContext:
        """Context of an address such as ``/cases?as=operator``."""
        path, _, search = address.partition("?")
        return read_desk(f"?{search}", self.office, path)

    def do(self, action: Action, actor: Actor, case_no: str = "", **data: Any) -> Receipt:
        self.clock.pass_on(seconds=1)
        return self.desk.do(Command(action, actor, case_no, data))

    def report(self, **data: Any) -> Receipt:
        """Report a case, each some hundred metres from the others, so that none repeats another."""
        row, column = divmod(next(self._places), 6)
        place = {"lon": f"{116.317 + 0.002 * column:.4f}", "lat": f"{39.972 + 0.002 * row:.4f}"}
        told = {"source": "COLLECTOR", "class": "E0102", "description": "路边有暴露垃圾", **place, **data}
        return self.do(Action.REPORT, COLLECTOR, **told)

    def command_with_reporter(self) -> Command:
        """Report that says who reports."""
        data = {"source": "PUBLIC", "class": "E0102", "lon": "116.3300", "lat": "39.9700"}
        return Command(Action.REPORT, COLLECTOR, data=data, private={"name": "王某", "phone": "13800000000"})

    def unit_of(self, receipt: Receipt) -> Actor:
        """Who acts for the unit that has a case."""
        assert receipt.file is not None
        code = receipt.file.unit
        return Actor(f"{'street' if code.startswith('S') else 'dept'}-{code}", _role(code), code)

    def settle(self) -> None:
        """Bring what pages count up to the log."""
        self.desk.exclusive(lambda _con, _desk: None)


def _role(unit: str) -> Role:
    return Role.STREET if unit.startswith("S") else Role.DEPARTMENT


@contextmanager
def open_work(source: Path, target: Path) -> Iterator[Work]:
    """Work on a copy of a small demo store."""
    target.mkdir(parents=True, exist_ok=True)
    shutil.copytree(source, target, dirs_exist_ok=True)
    clock = Clock()
    with Store.open(target) as store, Desk.open(store, clock=clock) as desk:
        server = Flask("office")
        cache = Cache(server, config={"CACHE_TYPE": "SimpleCache", "CACHE_DEFAULT_TIMEOUT": 60})
        with server.app_context():
            data = DataManager(store, cache, QUESTIONS)
            office = Office(data, desk, Identities(store, open_desk=True), "zh-CN", clock)
            yield Work(office, desk, clock)
