"""Sign-in: the key of an actor, kept by the browser for this site only."""

from datetime import UTC, datetime
from pathlib import Path

import pytest
from flask import Flask
from flask.testing import FlaskClient

from app.api.login import login_blueprint
from app.identity import NOBODY, Identities
from datastore.actor_store import add_actor
from datastore.store import Store
from twin_model.actor import Actor, Role

NOW = datetime(2026, 11, 23, tzinfo=UTC)


@pytest.fixture
def store(tmp_path: Path):
    with Store.open(tmp_path, create=True) as opened:
        yield opened


@pytest.fixture
def key(store: Store) -> str:
    with store.write() as con:
        return add_actor(con, Actor("li", Role.OPERATOR), "Li", NOW)


@pytest.fixture
def identities(store: Store) -> Identities:
    return Identities(store, open_desk=False)


@pytest.fixture
def client(identities: Identities) -> FlaskClient:
    server = Flask("test")
    server.register_blueprint(login_blueprint(identities))
    server.add_url_rule("/who", view_func=lambda: identities.chosen("operator").code)
    return server.test_client()


def test_without_a_key_a_page_may_do_nothing_on_a_closed_desk(client: FlaskClient) -> None:
    assert client.get("/who").text == NOBODY.code


def test_a_key_given_at_sign_in_says_who_acts_until_one_leaves(client: FlaskClient, key: str) -> None:
    answer = client.post("/login", data={"key": key})
    assert answer.status_code == 303
    cookie = answer.headers["Set-Cookie"]
    assert "HttpOnly" in cookie
    assert "SameSite=Strict" in cookie
    assert client.get("/who").text == "li"
    assert "li" in client.get("/login").text
    client.get("/logout")
    assert client.get("/who").text == NOBODY.code


def test_the_workbench_goes_on_in_the_language_of_sign_in(client: FlaskClient, key: str) -> None:
    assert client.post("/login?lang=en", data={"key": key}).headers["Location"] == "/cases?lang=en"


def test_a_page_of_another_site_signs_nobody_in(client: FlaskClient, key: str) -> None:
    answer = client.post("/login", data={"key": key}, headers={"Origin": "http://elsewhere.example"})
    assert answer.status_code == 403
    assert "Set-Cookie" not in answer.headers


def test_a_wrong_key_is_told_and_sets_nothing(client: FlaskClient) -> None:
    answer = client.post("/login?lang=en", data={"key": "guess"})
    assert answer.status_code == 403
    assert "belongs to nobody" in answer.text
    assert "Set-Cookie" not in answer.headers


def test_a_page_of_sign_in_is_never_kept_and_speaks_both_languages(client: FlaskClient) -> None:
    assert client.get("/login").headers["Cache-Control"] == "no-store"
    assert "密钥" in client.get("/login").text
    assert "Sign in" in client.get("/login?lang=en").text


def test_an_endless_body_is_refused(client: FlaskClient) -> None:
    assert client.post("/login", data={"key": "x" * 10_000}).status_code == 413
