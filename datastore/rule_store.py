"""Rules in the store: documents with versions, of which the newest valid one of each kind is in force."""

import hashlib
import json
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

import duckdb

from datastore.errors import DatastoreError
from twin_model.case_class import CaseClass
from twin_model.rule_book import RuleBook, RuleKind, default_documents

_DEFAULTS_BY = "citydeck"


@dataclass(frozen=True)
class RuleVersion:
    """One version of a set of rules.

    Parameters
    ----------
    kind : RuleKind
    version : int
        From 1.
    valid_from, created_at : datetime
        Aware, UTC.
    created_by, note : str
    sha256 : str
        Of the document as it is stored.
    """

    kind: RuleKind
    version: int
    valid_from: datetime
    created_at: datetime
    created_by: str
    note: str
    sha256: str


class NoRulesError(DatastoreError):
    """The store lacks rules of a kind, or the version that is asked for."""


def read_book(cur: duckdb.DuckDBPyConnection, at: datetime) -> RuleBook:
    """Rules in force at a moment.

    Raises
    ------
    NoRulesError
        If a kind has none.
    TwinModelError
        If a document cannot be used.
    """
    rows = cur.execute(
        "SELECT kind, version, body FROM rule_version WHERE valid_from <= ? "
        "QUALIFY row_number() OVER (PARTITION BY kind ORDER BY version DESC) = 1",
        [_naive(at)],
    ).fetchall()
    found = {RuleKind(kind): (version, json.loads(body)) for kind, version, body in rows}
    missing = [kind.value for kind in RuleKind if kind not in found]
    if missing:
        raise NoRulesError(
            f"the store has no rules in force for {', '.join(missing)}; add them with citydeck rules put"
        )
    versions = {kind: version for kind, (version, _) in found.items()}
    return RuleBook.read({kind: document for kind, (_, document) in found.items()}, versions)


def next_change(cur: duckdb.DuckDBPyConnection, after: datetime) -> datetime | None:
    """First moment after another at which rules come into force that are in the store already."""
    rows = cur.execute("SELECT min(valid_from) FROM rule_version WHERE valid_from > ?", [_naive(after)]).fetchall()
    found: datetime | None = rows[0][0]
    return None if found is None else found.replace(tzinfo=UTC)


def read_document(cur: duckdb.DuckDBPyConnection, kind: RuleKind, version: int | None = None) -> tuple[int, Any]:
    """Version and document of a kind; the newest without a version.

    Raises
    ------
    NoRulesError
        If there is none.
    """
    rows = cur.execute(
        "SELECT version, body FROM rule_version WHERE kind = ? AND (? IS NULL OR version = ?) "
        "ORDER BY version DESC LIMIT 1",
        [kind.value, version, version],
    ).fetchall()
    if not rows:
        raise NoRulesError(f"there is no version {version or ''} of the {kind} rules; see citydeck rules list")
    return rows[0][0], json.loads(rows[0][1])


def rule_versions(cur: duckdb.DuckDBPyConnection) -> tuple[RuleVersion, ...]:
    """All versions, by kind and version."""
    rows = cur.execute(
        "SELECT kind, version, valid_from, created_at, created_by, note, sha256 FROM rule_version "
        "ORDER BY kind, version"
    ).fetchall()
    return tuple(
        RuleVersion(RuleKind(kind), version, valid.replace(tzinfo=UTC), made.replace(tzinfo=UTC), by, note, sha256)
        for kind, version, valid, made, by, note, sha256 in rows
    )


def put_document(
    con: duckdb.DuckDBPyConnection,
    kind: RuleKind,
    document: Mapping[str, Any],
    *,
    valid_from: datetime,
    now: datetime,
    by: str,
    note: str = "",
) -> RuleVersion:
    """Add a version, in the caller's transaction; whether it can be used is the caller's to check.

    Returns
    -------
    RuleVersion
        The new one.
    """
    body = json.dumps(document, ensure_ascii=False, sort_keys=True, separators=(",", ":"))
    sha256 = hashlib.sha256(body.encode()).hexdigest()
    rows = con.execute("SELECT coalesce(max(version), 0) + 1 FROM rule_version WHERE kind = ?", [kind.value]).fetchall()
    version = int(rows[0][0])
    con.execute(
        "INSERT INTO rule_version VALUES (?, ?, ?, ?, ?, ?, ?, ?)",
        [kind.value, version, _naive(valid_from), _naive(now), by, note, body, sha256],
    )
    return RuleVersion(kind, version, valid_from, now, by, note, sha256)


def put_defaults(con: duckdb.DuckDBPyConnection, now: datetime) -> bool:
    """Give a store that has no rules the default ones, in the caller's transaction.

    Returns
    -------
    bool
        Whether any kind lacked its rules.
    """
    known = {kind for (kind,) in con.execute("SELECT DISTINCT kind FROM rule_version").fetchall()}
    missing = [kind for kind in RuleKind if kind.value not in known]
    if missing:
        documents = default_documents(stored_classes(con))
        for kind in missing:
            put_document(
                con, kind, documents[kind], valid_from=datetime(1970, 1, 1, tzinfo=UTC), now=now, by=_DEFAULTS_BY,
                note="defaults, placeholders",
            )  # fmt: skip
    return bool(missing)


def stored_classes(cur: duckdb.DuckDBPyConnection) -> tuple[CaseClass, ...]:
    """Classes of the store, by key."""
    rows = cur.execute(
        "SELECT class_id, code, kind, big_code, big_name_zh, big_name_en, small_code, name_zh, name_en, limit_h "
        "FROM case_class ORDER BY class_id"
    ).fetchall()
    return tuple(CaseClass(*row) for row in rows)


def _naive(moment: datetime) -> datetime:
    return moment.astimezone(UTC).replace(tzinfo=None)
