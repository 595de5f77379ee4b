"""The closed loop as one table: which action leads from which stage to which, and who may take it.

The seven steps are the canonical ones: collect, file, dispatch, handle, feed back, check and close, evaluate. Which of
them are manual is not published; three manual and four automatic ones are a labelled default of ours, and each
automatic step can be made to suggest only.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from enum import IntEnum, StrEnum

from twin_model.actor import CENTRE_ROLES, UNIT_ROLES, Role
from twin_model.case import CaseStage


class Action(StrEnum):
    """What can happen; the values are the kinds of events. The last four are about no case and move none."""

    IMPORT = "import"
    REPORT = "report"
    VERIFY = "verify"
    CONFIRM = "confirm"
    FILE = "file"
    REFUSE = "refuse"
    DISPATCH = "dispatch"
    ACCEPT = "accept"
    START = "start"
    RETURN = "return"
    FEEDBACK = "feedback"
    CHECK = "check"
    CLOSE = "close"
    REWORK = "rework"
    EVALUATE = "evaluate"
    ASK_EXTENSION = "ask_extension"
    EXTEND = "extend"
    DENY = "deny"
    SUSPEND = "suspend"
    CONSULT = "consult"
    RESUME = "resume"
    REOPEN = "reopen"
    VOID = "void"
    DUPLICATE = "duplicate"
    SPLIT = "split"
    SUGGEST = "suggest"
    COUNT = "count"
    NOTE = "note"
    PHOTO = "photo"
    CORRECT = "correct"
    ERASE = "erase"
    WITHDRAW = "withdraw"
    CANDIDATE = "candidate"
    PROMOTE = "promote"
    DISMISS = "dismiss"
    RULES = "rules"


class Step(IntEnum):
    """The seven steps of the loop."""

    COLLECT = 1
    FILE = 2
    DISPATCH = 3
    HANDLE = 4
    FEEDBACK = 5
    CHECK = 6
    EVALUATE = 7


AUTOMATIC_STEPS = (Step.FILE, Step.DISPATCH, Step.CHECK, Step.EVALUATE)
"""Steps that the system takes by default; the other three are people's."""


class Mode(StrEnum):
    """How an automatic step is taken: by the system, or suggested to an operator."""

    AUTO = "auto"
    SUGGEST = "suggest"


class Hold(StrEnum):
    """Why the clock of a case stands still."""

    NONE = ""
    SUSPENDED = "suspended"
    CONSULTATION = "consultation"


@dataclass(frozen=True)
class Transition:
    """One row of the table.

    Parameters
    ----------
    action : Action
        What is done.
    start : tuple of CaseStage
        Stages that it can be done in.
    end : CaseStage or None
        Stage that it leads to; None leaves the case in its stage.
    roles : frozenset of Role
        Who may do it. Unit roles only for the unit that has the case.
    step : Step or None
        Step of the loop that it completes.
    needs : tuple of str
        Fields that the request must bring.
    on_hold : bool
        Whether it can be done while the clock stands still.
    """

    action: Action
    start: tuple[CaseStage, ...]
    end: CaseStage | None
    roles: frozenset[Role]
    step: Step | None = None
    needs: tuple[str, ...] = ()
    on_hold: bool = False


_CENTRE = CENTRE_ROLES
_CENTRE_OR_SYSTEM = CENTRE_ROLES | {Role.SYSTEM}
_UNIT = UNIT_ROLES
_COLLECTOR_OR_CENTRE = CENTRE_ROLES | {Role.COLLECTOR}
_ANY_WORKER = CENTRE_ROLES | UNIT_ROLES | {Role.COLLECTOR}
_REPORTERS = CENTRE_ROLES | UNIT_ROLES | {Role.COLLECTOR, Role.PUBLIC, Role.SYSTEM}

_S = CaseStage
_BEFORE_FILING = (_S.REPORTED, _S.VERIFYING)
_AT_WORK = (_S.DISPATCHED, _S.ACCEPTED, _S.HANDLING)
_OPEN = (*_BEFORE_FILING, _S.FILED, *_AT_WORK, _S.FEEDBACK, _S.CHECKING)
_EVERY = (*_OPEN, _S.CLOSED, _S.VOID, _S.DUPLICATE)

TRANSITIONS: tuple[Transition, ...] = (
    Transition(Action.REPORT, (), _S.REPORTED, _REPORTERS, Step.COLLECT),
    Transition(Action.VERIFY, (_S.REPORTED,), _S.VERIFYING, _CENTRE_OR_SYSTEM),
    Transition(Action.CONFIRM, (_S.VERIFYING,), _S.REPORTED, _COLLECTOR_OR_CENTRE),
    Transition(Action.FILE, (_S.REPORTED,), _S.FILED, _CENTRE_OR_SYSTEM, Step.FILE),
    Transition(Action.REFUSE, _BEFORE_FILING, _S.VOID, _COLLECTOR_OR_CENTRE, needs=("reason",)),
    Transition(Action.DISPATCH, (_S.FILED, _S.DISPATCHED), _S.DISPATCHED, _CENTRE_OR_SYSTEM, Step.DISPATCH, ("unit",)),
    Transition(Action.ACCEPT, (_S.DISPATCHED,), _S.ACCEPTED, _UNIT),
    Transition(Action.START, (_S.DISPATCHED, _S.ACCEPTED), _S.HANDLING, _UNIT),
    Transition(Action.RETURN, (_S.DISPATCHED, _S.ACCEPTED), _S.FILED, _UNIT, needs=("reason",)),
    Transition(Action.FEEDBACK, (_S.ACCEPTED, _S.HANDLING), _S.FEEDBACK, _UNIT | {Role.SYSTEM}, Step.FEEDBACK),
    Transition(Action.CHECK, (_S.FEEDBACK,), _S.CHECKING, _CENTRE_OR_SYSTEM),
    Transition(Action.CLOSE, (_S.FEEDBACK, _S.CHECKING), _S.CLOSED, _COLLECTOR_OR_CENTRE | {Role.SYSTEM}, Step.CHECK),
    Transition(
        Action.REWORK,
        (_S.FEEDBACK, _S.CHECKING),
        _S.HANDLING,
        _COLLECTOR_OR_CENTRE | {Role.SYSTEM},
        needs=("reason",),
    ),
    Transition(Action.EVALUATE, (_S.CLOSED,), None, _CENTRE_OR_SYSTEM, Step.EVALUATE),
    Transition(Action.ASK_EXTENSION, _AT_WORK, None, _UNIT, needs=("reason",)),
    Transition(Action.EXTEND, (_S.FILED, *_AT_WORK), None, _CENTRE, needs=("reason", "amount"), on_hold=True),
    Transition(Action.DENY, _AT_WORK, None, _CENTRE, needs=("reason",), on_hold=True),
    Transition(Action.SUSPEND, (_S.FILED, *_AT_WORK), None, _CENTRE, needs=("reason",)),
    Transition(Action.CONSULT, (_S.FILED, *_AT_WORK), None, _CENTRE, needs=("reason",)),
    Transition(Action.RESUME, (_S.FILED, *_AT_WORK), None, _CENTRE, on_hold=True),
    Transition(Action.REOPEN, (_S.CLOSED,), _S.FILED, _CENTRE, needs=("reason",)),
    Transition(Action.REOPEN, (_S.VOID, _S.DUPLICATE), _S.REPORTED, _CENTRE, needs=("reason",)),
    Transition(Action.VOID, _OPEN, _S.VOID, _CENTRE, needs=("reason",), on_hold=True),
    Transition(
        Action.DUPLICATE, (*_BEFORE_FILING, _S.FILED, _S.DISPATCHED), _S.DUPLICATE, _CENTRE_OR_SYSTEM, needs=("parent",)
    ),
    Transition(Action.SPLIT, (_S.FILED, _S.DISPATCHED), _S.HANDLING, _CENTRE, needs=("parts",)),
    Transition(Action.SUGGEST, _EVERY, None, frozenset({Role.SYSTEM}), on_hold=True),
    Transition(Action.COUNT, _EVERY, None, frozenset({Role.SYSTEM}), on_hold=True),
    Transition(Action.NOTE, _EVERY, None, _ANY_WORKER, needs=("text",), on_hold=True),
    Transition(Action.PHOTO, _EVERY, None, _ANY_WORKER | {Role.PUBLIC}, needs=("photos",), on_hold=True),
    Transition(Action.CORRECT, (*_BEFORE_FILING, _S.FILED), None, _CENTRE),
    Transition(Action.ERASE, _EVERY, None, frozenset({Role.OPERATOR, Role.ADMIN}), on_hold=True),
    Transition(Action.WITHDRAW, _EVERY, None, frozenset({Role.SYSTEM}), on_hold=True),
)
"""Every move that there is; what is not in it is refused."""

ROLE_EXCEPTIONS: Mapping[Action, str] = {
    Action.FEEDBACK: "the system feeds a split case back when its last part has ended",
    Action.CLOSE: "a collector's word on the spot closes; the system closes what passes the automatic check",
}
"""Why some rows name a role that the step's own people are not."""


def moves(action: Action) -> tuple[Transition, ...]:
    """Rows of an action."""
    return tuple(row for row in TRANSITIONS if row.action is action)


def move(action: Action, stage: CaseStage | None) -> Transition | None:
    """Row of an action from a stage (None: there is no case yet), or None where the table has none."""
    for row in moves(action):
        if (stage is None and not row.start) or stage in row.start:
            return row
    return None


def next_actions(stage: CaseStage, hold: Hold, role: Role) -> tuple[Action, ...]:
    """Actions that a role may take on a case in a stage, in the order of the table."""
    return tuple(
        dict.fromkeys(
            row.action
            for row in TRANSITIONS
            if stage in row.start and role in row.roles and (row.on_hold or hold is Hold.NONE)
            if row.action is not Action.RESUME or hold is not Hold.NONE
        )
    )
