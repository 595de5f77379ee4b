"""The present of pages: the store's own moment, or live the clock's, in steps that they can share an answer of."""

from datetime import UTC, datetime, timedelta

import pytest
from flask import Flask
from flask_caching import Cache
from hypothesis import given
from hypothesis import strategies as st

from app.data import LIVE_STEP_S, DataManager
from datastore.store import Store

moments = st.datetimes(datetime(2020, 1, 1), datetime(2040, 1, 1), timezones=st.just(UTC))  # noqa: DTZ001 - naive bounds


class Facts:
    """A store that says no more than what it is."""

    def __init__(self, store: Store) -> None:
        self._meta = store.meta()

    def meta(self):
        return self._meta


@pytest.fixture(scope="module")
def facts(small_store: Store) -> Facts:
    return Facts(small_store)


def manager(facts: Facts, clock=None) -> DataManager:
    cache = Cache(Flask("test"), config={"CACHE_TYPE": "SimpleCache"})
    return DataManager(facts, cache, {}, clock=clock)  # type: ignore[arg-type]


def test_without_a_clock_the_present_is_the_store_s(facts: Facts) -> None:
    data = manager(facts)
    assert not data.is_live
    assert data.meta() == facts.meta()
    assert not data.meta().live


@given(moments, st.floats(0, LIVE_STEP_S))
def test_the_present_stands_still_for_a_step_and_is_never_ahead(facts: Facts, now: datetime, more: float) -> None:
    data = manager(facts, lambda: now)
    present = data.meta().as_of
    assert data.is_live
    assert data.meta().live
    assert present is not None
    assert timedelta(0) <= now - present < timedelta(seconds=LIVE_STEP_S)
    assert present.timestamp() % LIVE_STEP_S == 0
    later = manager(facts, lambda: now + timedelta(seconds=more)).meta().as_of
    assert later is not None
    assert later - present in (timedelta(0), timedelta(seconds=LIVE_STEP_S))


def test_everything_else_is_as_the_store_says(facts: Facts) -> None:
    meta = manager(facts, lambda: datetime(2026, 11, 30, tzinfo=UTC)).meta()
    assert (meta.time_zone, meta.data_version, meta.demo) == (
        facts.meta().time_zone, facts.meta().data_version, True,
    )  # fmt: skip
