"""Server-sent events: their bytes, and the ids that say how far a reader has read which log.

Source: WHATWG HTML, section 9.2 "Server-sent events".
"""

import json
from collections.abc import Mapping
from datetime import UTC, datetime
from enum import StrEnum
from typing import Any

from twin_model.case_event import Committed

MIMETYPE = "text/event-stream"
RETRY_MS = 2000
"""How long a browser that knows nothing better waits before it comes back, milliseconds."""
COORDINATE_DIGITS = 6
"""Of degrees: a decimetre."""
MAX_ID_LENGTH = 80


class Kind(StrEnum):
    """What a message is; the name of its event."""

    HELLO = "hello"
    CASE = "case"
    FIGURES = "figures"
    SETTLED = "settled"
    GAP = "gap"
    PING = "ping"
    BYE = "bye"


def message(kind: Kind, data: Mapping[str, Any], event_id: str = "") -> bytes:
    """Encode one message.

    Parameters
    ----------
    kind : Kind
        Name of its event.
    data : mapping
        JSON types; written in one line.
    event_id : str
        What a reader who got this has read up to, or ``""`` where the message says nothing of that.
    """
    told = json.dumps(data, ensure_ascii=False, separators=(",", ":"))
    head = f"id: {event_id}\n" if event_id else ""
    return f"{head}event: {kind}\ndata: {told}\n\n".encode()


def retry(milliseconds: int = RETRY_MS) -> bytes:
    """Line that tells a browser when to come back."""
    return f"retry: {milliseconds}\n\n".encode()


def case_message(log_id: str, committed: Committed) -> bytes:
    """Encode one committed event; its id is that of its place in the log."""
    return message(Kind.CASE, case_data(committed), event_id(log_id, committed.seq))


def case_data(committed: Committed) -> dict[str, Any]:
    """Particulars of a committed event, of JSON's types: moments RFC 3339 in UTC, degrees in EPSG:4490."""
    return {
        "seq": committed.seq,
        "case": committed.case_no,
        "kind": str(committed.kind),
        "stage": int(committed.stage),
        "before": None if committed.stage_before is None else int(committed.stage_before),
        "hold": str(committed.hold),
        "class": committed.class_code,
        "source": committed.source_code,
        "unit": committed.unit_code,
        "street": committed.street_code,
        "community": committed.community_code,
        "grid": committed.grid_code,
        "building": committed.building_code,
        "lon": _degrees(committed.lon),
        "lat": _degrees(committed.lat),
        "at": instant(committed.moment),
        "committed": instant(committed.committed_at, "milliseconds"),
        "deadline": None if committed.deadline_at is None else instant(committed.deadline_at),
    }


def instant(moment: datetime, precision: str = "seconds") -> str:
    """RFC 3339 in UTC; a moment without a zone is UTC already, as the store keeps it."""
    aware = moment.replace(tzinfo=UTC) if moment.tzinfo is None else moment.astimezone(UTC)
    return aware.isoformat(timespec=precision).replace("+00:00", "Z")


def event_id(log_id: str, seq: int) -> str:
    """Id of a place in a log: ``<log id>-<seq>``."""
    return f"{log_id}-{seq}"


def seq_of(log_id: str, text: str) -> int | None:
    """Place in the log that an id names, or None where it names none of this log."""
    named, _, number = text.rpartition("-")
    known = named == log_id and len(text) <= MAX_ID_LENGTH
    return int(number) if known and number.isascii() and number.isdecimal() else None


def _degrees(value: float | None) -> float | None:
    return None if value is None else round(value, COORDINATE_DIGITS)
