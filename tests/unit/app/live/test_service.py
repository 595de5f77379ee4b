"""Live push as a whole: what a desk commits and settles reaches who listens, until it is stopped."""

import socket
import threading
from collections.abc import Iterator, Mapping
from typing import Any

import pytest

from app.live.scope import Scope
from app.live.service import Live, start_live
from tests.live_reader import Reader
from tests.live_server import LOG_ID, TrialDesk


class Computing:
    """Figures that take until they are let go on."""

    def __init__(self) -> None:
        self.begun, self.let_go = threading.Event(), threading.Event()

    def __call__(self, scope: Scope) -> Mapping[str, Any]:
        self.begun.set()
        assert self.let_go.wait(30)
        return {"area": scope.area}


@pytest.fixture
def computing() -> Computing:
    return Computing()


@pytest.fixture
def desk() -> TrialDesk:
    return TrialDesk()


@pytest.fixture
def live(desk: TrialDesk, computing: Computing) -> Iterator[Live]:
    found = start_live(desk, computing, LOG_ID, 0, data_version=1)
    yield found
    computing.let_go.set()
    found.finish(30)


@pytest.fixture
def reader(live: Live) -> Iterator[Reader]:
    ours, theirs = socket.socketpair()
    live.hub.join(theirs, Scope("110108011"))
    with ours:
        yield Reader(ours)


def test_commits_settles_and_figures_reach_who_listens(desk: TrialDesk, computing: Computing, reader: Reader) -> None:
    computing.let_go.set()
    desk.commit(2)
    desk.settle()
    while not {"case", "settled", "figures"} <= set(reader.kinds):
        reader.take()
        assert reader.open
    assert reader.seqs == [1, 2]
    assert reader.of("figures")[0].data == {"area": "110108011"}


def test_it_stops_at_once_and_finishes_when_nothing_is_computed_any_more(
    live: Live, computing: Computing, reader: Reader
) -> None:
    assert computing.begun.wait(30)
    live.stop(30)
    while reader.open:
        reader.take()
    assert reader.kinds[-1] == "bye"
    thread = live.figures._thread
    assert thread is not None
    assert thread.is_alive()
    computing.let_go.set()
    live.finish(30)
    assert not thread.is_alive()
