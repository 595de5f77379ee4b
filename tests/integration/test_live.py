"""Live push by the real web server: many pages, few threads, nothing lost."""

import os
import selectors
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from http.client import HTTPConnection
from json import loads
from pathlib import Path
from typing import Any

import pytest

from tests.live_reader import Reader

PAGES = 50
WAIT_S = 120.0
"""Longest wait for something to be true; a machine with other work is slow."""


class Server:
    """A running web server, asked as browsers and a desk would."""

    def __init__(self, port: int, process: "subprocess.Popen[bytes]") -> None:
        self.port, self.process = port, process
        self.readers: list[Reader] = []

    def ask(self, method: str, path: str) -> tuple[int, dict[str, str], Any]:
        """Status, headers and JSON of an answer."""
        connection = HTTPConnection("127.0.0.1", self.port, timeout=WAIT_S)
        try:
            connection.request(method, path)
            answer = connection.getresponse()
            body = answer.read()
            return answer.status, dict(answer.getheaders()), loads(body) if body.startswith(b"{") else body
        finally:
            connection.close()

    def commit(self, count: int, street: str = "110108011") -> int:
        """Let the desk commit some events; gives the place of the last one."""
        return int(self.ask("POST", f"/trial/commit?n={count}&street={street}")[2]["seq"])

    def listen(self, query: str = "", last_id: str = "") -> Reader:
        sock = socket.create_connection(("127.0.0.1", self.port))
        lines = [f"GET /api/live{query} HTTP/1.1", "Host: test", *([f"Last-Event-ID: {last_id}"] if last_id else [])]
        sock.sendall("\r\n".join([*lines, "", ""]).encode())
        sock.setblocking(False)
        self.readers.append(Reader(sock))
        return self.readers[-1]

    def close(self) -> None:
        for reader in self.readers:
            reader.sock.close()
        self.readers.clear()


def read_until(readers: Sequence[Reader], true: Callable[[Reader], object]) -> None:
    """Let readers read until something is true of each."""
    deadline = time.monotonic() + WAIT_S
    with selectors.DefaultSelector() as selector:
        for reader in readers:
            selector.register(reader.sock, selectors.EVENT_READ, reader)
        while not all(true(reader) for reader in readers):
            assert time.monotonic() < deadline
            for key, _ in selector.select(1.0):
                key.data.take()
                if not key.data.open:
                    selector.unregister(key.fileobj)


@contextmanager
def serving(data: Path, **settings: str) -> Iterator[Server]:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    command = [sys.executable, "-m", "tests.live_server", "--data", str(data), "--port", str(port)]
    process = subprocess.Popen(command, env=os.environ | settings)  # noqa: S603
    server = Server(port, process)
    try:
        deadline = time.monotonic() + WAIT_S
        while process.poll() is None:
            assert time.monotonic() < deadline
            try:
                socket.create_connection(("127.0.0.1", port)).close()
                break
            except ConnectionRefusedError:
                time.sleep(0.05)
        yield server
    finally:
        server.close()
        process.terminate()
        process.wait()


@pytest.fixture(scope="module")
def running(small_data_dir: Path) -> Iterator[Server]:
    with serving(small_data_dir) as server:
        yield server


@pytest.fixture
def server(running: Server) -> Iterator[Server]:
    yield running
    running.close()


def test_every_page_gets_every_event_in_order_while_other_requests_are_answered(server: Server) -> None:
    pages = [server.listen() for _ in range(PAGES)]
    read_until(pages, lambda page: page.of("hello"))
    first = pages[0].of("hello")[0].data["seq"] + 1
    for count in (1, 20, 3):
        last = server.commit(count)
        assert server.ask("GET", "/healthz")[0] == 200
    read_until(pages, lambda page: page.seqs and page.seqs[-1] == last)
    assert [page.seqs for page in pages] == [list(range(first, last + 1))] * PAGES
    assert server.ask("GET", "/trial/metrics")[2]["connected"] == PAGES


def test_figures_come_after_a_settle(server: Server) -> None:
    page = server.listen("?area=110108011")
    read_until([page], lambda page: page.of("figures"))
    before = page.of("figures")[-1].data
    server.commit(2)
    read_until([page], lambda page: page.of("figures")[-1].data["totals"]["open"] == before["totals"]["open"] + 2)
    assert page.of("figures")[-1].data["data_version"] > before["data_version"]


@pytest.mark.parametrize("by_header", [True, False])
def test_a_page_that_comes_back_reads_on_where_it_was(server: Server, by_header: bool) -> None:
    page = server.listen()
    seen = server.commit(1)
    read_until([page], lambda page: seen in page.seqs)
    last_id = page.last_id
    server.close()
    last = server.commit(700)
    back = server.listen(last_id=last_id) if by_header else server.listen(f"?since={last_id}")
    read_until([back], lambda page: last in page.seqs)
    assert back.seqs == list(range(seen + 1, last + 1))
    assert not back.of("gap")


def test_an_id_of_another_log_is_a_gap(server: Server) -> None:
    page = server.listen(last_id="other-1")
    read_until([page], lambda page: page.of("gap"))
    last = server.commit(1)
    read_until([page], lambda page: last in page.seqs)


def test_a_page_that_left_is_let_go_of(server: Server) -> None:
    page = server.listen()
    read_until([page], lambda page: page.of("hello"))
    server.close()
    deadline = time.monotonic() + WAIT_S
    while server.ask("GET", "/trial/metrics")[2]["connected"]:
        assert time.monotonic() < deadline


def test_a_stopping_server_says_goodbye_and_one_too_many_is_refused(small_data_dir: Path) -> None:
    with serving(small_data_dir, CITYDECK_LIVE_CLIENTS="3") as server:
        pages = [server.listen() for _ in range(3)]
        read_until(pages, lambda page: page.of("hello"))
        status, headers, problem = server.ask("GET", "/api/live")
        assert (status, problem["title"]) == (503, "no room")
        assert headers["Retry-After"]
        server.process.send_signal(signal.SIGTERM)
        read_until(pages, lambda page: not page.open)
        assert [page.kinds[-1] for page in pages] == ["bye"] * 3
        assert server.process.wait(WAIT_S) == 0
