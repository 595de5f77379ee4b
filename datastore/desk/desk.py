"""The desk: one writer thread that takes commands from any number of others and makes them durable in groups."""

import logging
import os
import queue
import threading
import time
from collections.abc import Callable, Sequence
from concurrent.futures import Future
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime
from typing import Any, Self

import duckdb

from datastore.desk.clerk import Clerk, reported_case
from datastore.desk.job import Draft
from datastore.desk.opening import Opening, open_clerk
from datastore.desk.receipt import Receipt
from datastore.desk.record import CaseRecord
from datastore.desk.reference import Reference
from datastore.desk.rows import GroupWriter, Numbered, row_of
from datastore.desk.shelf import read_record
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
IDLE_S = 0.5
WAIT_S = 30.0
"""Seconds that a caller waits for its command."""
SALT_BYTES = 16

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


class Desk:
    """The one writer of live cases; make it with `Desk.open`, close it, or use it in a ``with`` statement.

    A command that is acknowledged is on the disk. What pages count follows within `SETTLE_S`.
    """

    def __init__(self, store: Store, opening: Opening, clock: Callable[[], datetime]) -> None:
        self.store = store
        self._clock = clock
        self._clerk: Clerk = opening.clerk
        self._writer: GroupWriter = opening.writer
        self._seal = opening.seal
        self._trail = Trail()
        self._listeners: list[Listener] = []
        self._settled: list[Settled] = []
        self._jobs: queue.Queue[_Job | None] = queue.Queue(MAX_WAITING)
        self._last_settle = time.monotonic()
        self._closing = threading.Event()
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
    def reference(self) -> Reference:
        """Codes and keys of the store."""
        return self._clerk.reference

    @property
    def book(self) -> RuleBook:
        """Rules in force."""
        return self._clerk.book

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
        """Do work in a transaction of its own, between two groups; codes, rules and places are read anew after it.

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

    def close(self) -> None:
        """Do what was handed in, bring everything up to the log, and stop."""
        if not self._closing.is_set():
            self._closing.set()
            self._jobs.put(None)
        self._thread.join()

    def __enter__(self) -> Self:
        """Give the open desk."""
        return self

    def __exit__(self, *_raised: object) -> None:
        """Close the desk."""
        self.close()

    # ---- callers' side ----

    def _put(self, job: _Job) -> "Future[Any]":
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
        while True:
            jobs, last = self._gather()
            commands = [job for job in jobs if job.command is not None]
            if commands:
                self._group(commands)
            for job in jobs:
                if job.exclusive is not None:
                    self._exclusively(job)
            if self._trail and (last or time.monotonic() - self._last_settle >= SETTLE_S):
                self._settle(last=last)
            if last:
                return

    def _gather(self) -> tuple[list[_Job], bool]:
        """Next jobs, up to one that needs the store to itself; and whether the desk is to close."""
        jobs: list[_Job] = []
        patience = max(SETTLE_S - (time.monotonic() - self._last_settle), 0.0) if self._trail else IDLE_S
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
            with self.store.write(Change.NOTHING) as con:
                accepted = self._draft(con, group, jobs)
                numbered = self._writer.write(con, group) if accepted else []
        except Exception as error:  # noqa: BLE001 - whatever the disk or the engine says: the callers are told, the desk goes on
            self._failed(jobs, error)
            return
        self._keep(group, numbered)
        committed_at = datetime.now(UTC)
        for each in accepted:
            record = group.records.get(each.receipt.case_no)
            seq = record.last_seq if record else each.receipt.seq
            each.job.future.set_result(replace(each.receipt, seq=seq))
        self._tell([committed(each, committed_at) for each in numbered])

    def _draft(self, con: duckdb.DuckDBPyConnection, group: Draft, jobs: Sequence[_Job]) -> list[_Accepted]:
        accepted = []
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
            group.take(draft)
            for record in draft.records.values():  # the next report of the group may repeat this one
                self._clerk.repeats.add(reported_case(record.file))
            accepted.append(_Accepted(job, receipt))
        return accepted

    def _failed(self, jobs: Sequence[_Job], error: Exception) -> None:
        log.error("a group of %d commands could not be written: %s", len(jobs), error)
        self._forget()
        for job in jobs:
            if not job.future.done():
                job.future.set_exception(error)

    def _forget(self) -> None:
        """Go back to what the store says."""
        opening = open_clerk(self.store, self._clock(), self._clerk.salt, places=self._clerk.places)
        self._clerk, self._writer = opening.clerk, opening.writer

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
        for photo in group.photos:
            self._clerk.recent_photos.add(photo.case_no, photo.facts.dhash)

    def _tell(self, events: Sequence[Committed]) -> None:
        for listener in self._listeners if events else ():
            try:
                listener(events)
            except Exception:
                log.exception("a listener failed")

    def _settle(self, *, last: bool = False) -> None:
        self._last_settle = time.monotonic()
        try:
            with self.store.write(Change.FIGURES) as con:
                now = self._clock()
                self._trail.settle(con, self._writer.tail.size, now)
                signed = self._seal.settle(con, self._writer.tail, now, last=last)
            if signed:
                with self.store.read() as cur:
                    self._seal.settled(cur)
        except Exception as error:  # noqa: BLE001 - the events are safe; it is tried again
            log.error("what pages count could not be brought up to the log: %s", error)  # noqa: TRY400 - one sentence
            return
        self._trail.settled()
        for told in self._settled:
            try:
                told(self.store.data_version())
            except Exception:
                log.exception("a listener failed")

    def _exclusively(self, job: _Job) -> None:
        if job.exclusive is None or not job.future.set_running_or_notify_cancel():
            return
        if self._trail:
            self._settle()
        try:
            with self.store.write(Change.FIGURES) as con:
                result = job.exclusive(con, self)
            self._forget()
        except Exception as error:  # noqa: BLE001 - the caller's to handle
            self._forget()
            job.future.set_exception(error)
            return
        job.future.set_result(result)
        for told in self._settled:
            told(self.store.data_version())


def committed(each: Numbered, committed_at: datetime) -> Committed:
    """Tell of an entry as listeners hear it."""
    entry = each.entry
    file = entry.after
    return Committed(
        seq=each.seq,
        case_no=file.case_no,
        kind=entry.event.kind,
        stage_before=None if entry.before is None else int(entry.before.stage),
        stage=int(file.stage),
        hold=file.hold.value,
        class_code=file.class_code,
        source_code=file.source,
        unit_code=file.unit,
        street_code=file.street,
        community_code=file.community,
        grid_code=file.grid,
        building_code=file.building,
        lon=file.lon,
        lat=file.lat,
        moment=entry.event.moment,
        committed_at=committed_at,
        deadline_at=file.deadline_at,
        role=entry.role,
    )
