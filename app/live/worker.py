"""gunicorn's threaded worker, which leaves handed-over connections alone and ends them when it stops.

No peer holds a thread by standing still: a connection that has said nothing yet waits without one, the head of a
request has to come in a few seconds, and a peer that neither sends nor takes anything for longer is let go of.
"""

import errno
import logging
import resource
import socket
import struct
from contextlib import suppress
from functools import partial
from selectors import EVENT_READ
from time import monotonic, sleep
from types import FrameType
from typing import Any

from gunicorn.workers.gthread import ThreadWorker

log = logging.getLogger(__name__)

SPARE_FILES = 512
"""Files that a process needs besides its connections."""
HEAD_S = 10
"""Longest time until a connection says something, and until the head of its request is there, seconds."""
STALL_S = 20
"""Longest time that a peer may neither send what it announced nor take what it asked for, seconds."""
FULL_PAUSE_S = 0.2
"""How long nobody is let in after the system has refused a further open file, seconds."""
_NO_FILES = (errno.EMFILE, errno.ENFILE)
_STALL = struct.pack("ll", STALL_S, 0)


class LiveWorker(ThreadWorker):  # type: ignore[misc]
    """Threaded worker for an application with ``stop_live`` and ``close_desk`` methods."""

    def init_process(self) -> None:
        """Begin to serve, with room for as many open files as there may be connections."""
        self._heads: dict[Any, float] = {}
        wanted = 2 * self.cfg.worker_connections + SPARE_FILES
        allowed = allow_files(wanted)
        if allowed < self.cfg.worker_connections + SPARE_FILES:
            log.warning(
                "this process may open %d files, too few for %d connections; raise the limit (ulimit -Hn), or set "
                "CITYDECK_LIVE_CLIENTS lower",
                allowed, self.cfg.worker_connections,
            )  # fmt: skip
        super().init_process()

    def run(self) -> None:
        """Serve until told to stop; then what was handed in is finished."""
        try:
            super().run()
        finally:
            self.app.close_desk()

    def accept(self, listener: socket.socket) -> None:
        """Let a connection in; where the system has no file for it, it waits until one is closed."""
        try:
            super().accept(listener)
        except OSError as error:
            if error.errno not in _NO_FILES:
                raise
            sleep(FULL_PAUSE_S)

    def enqueue_req(self, conn: Any) -> None:  # noqa: ANN401 - as gunicorn gives it
        """Have a request answered; a connection that has said nothing yet takes no thread until it does."""
        if conn.initialized or conn.data_ready:
            super().enqueue_req(conn)
            return
        conn.sock.setblocking(False)
        conn.timeout = monotonic() + HEAD_S
        self.pending_conns.append(conn)
        self.poller.register(conn.sock, EVENT_READ, partial(self.on_pending_socket_readable, conn))

    def handle(self, conn: Any) -> Any:  # noqa: ANN401 - as above
        """Read a request and answer it, in a thread."""
        for wait in (socket.SO_RCVTIMEO, socket.SO_SNDTIMEO):
            conn.sock.setsockopt(socket.SOL_SOCKET, wait, _STALL)
        self._heads[conn] = monotonic() + HEAD_S
        try:
            return super().handle(conn)
        finally:
            self._heads.pop(conn, None)

    def handle_request(self, req: Any, conn: Any) -> bool:  # noqa: ANN401 - as above
        """Answer a request whose head is there.

        Raises
        ------
        ConnectionResetError
            If the peer stood still for too long: like one that hung up.
        """
        self._heads.pop(conn, None)
        try:
            return bool(super().handle_request(req, conn))
        except BlockingIOError as error:
            raise ConnectionResetError(errno.ECONNRESET, "the peer stood still") from error

    def murder_pending(self) -> None:
        """Let go of who has said nothing for too long, or does not come to the end of what it asks."""
        super().murder_pending()
        now = monotonic()
        for conn, until in list(self._heads.items()):
            if now > until:
                self._heads.pop(conn, None)
                with suppress(OSError):
                    conn.sock.shutdown(socket.SHUT_RDWR)  # its thread reads the end of it

    def finish_request(self, conn: Any, fs: Any) -> None:  # noqa: ANN401 - as gunicorn gives them
        """Tidy up after a request: a connection that was handed over is counted out, and not shut down."""
        if conn.sock.fileno() < 0:
            self.nr_conns -= 1
        else:
            super().finish_request(conn, fs)

    def handle_exit(self, sig: int, frame: FrameType | None) -> None:
        """Begin a graceful stop: live connections end at once, requests under way are answered."""
        self.app.stop_live()
        super().handle_exit(sig, frame)

    def handle_quit(self, sig: int, frame: FrameType | None) -> None:
        """Stop now."""
        self.app.stop_live()
        super().handle_quit(sig, frame)


def allow_files(wanted: int) -> int:
    """Raise the number of files that this process may open, as far as the system lets it; gives the number."""
    soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    allowed = wanted if hard == resource.RLIM_INFINITY else min(wanted, hard)
    if soft != resource.RLIM_INFINITY and soft < allowed:
        resource.setrlimit(resource.RLIMIT_NOFILE, (allowed, hard))
        return allowed
    return soft
