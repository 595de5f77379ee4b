"""The data manager: equal questions are answered once, until the data change or the time is up."""

import logging
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from threading import Event, Thread
from typing import Any

import pyarrow as pa
import pytest
import time_machine
from flask import Flask
from flask_caching import Cache

from app.data import DataManager, readable
from app.errors import UnknownQueryError
from twin_model.area import AreaLevel
from twin_model.selection import And, Areas, Everything

START = datetime(2026, 1, 1, tzinfo=UTC)


class Store:
    version = 1

    def data_version(self) -> int:
        return self.version

    @contextmanager
    def read(self) -> Iterator[str]:
        yield "cursor"


class Asked:
    def __init__(self) -> None:
        self.calls: list[tuple[Any, ...]] = []

    def __call__(self, cursor: Any, selection: Any, **params: Any) -> pa.Table:
        self.calls.append((cursor, selection, params))
        return pa.table({"n": [len(self.calls)]})


@pytest.fixture
def asked() -> Asked:
    return Asked()


@pytest.fixture
def store() -> Store:
    return Store()


@pytest.fixture
def data(store: Store, asked: Asked) -> DataManager:
    cache = Cache(Flask("test"), config={"CACHE_TYPE": "SimpleCache", "CACHE_DEFAULT_TIMEOUT": 60})
    return DataManager(store, cache, {"count": asked}, slow_ms=1e9)  # type: ignore[arg-type]


def test_equal_questions_are_asked_once(data: DataManager, asked: Asked) -> None:
    first = data.query("count", Everything(), limit=1)
    assert data.query("count", Everything(), limit=1).equals(first)
    assert asked.calls == [("cursor", Everything(), {"limit": 1})]


def test_selections_that_mean_the_same_are_one_question(data: DataManager, asked: Asked) -> None:
    data.query("count", Areas(("110108011", "110108012")))
    data.query("count", And((Areas(("110108012", "110108011")), Everything())))
    assert len(asked.calls) == 1


def test_other_parameters_are_another_question(data: DataManager, asked: Asked) -> None:
    data.query("count", Everything(), limit=1)
    data.query("count", Everything(), limit=2)
    assert len(asked.calls) == 2


def test_a_new_data_version_is_asked_anew(data: DataManager, store: Store, asked: Asked) -> None:
    data.query("count", Everything())
    store.version = 2
    data.query("count", Everything())
    assert len(asked.calls) == 2


def test_an_answer_is_forgotten_when_its_time_is_up(data: DataManager, asked: Asked) -> None:
    with time_machine.travel(START, tick=False) as clock:
        data.query("count", Everything())
        clock.shift(timedelta(seconds=59))
        data.query("count", Everything())
        assert len(asked.calls) == 1
        clock.shift(timedelta(seconds=2))
        data.query("count", Everything())
        assert len(asked.calls) == 2


def test_the_same_question_from_two_threads_is_asked_once(data: DataManager) -> None:
    begun, finish = Event(), Event()
    count = []

    def slow(_cursor: Any) -> bytes:
        count.append(1)
        begun.set()
        assert finish.wait(10)
        return b"answer"

    answers: list[bytes] = []
    threads = [Thread(target=lambda: answers.append(data.remember("key", slow))) for _ in range(3)]
    for thread in threads:
        thread.start()
    assert begun.wait(10)
    finish.set()
    for thread in threads:
        thread.join(10)
    assert (answers, count) == ([b"answer"] * 3, [1])


def test_a_failure_is_not_remembered(data: DataManager) -> None:
    def fail(_cursor: Any) -> bytes:
        raise ValueError("first time")

    with pytest.raises(ValueError, match="first time"):
        data.remember("key", fail)
    assert data.remember("key", lambda _cursor: b"second time") == b"second time"


def test_an_unknown_question_is_refused_by_name(data: DataManager) -> None:
    with pytest.raises(UnknownQueryError, match="'weather'; there are count"):
        data.query("weather", Everything())


def test_a_slow_question_is_logged(store: Store, asked: Asked, caplog: pytest.LogCaptureFixture) -> None:
    cache = Cache(Flask("test"), config={"CACHE_TYPE": "NullCache", "CACHE_NO_NULL_WARNING": True})
    with caplog.at_level(logging.WARNING, "app.data"):
        DataManager(store, cache, {"count": asked}, slow_ms=0.0).query("count", Everything())  # type: ignore[arg-type]
    assert "slow query: count (selection=all) took" in caplog.text


def test_a_logged_question_reads_as_words() -> None:
    params = {"as_of": START, "level": AreaLevel.STREET, "limit": 40, "text": "x" * 100}
    shown = readable("load_by_area", "all", params)
    assert shown.startswith("load_by_area (selection=all, as_of=2026-01-01T00:00Z, level=street, limit=40, text=xxx")
    assert shown.endswith("x…)")
    assert len(shown) < 160


def test_warming_up_asks_and_is_not_logged(store: Store, asked: Asked, caplog: pytest.LogCaptureFixture) -> None:
    cache = Cache(Flask("test"), config={"CACHE_TYPE": "SimpleCache"})
    with caplog.at_level(logging.WARNING, "app.data"):
        DataManager(store, cache, {"count": asked}, slow_ms=0.0).warm_up("count")  # type: ignore[arg-type]
    assert asked.calls == [("cursor", Everything(), {})]
    assert caplog.text == ""
