"""The Features API on a small store, without the rest of the application."""

from collections.abc import Callable
from datetime import UTC, datetime
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient

from app.api.features.routes import features_blueprint
from app.api.problems import register_problems
from datastore.store import Store

NOW = datetime(2026, 11, 24, 3, 4, 5, tzinfo=UTC)


class Data:
    """As much of a data manager as features need."""

    def __init__(self, store: Store) -> None:
        self.store = store

    def remember(self, _key: str, ask: Callable[[Any], Any]) -> Any:
        with self.store.read() as cursor:
            return ask(cursor)


def client_of(store: Store) -> FlaskClient:
    server = Flask("features")
    server.register_blueprint(features_blueprint(Data(store), lambda: NOW))
    register_problems(server)
    return server.test_client()


@pytest.fixture
def client(small_store: Store) -> FlaskClient:
    return client_of(small_store)


@pytest.fixture
def empty_client(store_factory: Callable[..., Store]) -> FlaskClient:
    return client_of(store_factory())
