"""The story of a case: its events from the log, each with the state before and after it."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from app.desk_context import DeskContext
from datastore.desk.record import CaseRecord
from datastore.queries.case_events import case_events
from twin_model.calendar import WorkCalendar
from twin_model.canonical_json import parse_canonical
from twin_model.case_event import CaseEvent
from twin_model.case_evolve import evolve
from twin_model.case_file import CaseFile, moment_of
from twin_model.errors import CalendarError, LogError
from twin_model.work_clock import WorkClock, remaining
from twin_model.workflow import Action, Hold


@dataclass(frozen=True)
class StoryEvent:
    """One event of a case.

    Parameters
    ----------
    seq : int
        Place in the log.
    event : CaseEvent
    before : CaseFile or None
        State before it; None for the first.
    after : CaseFile or None
        State after it; None where it could not follow.
    """

    seq: int
    event: CaseEvent
    before: CaseFile | None
    after: CaseFile | None


@dataclass(frozen=True)
class ClockReading:
    """What a case's clock showed at a moment.

    Parameters
    ----------
    limit : str
        As its rule writes it, ``4 working_hours``; ``""`` for a deadline that came with the case.
    left : float
        Hours of that clock, or working days, that were left; negative when late. By the wall without a limit.
    standing : bool
        Whether it stood still.
    """

    limit: str
    left: float
    standing: bool


def story_of(ctx: DeskContext, record: CaseRecord) -> list[StoryEvent]:
    """Events of a case in the order of the log; none of a case that the log does not hold yet."""
    with ctx.office.data.store.read() as cur:
        rows = case_events(cur, record.key, record.last_seq).to_pylist()
    return replayed(rows, record.file)


def replayed(rows: Sequence[dict[str, Any]], now: CaseFile) -> list[StoryEvent]:
    """Events of log entries, each with the state before and after it.

    Parameters
    ----------
    rows : sequence of mapping
        seq, kind, entry of `datastore.queries.case_events.case_events`.
    now : CaseFile
        The case as it stands; what the entry of a case of history leaves out is taken from it.
    """
    told: list[StoryEvent] = []
    file: CaseFile | None = None
    for row in rows:
        event = event_of(row["entry"])
        before = file
        try:
            file = evolve(file, event)
        except (LogError, KeyError):
            file = before if len(told) < len(rows) - 1 else now
        told.append(StoryEvent(row["seq"], event, before, file))
    return told


def event_of(entry: str) -> CaseEvent:
    """Event of an entry of the log.

    Raises
    ------
    CanonicalJsonError
        If it is no canonical JSON.
    """
    told: Any = parse_canonical(entry.encode())
    kind = Action(told["kind"])
    if kind is Action.IMPORT:
        data = {name: value for name, value in told.items() if name not in ("kind", "v", "case")}
        latest = max(moment_of(data[name]) for name in data if name.endswith("_at") and name != "deadline_at")
        return CaseEvent(kind, told["case"], "import", latest, data)
    return CaseEvent(kind, told["case"], told["actor"], moment_of(told["at"]), told["data"], told.get("rule", ""))


def clock_at(calendar: WorkCalendar | None, file: CaseFile | None, moment: datetime) -> ClockReading | None:
    """Read the clock of a case at a moment; None before it ran.

    Parameters
    ----------
    calendar : WorkCalendar or None
        Of the rules in force; without one the clock of the wall is read.
    file : CaseFile or None
        The case after what happened at that moment.
    moment : datetime
        Aware.
    """
    if file is None or file.deadline_at is None:
        return None
    standing = file.hold is not Hold.NONE
    amount, _, clock = file.limit.partition(" ")
    if calendar is not None and clock and file.clock_from is not None and clock in set(WorkClock):
        pauses = [*file.pauses, *([(file.held_at, moment)] if file.held_at else [])]
        try:
            left = remaining(calendar, WorkClock(clock), file.clock_from, float(amount), now=moment, pauses=pauses)
        except (CalendarError, ValueError):
            return None
        return ClockReading(file.limit, left, standing)
    return ClockReading("", (file.deadline_at - moment) / timedelta(hours=1), standing)
