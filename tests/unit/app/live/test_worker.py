"""The worker counts handed-over connections out, and ends live ones when it stops."""

import resource
import socket
from types import SimpleNamespace
from typing import Any

import pytest
from gunicorn.workers.gthread import ThreadWorker

from app.live.worker import LiveWorker, allow_files


class Application:
    """Application that notes when it is told to stop."""

    def __init__(self) -> None:
        self.stopped = 0

    def stop_live(self) -> None:
        self.stopped += 1


@pytest.fixture
def worker() -> Any:
    made = LiveWorker.__new__(LiveWorker)
    made.app, made.nr_conns, made.alive = Application(), 5, True
    made.method_queue = SimpleNamespace(defer=lambda *_: None)
    return made


def test_a_connection_that_was_handed_over_is_counted_out_and_not_closed(worker: Any) -> None:
    closed: list[bool] = []
    ours, theirs = socket.socketpair()
    with ours, theirs:
        kept = socket.socket(fileno=theirs.detach())
        worker.finish_request(SimpleNamespace(sock=theirs, close=closed.append), None)
        assert (worker.nr_conns, closed) == (4, [])
        kept.sendall(b"still open")
        assert ours.recv(20) == b"still open"
        kept.close()


def test_any_other_connection_is_the_threaded_workers(worker: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    finished: list[Any] = []
    monkeypatch.setattr(ThreadWorker, "finish_request", lambda _self, conn, fs: finished.append((conn, fs)))
    ours, theirs = socket.socketpair()
    with ours, theirs:
        conn = SimpleNamespace(sock=theirs)
        worker.finish_request(conn, "result")
    assert finished == [(conn, "result")]


def test_a_graceful_stop_ends_live_connections(worker: Any) -> None:
    worker.handle_exit(15, None)
    assert (worker.app.stopped, worker.alive) == (1, False)


def test_a_process_may_open_as_many_files_as_the_system_lets_it() -> None:
    before = resource.getrlimit(resource.RLIMIT_NOFILE)
    soft, hard = before
    assert allow_files(1) == soft
    assert allow_files(soft) == soft
    assert allow_files(10**9) == (hard if hard != resource.RLIM_INFINITY else 10**9)
    resource.setrlimit(resource.RLIMIT_NOFILE, before)
