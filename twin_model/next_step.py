"""The one thing to do next with a case, for the one who looks at it: what the workbench offers as a button."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from twin_model.actor import CENTRE_ROLES, Role
from twin_model.case import CaseStage
from twin_model.workflow import Action, Hold, next_actions

_CENTRE_STEPS: Mapping[CaseStage, Action] = {
    CaseStage.REPORTED: Action.FILE,
    CaseStage.VERIFYING: Action.CONFIRM,
    CaseStage.FILED: Action.DISPATCH,
    CaseStage.FEEDBACK: Action.CLOSE,
    CaseStage.CHECKING: Action.CLOSE,
}
_UNIT_STEPS: Mapping[CaseStage, Action] = {
    CaseStage.DISPATCHED: Action.ACCEPT,
    CaseStage.ACCEPTED: Action.FEEDBACK,
    CaseStage.HANDLING: Action.FEEDBACK,
}
_COLLECTOR_STEPS: Mapping[CaseStage, Action] = {
    CaseStage.VERIFYING: Action.CONFIRM,
    CaseStage.CHECKING: Action.CLOSE,
}
_STEPS: Mapping[Role, Mapping[CaseStage, Action]] = {
    **dict.fromkeys(CENTRE_ROLES, _CENTRE_STEPS),
    Role.STREET: _UNIT_STEPS,
    Role.DEPARTMENT: _UNIT_STEPS,
    Role.COLLECTOR: _COLLECTOR_STEPS,
}
ONLY_SYSTEM = frozenset({Action.SUGGEST, Action.COUNT, Action.WITHDRAW, Action.IMPORT})
"""What people never ask for."""


@dataclass(frozen=True)
class NextStep:
    """What to do next.

    Parameters
    ----------
    action : Action
    data : mapping
        Fields that are known already, such as the unit that a list names.
    suggested : bool
        Whether the system suggests it.
    """

    action: Action
    data: Mapping[str, Any] = field(default_factory=dict)
    suggested: bool = False


def next_step(
    stage: CaseStage, hold: Hold, role: Role, *, asked: str = "", suggestion: Mapping[str, Any] | None = None
) -> NextStep | None:
    """Give what a role would most likely do next with a case, or None where it waits for somebody else.

    What the system suggests comes first, then what the case's unit asks for, then the step of the loop.

    Parameters
    ----------
    stage, hold
        Where the case stands.
    role : Role
        Who looks at it; of a unit's roles, for a case of that unit.
    asked : str
        What its unit asks for (`twin_model.case_file.CaseFile.asked`).
    suggestion : mapping or None
        What the system suggests: ``action`` and its fields.
    """
    allowed = next_actions(stage, hold, role)
    if suggestion and suggestion.get("action") in allowed:
        kept = {name: value for name, value in suggestion.items() if name in ("unit", "assist", "parent", "reason")}
        return NextStep(Action(suggestion["action"]), kept, suggested=True)
    wanted = [
        Action.EXTEND if asked == "extend" else None,
        Action.RESUME if hold is not Hold.NONE else None,
        _STEPS.get(role, {}).get(stage),
    ]
    return next((NextStep(action) for action in wanted if action is not None and action in allowed), None)


def people_actions(stage: CaseStage, hold: Hold, role: Role, *, asked: str = "") -> tuple[Action, ...]:
    """Actions that a person of a role may take on a case, in the order of the table.

    Parameters
    ----------
    stage, hold
        Where the case stands.
    role : Role
    asked : str
        What its unit asks for; without it there is nothing to deny.
    """
    actions = next_actions(stage, hold, role)
    held = hold is not Hold.NONE
    return tuple(
        action
        for action in actions
        if action not in ONLY_SYSTEM
        and not (action is Action.RESUME and not held)
        and not (action is Action.DENY and not asked)
    )
