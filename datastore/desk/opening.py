"""What the desk needs before it can take a command, read from the store."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

import duckdb

from datastore.actor_store import lacks_actors, put_default_actors
from datastore.desk.clerk import Clerk
from datastore.desk.numbers import CaseNumbers
from datastore.desk.places import Places
from datastore.desk.recent_photos import KEPT, RecentPhotos
from datastore.desk.reference import read_reference
from datastore.desk.rows import GroupWriter
from datastore.desk.shelf import Shelf
from datastore.errors import StoreReadOnlyError
from datastore.log.keys import log_origin, open_key
from datastore.log.seal import Seal
from datastore.log.tail import LogTail
from datastore.meta import read_meta
from datastore.registry import Dataset, find, register
from datastore.rule_store import next_change, put_defaults, read_book
from datastore.store import Store
from twin_model.case import CaseStage
from twin_model.duplicate import DuplicateRules, ReportedCase
from twin_model.duplicate_index import DuplicateIndex
from twin_model.rule_book import RuleKind

LIVE = "live"
"""Name of the data set of the cases that came in through the desk."""

_REPEATABLE = (
    "SELECT case_no, class.code, stage, reported_at, cases.lon, cases.lat, coalesce(component.code, ''), closed_at, "
    "coalesce(parent_no, '') FROM cases JOIN case_class AS class USING (class_id) "
    "LEFT JOIN component USING (component_id) WHERE "
)
_RECENT = "reported_day >= $day AND reported_at >= $since"
_NAMED = "case_no IN (SELECT unnest($numbers::VARCHAR[]))"


@dataclass(frozen=True)
class Opening:
    """Parts of an open desk.

    Parameters
    ----------
    clerk : Clerk
    writer : GroupWriter
    seal : Seal
    rules_change_at : datetime or None
        When the next version of rules that the store holds comes into force.
    """

    clerk: Clerk
    writer: GroupWriter
    seal: Seal
    rules_change_at: datetime | None


def open_clerk(store: Store, now: datetime, salt: Callable[[], bytes], *, places: Places | None = None) -> Opening:
    """Read a store's codes, places, rules and the end of its log; what a new store lacks is put in.

    Parameters
    ----------
    store : Store
        Open for writing.
    now : datetime
        Aware.
    salt : function
        Gives fresh random bytes.
    places : Places, optional
        Locators that were made before, where areas, buildings and components have not changed.

    Raises
    ------
    DatastoreError
        If the store cannot be written to.
    TwinModelError
        If its rules or its log cannot be used.
    """
    if store.read_only:
        raise StoreReadOnlyError(f"{store.path} is open for reading only, which is no use to a desk", store.path)
    with store.read() as cur:
        ready = _is_ready(cur)
    if not ready:
        with store.write() as con:
            put_defaults(con, now)
            put_default_actors(con, now)
            _put_dataset(con, now)
            log_origin(con)
    with store.read() as cur:
        reference = read_reference(cur)
        book, rules_change_at = read_book(cur, now), next_change(cur, now)
        located = places or Places(cur, reference)
        live = find(cur, LIVE)
        signed = cur.execute("SELECT coalesce(max(size), 0) FROM log_checkpoint").fetchall()[0][0]
        key = open_key(store.path.parent, log_origin(cur))
        next_id = cur.execute("SELECT coalesce(max(case_id) + 1, 0) FROM cases").fetchall()[0][0]
        clerk = Clerk(
            reference=reference,
            places=located,
            book=book,
            shelf=Shelf(),
            numbers=CaseNumbers(reference.district),
            repeats=_repeats(cur, book.duplicates, now),
            recent_photos=_recent_photos(cur),
            salt=salt,
        )
        writer = GroupWriter(reference, located, LogTail.open(cur), next_id, dataset_id=live.dataset_id if live else 0)
    return Opening(clerk, writer, Seal(key, store.path.parent, signed), rules_change_at)


def _is_ready(cur: duckdb.DuckDBPyConnection) -> bool:
    kinds = cur.execute("SELECT count(DISTINCT kind) FROM rule_version").fetchall()[0][0]
    named = cur.execute("SELECT count(*) FROM meta WHERE key = 'store_uuid'").fetchall()[0][0]
    return bool(kinds >= len(RuleKind) and named and not lacks_actors(cur) and find(cur, LIVE))


def _put_dataset(con: duckdb.DuckDBPyConnection, now: datetime) -> None:
    if find(con, LIVE) is not None:
        return
    demo = read_meta(con).demo
    register(
        con,
        Dataset(
            name=LIVE,
            kind="cases",
            title="实时案件",
            source="desk",
            source_sha256="",
            options_sha256="",
            licence="",
            crs="EPSG:4490",
            simulated=demo,
            imported_at=now,
            rows_loaded=0,
            rows_rejected=0,
            rows_unplaced=0,
            note="Simulated; no record describes a real thing or event." if demo else "",
        ),
    )


def _repeats(cur: duckdb.DuckDBPyConnection, rules: DuplicateRules, now: datetime) -> DuplicateIndex:
    """Cases that a report may be about again: the recent ones, and the originals of the duplicates among them."""
    index = DuplicateIndex()
    since = (now - timedelta(hours=rules.longest_h)).astimezone(UTC).replace(tzinfo=None)
    found = _cases(cur, _RECENT, {"day": since.date() - timedelta(days=1), "since": since})
    seen: set[str] = set()
    while found:
        for case in found:
            index.add(case)
        seen |= {case.case_no for case in found}
        parents = {case.parent_no for case in found if case.stage == CaseStage.DUPLICATE} - {""} - seen
        found = _cases(cur, _NAMED, {"numbers": sorted(parents)}) if parents else []
    return index


def _cases(cur: duckdb.DuckDBPyConnection, condition: str, values: Mapping[str, object]) -> list[ReportedCase]:
    found = []
    for case_no, code, stage, reported_at, lon, lat, component, closed_at, parent in cur.execute(
        _REPEATABLE + condition, dict(values)
    ).fetchall():
        closed = None if closed_at is None else closed_at.replace(tzinfo=UTC)
        moment = reported_at.replace(tzinfo=UTC)
        found.append(ReportedCase(case_no, code, CaseStage(stage), moment, lon, lat, component, closed, parent))
    return found


def _recent_photos(cur: duckdb.DuckDBPyConnection) -> RecentPhotos:
    rows = cur.execute("SELECT case_no, dhash FROM photo ORDER BY seq DESC LIMIT ?", [KEPT]).fetchall()
    return RecentPhotos(reversed(rows))
