import json
from datetime import UTC, datetime

import pytest

from datastore.actor_change import acting, enter_actor, renew_key, retire
from datastore.actor_store import ActorError, actor_of_key, actors
from datastore.rule_change import complete
from twin_model.actor import Actor, Role
from twin_model.errors import NotAllowedError

NOW = datetime(2026, 11, 23, 2, tzinfo=UTC)
ADMIN = Actor("admin", Role.ADMIN)


@pytest.fixture
def store(store_factory):
    made = store_factory()
    with made.write() as con:
        con.execute("INSERT INTO unit VALUES (1, 'D04', '环卫中心', 'Sanitation', 'department')")
    complete(made, NOW)
    return made


def enter(store, actor, name="", by=ADMIN):
    with store.write() as con:
        return enter_actor(con, actor, name, by=by, now=NOW)


def entries(store):
    with store.read() as cur:
        return [json.loads(entry) for (entry,) in cur.execute("SELECT entry FROM case_event ORDER BY seq").fetchall()]


def test_an_actor_is_found_by_the_key_that_it_gets(store):
    actor = Actor("bureau", Role.DEPARTMENT, "D04")
    key = enter(store, actor, "环卫中心值班")
    with store.read() as cur:
        assert actor_of_key(cur, key) == actor
        assert acting(cur, "bureau") == actor


def test_the_log_tells_who_changed_what_and_names_no_person_and_no_key(store):
    first = enter(store, Actor("bureau", Role.DEPARTMENT, "D04"), "王小明")
    with store.write() as con:
        second = renew_key(con, "bureau", by=ADMIN, now=NOW)
        retire(con, "bureau", by=ADMIN, now=NOW)
    told = entries(store)
    assert [(each["kind"], each["actor"], each["case"]) for each in told] == [("actor", "admin", "")] * 3
    assert [each["data"] for each in told] == [
        {"actor": "bureau", "change": "add", "role": "department", "unit": "D04"},
        {"actor": "bureau", "change": "key"},
        {"actor": "bureau", "change": "retire"},
    ]
    assert not [word for word in ("王小明", first, second) if word in json.dumps(told, ensure_ascii=False)]


def test_an_old_key_counts_no_more(store):
    first = enter(store, Actor("camera", Role.PUBLIC, "", "VIDEO"))
    with store.write() as con:
        second = renew_key(con, "camera", by=ADMIN, now=NOW)
    with store.read() as cur:
        assert actor_of_key(cur, first) is None
        assert actor_of_key(cur, second) == Actor("camera", Role.PUBLIC, "", "VIDEO")


def test_a_retired_actor_is_gone_and_gets_no_key(store):
    key = enter(store, Actor("guest", Role.ANALYST))
    with store.write() as con:
        retire(con, "guest", by=ADMIN, now=NOW)
    with store.read() as cur:
        assert actor_of_key(cur, key) is None
        assert "guest" not in {each.actor.code for each in actors(cur)}
    with pytest.raises(ActorError, match="no actor 'guest'"), store.write() as con:
        renew_key(con, "guest", by=ADMIN, now=NOW)


def test_the_last_administrator_stays(store):
    with pytest.raises(ActorError, match="last administrator"), store.write() as con:
        retire(con, "admin", by=ADMIN, now=NOW)
    enter(store, Actor("chief", Role.ADMIN))
    with store.write() as con:
        retire(con, "admin", by=ADMIN, now=NOW)


def test_only_an_administrator_decides_who_may_act(store):
    with pytest.raises(NotAllowedError, match="an administrator may"):
        enter(store, Actor("guest", Role.ANALYST), by=Actor("operator", Role.OPERATOR))
    assert not entries(store)


@pytest.mark.parametrize(
    ("actor", "name", "said"),
    [
        (Actor("operator", Role.OPERATOR), "", "there is an actor 'operator' already"),
        (Actor("王小明", Role.OPERATOR), "", "cannot be an actor's code"),
        (Actor("", Role.OPERATOR), "", "cannot be an actor's code"),
        (Actor("robot", Role.SYSTEM), "", "what the program does by itself"),
        (Actor("bureau", Role.DEPARTMENT), "", "there is no unit ''"),
        (Actor("bureau", Role.STREET, "S1"), "", "there is no unit 'S1'"),
        (Actor("guest", Role.ANALYST, "D04"), "", "acts for no unit"),
        (Actor("radio", Role.PUBLIC, "", "RADIO"), "", "no source 'RADIO'"),
        (Actor("guest", Role.ANALYST), "x" * 101, "the name has 101 characters"),
    ],
)
def test_an_actor_that_does_not_fit_is_refused_in_one_sentence(store, actor, name, said):
    with pytest.raises(ActorError) as caught:
        enter(store, actor, name)
    assert said in str(caught.value)
    assert not entries(store)
