"""The time limit of one case: a clock, an amount, and the deadline that follows from them and from the pauses."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any, Self

from twin_model.calendar import WorkCalendar
from twin_model.case_file import CaseFile, moment_text
from twin_model.errors import CalendarError
from twin_model.rule_row import plain_number
from twin_model.work_clock import WorkClock, due, due_with_pauses, elapsed


@dataclass(frozen=True)
class Limit:
    """A time limit.

    Parameters
    ----------
    clock : WorkClock
    amount : float
        Hours, or whole working days.
    rule : str
        Version and row that it comes from.
    urgent : bool
        Whether the case is an emergency.
    """

    clock: WorkClock
    amount: float
    rule: str
    urgent: bool = False

    @property
    def text(self) -> str:
        """Written form: ``4 working_hours``."""
        return f"{plain_number(float(self.amount))!r} {self.clock}"

    def of(self, file: CaseFile) -> Self:
        """Give the same limit with the amount that a case has by now: extensions add to it."""
        amount, _, clock = file.limit.partition(" ")
        return replace(self, amount=float(amount), clock=WorkClock(clock)) if clock else self

    def deadline(
        self, calendar: WorkCalendar, start: datetime, pauses: Sequence[tuple[datetime, datetime]] = ()
    ) -> datetime:
        """Moment at which it ends, UTC.

        Raises
        ------
        CalendarError
            If the calendar cannot tell.
        """
        return due_with_pauses(calendar, self.clock, start, self.amount, pauses)

    def data(self, calendar: WorkCalendar, start: datetime) -> dict[str, Any]:
        """Tell what an event says of a limit that begins now."""
        return {"deadline": moment_text(self.deadline(calendar, start)), "limit": self.text, "urgent": self.urgent}

    def extended(self, calendar: WorkCalendar, file: CaseFile, more: float) -> dict[str, Any]:
        """Tell what an event says of a limit that is so many hours, or working days, longer.

        Raises
        ------
        CalendarError
            If working days are no whole number.
        """
        own = self.of(file)
        if own.clock is WorkClock.WORKING_DAYS and more != int(more):
            raise CalendarError(f"{more:g} is no whole number of working days; give one")
        if file.limit and file.clock_from is not None:
            longer = replace(own, amount=own.amount + more)
            return {
                "deadline": moment_text(longer.deadline(calendar, file.clock_from, file.pauses)),
                "limit": longer.text,
            }
        # The case came with a deadline of its own: the extension begins at it.
        start = file.deadline_at or file.last_at
        return {"deadline": moment_text(due(calendar, own.clock, start, more))}

    def resumed(self, calendar: WorkCalendar, file: CaseFile, now: datetime) -> dict[str, Any]:
        """Tell what an event says of a limit whose clock runs again: the time on hold does not count."""
        if file.deadline_at is None or file.held_at is None or file.deadline_at <= file.held_at:
            return {}  # what was late when it was put on hold stays late
        if file.limit and file.clock_from is not None:
            pauses = (*file.pauses, (file.held_at, now))
            return {"deadline": moment_text(self.of(file).deadline(calendar, file.clock_from, pauses))}
        left = elapsed(calendar, self.clock, file.held_at, file.deadline_at)
        return {"deadline": moment_text(due(calendar, self.clock, now, left))}
