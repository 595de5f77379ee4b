"""One connected reader: a socket that is never waited for, and what it has yet to be sent."""

import socket
from collections import deque
from enum import Enum

from app.live.scope import Scope

BACKLOG_BYTES = 1 << 20
"""What one reader may be behind by; more is let go of, as it can come back and read on."""
SEND_BUFFER_BYTES = 1 << 17
"""The kernel's own buffer of one connection; left alone it grows to megabytes for a reader who does not read."""
UNACKNOWLEDGED_MS = 30_000
"""How long a peer may leave what it was sent unacknowledged before it counts as gone."""
READ_BYTES = 4096


class State(Enum):
    """How a reader stands after a turn."""

    DONE = "done"
    WAITING = "waiting"
    GONE = "gone"
    SLOW = "slow"


class Client:
    """One connected reader.

    Parameters
    ----------
    sock : socket
        Connected; made non-blocking here.
    scope : Scope
        What it listens to.
    position : int, optional
        Place in the log of the last event that it has, while it reads up on older ones; None once it has them all.
    """

    def __init__(self, sock: socket.socket, scope: Scope, position: int | None = None) -> None:
        self.sock = sock
        self.scope = scope
        self.position = position
        self._waiting: deque[memoryview] = deque()
        self._bytes = 0
        self.sent = 0
        make_live(sock)

    @property
    def waiting(self) -> int:
        """Bytes that it has yet to be sent."""
        return self._bytes

    def send(self, data: bytes) -> State:
        """Send what there is room for and keep the rest; SLOW where it would be too much to keep."""
        if self._bytes + len(data) > BACKLOG_BYTES and self._bytes:
            return State.SLOW
        if data:
            self._waiting.append(memoryview(data))
            self._bytes += len(data)
        return self.flush()

    def flush(self) -> State:
        """Send what there is room for."""
        try:
            while self._waiting:
                first = self._waiting[0]
                gone = self.sock.send(first)
                self._bytes -= gone
                self.sent += gone
                if gone < len(first):
                    self._waiting[0] = first[gone:]
                    return State.WAITING
                self._waiting.popleft()
        except BlockingIOError:
            return State.WAITING
        except OSError:
            return State.GONE
        return State.DONE

    def read(self) -> State:
        """Take what it says, which means nothing here; GONE where it has hung up."""
        try:
            return State.DONE if self.sock.recv(READ_BYTES) else State.GONE
        except BlockingIOError:
            return State.DONE
        except OSError:
            return State.GONE

    def close(self) -> None:
        """Let go of the connection."""
        self._waiting.clear()
        self.sock.close()


def make_live(sock: socket.socket) -> None:
    """Set a socket up for a stream of small messages to a peer that may vanish without a word."""
    sock.setblocking(False)
    sock.setsockopt(socket.SOL_SOCKET, socket.SO_SNDBUF, SEND_BUFFER_BYTES)
    if sock.family in (socket.AF_INET, socket.AF_INET6):
        sock.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        if hasattr(socket, "TCP_USER_TIMEOUT"):
            sock.setsockopt(socket.IPPROTO_TCP, socket.TCP_USER_TIMEOUT, UNACKNOWLEDGED_MS)
