"""Who may act: found by a key of which only the digest is kept, until it acts no more."""

from collections.abc import Callable
from datetime import UTC, datetime

import pytest

from datastore.actor_store import (
    ActorError,
    actor_of_key,
    actors,
    add_actor,
    lacks_actors,
    new_key,
    put_default_actors,
    retire_actor,
)
from datastore.store import Store
from twin_model.actor import Actor, Role

NOW = datetime(2026, 11, 30, 2, tzinfo=UTC)
CAMERA = Actor("camera-7", Role.PUBLIC, source_code="VIDEO")


@pytest.fixture
def store(store_factory: Callable[..., Store]) -> Store:
    return store_factory()


def put_unit(store: Store, number: int, code: str, kind: str = "department") -> None:
    with store.write() as con:
        con.execute("INSERT INTO unit VALUES (?, ?, ?, ?, ?)", [number, code, f"单位{code}", code, kind])


def test_a_key_finds_its_actor_and_is_kept_nowhere(store: Store) -> None:
    with store.write() as con:
        key = add_actor(con, CAMERA, "七号摄像头", NOW)
    with store.read() as cur:
        assert actor_of_key(cur, key) == CAMERA
        for wrong in ("", key[:-1], key.upper(), "' OR 1=1 --", "\x00"):
            assert actor_of_key(cur, wrong) is None
        assert key not in str(cur.execute("SELECT * FROM actor").fetchall())
        (named,) = actors(cur)
    assert (named.actor, named.name, named.has_key) == (CAMERA, "七号摄像头", True)


def test_a_new_key_takes_the_place_of_the_old_one(store: Store) -> None:
    with store.write() as con:
        old = add_actor(con, CAMERA, "x", NOW)
        new = new_key(con, CAMERA.code)
    with store.read() as cur:
        assert (actor_of_key(cur, old), actor_of_key(cur, new)) == (None, CAMERA)


def test_who_is_retired_acts_no_more_and_its_code_stays_taken(store: Store) -> None:
    with store.write() as con:
        key = add_actor(con, CAMERA, "x", NOW)
        retire_actor(con, CAMERA.code, NOW)
        assert actor_of_key(con, key) is None
        assert actors(con) == ()
        with pytest.raises(ActorError, match="an actor 'camera-7' already"):
            add_actor(con, CAMERA, "x", NOW)


@pytest.mark.parametrize("change", [new_key, lambda con, code: retire_actor(con, code, NOW)])
def test_an_actor_that_is_not_there_is_named(store: Store, change: Callable[..., object]) -> None:
    with store.write() as con, pytest.raises(ActorError, match="no actor 'nobody'"):
        change(con, "nobody")


def test_a_new_store_gets_one_of_each_role_and_each_unit_its_own(store: Store) -> None:
    put_unit(store, 1, "D04")
    put_unit(store, 2, "S110108011", "street")
    with store.write() as con:
        assert lacks_actors(con)
        put_default_actors(con, NOW)
        assert not lacks_actors(con)
        found = {each.actor.code: each for each in actors(con)}
    assert {each.actor.role for each in found.values()} == set(Role) - {Role.SYSTEM}
    assert found["dept-D04"].actor == Actor("dept-D04", Role.DEPARTMENT, "D04")
    assert found["street-S110108011"].actor == Actor("street-S110108011", Role.STREET, "S110108011")
    assert found["video"].actor.source_code == "VIDEO"
    assert not any(each.has_key for each in found.values())


def test_a_unit_that_comes_later_gets_its_actor_and_nobody_else_one_more(store: Store) -> None:
    with store.write() as con:
        put_default_actors(con, NOW)
        retire_actor(con, "video", NOW)
        before = {each.actor.code for each in actors(con)}
    put_unit(store, 1, "D04")
    put_unit(store, 2, "D05")
    with store.write() as con:
        add_actor(con, Actor("dept-D05", Role.ANALYST), "has that code already", NOW)
        assert lacks_actors(con)
        put_default_actors(con, NOW)
        assert not lacks_actors(con)
        after = {each.actor.code for each in actors(con)}
    assert after - before == {"dept-D04", "dept-D05"}
