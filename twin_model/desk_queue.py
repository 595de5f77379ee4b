"""Queues of the workbench: which open cases wait for whom, as one table of conditions."""

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum

from twin_model.actor import CENTRE_ROLES, UNIT_ROLES, Role
from twin_model.case import CaseStage


class Queue(StrEnum):
    """Queues; the values are written in addresses."""

    TO_FILE = "to_file"
    TO_DISPATCH = "to_dispatch"
    SUGGESTED = "suggested"
    TO_CHECK = "to_check"
    ASKED = "asked"
    ON_HOLD = "on_hold"
    OVERDUE = "overdue"
    DUE_SOON = "due_soon"
    OPEN = "open"
    NEW = "new"
    IN_HAND = "in_hand"
    REWORK = "rework"
    FED_BACK = "fed_back"
    IN_AREA = "in_area"
    TO_VERIFY = "to_verify"
    TO_SEE = "to_see"


class Mark(StrEnum):
    """What a case file says beyond its stage; the values are members of `twin_model.case_file.CaseFile`."""

    NONE = ""
    SUGGESTION = "suggestion"
    ASKED = "asked"
    REWORKS = "reworks"


class Due(StrEnum):
    """How a case stands to its deadline."""

    ANY = ""
    SOON = "due_soon"
    LATE = "overdue"


class Sight(StrEnum):
    """Whose cases an actor sees."""

    ALL = "all"
    UNIT = "unit"
    NOTHING = "nothing"


@dataclass(frozen=True)
class QueueRule:
    """Conditions of one queue; a case meets all of them.

    Parameters
    ----------
    stages : tuple of CaseStage
        Stages that it may be in; empty for every open one.
    held : bool or None
        Whether its clock stands still; None for either.
    mark : Mark
        What its file says.
    due : Due
        How it stands to its deadline.
    in_area : bool
        Of a street's or town's office: where the case lies counts, not which unit has it.
    """

    stages: tuple[CaseStage, ...] = ()
    held: bool | None = False
    mark: Mark = Mark.NONE
    due: Due = Due.ANY
    in_area: bool = False


_S = CaseStage
_AT_WORK = (_S.ACCEPTED, _S.HANDLING)
_BACK = (_S.FEEDBACK, _S.CHECKING)

QUEUES: Mapping[Queue, QueueRule] = {
    Queue.TO_FILE: QueueRule((_S.REPORTED,)),
    Queue.TO_DISPATCH: QueueRule((_S.FILED,)),
    Queue.SUGGESTED: QueueRule(mark=Mark.SUGGESTION),
    Queue.TO_CHECK: QueueRule(_BACK),
    Queue.ASKED: QueueRule(mark=Mark.ASKED),
    Queue.ON_HOLD: QueueRule(held=True),
    Queue.OVERDUE: QueueRule(due=Due.LATE),
    Queue.DUE_SOON: QueueRule(due=Due.SOON),
    Queue.OPEN: QueueRule(held=None),
    Queue.NEW: QueueRule((_S.DISPATCHED,)),
    Queue.IN_HAND: QueueRule(_AT_WORK),
    Queue.REWORK: QueueRule(_AT_WORK, mark=Mark.REWORKS),
    Queue.FED_BACK: QueueRule(_BACK),
    Queue.IN_AREA: QueueRule(held=None, in_area=True),
    Queue.TO_VERIFY: QueueRule((_S.VERIFYING,)),
    Queue.TO_SEE: QueueRule((_S.CHECKING,)),
}
"""Conditions of every queue."""

_CENTRE = (
    Queue.TO_FILE, Queue.TO_DISPATCH, Queue.SUGGESTED, Queue.TO_CHECK, Queue.ASKED, Queue.ON_HOLD, Queue.OVERDUE,
    Queue.DUE_SOON, Queue.OPEN,
)  # fmt: skip
_UNIT = (
    Queue.NEW, Queue.IN_HAND, Queue.REWORK, Queue.DUE_SOON, Queue.OVERDUE, Queue.FED_BACK, Queue.ON_HOLD, Queue.OPEN,
)  # fmt: skip

QUEUES_OF: Mapping[Role, tuple[Queue, ...]] = {
    **dict.fromkeys(CENTRE_ROLES, _CENTRE),
    Role.DEPARTMENT: _UNIT,
    Role.STREET: (*_UNIT, Queue.IN_AREA),
    Role.COLLECTOR: (Queue.TO_VERIFY, Queue.TO_SEE),
    Role.ANALYST: (Queue.OVERDUE, Queue.DUE_SOON, Queue.ON_HOLD, Queue.OPEN),
}
"""Queues of each role in the order in which they are worked through; a role that is left out has none."""


def queues_of(role: Role) -> tuple[Queue, ...]:
    """Queues of a role, the first one the one to begin with."""
    return QUEUES_OF.get(role, ())


def sight_of(role: Role) -> Sight:
    """Whose cases a role sees at the workbench."""
    if role in UNIT_ROLES:
        return Sight.UNIT
    return Sight.ALL if role in QUEUES_OF else Sight.NOTHING
