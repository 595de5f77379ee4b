"""Live push: milliseconds from a commit to its arrival at every one of many connected pages.

python -m tests.benchmarks.bench_push --data DIR [--clients 1 100 500] [--seconds S]

The web server runs with a stand-in for the desk, which commits two events and settles every 100 ms, as a busy district
never does for long; figures are computed after that as for real. Readers are connections of a process of their own.
Each event says when it was committed; both processes read one clock.
"""

import argparse
import http.client
import selectors
import signal
import socket
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path

from tests.benchmarks.report import Figure, print_figures

CLIENTS = (1, 100, 500)
EVENTS = 2
EVERY_S = 0.1
TARGET_MS = 500.0
START_S = 120.0
QUIET_S = 5.0
MARK = b'"case":"'
DIGITS = 19
"""Of the time in nanoseconds that stands for a case number."""


class Reader:
    """One connection that listens."""

    def __init__(self, port: int) -> None:
        self.sock = socket.create_connection(("127.0.0.1", port))
        self.sock.sendall(b"GET /api/live HTTP/1.1\r\nHost: bench\r\nAccept: text/event-stream\r\n\r\n")
        self.sock.setblocking(False)
        self.rest = b""
        self.ready = False

    def take(self) -> list[int]:
        """Commit times in what has come, nanoseconds."""
        data = self.rest + self.sock.recv(1 << 18)
        self.ready = self.ready or b"event: hello" in data
        found, at = [], data.find(MARK)
        while at >= 0 and at + len(MARK) + DIGITS <= len(data):
            found.append(int(data[at + len(MARK) : at + len(MARK) + DIGITS]))
            at = data.find(MARK, at + len(MARK))
        self.rest = data[at:] if at >= 0 else data[-len(MARK) :]
        return found


def listen(port: int, count: int, seconds: float) -> list[float]:
    """Milliseconds from commit to arrival, one for each event at each of some readers.

    Raises
    ------
    RuntimeError
        If an event did not arrive everywhere.
    """
    readers = [Reader(port) for _ in range(count)]
    selector = selectors.DefaultSelector()
    for reader in readers:
        selector.register(reader.sock, selectors.EVENT_READ, reader)
    while not all(reader.ready for reader in readers):
        for key, _ in selector.select(START_S):
            key.data.take()
    batches = max(1, int(seconds / EVERY_S))
    post(port, f"/trial/run?n={EVENTS}&batches={batches}&every={EVERY_S}")
    took: list[float] = []
    expected = batches * EVENTS * count
    while len(took) < expected:
        ready = selector.select(QUIET_S)
        if not ready:
            raise RuntimeError(f"{expected - len(took)} of {expected} arrivals are missing")
        for key, _ in ready:
            times = key.data.take()
            now = time.time_ns()
            took += [(now - time_ns) / 1e6 for time_ns in times]
    for reader in readers:
        reader.sock.close()
    return took


def post(port: int, path: str) -> None:
    """Ask the server to do something."""
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=START_S)
    connection.request("POST", path)
    connection.getresponse().read()
    connection.close()


@contextmanager
def serving(data: Path) -> Iterator[tuple[int, "subprocess.Popen[bytes]"]]:
    """Port of a running server, and its process."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    command = [sys.executable, "-m", "tests.live_server", "--data", str(data), "--port", str(port)]
    with tempfile.TemporaryFile() as told, subprocess.Popen(command, stderr=told) as process:  # noqa: S603
        try:
            wait_for(port, process)
            yield port, process
        finally:
            process.send_signal(signal.SIGTERM)
            process.wait()


def wait_for(port: int, process: "subprocess.Popen[bytes]") -> None:
    """Wait until a server answers."""
    deadline = time.monotonic() + START_S
    while True:
        try:
            socket.create_connection(("127.0.0.1", port)).close()
        except OSError:
            if time.monotonic() > deadline or process.poll() is not None:
                raise
            time.sleep(0.1)
        else:
            return


def stopping(data: Path, count: int) -> float:
    """Seconds that a server takes to stop with some readers connected."""
    with serving(data) as (port, process):
        readers = [Reader(port) for _ in range(count)]
        for reader in readers:
            reader.sock.setblocking(True)
            reader.take()
        begun = time.monotonic()
        process.send_signal(signal.SIGTERM)
        process.wait()
        took = time.monotonic() - begun
        for reader in readers:
            reader.sock.close()
    return took


def figures(data: Path, clients: Sequence[int] = CLIENTS, seconds: float = 10.0) -> list[Figure]:
    """Median and 95th percentile for each number of readers, and how long the server takes to stop with the most."""
    found = []
    for count in clients:
        with serving(data) as (port, _):
            script = "import sys; from tests.benchmarks.bench_push import *; report(*map(float, sys.argv[1:]))"
            told = [str(port), str(count), str(seconds)]
            done = subprocess.run([sys.executable, "-c", script, *told], check=True, capture_output=True, text=True)  # noqa: S603
        middle, high, number = map(float, done.stdout.split())
        found.append(Figure(f"{count} pages, p50", middle, "ms", note=f"{number:,.0f} arrivals"))
        found.append(Figure(f"{count} pages, p95", high, "ms", "target", TARGET_MS))
    found.append(Figure(f"stop with {max(clients)} pages", stopping(data, max(clients)), "s", "target", 3.0))
    return found


def report(port: float, count: float, seconds: float) -> None:
    """Print median, 95th percentile and number of arrivals; for the readers' own process."""
    took = sorted(listen(int(port), int(count), seconds))
    print(took[len(took) // 2], took[int(len(took) * 0.95)], len(took))  # noqa: T201


def main(arguments: Sequence[str] | None = None) -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--data", type=Path, required=True, help="data directory with a store")
    parser.add_argument("--clients", type=int, nargs="+", default=CLIENTS)
    parser.add_argument("--seconds", type=float, default=10.0, help="for each number of clients")
    options = parser.parse_args(arguments)
    print_figures("Live push", figures(options.data, options.clients, options.seconds))


if __name__ == "__main__":
    main()
