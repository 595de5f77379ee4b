"""Textures over HTTP: what they say that they are, and what they may not be."""

from collections.abc import Callable

import pytest
from flask import Flask
from flask.testing import FlaskClient

from app.api.problems import register_problems
from app.api.textures import textures_blueprint
from datastore.store import Store


class Data:
    """As much of a data manager as textures need."""

    def __init__(self, store: Store) -> None:
        self.store = store


@pytest.fixture
def client(store_factory: Callable[..., Store]) -> FlaskClient:
    store = store_factory()
    with store.write() as con:
        con.execute(
            "INSERT INTO building_texture VALUES (3, '墙.jpg', 'image/jpeg', 'abc', 'JPEG'::BLOB, 1), "
            "(4, 'x.svg', 'image/svg+xml', 'def', '<svg/>'::BLOB, 1)"
        )
    server = Flask("textures")
    server.register_blueprint(textures_blueprint(Data(store)))
    register_problems(server)
    return server.test_client()


def test_an_image_says_what_it_is_and_may_be_nothing_else(client: FlaskClient) -> None:
    answer = client.get("/api/texture/3?v=7")
    assert (answer.data, answer.mimetype) == (b"JPEG", "image/jpeg")
    assert answer.headers["X-Content-Type-Options"] == "nosniff"
    assert "sandbox" in answer.headers["Content-Security-Policy"]
    assert "immutable" in answer.headers["Cache-Control"]


def test_an_image_that_the_browser_has_is_not_sent_again(client: FlaskClient) -> None:
    etag = client.get("/api/texture/3").headers["ETag"]
    assert client.get("/api/texture/3", headers={"If-None-Match": etag}).status_code == 304


@pytest.mark.parametrize("texture", ["5", "4", "x", "-1", "9" * 45])
def test_what_is_no_image_here_is_not_found(client: FlaskClient, texture: str) -> None:
    assert client.get(f"/api/texture/{texture}").status_code == 404
