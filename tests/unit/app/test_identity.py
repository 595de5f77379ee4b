"""Who asks: by a key anywhere, by name only on an open desk."""

from collections.abc import Callable, Mapping
from datetime import UTC, datetime
from typing import Any

import pytest
from flask import Flask, request

from app.identity import (
    ACTOR_HEADER,
    DEFAULT_ACTOR,
    KEY_COOKIE,
    NOBODY,
    ForeignPageError,
    Identities,
    UnauthorisedError,
    UnknownActorError,
)
from datastore.actor_store import add_actor, new_key, put_default_actors, retire_actor
from datastore.store import Store
from twin_model.actor import Actor, Role
from twin_model.workflow import TRANSITIONS

NOW = datetime(2026, 11, 30, 2, tzinfo=UTC)
CAMERA = Actor("camera-7", Role.PUBLIC, source_code="VIDEO")


@pytest.fixture
def store(store_factory: Callable[..., Store]) -> Store:
    made = store_factory()
    with made.write() as con:
        put_default_actors(con, NOW)
    return made


@pytest.fixture
def key(store: Store) -> str:
    with store.write() as con:
        return add_actor(con, CAMERA, "七号摄像头", NOW)


def asking(identities: Identities, address: str = "/", **more: Any) -> Actor:
    """Who a request is of."""
    with Flask("asked").test_request_context(address, **more):
        return identities.of_request(request)


@pytest.fixture(params=[True, False], ids=["open desk", "closed desk"])
def identities(store: Store, request: pytest.FixtureRequest) -> Identities:
    return Identities(store, open_desk=request.param)


def test_a_key_says_who_asks_wherever_it_is_written(identities: Identities, key: str) -> None:
    ways: tuple[Mapping[str, Any], ...] = (
        {"headers": {"Authorization": f"Bearer {key}"}},
        {"address": f"/?api_key={key}"},
        {"method": "POST", "data": {"api_key": key}},
    )
    for way in ways:
        assert asking(identities, **way) == CAMERA


def test_a_key_counts_before_a_name(identities: Identities, key: str) -> None:
    assert asking(identities, "/?as=admin", headers={"Authorization": f"Bearer {key}"}) == CAMERA


@pytest.mark.parametrize("address", ["/", "/?as=operator"])
def test_a_key_of_nobody_is_no_way_in(identities: Identities, key: str, address: str) -> None:
    for wrong in ("nonsense", key[1:], f"{key} "[1:]):
        with pytest.raises(UnknownActorError, match="belongs to nobody"):
            asking(identities, address, headers={"Authorization": f"Bearer {wrong}"})


def test_an_old_key_and_one_of_who_is_retired_are_of_nobody(store: Store, identities: Identities, key: str) -> None:
    with store.write() as con:
        newer = new_key(con, CAMERA.code)
    with pytest.raises(UnknownActorError):
        asking(identities, f"/?api_key={key}")
    assert asking(identities, f"/?api_key={newer}") == CAMERA
    with store.write() as con:
        retire_actor(con, CAMERA.code, NOW)
    with pytest.raises(UnknownActorError):
        asking(identities, f"/?api_key={newer}")


def test_who_says_nothing_is_asked_to(identities: Identities) -> None:
    for headers in ({}, {"Authorization": "Bearer "}, {"Authorization": "Basic b3BlcmF0b3I6"}):
        with pytest.raises(UnauthorisedError, match="send a key"):
            asking(identities, headers=headers)


def test_an_open_desk_believes_a_name(store: Store) -> None:
    identities = Identities(store, open_desk=True)
    assert asking(identities, "/?as=district").role is Role.DISTRICT
    assert asking(identities, headers={ACTOR_HEADER: "video"}).source_code == "VIDEO"
    for nobody in ("nobody", "system", "' OR 1=1"):
        with pytest.raises(UnknownActorError, match="there is no actor"):
            asking(identities, headers={ACTOR_HEADER: nobody})


@pytest.mark.parametrize(
    "headers",
    [
        {"Sec-Fetch-Site": "cross-site"},
        {"Origin": "http://elsewhere.example"},
        {"Origin": "null"},
        {"Origin": "http://["},
    ],
)
def test_a_page_of_another_site_cannot_name_an_actor_but_give_its_key(
    store: Store, key: str, headers: Mapping[str, str]
) -> None:
    identities = Identities(store, open_desk=True)
    with pytest.raises(ForeignPageError, match="send a key"):
        asking(identities, "/?as=operator", headers=headers)
    assert asking(identities, f"/?api_key={key}", headers=headers) == CAMERA


def test_a_page_of_this_site_can_name_an_actor(store: Store) -> None:
    headers = {"Origin": "http://localhost", "Sec-Fetch-Site": "same-origin"}
    assert asking(Identities(store, open_desk=True), "/?as=operator", headers=headers).code == "operator"


def test_a_closed_desk_believes_no_name(store: Store) -> None:
    identities = Identities(store, open_desk=False)
    for way in ({"address": "/?as=operator"}, {"headers": {ACTOR_HEADER: "operator"}}):
        with pytest.raises(UnauthorisedError):
            asking(identities, **way)


def test_a_page_acts_as_who_is_chosen_on_an_open_desk_and_as_nobody_on_a_closed_one(store: Store) -> None:
    opened, closed = (Identities(store, open_desk=is_open) for is_open in (True, False))
    assert opened.chosen("").code == DEFAULT_ACTOR
    assert opened.chosen("collector").role is Role.COLLECTOR
    assert closed.chosen("operator") == NOBODY
    assert not [row for row in TRANSITIONS if NOBODY.role in row.roles]
    with pytest.raises(UnknownActorError):
        opened.chosen("nobody")


def test_a_page_whose_browser_keeps_a_key_acts_as_its_owner(identities: Identities, key: str) -> None:
    with Flask("page").test_request_context("/", headers={"Cookie": f"{KEY_COOKIE}={key}"}):
        assert identities.chosen("operator") == identities.signed_in() == CAMERA
    with Flask("page").test_request_context("/", headers={"Cookie": f"{KEY_COOKIE}=nonsense"}):
        assert identities.signed_in() is None
    assert identities.signed_in() is None


def test_a_closed_desk_names_nobody_to_choose(store: Store) -> None:
    named = {each.actor.code for each in Identities(store, open_desk=True).all()}
    assert {"operator", "collector", "district", "public"} <= named
    with store.write() as con:
        retire_actor(con, "wall", NOW)
    assert {each.actor.code for each in Identities(store, open_desk=True).all()} == named - {"wall"}
    assert Identities(store, open_desk=False).all() == ()
