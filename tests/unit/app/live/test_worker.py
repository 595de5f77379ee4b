"""The worker counts handed-over connections out, ends live ones when it stops, and lets nobody hold its threads."""

import errno
import resource
import socket
from collections import deque
from concurrent.futures import Future
from selectors import DefaultSelector
from types import SimpleNamespace
from typing import Any

import pytest
from gunicorn.workers.gthread import ThreadWorker

from app.live import worker as worker_module
from app.live.worker import LiveWorker, allow_files


class Application:
    """Application that notes when it is told to stop."""

    def __init__(self) -> None:
        self.stopped = 0

    def stop_live(self) -> None:
        self.stopped += 1


class Connection:
    """Connection as gunicorn holds it."""

    def __init__(self, sock: socket.socket) -> None:
        self.sock = sock


@pytest.fixture
def worker() -> Any:
    made = LiveWorker.__new__(LiveWorker)
    made.app, made.nr_conns, made.alive = Application(), 5, True
    made.pending_conns, made._heads = deque(), {}
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


def test_a_connection_that_says_nothing_waits_without_a_thread(worker: Any) -> None:
    handed: list[Any] = []
    worker.tpool = SimpleNamespace(submit=lambda _work, conn: handed.append(conn) or Future())
    ours, theirs = socket.socketpair()
    conn = SimpleNamespace(sock=theirs, initialized=False, data_ready=False, close=theirs.close)
    with ours, theirs, DefaultSelector() as worker.poller:
        worker.enqueue_req(conn)
        assert (handed, list(worker.pending_conns)) == ([], [conn])
        ours.sendall(b"GET")
        worker.wait_for_and_dispatch_events(1)
        assert (handed, list(worker.pending_conns)) == ([conn], [])


def test_a_head_that_does_not_come_to_its_end_is_ended(worker: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    ours, theirs = socket.socketpair()
    conn = Connection(theirs)
    now = [100.0]
    monkeypatch.setattr(worker_module, "monotonic", lambda: now[0])
    with ours, theirs:

        def read_head(_self: Any, _conn: Any) -> bytes:
            worker.murder_pending()  # in time: it may read on
            assert conn in worker._heads
            now[0] += worker_module.HEAD_S + 1
            worker.murder_pending()
            return theirs.recv(10)

        monkeypatch.setattr(ThreadWorker, "handle", read_head)
        assert worker.handle(conn) == b""
    assert not worker._heads


def test_a_peer_that_stands_still_counts_as_gone(worker: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    def stalled(*_: Any) -> bool:
        raise BlockingIOError(errno.EAGAIN, "nothing comes")

    monkeypatch.setattr(ThreadWorker, "handle_request", stalled)
    with pytest.raises(ConnectionResetError):
        worker.handle_request(None, object())


@pytest.mark.parametrize("number", [errno.EMFILE, errno.EBADF])
def test_no_file_for_a_connection_ends_nothing(worker: Any, monkeypatch: pytest.MonkeyPatch, number: int) -> None:
    def refused(*_: Any) -> None:
        raise OSError(number, "refused")

    monkeypatch.setattr(ThreadWorker, "accept", refused)
    monkeypatch.setattr(worker_module, "sleep", lambda _s: None)
    if number == errno.EMFILE:
        worker.accept(None)
    else:
        with pytest.raises(OSError, match="refused"):
            worker.accept(None)


def test_a_process_may_open_as_many_files_as_the_system_lets_it() -> None:
    before = resource.getrlimit(resource.RLIMIT_NOFILE)
    soft, hard = before
    assert allow_files(1) == soft
    assert allow_files(soft) == soft
    assert allow_files(10**9) == (hard if hard != resource.RLIM_INFINITY else 10**9)
    resource.setrlimit(resource.RLIMIT_NOFILE, before)
