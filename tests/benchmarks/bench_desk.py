"""The desk: milliseconds until one case is on the disk, how many go in together, and what that is beside PostgreSQL.

python -m tests.benchmarks.bench_desk --data DIR [--seconds S] [--minutes M] [--bulk-cases N] [--no-peer]

Everything is done to copies of the store. One case is a report that is located, checked for duplicates, filed with its
time limit and dispatched to a unit: three events and a row in each of three tables, durable when it is answered. The
whole loop of a case is nine events, up to its evaluation. Clients by HTTP are threads of this process that keep their
connections; those without HTTP are threads that call the desk in this process.

The peer inserts the same rows, and locates, checks and decides nothing: see `tests.benchmarks.peer_postgres`.
"""

import argparse
import resource
import threading
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from concurrent.futures import Future
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from time import perf_counter
from typing import Any

import numpy as np
import pyarrow as pa

from datastore.desk.bulk import load
from datastore.desk.desk import Desk
from datastore.desk.receipt import Receipt
from datastore.log.keys import PUBLIC_FILE, read_verifier_key
from datastore.log.replay import replay_differences
from datastore.log.store_copy import opened_file
from datastore.log.verify import verify
from datastore.store import FILE_NAME, Store
from tests.benchmarks.desk_work import Caller, Spell, Work, copied, served, together
from tests.benchmarks.peer_postgres import Peer, PeerFigures
from tests.benchmarks.report import Figure, print_figures
from twin_model.case import CaseStage

CLIENTS = (8, 32)
SHARES = (0.5, 0.95)
EVENTS_OF_CASE = 3
IN_FLIGHT = 128
"""Commands that wait at the desk while the whole loop is measured."""
LOOP_TARGET = 1000.0
STEADY_EVENTS_S = 50.0
READ_EVERY_S = 5.0
SECONDS_PER_HOUR = 3600


# ---- one case after the other, and many at once ----


@contextmanager
def desks(data: Path) -> Iterator[tuple[Store, Desk, Work]]:
    """Desk over a copy of a store, and work for it."""
    with copied(data) as copy, Store.open(copy) as store, Desk.open(store) as desk:
        yield store, desk, Work.of(store)


def by_http(data: Path, clients: int, seconds: float) -> Spell:
    """Reports by HTTP."""
    with copied(data) as copy:
        with Store.open(copy) as store:
            work = Work.of(store)
        with served(copy) as (port, _), ExitStack() as open_ones:
            callers = [open_ones.enter_context(Caller(port)) for _ in range(clients)]
            works = [work.of_client(number) for number in range(clients)]
            for caller, own in zip(callers, works, strict=True):
                caller.report(own.fields())
            return together([_reporter(*pair) for pair in zip(callers, works, strict=True)], seconds)


def _reporter(caller: Caller, work: Work) -> Callable[[], object]:
    return lambda: caller.report(work.fields())


def by_desk(data: Path, clients: int, seconds: float) -> Spell:
    """Reports without HTTP."""
    with desks(data) as (_, desk, work):
        desk.do(work.report())
        return together([_doer(desk, work.of_client(number)) for number in range(1, clients + 1)], seconds)


def _doer(desk: Desk, work: Work) -> Callable[[], object]:
    return lambda: desk.do(work.report())


def case_figures(data: Path, seconds: float, peers: Sequence[PeerFigures]) -> list[Figure]:
    """One client, then many."""
    found = []
    for what, ask in (("by HTTP", by_http), ("without HTTP", by_desk)):
        spell = ask(data, 1, seconds)
        note = f"{len(spell.took_ms):,} cases; slowest {spell.took_ms[-1]:.0f} ms"
        for share in SHARES:
            name = f"one case {what}, p{share * 100:.0f}"
            found += _beside(name, spell.at(share), "ms", {each.name: each.single_ms[share] for each in peers}, note)
    for clients in CLIENTS:
        for what, ask in (("by HTTP", by_http), ("without HTTP", by_desk)):
            spell = ask(data, clients, seconds)
            note = f"{spell.rate * EVENTS_OF_CASE:,.0f} events/s; p95 {spell.at(0.95):.0f} ms"
            rates = {each.name: each.rates[clients] for each in peers}
            found += _beside(f"{clients} clients {what}", spell.rate, "cases/s", rates, note)
    return found


def _beside(what: str, value: float, unit: str, peers: Mapping[str, float], note: str) -> list[Figure]:
    """One figure, once for each of its peers."""
    return [Figure(what, value, unit, name, peer, note) for name, peer in peers.items()] or [
        Figure(what, value, unit, note=note)
    ]


# ---- the whole loop ----


class Loop:
    """Takes cases through the whole loop, some of them at a time."""

    def __init__(self, desk: Desk, work: Work, cases: int) -> None:
        self._desk = desk
        self._work = work
        self._left = cases
        self._lock = threading.Lock()
        self._ended = threading.Semaphore(0)
        self.faults: list[BaseException] = []

    def run(self, in_flight: int) -> float:
        """Seconds that all cases take."""
        begun = perf_counter()
        started = sum(self._next_case() for _ in range(in_flight))
        for _ in range(started):
            self._ended.acquire()
        return perf_counter() - begun

    def _next_case(self) -> bool:
        with self._lock:
            if self._left <= 0:
                return False
            self._left -= 1
            command = self._work.report()
        self._desk.submit(command).add_done_callback(self._done)
        return True

    def _done(self, future: Future[Receipt]) -> None:
        fault = future.exception()
        command = None
        if fault is not None:
            self.faults.append(fault)
        else:
            command = self._work.after(future.result().file)
        if command is not None:
            self._desk.submit(command).add_done_callback(self._done)
        elif not self._next_case():
            self._ended.release()


def loop_figures(data: Path, cases: int) -> list[Figure]:
    """Events a second through the whole loop."""
    with desks(data) as (store, desk, work):
        before, cpu = desk.log_size, _cpu_s()
        loop = Loop(desk, work, cases)
        seconds = loop.run(min(IN_FLIGHT, cases))
        events, cpu = desk.log_size - before, _cpu_s() - cpu
        if loop.faults:
            raise loop.faults[0]
        with store.read() as cur:
            closed = cur.execute(
                "SELECT count(*) FROM cases WHERE log_first >= ? AND stage = ?", [before, int(CaseStage.CLOSED)]
            ).fetchall()[0][0]
    note = f"{cases:,} cases, {closed:,} of them closed and evaluated; {cpu / events * 1e3:.2f} ms of CPU an event"
    return [Figure("whole loop", events / seconds, "events/s", "target", LOOP_TARGET, note)]


def _cpu_s() -> float:
    used = resource.getrusage(resource.RUSAGE_SELF)
    return used.ru_utime + used.ru_stime


# ---- bulk and verification ----


def bulk_figures(data: Path, cases: int, peers: Sequence[PeerFigures]) -> list[Figure]:
    """New cases a second in bulk, by the same checks and rules, and how fast the log is verified then."""
    with copied(data) as copy:
        with Store.open(copy) as store, Desk.open(store) as desk:
            work = Work.of(store)
            rows = [work.fields() for _ in range(cases)]
            table = pa.table({name: [row[name] for row in rows] for name in rows[0]})
            begun = perf_counter()
            report = desk.exclusive(
                lambda con, desk: load(con, desk, table, work.people["operator"], "COLLECTOR", now=datetime.now(UTC))
            )
            rate = report.cases / (perf_counter() - begun)
        note = f"{report.cases:,} cases, {report.dispatched:,} dispatched; the peers by COPY"
        found = _beside("bulk", rate, "cases/s", {each.name: each.bulk_rate for each in peers}, note)
        return [*found, verify_figure(copy)]


def verify_figure(data: Path) -> Figure:
    """Entries a second of ``citydeck verify``: all hashed anew, signatures and tables checked."""
    begun = perf_counter()
    with opened_file(data / FILE_NAME) as con:
        report = verify(con, read_verifier_key(data / PUBLIC_FILE), replay=replay_differences)
    seconds = perf_counter() - begun
    assert report.ok, report.findings[0].text
    note = f"{report.size:,} entries in {seconds:.1f} s"
    return Figure("verification of the log", report.size / seconds, "entries/s", note=note)


# ---- memory ----


def memory_figures(data: Path, seconds: float, every_s: float = READ_EVERY_S) -> list[Figure]:
    """Memory of the server while events come at a steady rate, as they do on a day that is much too busy."""
    with copied(data) as copy:
        with Store.open(copy) as store:
            work = Work.of(store)
        with served(copy) as (port, process):
            pages_mib = resident_mib(process.pid)
            read, events = _steady(port, process.pid, work, seconds, every_s)
    at, mib = np.array(read).T
    note = f"{events:,} events in {at[-1] / 60:.1f} min; {events / max(at[-1], 1e-9):.0f}/s"
    return [
        Figure("memory of the server before the first event", pages_mib, "MiB"),
        Figure("at the start", float(mib[0]), "MiB"),
        Figure("at the end", float(mib[-1]), "MiB", note=note),
        Figure("growth in the second half", slope_mib_per_hour(at, mib), "MiB/h", note=f"highest {mib.max():.0f} MiB"),
    ]


def slope_mib_per_hour(at_s: np.ndarray, mib: np.ndarray) -> float:
    """Slope of a straight line through the second half of what was read."""
    half = at_s >= at_s[-1] / 2
    if half.sum() < 2:
        return 0.0
    return float(np.polyfit(at_s[half], mib[half], 1)[0] * SECONDS_PER_HOUR)


def _steady(port: int, pid: int, work: Work, seconds: float, every_s: float) -> tuple[list[tuple[float, float]], int]:
    """Memory by second while cases go through the loop, `STEADY_EVENTS_S` events a second, and how many these were."""
    read: list[tuple[float, float]] = []
    waiting: list[dict[str, Any]] = []
    first, events, next_read = None, 0, 0.0
    with Caller(port) as caller:
        begun = perf_counter()
        while not events or perf_counter() - begun < seconds:
            if perf_counter() - begun >= next_read:
                read.append((perf_counter() - begun, resident_mib(pid)))
                next_read += every_s
            told = _one_step(caller, work, waiting)
            first = told["seq"] - EVENTS_OF_CASE if first is None else first
            events = told["seq"] - first
            time.sleep(max(0.0, begun + events / STEADY_EVENTS_S - perf_counter()))
        read.append((perf_counter() - begun, resident_mib(pid)))
    return read, events


def _one_step(caller: Caller, work: Work, waiting: list[dict[str, Any]]) -> dict[str, Any]:
    """Take the next step of the case that has waited longest, or report a new one when few are under way."""
    command = None
    if len(waiting) >= IN_FLIGHT:
        file = waiting.pop(0)
        command = work.following(file["case_no"], CaseStage(file["stage"]), file.get("unit", ""), evaluated=False)
    told = caller.act(command) if command else caller.report(work.fields())
    if "evaluated_at" not in told["file"]:
        waiting.append(told["file"])
    return told


def resident_mib(pid: int) -> float:
    """Resident memory of a process and its children, MiB; what they share is counted once."""
    return sum(_share_kib(each) for each in [pid, *_children(pid)]) / 1024


def _share_kib(pid: int) -> int:
    lines = Path(f"/proc/{pid}/smaps_rollup").read_text(encoding="ascii").splitlines()
    return next(int(line.split()[1]) for line in lines if line.startswith("Pss:"))


def _children(pid: int) -> list[int]:
    found = [int(each) for each in Path(f"/proc/{pid}/task/{pid}/children").read_text(encoding="ascii").split()]
    return [each for child in found for each in (child, *_children(child))]


# ---- all of it ----


@dataclass(frozen=True)
class Lengths:
    """How much is done.

    Parameters
    ----------
    seconds : float
        For each number of clients.
    minutes : float
        Of steady work while memory is read.
    loop_cases : int
        That go through the whole loop.
    bulk_cases : int
        That come in bulk.
    """

    seconds: float = 20.0
    minutes: float = 60.0
    loop_cases: int = 3000
    bulk_cases: int = 100_000


def figures(data: Path, lengths: Lengths, peer: Peer | None) -> list[Figure]:
    """All figures of the desk."""
    beside = []
    if peer is not None:
        with copied(data) as copy, Store.open(copy) as store, store.read() as cur:
            rows = cur.execute("SELECT count(*) FROM cases").fetchall()[0][0]
        beside = peer.figures(rows, lengths.seconds, CLIENTS, lengths.bulk_cases)
    return [
        *case_figures(data, lengths.seconds, beside),
        *loop_figures(data, lengths.loop_cases),
        *bulk_figures(data, lengths.bulk_cases, beside),
        *memory_figures(data, lengths.minutes * 60),
    ]


def main(arguments: Sequence[str] | None = None) -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--data", type=Path, required=True, help="data directory with a store")
    parser.add_argument("--seconds", type=float, default=Lengths.seconds, help="for each number of clients")
    parser.add_argument("--minutes", type=float, default=Lengths.minutes, help="of steady work while memory is read")
    parser.add_argument("--loop-cases", type=int, default=Lengths.loop_cases, help="that go through the whole loop")
    parser.add_argument("--bulk-cases", type=int, default=Lengths.bulk_cases, help="that come in bulk")
    parser.add_argument("--no-peer", action="store_true", help="leave out PostgreSQL")
    options = parser.parse_args(arguments)
    lengths = Lengths(options.seconds, options.minutes, options.loop_cases, options.bulk_cases)
    print_figures("Desk", figures(options.data, lengths, None if options.no_peer else Peer.found()))


if __name__ == "__main__":
    main()
