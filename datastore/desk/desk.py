"""The desk: one writer thread that takes commands from any number of others and makes them durable in groups."""

import logging
import os
import queue
import threading
import time
from collections.abc import Callable, Sequence
from concurrent.futures import Future
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta
from typing import Any, Self

import duckdb

from datastore.desk.clerk import Clerk
from datastore.desk.job import Draft
from datastore.desk.opening import Opening, open_clerk
from datastore.desk.places import Places
from datastore.desk.receipt import Receipt
from datastore.desk.record import CaseRecord
from datastore.desk.reference import Reference
from datastore.desk.rows import GroupWriter, Numbered, row_of
from datastore.desk.shelf import read_record
from datastore.desk.telling import clear, committed, tell
from datastore.desk.trail import Trail
from datastore.errors import DeskClosedError, DeskError
from datastore.store import Change, Store
from twin_model.case_event import Committed
from twin_model.command import Command
from twin_model.rule_book import RuleBook

log = logging.getLogger(__name__)

MAX_GROUP = 256
"""Commands that one commit makes durable."""
MAX_WAITING = 10_000
"""Commands that may wait; a further one is refused, so that a flood is felt where it comes from."""
SETTLE_S = 0.2
"""Seconds between two times that what pages count is brought up to the log."""
MAX_SETTLE_S = 10.0
"""Seconds between two such times while it fails: a full disk stays full, and each failure is a line in the log."""
IDLE_S = 0.5
WAIT_S = 30.0
"""Seconds that a caller waits for its command."""
SALT_BYTES = 16
TIDY_EVERY = timedelta(hours=1)
"""Time after which the desk lets go of what it needs no more."""

Listener = Callable[[Sequence[Committed]], None]
Settled = Callable[[int], None]
Exclusive = Callable[[duckdb.DuckDBPyConnection, "Desk"], Any]


@dataclass
class _Job:
    """A command, or work that has the store to itself, and who waits for it."""

    command: Command | None = None
    exclusive: Exclusive | None = None
    future: "Future[Any]" = field(default_factory=Future)


@dataclass(frozen=True)
class _Accepted:
    job: _Job
    receipt: Receipt
    entry: int | None
    """Place in the group of the case's latest event by then."""


class Desk:
    """The one writer of live cases; make it with `Desk.open`, close it, or use it in a ``with`` statement.

    A command that is acknowledged is on the disk. What pages count follows within `SETTLE_S`.
    """

    def __init__(self, store: Store, opening: Opening, clock: Callable[[], datetime]) -> None:
        self.store = store
        self._clock = clock
        self._opening = opening
        self._seal = opening.seal
        self._is_stale = False
        self._tidied_at = clock()
        self._counted = opening.writer.tail.size
        self._trail = Trail()
        self._listeners: list[Listener] = []
        self._settled: list[Settled] = []
        self._gaps: list[Callable[[], None]] = []
        self._jobs: queue.Queue[_Job | None] = queue.Queue(MAX_WAITING)
        self._last_settle = time.monotonic()
        self._settle_s = SETTLE_S
        self._closing = threading.Event()
        self._door = threading.Lock()
        self._thread = threading.Thread(target=self._run, name="desk", daemon=True)
        self._thread.start()

    @classmethod
    def open(
        cls,
        store: Store,
        clock: Callable[[], datetime] = lambda: datetime.now(UTC),
        salt: Callable[[], bytes] | None = None,
    ) -> Self:
        """Open the desk of a store: reads its codes, places and rules, a second or three for a district.

        Parameters
        ----------
        store : Store
            Open for writing.
        clock : function
            Gives the present, aware.
        salt : function, optional
            Gives fresh random bytes.

        Raises
        ------
        DatastoreError
            If the store cannot be written to, or lacks rules.
        """
        opening = open_clerk(store, clock(), salt or (lambda: os.urandom(SALT_BYTES)))
        return cls(store, opening, clock)

    @property
    def _clerk(self) -> Clerk:
        return self._opening.clerk

    @property
    def _writer(self) -> GroupWriter:
        return self._opening.writer

    @property
    def _is_behind(self) -> bool:
        """Whether what pages count, or what is signed, does not say all that the log says."""
        return bool(self._trail) or self._counted != self._writer.tail.size

    @property
    def reference(self) -> Reference:
        """Codes and keys of the store."""
        return self._clerk.reference

    @property
    def book(self) -> RuleBook:
        """Rules in force."""
        return self._clerk.book

    @property
    def places(self) -> Places:
        """Locators of areas, buildings and components; for the writer thread."""
        return self._clerk.places

    @property
    def is_alive(self) -> bool:
        """Whether the writer still takes commands."""
        return self._thread.is_alive()

    @property
    def log_id(self) -> str:
        """Name that tells this store's log from every other."""
        return self._seal.origin.rpartition("/")[2]

    @property
    def log_size(self) -> int:
        """Entries of the log that are on the disk, or about to be."""
        return self._writer.tail.size

    @property
    def waiting(self) -> int:
        """Commands that wait, about."""
        return self._jobs.qsize()

    def submit(self, command: Command) -> "Future[Receipt]":
        """Hand a command in; the future is done when it is durable, or refused.

        Raises
        ------
        DeskClosedError
            If the desk takes no more.
        """
        return self._put(_Job(command=command))

    def do(self, command: Command, timeout_s: float = WAIT_S) -> Receipt:
        """Hand a command in and wait until it is durable.

        Raises
        ------
        RefusedError, UnknownCaseError
            If it is refused; nothing has changed.
        StoreFullError
            If there is no room for it; nothing has changed.
        DeskClosedError, DeskError
            If the desk takes no more, or does not answer in time; then it is not known whether it will be done.
        """
        receipt: Receipt = self._wait(self.submit(command), timeout_s)
        return receipt

    def exclusive(self, work: Exclusive, timeout_s: float = 600.0) -> Any:  # noqa: ANN401 - what the work gives
        """Do work in a transaction of its own, between two groups; codes and rules are read anew after it.

        Areas, buildings and components must not change: where they lie stays as it was read when the desk was opened.

        Parameters
        ----------
        work : function
            Takes the writing cursor and this desk.

        Raises
        ------
        DatastoreError, TwinModelError
            What the work raises; nothing has changed then.
        """
        return self._wait(self._put(_Job(exclusive=work)), timeout_s)

    def read(self, case_no: str) -> CaseRecord:
        """Record of a case as it is on the disk.

        Raises
        ------
        UnknownCaseError
            If no case has the number.
        """
        with self.store.read() as cur:
            return read_record(cur, self.reference, case_no)

    def on_commit(self, listener: Listener) -> None:
        """Have a function told of the events of each commit, in the writer thread; it must return at once."""
        self._listeners.append(listener)

    def on_settle(self, listener: Settled) -> None:
        """Have a function told each new data version, in the writer thread; it must return at once."""
        self._settled.append(listener)

    def on_gap(self, listener: Callable[[], None]) -> None:
        """Have a function told, in the writer thread, that much changed at once without an event each for it."""
        self._gaps.append(listener)

    def close(self) -> None:
        """Do what was handed in, bring everything up to the log, and stop."""
        with self._door:
            is_first = not self._closing.is_set()
            self._closing.set()
        if is_first:
            self._jobs.put(None)  # behind everything that was let in
        self._thread.join()

    def __enter__(self) -> Self:
        """Give the open desk."""
        return self

    def __exit__(self, *_raised: object) -> None:
        """Close the desk."""
        self.close()

    # ---- callers' side ----

    def _put(self, job: _Job) -> "Future[Any]":
        with self._door:
            if self._closing.is_set():
                raise DeskClosedError("the desk is closing and takes no more; try again when the server is back")
            try:
                self._jobs.put_nowait(job)
            except queue.Full:
                raise DeskClosedError(f"{MAX_WAITING:,} commands wait already; try again in a moment") from None
        return job.future

    def _wait(self, future: "Future[Any]", timeout_s: float) -> Any:  # noqa: ANN401 - what the future holds
        try:
            return future.result(timeout_s)
        except TimeoutError:
            raise DeskError(f"the desk has not answered in {timeout_s:g} s; look whether it was done") from None

    # ---- the writer thread ----

    def _run(self) -> None:
        self._sign()
        while True:
            jobs, last = self._gather()
            commands = [job for job in jobs if job.command is not None]
            if commands:
                self._group(commands)
            for job in jobs:
                if job.exclusive is not None:
                    self._exclusively(job)
            if self._is_behind and (last or time.monotonic() - self._last_settle >= self._settle_s):
                self._settle(last=last)
            if last:
                self._sign()
                return

    def _gather(self) -> tuple[list[_Job], bool]:
        """Next jobs, up to one that needs the store to itself; and whether the desk is to close."""
        jobs: list[_Job] = []
        patience = max(self._settle_s - (time.monotonic() - self._last_settle), 0.0) if self._is_behind else IDLE_S
        try:
            job = self._jobs.get(timeout=patience)
            while job is not None:
                jobs.append(job)
                if job.exclusive is not None or len(jobs) >= MAX_GROUP:
                    return jobs, False
                job = self._jobs.get_nowait()
        except queue.Empty:
            return jobs, False
        return jobs, True

    def _group(self, jobs: Sequence[_Job]) -> None:
        """Draft the commands, write what was accepted, and tell everybody."""
        group, accepted = Draft(), []
        try:
            self._freshen()
            with self.store.write(Change.NOTHING) as con:
                accepted = self._draft(con, group, jobs)
                numbered = self._writer.write(con, group) if accepted else []
        except Exception as error:  # noqa: BLE001 - whatever the disk or the engine says: the callers are told, the desk goes on
            self._failed(jobs, error)
            return
        try:
            self._keep(group, numbered)
        except Exception:  # a mistake of ours; the events are on the disk, and what is in memory is read anew
            log.exception("what was committed could not be kept in memory")
            self._is_stale = True
            self._trail.doubt()
        committed_at = self._clock()
        for each in accepted:
            seq = each.receipt.seq if each.entry is None else numbered[each.entry].seq
            each.job.future.set_result(replace(each.receipt, seq=seq))
        self._tell([committed(each, committed_at) for each in numbered])

    def _draft(self, con: duckdb.DuckDBPyConnection, group: Draft, jobs: Sequence[_Job]) -> list[_Accepted]:
        accepted = []
        latest: dict[str, int] = {}
        self._clerk.look_up(con, group, [job.command for job in jobs if job.command is not None])
        for job in jobs:
            if job.command is None or not job.future.set_running_or_notify_cancel():
                continue
            try:
                draft, receipt = self._clerk.draft(con, group, job.command, self._clock())
            except duckdb.Error:
                raise
            except Exception as error:  # noqa: BLE001 - one command's fault is its caller's, not the group's
                job.future.set_exception(error)
                continue
            start = group.take(draft)
            latest |= {entry.event.case_no: start + place for place, entry in enumerate(draft.entries)}
            self._clerk.learn(draft)
            accepted.append(_Accepted(job, receipt, latest.get(receipt.case_no)))
        return accepted

    def _failed(self, jobs: Sequence[_Job], error: Exception) -> None:
        log.error("a group of %d commands could not be written: %s", len(jobs), error)
        self._is_stale = True
        self._trail.doubt()
        told = clear(error)
        for job in jobs:
            future = job.future
            # One that nobody has begun with yet may be called off at this very moment.
            if not future.done() and (future.running() or future.set_running_or_notify_cancel()):
                future.set_exception(told)

    def _freshen(self) -> None:
        """Go back to what the store says, where what is in memory is ahead of it or out of date; tidy up now and then.

        Raises
        ------
        DatastoreError, TwinModelError
            If the store cannot be read; it is tried again with the next commands.
        """
        now, begins = self._clock(), self._opening.rules_change_at
        if self._is_stale or (begins is not None and begins <= now):
            clerk = self._clerk
            self._opening = open_clerk(self.store, now, clerk.salt, places=clerk.places)
            self._is_stale = False
        if not timedelta(0) <= now - self._tidied_at < TIDY_EVERY:
            self._clerk.forget_old(now)
            self._tidied_at = now

    def _keep(self, group: Draft, numbered: Sequence[Numbered]) -> None:
        """Remember what is durable now."""
        first: dict[str, Numbered] = {}
        for each in numbered:
            first.setdefault(each.entry.event.case_no, each)
        for no, record in group.records.items():
            before = first[no].entry.before
            row_before = None if before is None else row_of(replace(record, file=before), self._writer)
            self._trail.note(row_before, row_of(record, self._writer))
            self._clerk.shelf.put(record)

    def _tell(self, events: Sequence[Committed]) -> None:
        for listener in self._listeners if events else ():
            tell(listener, events)

    def _settle(self, *, last: bool = False) -> None:
        self._last_settle = time.monotonic()
        try:
            self._freshen()
            with self.store.write(Change.FIGURES) as con:
                now, tail = self._clock(), self._writer.tail
                self._trail.settle(con, tail.size, now)
                signed = self._seal.settle(con, tail, now, last=last)
        except Exception as error:  # noqa: BLE001 - the events are safe; it is tried again
            log.error("what pages count could not be brought up to the log: %s", error)  # noqa: TRY400 - one sentence
            self._trail.doubt()
            self._settle_s = min(2 * self._settle_s, MAX_SETTLE_S)
            return
        self._settle_s = SETTLE_S
        self._trail.settled()
        self._counted = tail.size
        if signed:
            self._publish()
        self._tell_version()

    def _sign(self) -> None:
        """Sign what no settle has signed: a history, what came in bulk, what a crash left; else it would look cut."""
        try:
            self._freshen()  # never what a write that failed would have added
            with self.store.write(Change.NOTHING) as con:
                signed = self._seal.settle(con, self._writer.tail, self._clock(), last=True)
        except Exception as error:  # noqa: BLE001 - the entries are safe; the next settle signs them
            log.error("the end of the log could not be signed: %s", error)  # noqa: TRY400 - one sentence
            return
        if signed:
            self._publish()

    def _publish(self) -> None:
        """Tell the signed head outside of the store; what could not be told goes with the next one."""
        try:
            with self.store.read() as cur:
                self._seal.settled(cur)
        except Exception as error:  # noqa: BLE001 - the head is in the store
            log.error("a signed head could not be published: %s", error)  # noqa: TRY400 - one sentence

    def _tell_version(self) -> None:
        for told in self._settled:
            tell(told, self.store.data_version())

    def _exclusively(self, job: _Job) -> None:
        if job.exclusive is None or not job.future.set_running_or_notify_cancel():
            return
        try:
            self._freshen()
            if self._is_behind:
                self._settle()
            if self._is_behind:  # what the work counted anew would be counted twice
                raise DeskError("what pages count could not be brought up to the log; nothing was changed, try again")  # noqa: TRY301
            with self.store.write(Change.FIGURES) as con:
                result = job.exclusive(con, self)
        except Exception as error:  # noqa: BLE001 - the caller's to handle
            self._is_stale = True
            job.future.set_exception(clear(error))
            return
        self._is_stale = True
        try:
            self._freshen()
            self._counted = self._writer.tail.size
            self._sign()
        except Exception as error:  # noqa: BLE001 - the work is done; it is tried again with the next commands
            log.error("the desk could not be opened anew: %s", error)  # noqa: TRY400 - one sentence
        job.future.set_result(result)
        self._tell_version()
        for told in self._gaps:
            tell(told)
