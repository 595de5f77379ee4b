"""A reader is sent what there is room for, and is never waited for."""

import socket
from collections.abc import Iterator

import pytest

from app.live.client import BACKLOG_BYTES, Client, State
from app.live.scope import Scope

Pair = tuple[Client, socket.socket]


@pytest.fixture
def pair() -> Iterator[Pair]:
    ours, theirs = socket.socketpair()
    client = Client(ours, Scope())
    with theirs:
        yield client, theirs
    client.close()


def filled(client: Client) -> None:
    """Send until the kernel takes no more."""
    while client.send(b"x" * 65_536) is State.DONE:
        pass


def test_what_there_is_room_for_is_sent_at_once(pair: Pair) -> None:
    client, theirs = pair
    assert client.send(b"hello") is State.DONE
    assert theirs.recv(10) == b"hello"
    assert (client.waiting, client.sent) == (0, 5)


def test_the_rest_is_kept_and_sent_in_order(pair: Pair) -> None:
    client, theirs = pair
    filled(client)
    assert client.send(b"end") is State.WAITING
    got = b""
    while client.waiting:
        got += theirs.recv(1 << 20)
        client.flush()
    theirs.setblocking(False)
    while len(got) < client.sent:
        got += theirs.recv(1 << 20)
    assert got.endswith(b"xend")
    assert len(got) == client.sent


def test_a_reader_that_does_not_read_is_slow(pair: Pair) -> None:
    client, _ = pair
    filled(client)
    states = {client.send(b"x" * 65_536) for _ in range(BACKLOG_BYTES // 65_536 + 1)}
    assert State.SLOW in states
    assert client.waiting <= BACKLOG_BYTES


def test_a_reader_that_hung_up_is_gone(pair: Pair) -> None:
    client, theirs = pair
    assert client.read() is State.DONE
    theirs.sendall(b"what readers say means nothing")
    assert client.read() is State.DONE
    theirs.close()
    assert client.read() is State.GONE
    assert client.send(b"x") is State.GONE
