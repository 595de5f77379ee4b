"""Fresh figures for who listens: each scope's are computed once after a settle, however many pages show it."""

import logging
import threading
from collections.abc import Callable, Mapping
from time import monotonic
from typing import Any, Protocol

from app.live.scope import Scope

log = logging.getLogger(__name__)

LEAST_S = 0.5
"""Least time from the beginning of one round to that of the next."""
SHARE = 4.0
"""A round waits until this many times what the last one took has passed: figures take a quarter of a thread at most."""

MOST_S = 60.0
"""Most time between two rounds: figures change with the time of day too, as when a deadline passes."""

FiguresOf = Callable[[Scope], Mapping[str, Any]]


class Listeners(Protocol):
    """What sends figures: the hub."""

    def scopes(self) -> list[Scope]:
        """Scopes that somebody listens to."""

    def send_figures(self, scope: Scope, figures: Mapping[str, Any]) -> None:
        """Send figures to who listens to a scope."""


class Figures:
    """Computes figures after each settle, and now and then without one, in a thread of its own.

    Parameters
    ----------
    figures_of : function
        Figures of a scope, of JSON's types.
    hub : Listeners
        Who listens, and what sends to them.
    clock : function
        Seconds that only go up.
    """

    def __init__(self, figures_of: FiguresOf, hub: Listeners, clock: Callable[[], float] = monotonic) -> None:
        self._figures_of = figures_of
        self._hub = hub
        self._clock = clock
        self._changed = threading.Condition()
        self._stale = self._stopping = False
        self._new: set[Scope] = set()
        self._not_before = 0.0
        self._stale_at = clock() + MOST_S
        self._thread: threading.Thread | None = None

    def start(self) -> None:
        """Begin, in a thread of its own."""
        self._thread = threading.Thread(target=self._run, name="live-figures", daemon=True)
        self._thread.start()

    def settled(self, _data_version: int = 0) -> None:
        """Note that figures have changed."""
        with self._changed:
            self._stale = True
            self._changed.notify()

    def wanted(self, scope: Scope) -> None:
        """Note that somebody listens to a scope that nobody listened to."""
        with self._changed:
            self._new.add(scope)
            self._changed.notify()

    def stop(self, wait_s: float = 1.0) -> None:
        """End the thread after the scope that it is at."""
        with self._changed:
            self._stopping = True
            self._changed.notify()
        if self._thread is not None:
            self._thread.join(wait_s)

    def turn(self) -> float:
        """Compute what is due; gives the seconds until more may be."""
        begun = self._clock()
        with self._changed:
            wait_s = self._wait_s(begun)
            if wait_s > 0:
                return wait_s
            stale, new = self._stale or begun >= self._stale_at, self._new
            self._stale, self._new = False, set()
        listened = self._hub.scopes()
        for scope in listened if stale else [scope for scope in listened if scope in new]:
            self._send(scope)
        took = self._clock() - begun
        self._not_before = begun + max(LEAST_S, SHARE * took)
        if stale:
            self._stale_at = begun + max(MOST_S, SHARE * took)
        return 0.0

    def _wait_s(self, now: float) -> float:
        due = self._not_before if self._stale or self._new else max(self._stale_at, self._not_before)
        return due - now

    def _send(self, scope: Scope) -> None:
        if self._stopping:
            return
        try:
            figures = self._figures_of(scope)
        except Exception:  # the figures of one scope must not keep back those of all others
            log.exception("live push: no figures of %s", scope)
            return
        self._hub.send_figures(scope, figures)

    def _run(self) -> None:
        while not self._stopping:
            self.turn()
            with self._changed:
                wait_s = self._wait_s(self._clock())
                if wait_s > 0 and not self._stopping:
                    self._changed.wait(wait_s)
