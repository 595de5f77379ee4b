"""The case interfaces over a desk, without the rest of the application: who asks is named by a header."""

import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from flask import Flask, Request
from flask.testing import FlaskClient

from app.api.candidates import candidates_blueprint
from app.api.cases import cases_blueprint
from app.api.intake import intake_blueprint
from app.api.open311.routes import open311_blueprint
from app.api.openapi import openapi_blueprint
from app.api.problems import register_problems
from app.identity import ACTOR_HEADER, UnauthorisedError, UnknownActorError
from datastore.desk.desk import Desk
from datastore.store import Store
from twin_model.actor import Actor, Role

ACTORS = {
    actor.code: actor
    for actor in (
        Actor("operator", Role.OPERATOR),
        Actor("collector", Role.COLLECTOR, source_code="COLLECTOR"),
        Actor("public", Role.PUBLIC, source_code="PUBLIC"),
        Actor("video", Role.PUBLIC, source_code="VIDEO"),
        Actor("analyst", Role.ANALYST),
        Actor("wall", Role.WALL),
        Actor("dept-D04", Role.DEPARTMENT, unit_code="D04"),
        Actor("street-110108011", Role.STREET, unit_code="S110108011"),
        Actor("street-110108012", Role.STREET, unit_code="S110108012"),
    )
}
AS = ACTOR_HEADER


class NamedActors:
    """Believes what a header says."""

    def __init__(self, *, open_desk: bool = True) -> None:
        self.open_desk = open_desk

    def of_request(self, request: Request) -> Actor:
        if AS not in request.headers:
            raise UnauthorisedError("say who asks")
        return self.chosen(request.headers[AS])

    def chosen(self, code: str) -> Actor:
        if code not in ACTORS:
            raise UnknownActorError(f"there is no actor {code!r}")
        return ACTORS[code]


class OnlyStore:
    """As much of a data manager as the interfaces need."""

    def __init__(self, store: Store) -> None:
        self.store = store


def case_app(store: Store, desk: Desk | None, now: datetime, *, open_desk: bool = True) -> Flask:
    """Make the interfaces over a store."""
    server = Flask("cases")
    data, who = OnlyStore(store), NamedActors(open_desk=open_desk)
    server.register_blueprint(open311_blueprint(data, desk, who, lambda: now))
    server.register_blueprint(cases_blueprint(data, desk, who, lambda: now))
    server.register_blueprint(candidates_blueprint(data, desk, who))
    server.register_blueprint(intake_blueprint(desk, who, lambda: now))
    server.register_blueprint(openapi_blueprint())
    register_problems(server)
    return server


class Client:
    """Asks as one of the actors."""

    def __init__(self, inner: FlaskClient, code: str = "") -> None:
        self._inner = inner
        self._code = code

    def as_(self, code: str) -> "Client":
        """Ask as another actor."""
        return Client(self._inner, code)

    def get(self, address: str, **more: Any) -> Any:
        return self._inner.get(address, **self._named(more))

    def post(self, address: str, **more: Any) -> Any:
        return self._inner.post(address, **self._named(more))

    def _named(self, more: dict[str, Any]) -> dict[str, Any]:
        named = {AS: self._code} if self._code else {}
        return {**more, "headers": {**named, **more.get("headers", {})}}


NOW = datetime(2026, 11, 23, 2, tzinfo=UTC)
"""Moment of every request: a Monday at ten in the city, an hour after the small demo was built."""


@dataclass(frozen=True)
class CaseServer:
    """A store with its desk and the interfaces over both."""

    store: Store
    desk: Desk
    server: Flask

    @property
    def client(self) -> Client:
        return Client(self.server.test_client())


@contextmanager
def case_server(data_dir: Path, scratch: Path) -> Iterator[CaseServer]:
    """Open a copy of a store with its desk."""
    shutil.copytree(data_dir, scratch, dirs_exist_ok=True)
    with Store.open(scratch) as store, Desk.open(store, clock=lambda: NOW) as desk:
        yield CaseServer(store, desk, case_app(store, desk, NOW))
