"""A connection is handed over where that is asked for and possible, and answered as ever elsewhere."""

import socket
from collections.abc import Iterable, Iterator
from typing import Any

import pytest

from app.live.handover import OFFER, SOCKET, HandedOverError, Handover, head_of

PATH = "/stream"


class Answered:
    """What a server was told."""

    def __init__(self) -> None:
        self.status = ""

    def __call__(self, status: str, _headers: list[tuple[str, str]], _exc_info: Any = None) -> Any:
        self.status = status


@pytest.fixture
def pair() -> Iterator[tuple[socket.socket, socket.socket]]:
    ours, theirs = socket.socketpair()
    with ours, theirs:
        yield ours, theirs


def request_of(sock: socket.socket) -> dict[str, Any]:
    """Request over a connection."""
    return {"PATH_INFO": PATH, "SERVER_PROTOCOL": "HTTP/1.1", SOCKET: sock}


def taking(environ: dict[str, Any], start_response: Any) -> Iterable[bytes]:
    """Application that takes every offer."""
    if OFFER in environ:
        environ[OFFER].take(lambda sock, head: environ["taken"].append((sock, head)))
    start_response("200 OK", [("Content-Type", "text/plain"), ("Content-Length", "0")])
    return [b"body"]


def test_a_taken_connection_leaves_the_server(pair: tuple[socket.socket, socket.socket]) -> None:
    ours, theirs = pair
    environ: dict[str, Any] = {**request_of(theirs), "taken": []}
    with pytest.raises(HandedOverError) as raised:
        Handover(taking, PATH)(environ, Answered())
    assert raised.value.errno == 32
    assert theirs.fileno() == -1
    ((sock, head),) = environ["taken"]
    with sock:
        sock.sendall(head)
        assert ours.recv(1000) == b"HTTP/1.1 200 OK\r\nContent-Type: text/plain\r\nConnection: close\r\n\r\n"


def test_an_offer_that_nobody_takes_is_answered_as_ever(pair: tuple[socket.socket, socket.socket]) -> None:
    def refusing(_environ: dict[str, Any], start_response: Any) -> Iterable[bytes]:
        start_response("503 Service Unavailable", [])
        return [b"no"]

    answered = Answered()
    body = Handover(refusing, PATH)(request_of(pair[1]), answered)
    assert (answered.status, list(body)) == ("503 Service Unavailable", [b"no"])
    assert pair[1].fileno() >= 0


@pytest.mark.parametrize("header", ["HTTP_VERSION", "HTTP_SERVER_PROTOCOL", "HTTP_GUNICORN_SOCKET"])
def test_no_header_keeps_a_live_connection_in_its_thread(
    pair: tuple[socket.socket, socket.socket], header: str
) -> None:
    environ: dict[str, Any] = {**request_of(pair[1]), header: "2", "taken": []}
    with pytest.raises(HandedOverError):
        Handover(taking, PATH)(environ, Answered())
    environ["taken"][0][0].close()


@pytest.mark.parametrize(
    "more", [{"PATH_INFO": "/other"}, {SOCKET: None}, {"SERVER_PROTOCOL": "HTTP/2"}, {SOCKET: object()}]
)
def test_nothing_is_offered_elsewhere(pair: tuple[socket.socket, socket.socket], more: dict[str, Any]) -> None:
    answered = Answered()
    body = Handover(taking, PATH)({**request_of(pair[1]), **more}, answered)
    assert (answered.status, list(body)) == ("200 OK", [b"body"])


def test_the_head_ends_with_an_empty_line_and_the_answer_with_its_connection() -> None:
    head = head_of("200 OK", [("Connection", "keep-alive"), ("X-A", "é")])
    assert head == "HTTP/1.1 200 OK\r\nX-A: é\r\nConnection: close\r\n\r\n".encode("latin-1")
