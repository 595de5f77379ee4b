"""Entries of the log: the bytes that are hashed for an event of a case, and for a case that came in bulk.

Every entry is canonical JSON with ``kind`` and ``v``. An event names the leaf hash of its case's previous event, so
that the events of one case are a chain inside the log that holds them all.
"""

from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Any

from twin_model.canonical_json import canonical_json
from twin_model.errors import LogError
from twin_model.merkle import HASH_BYTES

ENTRY_VERSION = 1
"""Of the fields of an entry; part of every entry."""
IMPORT = "import"
IMPORT_TEXTS = ("case", "class", "component", "parent", "ref", "source", "unit")
IMPORT_DEGREES = ("lat", "lon")
IMPORT_MOMENTS = ("closed_at", "deadline_at", "dispatched_at", "filed_at", "handled_at", "reported_at")
"""Fields of an imported case, beside ``stage``; those without a value are left out."""


def entry_bytes(
    *,
    kind: str,
    case_no: str,
    actor: str,
    moment: datetime,
    prev: bytes,
    data: Mapping[str, Any],
    rule: str = "",
) -> bytes:
    """Compose the entry of an event.

    Parameters
    ----------
    kind : str
        What was done.
    case_no : str
        Number of the case; ``""`` for an event of no case.
    actor : str
        Code of who did it.
    moment : datetime
        Aware.
    prev : bytes
        Leaf hash of the case's previous event; ``b""`` for its first.
    data : mapping
        What the event brought, of the types that `twin_model.canonical_json` writes.
    rule : str
        Version and row of the rule that caused it; ``""`` leaves the field out.

    Returns
    -------
    bytes
        Canonical JSON with the keys actor, at, case, data, kind, prev, rule, v.

    Raises
    ------
    CanonicalJsonError
        If a value cannot be written: a float, say.
    LogError
        If the moment has no zone, or ``prev`` is no hash.
    """
    if prev and len(prev) != HASH_BYTES:
        raise LogError(f"the previous leaf of case {case_no} is {len(prev)} bytes and no SHA-256 hash")
    entry: dict[str, Any] = {
        "actor": actor,
        "at": moment_text(moment),
        "case": case_no,
        "data": data,
        "kind": kind,
        "prev": prev.hex(),
        "v": ENTRY_VERSION,
    }
    if rule:
        entry["rule"] = rule
    return canonical_json(entry)


def import_bytes(row: Mapping[str, Any]) -> bytes:
    """Compose the entry of a case that came in bulk; the store's view ``log_entry`` writes the same text.

    Parameters
    ----------
    row : mapping
        ``case``, ``class``, ``source`` (str), ``stage`` (int) and ``reported_at`` (aware datetime); where known,
        ``component``, ``parent``, ``ref``, ``unit`` (str), the other moments of `IMPORT_MOMENTS`, and ``lon``, ``lat``
        (float, degrees, EPSG:4490), which are written as the shortest decimal text that reads back the same.

    Returns
    -------
    bytes
        Canonical JSON; a field whose value is None is left out.

    Raises
    ------
    LogError
        If a moment has no zone.
    """
    entry: dict[str, Any] = {"kind": IMPORT, "stage": row["stage"], "v": ENTRY_VERSION}
    entry |= {name: row[name] for name in IMPORT_TEXTS if row.get(name) is not None}
    entry |= {name: repr(float(row[name])) for name in IMPORT_DEGREES if row.get(name) is not None}
    entry |= {name: moment_text(row[name]) for name in IMPORT_MOMENTS if row.get(name) is not None}
    return canonical_json(entry)


def moment_text(moment: datetime) -> str:
    """Write a moment as RFC 3339 in UTC with microseconds: ``2026-01-31T08:00:00.000000Z``.

    Raises
    ------
    LogError
        If it has no zone.
    """
    if moment.tzinfo is None:
        raise LogError(f"the moment {moment.isoformat()} has no time zone; give it one")
    return f"{moment.astimezone(UTC).replace(tzinfo=None).isoformat(timespec='microseconds')}Z"
