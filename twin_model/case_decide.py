"""From a command to an event, or to a refusal that says why: the only way into a case file."""

from collections.abc import Callable, Mapping
from datetime import datetime
from typing import Any

from twin_model.actor import UNIT_ROLES, Role
from twin_model.case_event import CaseEvent
from twin_model.case_file import CaseFile
from twin_model.command import AFTER, Command
from twin_model.errors import FieldError, IllegalMoveError, MovedOnError, NotAllowedError
from twin_model.event_data import Asked, event_data
from twin_model.field_text import MAX_CODE, MAX_TEXT, field_text
from twin_model.rule_book import RuleBook
from twin_model.surroundings import Surroundings
from twin_model.workflow import Action, Hold, Transition, move, moves, next_actions

ASSISTING = frozenset({Action.NOTE, Action.PHOTO})
"""What a unit may do on a case that it only assists."""

_TEXTS = ("reason", "text", "result", "address", "description", "advice", "why")
_CODES = ("source", "class", "condition", "ref", "component", "unit", "parent", "action")


def decide(book: RuleBook, file: CaseFile | None, command: Command, now: datetime, around: Surroundings) -> CaseEvent:
    """Event that a command leads to.

    Parameters
    ----------
    book : RuleBook
        Rules in force.
    file : CaseFile or None
        The case; None for a report.
    command : Command
        ``case_no`` is the new case's number for a report.
    now : datetime
        Aware; not before the case's latest event.
    around : Surroundings
        What the store knows around the case.

    Raises
    ------
    IllegalMoveError
        If the case stands where the action cannot be taken.
    NotAllowedError
        If the actor may not take it.
    FieldError
        If a field is missing or cannot be used.
    """
    row = _allowed_move(file, command)
    _need_worker_for_after(command)
    asked = Asked(book, file, _checked(command, row), now, around, command)
    data, rule = event_data(asked)
    return CaseEvent(command.action, command.case_no, command.actor.code, now, data, rule)


def check_current(command: Command, last_seq: int) -> None:
    """See that the asker knows the latest event of the case.

    Raises
    ------
    MovedOnError
        If it does not.
    """
    if command.if_last is not None and command.if_last != last_seq:
        raise MovedOnError(
            f"case {command.case_no} has moved on (event {last_seq}, you saw {command.if_last}); read it again",
            command.case_no,
            command.action,
        )


# ---- may it be done at all ----


def _allowed_move(file: CaseFile | None, command: Command) -> Transition:
    action, no = command.action, command.case_no
    row = move(action, file.stage if file else None)
    if row is None:
        raise IllegalMoveError(_why_not(file, command), no, action)
    if command.actor.role not in row.roles:
        roles = ", ".join(sorted(row.roles))
        raise NotAllowedError(f"{command.actor.role} may not {action} a case; {roles} may", no, action)
    if file is None:
        return row
    if file.hold is not Hold.NONE and not row.on_hold:
        raise IllegalMoveError(f"case {no} is on hold ({file.hold}); resume it first", no, action)
    if command.actor.role in UNIT_ROLES and action is not Action.REPORT:
        _need_own_unit(file, command)
    hindrance = _HINDRANCES.get(action, _no_hindrance)(file)
    if hindrance:
        raise IllegalMoveError(f"case {no} {hindrance}", no, action)
    return row


def _no_hindrance(_file: CaseFile) -> str:
    return ""


def _open_parts(file: CaseFile) -> str:
    return f"has {file.open_parts} open parts; close these first" if file.open_parts else ""


_HINDRANCES: Mapping[Action, Callable[[CaseFile], str]] = {
    Action.CLOSE: _open_parts,
    Action.FEEDBACK: _open_parts,
    Action.RESUME: lambda file: "is not on hold" if file.hold is Hold.NONE else "",
    Action.DENY: lambda file: "" if file.asked else "has nobody who asks for more time",
    Action.EVALUATE: lambda file: "" if file.evaluated_at is None else "has been evaluated",
    Action.SPLIT: lambda file: f"is itself a part of {file.parent} and cannot be split" if file.parent else "",
}
"""What stands in the way of an action beside the stage, as words after the case's number; ``""`` for nothing."""


def _why_not(file: CaseFile | None, command: Command) -> str:
    if file is None:
        return f"there is no case to {command.action}"
    rows = moves(command.action)
    stages = sorted({stage.name.lower() for row in rows for stage in row.start})
    possible = ", ".join(next_actions(file.stage, file.hold, command.actor.role)) or "nothing"
    begins = f"that needs {' or '.join(stages)}" if stages else "a report begins a new case"
    return (
        f"case {command.case_no} is {file.stage.name.lower()} and cannot {command.action}: {begins}; "
        f"possible for {command.actor.role}: {possible}"
    )


def _need_worker_for_after(command: Command) -> None:
    """Keep the public from handing in the evidence that the check before closing goes by."""
    if command.actor.role is Role.PUBLIC and any(phase == AFTER for phase, _ in command.photos):
        told = "only who works on a case may show what was done; send photos of the problem as before or other"
        raise NotAllowedError(told, command.case_no, command.action)


def _need_own_unit(file: CaseFile, command: Command) -> None:
    mine = command.actor.unit_code
    helps = command.action in ASSISTING and mine in file.assist
    if not mine or (mine != file.unit and not helps):
        has = file.unit or "no unit yet"
        raise NotAllowedError(
            f"case {command.case_no} is with {has}, not with {mine or 'your unit'}", command.case_no, command.action
        )


def _checked(command: Command, row: Transition) -> dict[str, Any]:
    data = {name: value for name, value in command.data.items() if value not in (None, "")}
    for name in row.needs:
        if name not in data:
            raise FieldError(f"{command.action} needs {name}; give it", command.case_no, command.action)
    for names, most in ((_TEXTS, MAX_TEXT), (_CODES, MAX_CODE)):
        for name in names:
            if name in data:
                data[name] = field_text(data[name], name, most, command)
    if not isinstance(data.get("found", ""), bool | str):
        raise FieldError("found is no text and neither true nor false", command.case_no, command.action)
    if isinstance(data.get("found"), str):
        data["found"] = field_text(data["found"], "found", MAX_TEXT, command)
    for name, value in command.private.items():
        field_text(value, name, MAX_CODE, command)
    return data
