from datetime import UTC, datetime
from types import SimpleNamespace

import pytest
from flask import Flask

from app.api.problems import register_problems
from app.api.request_errors import UnknownThingError
from app.api.rules import MAX_BODY, kind_of, rules_blueprint
from app.identity import Identities
from datastore.rule_change import complete
from datastore.rule_store import read_book
from twin_model.rule_book import RuleKind

NOW = datetime(2026, 11, 23, 2, tzinfo=UTC)
ADMIN = {"X-Citydeck-Actor": "admin"}
LIST = "/api/rules/responsibility"
DOCUMENT = {"last_resort": "D09", "rules": [{"rule_id": "R-1", "class_pattern": "*", "lead": "D09"}]}
BODY = {"note": "trial", "document": DOCUMENT}


class OneWriter:
    """Stands where the desk stands: work gets a transaction of its own."""

    def __init__(self, store):
        self.store = store
        self.times = 0

    def exclusive(self, work):
        self.times += 1
        with self.store.write() as con:
            return work(con, self)


@pytest.fixture
def store(store_factory):
    made = store_factory()
    complete(made, NOW)
    return made


@pytest.fixture
def desk(store):
    return OneWriter(store)


def client_of(store, desk):
    server = Flask("rules")
    identities = Identities(store, open_desk=True)
    server.register_blueprint(rules_blueprint(SimpleNamespace(store=store), desk, identities, lambda: NOW))
    register_problems(server)
    return server.test_client()


@pytest.fixture
def client(store, desk):
    return client_of(store, desk)


def test_anybody_sees_which_rules_there_are(client):
    found = client.get("/api/rules").json["rules"]
    assert [each["kind"] for each in found] == sorted(RuleKind)
    assert all(each["in_force"] and each["version"] == 1 for each in found)


def test_a_document_comes_with_what_is_said_of_it(client):
    answer = client.get("/api/rules/duplicate")
    assert answer.json["document"]["rules"][0]["rule_id"] == "D-C"
    assert answer.headers["ETag"] == f'"{answer.json["sha256"]}"'
    assert client.get("/api/rules/duplicate/1").json == answer.json


@pytest.mark.parametrize("address", ["/api/rules/weather", "/api/rules/duplicate/7", "/api/rules/weather/1"])
def test_what_there_is_not_is_not_found(client, address):
    answer = client.get(address)
    assert (answer.status_code, answer.mimetype) == (404, "application/problem+json")


def test_an_administrator_adds_a_version(client, store):
    answer = client.post(LIST, json=BODY, headers=ADMIN)
    assert (answer.status_code, answer.headers["Location"]) == (201, f"{LIST}/2")
    told = answer.json
    assert (told["version"], told["changed"], told["in_force"], told["created_by"]) == (2, True, True, "admin")
    with store.read() as cur:
        assert read_book(cur, NOW).responsibilities.last_resort == "D09"
        entry = cur.execute("SELECT entry FROM case_event").fetchall()[0][0]
    assert told["sha256"] in entry


def test_the_same_again_changes_nothing(client):
    client.post(LIST, json=BODY, headers=ADMIN)
    answer = client.post(LIST, json=BODY, headers=ADMIN)
    assert (answer.status_code, answer.json["version"], answer.json["changed"]) == (200, 2, False)


def test_decimals_of_a_document_are_numbers(client):
    document = {"thresholds": [{"source": "VIDEO", "class": "*", "confidence": 0.75}]}
    assert client.post("/api/rules/intake", json={"note": "x", "document": document}, headers=ADMIN).status_code == 201
    assert client.get("/api/rules/intake").json["document"]["thresholds"][0]["confidence"] == 0.75


def test_a_version_may_begin_later(client):
    later = {**BODY, "valid_from": "2027-01-01T00:00:00+08:00"}
    assert client.post(LIST, json=later, headers=ADMIN).json["in_force"] is False
    found = {
        each["version"]: each for each in client.get("/api/rules").json["rules"] if each["kind"] == "responsibility"
    }
    assert (found[1]["in_force"], found[2]["in_force"]) == (True, False)
    assert found[2]["valid_from"] == "2026-12-31T16:00:00+00:00"
    assert client.get(LIST).json["version"] == 2
    assert client.get(f"{LIST}/1").json["in_force"] is True


@pytest.mark.parametrize(
    ("headers", "body", "status", "said"),
    [
        ({}, BODY, 401, "say who asks"),
        ({"X-Citydeck-Actor": "operator"}, BODY, 403, "operator is operator and may not change rules"),
        (ADMIN, {"note": "x"}, 400, "no document"),
        (ADMIN, {"document": DOCUMENT}, 400, "no note"),
        (ADMIN, {**BODY, "notes": "x"}, 400, "unknown member 'notes'"),
        (ADMIN, {**BODY, "note": ""}, 400, "the note has 0 characters"),
        (ADMIN, {**BODY, "valid_from": "2027-01-01"}, 400, "send a moment with its zone"),
        (ADMIN, {**BODY, "valid_from": 7}, 400, "valid_from is 7"),
        (ADMIN, {**BODY, "if_version": True}, 400, "if_version is True"),
        (ADMIN, {**BODY, "if_version": 9}, 412, "are version 1, not 9"),
        (ADMIN, {**BODY, "document": {"rules": [{}]}}, 400, "row 1 of the responsibility list has rule_id None"),
    ],
)
def test_what_is_refused_says_why_and_changes_nothing(client, headers, body, status, said):
    answer = client.post(LIST, json=body, headers=headers)
    assert answer.status_code == status
    assert said in answer.json["detail"]
    assert client.get(LIST).json["version"] == 1


def test_the_desk_stands_still_only_for_what_can_be_used(client, desk):
    client.post(LIST, json={**BODY, "document": {"rules": 7}}, headers=ADMIN)
    client.post(LIST, json=BODY, headers={"X-Citydeck-Actor": "operator"})
    assert desk.times == 0


@pytest.mark.parametrize(
    ("content", "kind", "status"),
    [
        (b"{", "application/json", 400),
        (b"[]", "application/json", 400),
        (b"x = 1", "application/toml", 415),
        (b" " * (MAX_BODY + 1), "application/json", 413),
    ],
)
def test_a_body_that_cannot_be_read_is_refused(client, content, kind, status):
    assert client.post(LIST, data=content, content_type=kind, headers=ADMIN).status_code == status


def test_a_server_that_only_shows_takes_none(store):
    assert client_of(store, None).post(LIST, json=BODY, headers=ADMIN).status_code == 503


def test_kinds_are_found_by_their_names():
    assert kind_of("calendar") is RuleKind.CALENDAR
    with pytest.raises(UnknownThingError, match="there are calendar, service_level"):
        kind_of("calendars")


def test_a_form_without_end_is_not_looked_into(client, desk):
    part = b'--b\r\nContent-Disposition: form-data; name="file"; filename="large"\r\n\r\n' + b" " * MAX_BODY
    assert client.post(LIST, data=part, content_type="multipart/form-data; boundary=b").status_code == 413
    assert not desk.times
