"""A connection that is live leaves its request thread: its socket goes to the hub, and the thread serves others.

A page listens for days. Were each connection to hold the thread that answered its request, a handful of pages would
leave none to answer anything else.
"""

import errno
import socket
from collections.abc import Callable, Iterable
from typing import Any

SOCKET = "gunicorn.socket"
OFFER = "citydeck.handover"
"""Where a request finds the offer to take its connection over."""

Environ = dict[str, Any]
StartResponse = Callable[..., Any]
WsgiApp = Callable[[Environ, StartResponse], Iterable[bytes]]
Taker = Callable[[socket.socket, bytes], None]
"""Takes a connected socket, and the head of the answer that is to be sent first."""


class HandedOverError(BrokenPipeError):
    """The connection is no longer the server's: what it does about one that the peer closed is right here too."""

    def __init__(self) -> None:
        super().__init__(errno.EPIPE, "the connection was handed over")


class Offer:
    """The offer to take a request's connection over; whoever answers the request may take it."""

    taker: Taker | None = None

    def take(self, taker: Taker) -> None:
        """Take the connection once the head of the answer is known."""
        self.taker = taker


class Handover:
    """WSGI middleware: offers the connection of a request, and hands it over where the offer is taken.

    Parameters
    ----------
    app : WSGI application
        What answers.
    path : str
        The one address whose connections are offered.
    """

    def __init__(self, app: WsgiApp, path: str) -> None:
        self._app = app
        self._path = path

    def __call__(self, environ: Environ, start_response: StartResponse) -> Iterable[bytes]:
        """Answer a request.

        Raises
        ------
        HandedOverError
            If the connection is no longer the server's.
        """
        if environ.get("PATH_INFO") != self._path or not is_plain(environ):
            return self._app(environ, start_response)
        environ[OFFER] = offer = Offer()
        told: list[tuple[Any, ...]] = []
        body = self._app(environ, lambda *head: _keep(told, head))
        if offer.taker is None:
            start_response(*told[-1])
            return body
        if hasattr(body, "close"):
            body.close()
        status, headers, *_ = told[-1]
        offer.taker(taken(environ[SOCKET]), head_of(status, headers))
        raise HandedOverError


def is_plain(environ: Environ) -> bool:
    """Whether a request came over a connection that is its own: HTTP/1 without TLS, under the server that we run."""
    # No key that begins with HTTP_ tells: those are what the peer says in its headers.
    return type(environ.get(SOCKET)) is socket.socket and str(environ.get("SERVER_PROTOCOL", "")).startswith("HTTP/1.")


def taken(sock: socket.socket) -> socket.socket:
    """Take the connection out of a socket object, which is closed by that without a word to the peer."""
    return socket.socket(sock.family, sock.type, sock.proto, sock.detach())


def head_of(status: str, headers: Iterable[tuple[str, str]]) -> bytes:
    """Head of an HTTP/1.1 answer that ends with its connection."""
    kept = [(name, value) for name, value in headers if name.lower() not in ("content-length", "connection")]
    lines = [f"HTTP/1.1 {status}", *(f"{name}: {value}" for name, value in kept), "Connection: close"]
    return "".join(f"{line}\r\n" for line in (*lines, "")).encode("latin-1")


def _keep(told: list[tuple[Any, ...]], head: tuple[Any, ...]) -> Callable[[bytes], None]:
    """Keep what an application says of its answer; gives a write function, which nothing here uses."""
    told.append(head)
    return lambda _data: None
