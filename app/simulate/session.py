"""A connection to a server that is kept, and tried again where the server is busy or away."""

import json
import math
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from http.client import HTTPConnection, HTTPException, HTTPSConnection
from random import Random
from typing import Any
from urllib.parse import SplitResult, urlencode, urlsplit

from app.simulate.errors import CityGoneError, SimulateError, StoppedError

PATIENCE_S = 120.0
"""Seconds of waits after which an answer is despaired of."""
FIRST_WAIT_S, LONGEST_WAIT_S = 0.25, 15.0
TIMEOUT_S = 60.0
BUSY = frozenset({429, 502, 503, 504})
"""Statuses that say: later."""

Wait = Callable[[float], bool]
"""Waits so many seconds; true if somebody wants to stop."""
Connect = Callable[[SplitResult, float], HTTPConnection]


@dataclass(frozen=True)
class Request:
    """One request; it must do no harm if it is sent twice.

    Parameters
    ----------
    method, path : str
    query, headers : mapping of str to str
    body : bytes or None
    content_type : str
        Of the body.
    """

    method: str
    path: str
    query: Mapping[str, str] = field(default_factory=dict)
    headers: Mapping[str, str] = field(default_factory=dict, repr=False)
    body: bytes | None = None
    content_type: str = ""

    @property
    def target(self) -> str:
        """Path and query."""
        return f"{self.path}?{urlencode(self.query)}" if self.query else self.path


@dataclass(frozen=True)
class Answer:
    """What a server answered.

    Parameters
    ----------
    status : int
    body : bytes
    seconds : float
        From the last attempt to its end.
    attempts : int
    retry_after : str
        Header of that name, or ``""``.
    """

    status: int
    body: bytes
    seconds: float = 0.0
    attempts: int = 1
    retry_after: str = ""

    @property
    def is_good(self) -> bool:
        """Whether it was done."""
        return 200 <= self.status < 300  # noqa: PLR2004 - HTTP's own class of successes

    def json(self) -> Any:  # noqa: ANN401 - any JSON value
        """Body as JSON.

        Raises
        ------
        CityGoneError
            If it is none.
        """
        try:
            return json.loads(self.body)
        except ValueError as error:
            raise CityGoneError(f"the server answered no JSON: {self.body[:60]!r}; is --url right?") from error

    @property
    def why(self) -> str:
        """Sentence of a refusal, as problem documents and Open311 write it; ``""`` where there is none."""
        try:
            told = json.loads(self.body)
        except ValueError:
            return ""
        first = told[0] if isinstance(told, list) and told else told
        return str(first.get("detail") or first.get("description") or "") if isinstance(first, dict) else ""


def connect(parts: SplitResult, timeout_s: float) -> HTTPConnection:
    """Make a connection of an address; it is opened by the first request."""
    cls = HTTPSConnection if parts.scheme == "https" else HTTPConnection
    return cls(parts.hostname or "", parts.port, timeout=timeout_s)


def address_parts(url: str) -> SplitResult:
    """Parts of a server's address.

    Raises
    ------
    SimulateError
        If it is none.
    """
    try:
        parts = urlsplit(url)
        is_usable = (
            parts.scheme in ("http", "https") and bool(parts.hostname) and (parts.port is None or parts.port > 0)
        )
    except ValueError:
        is_usable = False
    if not is_usable:
        raise SimulateError(f"--url {url!r} is no address of a server; write it as http://127.0.0.1:8050")
    return parts


class Session:
    """One connection, for one thread.

    Parameters
    ----------
    url : str
        Address of the server.
    wait : function
        Waits between attempts.
    random : random.Random
        Spreads these waits, so that several clients do not come back at one moment.
    patience_s : float
        Seconds of waits in all, for one request.
    connect : function
        Makes a connection.
    """

    def __init__(
        self, url: str, wait: Wait, random: Random, *, patience_s: float = PATIENCE_S, connect: Connect = connect
    ) -> None:
        self._parts = address_parts(url)
        self._wait = wait
        self._random = random
        self._patience_s = patience_s
        self._connect = connect
        self._connection: HTTPConnection | None = None

    def ask(self, request: Request) -> Answer:
        """Send a request, again and again while the server is busy or away.

        Raises
        ------
        CityGoneError
            If that takes too long.
        StoppedError
            If somebody stops it meanwhile.
        """
        waited, attempts = 0.0, 1
        was_kept = self._connection is not None
        answer, trouble = self._attempt(request, attempts)
        if answer is None and was_kept:  # the server had closed a connection that was idle: that is nobody's fault
            answer, trouble = self._attempt(request, attempts)
        while answer is None or answer.status in BUSY:
            if waited >= self._patience_s:
                raise CityGoneError(f"{self._parts.geturl()} has not answered for {waited:.0f} s: {trouble}")
            pause = self._pause(attempts, answer)
            if self._wait(pause):
                raise StoppedError("stopped")
            waited += pause
            attempts += 1
            answer, trouble = self._attempt(request, attempts)
        return answer

    def close(self) -> None:
        """Let the connection go."""
        if self._connection is not None:
            self._connection.close()
            self._connection = None

    def _attempt(self, request: Request, attempts: int) -> tuple[Answer | None, str]:
        """Answer, or None and what was wrong."""
        began = time.perf_counter()
        try:
            connection = self._connection or self._connect(self._parts, TIMEOUT_S)
            self._connection = connection
            headers = {"Accept": "application/json", **request.headers}
            if request.content_type:
                headers["Content-Type"] = request.content_type
            connection.request(request.method, self._parts.path.rstrip("/") + request.target, request.body, headers)
            response = connection.getresponse()
            body = response.read()
        except (OSError, HTTPException) as error:
            self.close()
            return None, str(error) or type(error).__name__
        if response.will_close:
            self.close()
        seconds = time.perf_counter() - began
        answer = Answer(response.status, body, seconds, attempts, response.getheader("Retry-After") or "")
        return answer, answer.why or f"status {answer.status}"

    def _pause(self, attempts: int, answer: Answer | None) -> float:
        asked = _seconds(answer.retry_after) if answer else 0.0
        own = min(FIRST_WAIT_S * 2.0 ** (attempts - 1), LONGEST_WAIT_S) * self._random.uniform(0.5, 1.0)
        return min(max(asked, own), LONGEST_WAIT_S)


def _seconds(text: str) -> float:
    try:
        seconds = float(text)
    except ValueError:  # a date, which nobody of ours sends
        return 0.0
    return seconds if math.isfinite(seconds) else 0.0
