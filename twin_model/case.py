"""Cases: the stages of the closed loop and the clock states that every page shows."""

from enum import IntEnum, StrEnum


class CaseStage(IntEnum):
    """Where a case stands; the values order the seven-step loop and are stored.

    VOID and DUPLICATE are ends that count as reported but neither open nor closed.
    """

    REPORTED = 10
    VERIFYING = 15
    FILED = 20
    DISPATCHED = 30
    ACCEPTED = 35
    HANDLING = 40
    FEEDBACK = 50
    CHECKING = 60
    CLOSED = 70
    VOID = 80
    DUPLICATE = 90


OPEN_STAGES = tuple(stage for stage in CaseStage if stage < CaseStage.CLOSED)


class CaseState(StrEnum):
    """What a reader wants to know of a case at a moment: open in time, due soon, overdue, or closed."""

    OPEN = "open"
    DUE_SOON = "due_soon"
    OVERDUE = "overdue"
    CLOSED = "closed"


DUE_SOON_H = 4.0
"""Hours before its deadline from which an open case counts as due soon (a default of ours)."""

CASE_NO_LENGTH = 20
"""Digits of a case number: 6 administrative + yyyyMMdd + 6 sequence (a proposal of ours; no national format)."""
