"""Displays by the hundred, as far as the server can tell: connections that listen, in a process of their own.

python -m tests.benchmarks.push_readers PORT COUNT

Says ``ready`` when all of them have been greeted. When its input ends, it prints how many milliseconds after its commit
each event arrived at each of them, as JSON: p50, p95, arrivals, and how many of the events did not arrive everywhere.
"""

import json
import re
import selectors
import socket
import sys
import time
from collections import Counter
from datetime import datetime
from functools import lru_cache

REQUEST = b"GET /api/live HTTP/1.1\r\nHost: bench\r\nAccept: text/event-stream\r\n\r\n"
EVENT = re.compile(rb'"seq":(\d+),"case":"[^\n]*?"committed":"([^"]+)"')
QUIET_S = 3.0
"""What has not come so long after the end does not come."""


class Reader:
    """One connection that listens."""

    def __init__(self, port: int) -> None:
        self.sock = socket.create_connection(("127.0.0.1", port))
        self.sock.sendall(REQUEST)
        self.sock.setblocking(False)
        self.rest = b""
        self.greeted = False

    def take(self) -> list[tuple[int, float]]:
        """Place in the log and commit time (milliseconds since 1970) of each event that has come."""
        *lines, self.rest = (self.rest + self.sock.recv(1 << 18)).split(b"\n")
        self.greeted = self.greeted or b"event: hello" in lines
        return [(int(seq), milliseconds(text)) for line in lines for seq, text in EVENT.findall(line)]


@lru_cache(maxsize=4096)
def milliseconds(text: bytes) -> float:
    """Milliseconds since 1970 of a moment in RFC 3339."""
    return datetime.fromisoformat(text.decode()).timestamp() * 1e3


def listen(port: int, count: int) -> dict[str, float]:
    """Connect, listen until the input ends, and tell what came."""
    selector = selectors.DefaultSelector()
    readers = [Reader(port) for _ in range(count)]
    for reader in readers:
        selector.register(reader.sock, selectors.EVENT_READ, reader)
    while not all(reader.greeted for reader in readers):
        for key, _ in selector.select():
            key.data.take()
    print("ready", flush=True)  # noqa: T201 - to the process that waits for it
    selector.register(sys.stdin, selectors.EVENT_READ)
    took: list[float] = []
    arrivals: Counter[int] = Counter()
    until = float("inf")
    while time.monotonic() < until:
        for key, _ in selector.select(QUIET_S):
            if key.data is None:
                selector.unregister(sys.stdin)
                until = time.monotonic() + QUIET_S
                continue
            events = key.data.take()
            now = time.time() * 1e3
            took += [now - committed for _, committed in events]
            arrivals.update(seq for seq, _ in events)
    took.sort()
    p50, p95 = (took[int(len(took) * share)] if took else float("nan") for share in (0.5, 0.95))
    return {"p50": p50, "p95": p95, "arrivals": len(took), "lost": sum(n != count for n in arrivals.values())}


if __name__ == "__main__":
    print(json.dumps(listen(*map(int, sys.argv[1:]))))  # noqa: T201 - its answer
