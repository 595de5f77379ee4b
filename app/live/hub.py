"""The hub: one thread that sends what was committed to every open page, each message encoded once.

A writer hands over what it committed and goes on; the hub gathers for a moment, and sends the same bytes to all readers
of a scope. No reader is waited for: one that does not keep up is let go of, and reads on when it comes back.
"""

import logging
import selectors
import socket
import threading
from collections import deque
from collections.abc import Callable, Iterable, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass
from datetime import UTC, datetime
from functools import partial
from itertools import chain
from time import monotonic
from typing import Any

from app.live.client import Client, State
from app.live.message import Kind, case_message, event_id, instant, message, retry, seq_of
from app.live.replay import SIZE, Entry, Replay
from app.live.scope import Scope
from twin_model.case_event import Committed

log = logging.getLogger(__name__)

GATHER_S = 0.05
"""Least time between two batches; what comes after a pause goes out at once."""
SETTLED_S = 1.0
"""Least time between two messages that the figures were settled."""
PING_S = 10.0
"""Time between two signs of life; a page that hears none for 25 s says so."""
CHUNK = 500
"""Events at a time for a reader who reads up on older ones."""
MOST_CLIENTS = 2000
ASK_S = 10.0
ASK_S_PER_CLIENT = 0.1
"""How seldom a page should ask for its panels anew: the more pages, the more seldom."""
STOP_S = 2.0


@dataclass(frozen=True)
class Metrics:
    """What the hub has done since it began.

    Parameters
    ----------
    connected, reading_up : int
        Readers now, and those of them who still read older events.
    joined, left, dropped : int
        Readers that came, hung up, and were let go of because they did not keep up.
    events : int
        Events that were committed.
    sent_bytes : int
        Bytes that the kernel took, of readers who are gone too.
    """

    connected: int
    reading_up: int
    joined: int
    left: int
    dropped: int
    events: int
    sent_bytes: int


def utc_now() -> datetime:
    """Moment of the machine's clock, UTC."""
    return datetime.now(UTC)


class Hub:
    """Sends what was committed to every reader; start it, and stop it at the end.

    Parameters
    ----------
    log_id : str
        Names the log that events are in; an id of another log is a gap.
    head : int
        Place in the log of the last event before the first that will be published.
    most : int
        Readers that there is room for.
    kept : int
        Events that are kept for readers who come back.
    data_version : int, optional
        Data version that figures have now.
    clock : function
        Seconds that only go up.
    now : function
        Moment, aware.
    """

    def __init__(
        self,
        log_id: str,
        head: int,
        *,
        most: int = MOST_CLIENTS,
        kept: int = SIZE,
        data_version: int | None = None,
        clock: Callable[[], float] = monotonic,
        now: Callable[[], datetime] = utc_now,
    ) -> None:
        self.log_id = log_id
        self.most = most
        self.on_new_scope: Callable[[Scope], None] = lambda _scope: None
        self._clock, self._now = clock, now
        self._replay = Replay(head, kept)
        self._sent_seq = head
        self._facts: dict[str, Any] = {"data_version": data_version, "as_of": None}
        self._rooms: dict[Scope, set[Client]] = {}
        self._clients: set[Client] = set()
        self._writing: set[Client] = set()
        self._fresh: list[Entry] = []
        self._settled: int | None = None
        self._figures: dict[Scope, bytes] = {}
        self._fresh_figures: set[Scope] = set()
        self._batch_at = self._settled_at = 0.0
        self._ping_at = clock() + PING_S
        self._joined = self._left = self._dropped = self._events = self._sent_bytes = 0
        self._inbox: deque[Callable[[], None]] = deque()
        self._woken = self._stopping = False
        self._waker, self._alarm = socket.socketpair()
        self._waker.setblocking(False)
        self._alarm.setblocking(False)
        self._selector = selectors.DefaultSelector()
        self._selector.register(self._alarm, selectors.EVENT_READ)
        self._thread: threading.Thread | None = None

    # What other threads call.

    def start(self) -> None:
        """Begin to send, in a thread of its own."""
        self._thread = threading.Thread(target=self._run, name="live-hub", daemon=True)
        self._thread.start()

    def publish(self, committed: Sequence[Committed]) -> None:
        """Take what was committed; for the writer's thread, which goes on at once."""
        self._later(partial(self._add, committed))

    def settled(self, data_version: int) -> None:
        """Take that figures have caught up with the log, as a data version."""
        self._later(partial(self._settle, data_version))

    def gap(self, head: int) -> None:
        """Tell every reader to read everything anew: the store changed by more than events tell.

        Parameters
        ----------
        head : int
            Place of the log's last entry now; who comes back from before it is told of the gap too.
        """
        self._later(partial(self._tell_gap, head))

    def send_figures(self, scope: Scope, figures: Mapping[str, Any]) -> None:
        """Send figures to the readers of a scope; the ``as_of`` in them is told to everybody as the latest."""
        self._later(partial(self._take_figures, scope, message(Kind.FIGURES, figures), figures.get("as_of")))

    def join(self, sock: socket.socket, scope: Scope, since: str = "", head: bytes = b"") -> None:
        """Take over a connected socket.

        Parameters
        ----------
        sock : socket
            The hub's from now on.
        scope : Scope
            What the reader listens to.
        since : str
            Id of the last event that it has; ``""`` for a reader who has read everything by other means.
        head : bytes
            What is to be sent before the first message.
        """
        if self._stopping:
            sock.close()
        else:
            self._later(partial(self._admit, sock, scope, since, head))

    def has_room(self) -> bool:
        """Whether one more reader can join."""
        return not self._stopping and len(self._clients) < self.most

    def scopes(self) -> list[Scope]:
        """List the scopes that somebody listens to, the one with most readers first."""
        rooms = [(len(clients), scope) for scope, clients in list(self._rooms.items())]
        return [scope for _, scope in sorted(rooms, key=lambda room: -room[0])]

    def metrics(self) -> Metrics:
        """Tell what the hub has done."""
        clients = list(self._clients)
        return Metrics(
            connected=len(clients),
            reading_up=sum(client.position is not None for client in clients),
            joined=self._joined,
            left=self._left,
            dropped=self._dropped,
            events=self._events,
            sent_bytes=self._sent_bytes + sum(client.sent for client in clients),
        )

    def stop(self, wait_s: float = STOP_S) -> None:
        """Say goodbye to every reader and end the thread.

        Parameters
        ----------
        wait_s : float
            Longest time to wait until that is done, seconds; 0 does not wait.
        """
        self._later(self._say_bye)
        if self._thread is not None and wait_s:
            self._thread.join(wait_s)

    # What the hub's own thread does.

    def turn(self, longest_s: float = PING_S) -> None:
        """Wait until there is something to do, and do it."""
        for key, events in self._selector.select(min(self._wait_s(), longest_s)):
            if key.fileobj is self._alarm:
                self._wake_up()
            else:
                self._serve(key.data, events)
        while self._inbox:
            self._do(self._inbox.popleft())
        now = self._clock()
        if now >= self._due():
            self._batch(now)
        if now >= self._ping_at:
            self._ping(now)

    def _run(self) -> None:
        while not self._stopping:
            self.turn()

    def _later(self, task: Callable[[], None]) -> None:
        self._inbox.append(task)
        if not self._woken:  # the alarm is one system call, which most tasks can do without
            self._woken = True
            with suppress(OSError):
                self._waker.send(b"\0")

    def _wake_up(self) -> None:
        with suppress(BlockingIOError):
            self._alarm.recv(64)
        self._woken = False  # before the tasks are done: what comes from here on rings again

    def _do(self, task: Callable[[], None]) -> None:
        try:
            task()
        except Exception:  # one message that cannot be told must not silence all others
            log.exception("live push: a task failed")

    def _due(self) -> float:
        """When the next batch is due."""
        news = self._batch_at if self._fresh or self._fresh_figures else float("inf")
        return min(news, self._settled_at if self._settled is not None else float("inf"))

    def _wait_s(self) -> float:
        return max(0.0, min(self._due(), self._ping_at) - self._clock()) if not self._inbox else 0.0

    def _add(self, committed: Iterable[Committed]) -> None:
        for each in committed:
            areas = (each.street_code, each.community_code, each.grid_code)
            entry = Entry(each.seq, areas, case_message(self.log_id, each))
            if not self._replay.add(entry):
                log.warning("live push: event %d came again or out of order, and is not told", each.seq)
                continue
            self._events += 1
            self._fresh.append(entry)

    def _settle(self, data_version: int) -> None:
        self._settled = data_version
        self._facts["data_version"] = data_version

    def _take_figures(self, scope: Scope, data: bytes, as_of: str | None) -> None:
        self._facts["as_of"] = as_of or self._facts["as_of"]
        if scope in self._rooms:
            self._figures[scope] = data
            self._fresh_figures.add(scope)

    def _admit(self, sock: socket.socket, scope: Scope, since: str, head: bytes) -> None:
        if not self.has_room():  # the last place was taken since it was asked for, or the hub stops
            sock.close()
            return
        seq = seq_of(self.log_id, since) if since else self._sent_seq
        known = seq is not None and self._replay.reaches(seq)
        behind = known and seq is not None and seq < self._sent_seq
        client = Client(sock, scope, seq if behind else None)
        self._clients.add(client)
        self._joined += 1
        new = scope not in self._rooms
        self._rooms.setdefault(scope, set()).add(client)
        self._selector.register(sock, selectors.EVENT_READ, client)
        hello = message(Kind.HELLO, self._hello(scope), self._head_id() if known and not behind else "")
        figures = self._figures.get(scope, b"")
        self._heed(
            client, client.send(b"".join((head, retry(), hello, figures, b"" if known else self._gap_message())))
        )
        if behind:
            self._read_up(client)
        if new:
            self.on_new_scope(scope)

    def _hello(self, scope: Scope) -> dict[str, Any]:
        return {**self._sign_of_life(), "area": scope.area, "filter": scope.filter, "ping_s": PING_S}

    def _sign_of_life(self) -> dict[str, Any]:
        ask_s = max(ASK_S, ASK_S_PER_CLIENT * len(self._clients))
        return {"now": instant(self._now(), "milliseconds"), "seq": self._sent_seq, **self._facts, "ask_s": ask_s}

    def _head_id(self) -> str:
        return event_id(self.log_id, self._sent_seq)

    def _gap_message(self) -> bytes:
        return message(Kind.GAP, {"seq": self._sent_seq}, self._head_id())

    def _tell_gap(self, head: int) -> None:
        self._batch(self._clock())
        self._replay.skip_to(head)
        self._sent_seq = self._replay.head
        for client in list(self._clients):
            client.position = None
            self._heed(client, client.send(self._gap_message()))

    def _batch(self, now: float) -> None:
        """Send what is new, to each reader in one go."""
        fresh, self._fresh = self._fresh, []
        figures, self._fresh_figures = self._fresh_figures, set()
        settled = b""
        if self._settled is not None and now >= self._settled_at:
            settled = message(Kind.SETTLED, {"data_version": self._settled})
            self._settled, self._settled_at = None, now + SETTLED_S
        if fresh:
            self._sent_seq = fresh[-1].seq
        self._batch_at = now + GATHER_S
        of_area: dict[str, bytes] = {}
        for scope, clients in list(self._rooms.items()):
            if scope.area not in of_area:
                of_area[scope.area] = b"".join(entry.data for entry in fresh if entry.is_in(scope.area))
            rest = settled + (self._figures.get(scope, b"") if scope in figures else b"")
            self._send_all(clients, of_area[scope.area], rest)

    def _send_all(self, clients: set[Client], cases: bytes, rest: bytes) -> None:
        both = cases + rest
        for client in list(clients):
            data = both if client.position is None else rest  # who reads up comes to the new ones by itself
            if data:
                self._heed(client, client.send(data))

    def _ping(self, now: float) -> None:
        """Give everybody a sign of life; its id spares who was told nothing new to read it all again."""
        self._ping_at = now + PING_S
        data = message(Kind.PING, self._sign_of_life(), self._head_id())
        for client in list(self._clients):
            if client.position is None:
                self._heed(client, client.send(data))

    def _serve(self, client: Client, events: int) -> None:
        if client in self._clients and events & selectors.EVENT_READ:
            self._heed(client, client.read())
        if client in self._clients and events & selectors.EVENT_WRITE:
            state = client.flush()
            self._heed(client, state)
            if state is State.DONE and client.position is not None:
                self._read_up(client)

    def _read_up(self, client: Client) -> None:
        """Send the next of the older events to who came back."""
        position = client.position if client.position is not None else self._sent_seq
        found = self._replay.since(position, CHUNK, self._sent_seq)
        if found is None:  # it read so slowly that what it needs is gone
            client.position = None
            self._heed(client, client.send(self._gap_message()))
            return
        client.position = found[-1].seq if found and found[-1].seq < self._sent_seq else None
        self._heed(client, client.send(b"".join(entry.data for entry in found if entry.is_in(client.scope.area))))

    def _heed(self, client: Client, state: State) -> None:
        """Do what a reader's state asks for: wait for room, or let go of it."""
        if client not in self._clients:
            return
        if state in (State.GONE, State.SLOW):
            self._drop(client, state)
            return
        unsent = state is State.WAITING or client.waiting > 0 or client.position is not None
        if unsent != (client in self._writing):
            (self._writing.add if unsent else self._writing.discard)(client)
            events = selectors.EVENT_READ | (selectors.EVENT_WRITE if unsent else 0)
            self._selector.modify(client.sock, events, client)

    def _drop(self, client: Client, state: State) -> None:
        self._clients.discard(client)
        self._writing.discard(client)
        self._sent_bytes += client.sent
        self._dropped += state is State.SLOW
        self._left += state is State.GONE
        room = self._rooms[client.scope]
        room.discard(client)
        if not room:
            del self._rooms[client.scope]
            self._figures.pop(client.scope, None)
        self._selector.unregister(client.sock)
        client.close()

    def _say_bye(self) -> None:
        self._stopping = True
        self._batch(self._clock())
        bye = message(Kind.BYE, {"now": instant(self._now(), "milliseconds")})
        for client in list(self._clients):
            client.send(bye)
            self._drop(client, State.GONE)
        for sock in chain((self._waker, self._alarm)):
            sock.close()
        self._selector.close()
