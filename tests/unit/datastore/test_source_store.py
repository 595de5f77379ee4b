"""Sources: a further one is a further row."""

from collections.abc import Callable

import pytest

from datastore.source_store import CaseSourceError, add_case_source, case_sources
from datastore.store import Store
from twin_model.source import DEFAULT_SOURCES

Stores = Callable[..., Store]


def test_a_store_begins_with_the_default_sources(store_factory: Stores) -> None:
    with store_factory().read() as cursor:
        assert case_sources(cursor) == DEFAULT_SOURCES


def test_a_source_is_entered_once(store_factory: Stores) -> None:
    store = store_factory()
    with store.write() as con:
        entered = add_case_source(con, "DRONE", " 无人机 ", "Drone", proactive=True)
    assert (entered.source_id, entered.name_zh, entered.proactive) == (9, "无人机", True)
    with store.read() as cursor:
        assert case_sources(cursor)[-1] == entered
    with pytest.raises(CaseSourceError, match="already"), store.write() as con:
        add_case_source(con, "DRONE", "x", "x", proactive=False)


@pytest.mark.parametrize(("code", "name"), [("drone", "x"), ("", "x"), ("A B", "x"), ("A" * 41, "x"), ("DRONE", " ")])
def test_a_source_that_cannot_be_is_refused(store_factory: Stores, code: str, name: str) -> None:
    with pytest.raises(CaseSourceError), store_factory().write() as con:
        add_case_source(con, code, name, "Drone", proactive=False)
