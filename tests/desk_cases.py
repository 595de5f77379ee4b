"""People who work at a desk over a copy of the small demo, in time that tests move."""

import hashlib
import shutil
from collections.abc import Callable, Iterable, Iterator
from concurrent import futures
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import duckdb

from datastore.desk.desk import Desk, _Job
from datastore.desk.receipt import Receipt
from datastore.log.keys import KEY_FILE, NOTES_FILE, PUBLIC_FILE, read_verifier_key
from datastore.log.replay import replay_differences
from datastore.log.verify import verify
from datastore.rollup import refresh_rollups
from datastore.rule_change import put_rules
from datastore.rule_store import read_document
from datastore.store import FILE_NAME, Store
from twin_model.actor import Actor, Role
from twin_model.command import Command
from twin_model.photo import PhotoFacts, TimeRule
from twin_model.rule_book import RuleKind
from twin_model.workflow import Action

START = datetime(2026, 11, 30, 2, tzinfo=UTC)
"""A Monday at ten in the city, so long after the demo that nothing new repeats a case of it."""
STREET = "S110108011"
OPERATOR = Actor("operator", Role.OPERATOR)
ADMIN = Actor("admin", Role.ADMIN)
COLLECTOR = Actor("collector", Role.COLLECTOR, source_code="COLLECTOR")
PUBLIC = Actor("public", Role.PUBLIC, source_code="PUBLIC")
VIDEO = Actor("video", Role.PUBLIC, source_code="VIDEO")
OFFICE = Actor(f"street-{STREET}", Role.STREET, STREET)
SALT = b"salt of the test"


class Clock:
    """Time that a test moves."""

    def __init__(self, now: datetime = START) -> None:
        self.now = now

    def __call__(self) -> datetime:
        return self.now

    def pass_on(self, **span: float) -> None:
        self.now += timedelta(**span)


def unit_actor(code: str) -> Actor:
    """Who acts for a unit."""
    is_street = code.startswith("S")
    return Actor(f"{'street' if is_street else 'dept'}-{code}", Role.STREET if is_street else Role.DEPARTMENT, code)


def spot(number: int) -> dict[str, str]:
    """Place of its own in the small demo, fifty metres from every other one and more."""
    row, column = divmod(number, 16)
    return {"lon": f"{116.3165 + 0.0007 * column:.4f}", "lat": f"{39.9750 + 0.0006 * row:.4f}"}


def report(number: int, actor: Actor = PUBLIC, **data: Any) -> Command:
    """Report of piled goods at a place of its own."""
    told = {"class": "E0507", "description": f"第{number}处", **spot(number), **data}
    return Command(Action.REPORT, actor, data={name: value for name, value in told.items() if value is not None})


def photo(seed: str, taken_at: datetime | None = None, distance_m: float | None = 5.0) -> PhotoFacts:
    """Facts of a photo that is like no other seed's."""
    digest = hashlib.sha256(seed.encode())
    return PhotoFacts(
        sha256=digest.hexdigest(),
        received_sha256=hashlib.sha256(f"{seed} as it came".encode()).hexdigest(),
        received_format="JPEG",
        width=64,
        height=48,
        bytes=1000,
        taken_at=taken_at,
        time_rule=TimeRule.OFFSET if taken_at else TimeRule.NONE,
        lon=116.32,
        lat=39.975,
        distance_m=distance_m,
        dhash=int.from_bytes(digest.digest()[:8], "big"),
        sharpness=100.0,
    )


def act(desk: Desk, action: Action, actor: Actor, case_no: str, **data: Any) -> Receipt:
    """Do something with a case, and wait for it."""
    return desk.do(Command(action, actor, case_no, data))


def handed_in(desk: Desk, commands: Iterable[Command]) -> list[futures.Future[Receipt]]:
    """Hand commands in at one moment, so that they are one group."""
    jobs = [_Job(command=command) for command in commands]
    with desk._jobs.mutex:
        desk._jobs.queue.extend(jobs)
        desk._jobs.unfinished_tasks += len(jobs)
        desk._jobs.not_empty.notify()
    return [job.future for job in jobs]


def together(desk: Desk, *commands: Command) -> list[Receipt | BaseException]:
    """What becomes of commands of one group."""
    return [future.exception(60) or future.result() for future in handed_in(desk, commands)]


def settled(desk: Desk) -> None:
    """Have what pages count brought up to the log."""
    desk.exclusive(lambda _con, _desk: None)


def change_rules(desk: Desk, kind: RuleKind, change: Callable[[dict[str, Any]], dict[str, Any]], **more: Any) -> None:
    """Put a changed version of rules in force."""

    def put(con: duckdb.DuckDBPyConnection, _desk: Desk) -> None:
        document = change(read_document(con, kind)[1])
        put_rules(con, kind, document, actor=ADMIN, note="for the test", now=desk._clock(), **more)

    desk.exclusive(put)


def without_audit(document: dict[str, Any]) -> dict[str, Any]:
    """Workflow rules in which nobody looks at a case because its number says so."""
    return {**document, "closing": {**document["closing"], "audit_per_mille": 0}}


def copied(data_dir: Path, target: Path) -> Path:
    """Copy of a store and of what its log is signed with, with nothing else beside it."""
    target.mkdir(parents=True, exist_ok=True)
    for name in (FILE_NAME, KEY_FILE, PUBLIC_FILE, NOTES_FILE):
        if (data_dir / name).exists():
            shutil.copy(data_dir / name, target)
    return target


@contextmanager
def open_desk(data_dir: Path, clock: Callable[[], datetime]) -> Iterator[Desk]:
    """Desk of the store in a directory."""
    with Store.open(data_dir, threads=2) as store, Desk.open(store, clock=clock, salt=lambda: SALT) as desk:
        yield desk


# ---- whether everything is as it should be ----


def rollup_rows(cur: duckdb.DuckDBPyConnection) -> dict[str, list[tuple[Any, ...]]]:
    """What each rollup counts, however many rows it has for it."""
    found = {}
    for name, measure in {
        "case_by_day": "reported_day, street_id, source_id, stage",
        "case_by_closed_day": "closed_day, street_id, source_id, stage",
        "case_by_community": "street_id, community_id, source_id, stage",
        "case_by_grid": "street_id, community_id, grid_id, source_id, stage",
        "case_by_building": "building_id, street_id, community_id, grid_id, source_id, stage",
    }.items():
        found[name] = cur.execute(
            f"SELECT {measure}, sum(n) FROM {name} GROUP BY ALL HAVING sum(n) <> 0 ORDER BY ALL"  # noqa: S608
        ).fetchall()
    found["open_case"] = cur.execute("SELECT * FROM open_case ORDER BY case_id").fetchall()
    return found


def assert_counted(store: Store) -> None:
    """The rollups are what they would be if they were built anew."""
    with store.read() as cur:
        counted = rollup_rows(cur)
    try:
        with store.write() as con:
            refresh_rollups(con)
            anew = rollup_rows(con)
            raise _KeepAsItWasError  # noqa: TRY301
    except _KeepAsItWasError:
        pass
    for name, rows in anew.items():
        assert counted[name] == rows, name


class _KeepAsItWasError(Exception):
    """Ends a write that is to leave nothing."""


def assert_sound(store: Store, *, signed: bool = True) -> None:
    """The log verifies, and the tables say what it says."""
    with store.read() as cur:
        assert replay_differences(cur) == []
    key = read_verifier_key(store.path.parent / PUBLIC_FILE) if signed else None
    with store.read() as cur:
        told = verify(cur, key, replay=replay_differences)
    assert not told.findings, [each.text for each in told.findings]
    if signed:
        assert told.signed == told.size
