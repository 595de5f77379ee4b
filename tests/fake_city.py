"""A server of this process that answers what a test tells it to, and remembers what it was asked."""

import json
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any
from urllib.parse import parse_qsl, urlsplit


@dataclass(frozen=True)
class Asked:
    """One request as it came."""

    method: str
    path: str
    query: dict[str, str]
    headers: dict[str, str]
    body: bytes
    connection: int


@dataclass
class FakeCity:
    """Answers by what a function says: status, value of the JSON body, headers. None closes the connection."""

    answer: Callable[[Asked], tuple[int, Any, dict[str, str]] | None]
    url: str = ""
    asked: list[Asked] = field(default_factory=list)
    lock: threading.Lock = field(default_factory=threading.Lock)

    def paths(self) -> list[str]:
        return [each.path for each in self.asked]


@contextmanager
def fake_city(answer: Callable[[Asked], tuple[int, Any, dict[str, str]] | None]) -> Iterator[FakeCity]:
    city = FakeCity(answer)

    class Handler(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"

        def setup(self) -> None:
            super().setup()
            self.connection.settimeout(10)

        def do_GET(self) -> None:
            parts = urlsplit(self.path)
            body = self.rfile.read(int(self.headers.get("Content-Length") or 0))
            asked = Asked(
                self.command, parts.path, dict(parse_qsl(parts.query)), {k.lower(): v for k, v in self.headers.items()},
                body, self.client_address[1],
            )  # fmt: skip
            with city.lock:
                city.asked.append(asked)
            found = city.answer(asked)
            if found is None:
                self.close_connection = True
                return
            status, value, headers = found
            told = json.dumps(value).encode()
            self.send_response(status)
            for name, text in {"Content-Length": str(len(told)), **headers}.items():
                self.send_header(name, text)
            self.end_headers()
            self.wfile.write(told)

        do_POST = do_GET  # noqa: N815 - the library's own name

        def log_message(self, *_: object) -> None:
            pass

    with ThreadingHTTPServer(("127.0.0.1", 0), Handler) as server:
        thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.02}, daemon=True)
        thread.start()
        city.url = f"http://127.0.0.1:{server.server_address[1]}"
        try:
            yield city
        finally:
            server.shutdown()
            thread.join()
