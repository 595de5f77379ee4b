import hashlib
import json
from datetime import UTC, datetime, timedelta

import pytest

from datastore.actor_store import actors
from datastore.rule_change import complete, put_mode, put_rules
from datastore.rule_store import read_book, read_document, rule_versions
from datastore.store import Store
from twin_model.actor import Actor, Role
from twin_model.errors import MovedOnError, NotAllowedError, ResponsibilityError, RuleDocumentError
from twin_model.rule_book import RuleKind
from twin_model.workflow import Mode, Step

NOW = datetime(2026, 11, 23, 2, tzinfo=UTC)
ADMIN = Actor("admin", Role.ADMIN)
LIST = RuleKind.RESPONSIBILITY
ONE_RULE = {"last_resort": "D09", "rules": [{"rule_id": "R-1", "class_pattern": "*", "lead": "D09"}]}


@pytest.fixture
def store(store_factory):
    made = store_factory()
    complete(made, NOW)
    return made


def put(store, document, kind=LIST, **asked):
    asked = {"actor": ADMIN, "note": "trial", "now": NOW, **asked}
    with store.write() as con:
        return put_rules(con, kind, document, **asked)


def entries(store):
    with store.read() as cur:
        return cur.execute(
            "SELECT seq, case_key, case_no, kind, actor, entry, leaf FROM case_event ORDER BY seq"
        ).fetchall()


def test_a_new_version_is_numbered_kept_and_in_force(store):
    change = put(store, ONE_RULE)
    assert (change.is_new, change.version.version, change.seq) == (True, 2, 0)
    with store.read() as cur:
        assert read_book(cur, NOW).responsibilities.last_resort == "D09"
        assert read_document(cur, LIST, 1)[1]["last_resort"] == "D01"


def test_it_enters_the_log_with_the_hash_of_its_body(store):
    change = put(store, ONE_RULE)
    ((seq, key, case_no, kind, actor, entry, leaf),) = entries(store)
    assert (seq, key, case_no, kind, actor) == (0, -1, "", "rules", "admin")
    assert bytes(leaf) == hashlib.sha256(b"\0" + entry.encode()).digest()
    told = json.loads(entry)["data"]
    assert told == {
        "kind": "responsibility", "version": 2, "sha256": change.version.sha256,
        "valid_from": "2026-11-23T02:00:00.000000Z",
    }  # fmt: skip
    with store.read() as cur:
        body = cur.execute("SELECT body FROM rule_version WHERE kind = 'responsibility' AND version = 2").fetchall()[0][
            0
        ]
    assert hashlib.sha256(body.encode()).hexdigest() == told["sha256"]


def test_the_same_document_again_changes_nothing(store):
    put(store, ONE_RULE)
    again = put(store, {**ONE_RULE, "rules": [{**ONE_RULE["rules"][0], "priority": 0, "note": ""}]})
    assert (again.is_new, again.version.version) == (False, 2)
    assert len(entries(store)) == 1


def test_the_same_document_from_an_earlier_moment_is_a_version(store):
    put(store, ONE_RULE, valid_from=NOW + timedelta(days=30))
    assert put(store, ONE_RULE, valid_from=NOW + timedelta(days=40)).is_new is False
    assert put(store, ONE_RULE).version.version == 3


def test_a_version_of_later_waits_for_its_day(store):
    put(store, ONE_RULE, valid_from=NOW + timedelta(days=30))
    with store.read() as cur:
        assert read_book(cur, NOW).responsibilities.last_resort == "D01"
        assert read_book(cur, NOW + timedelta(days=30)).responsibilities.last_resort == "D09"


def test_an_earlier_document_may_come_back(store):
    with store.read() as cur:
        first = read_document(cur, LIST)[1]
    put(store, ONE_RULE)
    assert put(store, first).version.version == 3


@pytest.mark.parametrize(
    ("asked", "error", "said"),
    [
        ({"actor": Actor("operator", Role.OPERATOR)}, NotAllowedError, "an administrator may"),
        ({"if_version": 7}, MovedOnError, "are version 1, not 7"),
        ({"note": " "}, RuleDocumentError, "the note has 0 characters"),
        ({"note": "x" * 501}, RuleDocumentError, "the note has 501 characters"),
        ({"document": {"rules": [{}]}}, ResponsibilityError, "row 1 of the responsibility list"),
    ],
)
def test_what_is_refused_changes_nothing(store, asked, error, said):
    with pytest.raises(error) as caught:
        put(store, asked.pop("document", ONE_RULE), **asked)
    assert said in str(caught.value)
    assert not entries(store)
    with store.read() as cur:
        assert len(rule_versions(cur)) == len(RuleKind)


def test_the_newest_version_that_one_knows_may_be_told(store):
    assert put(store, ONE_RULE, if_version=1).is_new


def test_one_step_is_switched_and_the_others_stay(store):
    with store.write() as con:
        change = put_mode(con, "dispatch", Mode.SUGGEST, actor=ADMIN, now=NOW)
    assert (change.version.kind, change.version.note) == (RuleKind.WORKFLOW, "dispatch: suggest")
    with store.read() as cur:
        flow = read_book(cur, NOW).workflow
    assert flow.mode(Step.DISPATCH) is Mode.SUGGEST
    assert flow.mode(Step.FILE) is Mode.AUTO
    with store.write() as con:
        assert not put_mode(con, "dispatch", Mode.SUGGEST, actor=ADMIN, now=NOW).is_new


def test_a_manual_step_cannot_be_switched(store):
    with pytest.raises(RuleDocumentError, match="steps are file, dispatch"), store.write() as con:
        put_mode(con, "handle", Mode.AUTO, actor=ADMIN, now=NOW)


def test_completing_a_store_twice_adds_nothing(store):
    version = store.data_version()
    complete(store, NOW + timedelta(days=1))
    with store.read() as cur:
        assert len(rule_versions(cur)) == len(RuleKind)
        assert actors(cur)
    assert store.data_version() == version


def test_a_store_that_is_only_read_is_left_as_it_is(tmp_path):
    Store.open(tmp_path / "store", create=True).close()
    with Store.open(tmp_path / "store", read_only=True) as store:
        complete(store, NOW)
        with store.read() as cur:
            assert not rule_versions(cur)
