"""The data manager: the one place that asks the store, remembers the answers and notes slow ones."""

import logging
from collections.abc import Callable, Mapping
from dataclasses import replace
from datetime import UTC, datetime
from enum import Enum
from threading import Lock
from time import perf_counter
from typing import Any

import pyarrow as pa
from flask_caching import Cache

from app.errors import UnknownQueryError
from datastore.meta import Meta
from datastore.store import Store
from twin_model.selection import Everything, Selection, canonical
from twin_model.selection_text import to_text

log = logging.getLogger(__name__)

Query = Callable[..., pa.Table]
LONGEST_SHOWN = 60
"""Characters of a parameter that the log shows."""
LIVE_STEP_S = 10
"""Seconds that the present stands still for those who ask, so that they can share an answer."""
ASK_LOCKS = 256
"""Questions that can be under way without two of them waiting for each other by chance."""


class DataManager:
    """Asks the store by the name of a question; equal questions of one data version are answered once.

    Parameters
    ----------
    store : Store
        Open store.
    cache : Cache
        Bounded cache; its timeout is the longest time that an answer is kept.
    queries : mapping of str to function
        Questions by name, each ``(cursor, selection, **params) -> Table``.
    slow_ms : float
        A query that takes longer is logged, milliseconds.
    clock : function, optional
        Gives the present, aware, where cases come in while they are shown; without it the store's own as-of moment is
        the present.
    """

    def __init__(
        self,
        store: Store,
        cache: Cache,
        queries: Mapping[str, Query],
        *,
        slow_ms: float = 200.0,
        clock: Callable[[], datetime] | None = None,
    ) -> None:
        self._clock = clock
        self.store = store
        self._cache = cache
        self._queries = queries
        self._slow_ms = slow_ms
        self._lock = Lock()
        self._asking = tuple(Lock() for _ in range(ASK_LOCKS))

    @property
    def is_live(self) -> bool:
        """Whether cases come in while they are shown."""
        return self._clock is not None

    def meta(self) -> Meta:
        """Facts of the store: city, time zone, as-of moment; live, that is the present, in steps of `LIVE_STEP_S`."""
        meta = self.store.meta()
        if self._clock is None:
            return meta
        now = self._clock().timestamp()
        return replace(meta, as_of=datetime.fromtimestamp(now - now % LIVE_STEP_S, UTC), live=True)

    def warm_up(self, name: str) -> None:
        """Ask a question once and forget the answer: what only the first one loads is loaded before anybody waits."""
        with self.store.read() as cursor:
            self._queries[name](cursor, Everything())

    def query(self, name: str, selection: Selection, **params: Any) -> pa.Table:  # noqa: ANN401 - as the query takes or gives them
        """Answer of a named question.

        Raises
        ------
        UnknownQueryError
            If there is no question of that name.
        """
        if name not in self._queries:
            raise UnknownQueryError(f"no query is called {name!r}; there are {', '.join(sorted(self._queries))}")
        chosen = canonical(selection)
        key = f"{name}|{to_text(chosen)}|{sorted(params.items())}"
        shown = readable(name, to_text(chosen), params)
        answer: pa.Table = self.remember(key, lambda cursor: self._queries[name](cursor, chosen, **params), shown)
        return answer

    def remember(self, key: str, ask: Callable[[Any], Any], shown: str | None = None) -> Any:  # noqa: ANN401 - as the query takes or gives them
        """Answer of ``ask(cursor)``, kept under a key until the data change.

        Parameters
        ----------
        key : str
            Names the question and all that it depends on but the data version.
        ask : function
            Takes a read cursor of the store.
        shown : str, optional
            The question for people, in the log; the key without it.
        """
        versioned = f"{self.store.data_version()}|{key}"
        # Panels ask the same things at the same moment: the first one asks, the others wait for its answer.
        with self._asking[hash(versioned) % len(self._asking)]:
            answer = self._look_up(versioned)
            return self._ask(shown or key, versioned, ask) if answer is None else answer

    def _look_up(self, versioned: str) -> Any:  # noqa: ANN401 - as the query takes or gives them
        with self._lock:
            return self._cache.get(versioned)

    def _ask(self, shown: str, versioned: str, ask: Callable[[Any], Any]) -> Any:  # noqa: ANN401 - as the query takes or gives them
        started = perf_counter()
        with self.store.read() as cursor:
            answer = ask(cursor)
        took_ms = (perf_counter() - started) * 1000
        if took_ms > self._slow_ms:
            log.warning("slow query: %s took %.0f ms", shown, took_ms)
        with self._lock:
            self._cache.set(versioned, answer)
        return answer


def readable(name: str, selection: str, params: Mapping[str, object]) -> str:
    """Question as people read it: its name and its parameters, short."""
    said = [f"selection={_short(selection)}", *(f"{key}={_short(value)}" for key, value in sorted(params.items()))]
    return f"{name} ({', '.join(said)})"


def _short(value: object) -> str:
    if isinstance(value, datetime):
        return value.isoformat(timespec="minutes").replace("+00:00", "Z")
    text = value.name.lower() if isinstance(value, Enum) else str(value)
    return text if len(text) <= LONGEST_SHOWN else text[: LONGEST_SHOWN - 1] + "…"
