"""Rules in the store: versions, of which the newest valid one counts."""

import hashlib
import json
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from datastore.rule_store import (
    NoRulesError,
    next_change,
    put_defaults,
    put_document,
    read_book,
    read_document,
    rule_versions,
    stored_classes,
)
from datastore.store import Store
from twin_model.case_class import default_case_classes
from twin_model.errors import TwinModelError
from twin_model.rule_book import RuleKind, default_documents

NOW = datetime(2026, 11, 30, 2, tzinfo=UTC)
WORKFLOW = default_documents(default_case_classes())[RuleKind.WORKFLOW]


@pytest.fixture
def store(store_factory: Callable[..., Store]) -> Store:
    made = store_factory()
    with made.write() as con:
        assert put_defaults(con, NOW)
    return made


def put(store: Store, document: dict[str, Any], valid_from: datetime) -> int:
    with store.write() as con:
        return put_document(con, RuleKind.WORKFLOW, document, valid_from=valid_from, now=NOW, by="admin").version


def in_force(store: Store, at: datetime) -> tuple[int, tuple[str, ...]]:
    """Version of the workflow in force, and what tells it from the others."""
    with store.read() as cur:
        book = read_book(cur, at)
    return book.versions[RuleKind.WORKFLOW], book.workflow.verify_sources


def test_a_new_store_has_the_default_of_every_kind_once(store: Store) -> None:
    with store.write() as con:
        assert not put_defaults(con, NOW)
    with store.read() as cur:
        versions = rule_versions(cur)
        assert read_book(cur, datetime(1990, 1, 1, tzinfo=UTC)).versions == dict.fromkeys(RuleKind, 1)
        assert stored_classes(cur) == default_case_classes()
    assert [(each.kind, each.version, each.created_at) for each in versions] == [
        (kind, 1, NOW) for kind in sorted(RuleKind)
    ]


def test_a_kind_that_is_lacking_alone_is_put(store: Store) -> None:
    put(store, {**WORKFLOW, "verify_sources": ["PUBLIC"]}, NOW)
    with store.write() as con:
        con.execute("DELETE FROM rule_version WHERE kind = 'intake'")
    with store.read() as cur, pytest.raises(NoRulesError, match="no rules in force for intake; add them"):
        read_book(cur, NOW)
    with store.write() as con:
        assert put_defaults(con, NOW)
    assert in_force(store, NOW) == (2, ("PUBLIC",))


def test_the_highest_version_that_is_valid_is_in_force(store: Store) -> None:
    later, soon = NOW + timedelta(days=2), NOW + timedelta(days=1)
    assert put(store, {**WORKFLOW, "verify_sources": ["later"]}, later) == 2
    assert put(store, {**WORKFLOW, "verify_sources": ["soon"]}, soon) == 3
    assert in_force(store, NOW) == (1, ())
    assert in_force(store, soon - timedelta(microseconds=1)) == (1, ())
    assert in_force(store, soon) == (3, ("soon",))
    assert in_force(store, later) == (3, ("soon",))  # the higher version takes over from what was meant for later
    with store.read() as cur:
        assert [next_change(cur, at) for at in (NOW, soon, later)] == [soon, later, None]


def test_a_version_is_told_by_its_hash_and_can_be_read(store: Store) -> None:
    document = {**WORKFLOW, "note": "演练"}
    put(store, document, NOW)
    with store.read() as cur:
        told = next(each for each in rule_versions(cur) if each.version == 2)
        assert read_document(cur, RuleKind.WORKFLOW) == (2, document)
        assert read_document(cur, RuleKind.WORKFLOW, 1) == (1, json.loads(json.dumps(WORKFLOW)))
        body = cur.execute("SELECT body FROM rule_version WHERE version = 2").fetchall()[0][0]
        with pytest.raises(NoRulesError, match="no version 9 of the workflow rules"):
            read_document(cur, RuleKind.WORKFLOW, 9)
    assert told.sha256 == hashlib.sha256(body.encode()).hexdigest()
    assert (told.valid_from, told.created_by) == (NOW, "admin")


def test_a_document_that_cannot_be_used_is_told_when_it_is_in_force(store: Store) -> None:
    put(store, {"modes": []}, NOW)
    assert in_force(store, NOW - timedelta(days=1)) == (1, ())
    with pytest.raises(TwinModelError, match="modes"):
        in_force(store, NOW)
