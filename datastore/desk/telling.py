"""What the desk tells others: of events that are durable, and of failures in one clear sentence."""

import logging
from collections.abc import Callable
from datetime import datetime

import duckdb

from datastore.desk.rows import Numbered
from datastore.errors import DeskError
from twin_model.case_event import Committed

log = logging.getLogger(__name__)


def tell(listener: Callable[..., None], *told: object) -> None:
    """Tell one listener; what goes wrong there is its own affair."""
    try:
        listener(*told)
    except Exception:
        log.exception("a listener failed")


def clear(error: Exception) -> Exception:
    """Error as callers hear it: one sentence, also where the engine says something that nobody knows."""
    if not isinstance(error, duckdb.Error):
        return error
    told = DeskError(f"the store could not be written to, and nothing has changed: {error}")
    told.__cause__ = error
    return told


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
