"""Rows of the workbench as the browser holds them: words, the moments that count down, and what can be done."""

import json
from collections.abc import Mapping, Sequence
from typing import Any, NamedTuple

from app import formats
from app.components.status import SHAPES
from app.desk_context import DeskContext
from app.desk_words import action_words, waiting_words, why_words
from twin_model.actor import UNIT_ROLES
from twin_model.case import CaseStage, CaseState
from twin_model.case_file import CaseFile
from twin_model.next_step import NextStep, next_step, people_actions
from twin_model.surroundings import Surroundings
from twin_model.workflow import Action, Hold

FORMS: Mapping[Action, tuple[str, ...]] = {
    Action.REFUSE: ("reason",),
    Action.DISPATCH: ("unit", "reason"),
    Action.RETURN: ("reason",),
    Action.FEEDBACK: ("result", "photos"),
    Action.REWORK: ("reason",),
    Action.ASK_EXTENSION: ("reason",),
    Action.EXTEND: ("amount", "reason"),
    Action.DENY: ("reason",),
    Action.SUSPEND: ("reason",),
    Action.CONSULT: ("reason",),
    Action.REOPEN: ("reason",),
    Action.VOID: ("reason",),
    Action.DUPLICATE: ("parent", "reason"),
    Action.SPLIT: ("parts",),
    Action.NOTE: ("text",),
    Action.PHOTO: ("phase", "photos"),
    Action.CORRECT: ("class", "address", "description", "reason"),
    Action.ERASE: ("reason",),
}
"""Fields that people fill in for an action; one without a form is done at once."""
OPTIONAL = frozenset(
    {
        (Action.DISPATCH, "reason"), (Action.FEEDBACK, "result"), (Action.FEEDBACK, "photos"),
        (Action.DUPLICATE, "reason"), (Action.CORRECT, "class"), (Action.CORRECT, "address"),
        (Action.CORRECT, "description"), (Action.CORRECT, "reason"), (Action.ERASE, "reason"),
    }
)  # fmt: skip
"""Fields that may stay empty."""
ONE_CASE = frozenset({Action.FEEDBACK, Action.PHOTO, Action.SPLIT, Action.CORRECT, Action.DUPLICATE, Action.ERASE})
"""What is done with one case at a time, never with many."""


class Register(NamedTuple):
    """What the register of components says of a case.

    Parameters
    ----------
    found : bool
        Whether the case names a component.
    owner, maintainer : str
        Unit codes, ``""`` for none.
    """

    found: bool
    owner: str
    maintainer: str


NOT_REGISTERED = Register(False, "", "")


def needs_form(action: Action, data: Mapping[str, Any]) -> bool:
    """Whether somebody has to fill something in before an action can be asked for."""
    fields = FORMS.get(action, ())
    needed = [name for name in fields if (action, name) not in OPTIONAL]
    return any(name not in data for name in needed) if needed else bool(fields)


def file_of(row: Mapping[str, Any]) -> CaseFile | None:
    """Case file of a row, or None of a case of history."""
    return CaseFile.from_json(json.loads(row["file"])) if row["file"] else None


def step_of(
    ctx: DeskContext, row: Mapping[str, Any], file: CaseFile | None, register: Register = NOT_REGISTERED
) -> NextStep | None:
    """Next step of a row for who acts; a filed case that nobody suggests a unit for gets the list's."""
    role = ctx.actor.role
    if role in UNIT_ROLES and row["unit_code"] != ctx.actor.unit_code:
        return None
    step = next_step(
        CaseStage(row["stage"]),
        Hold(row["hold"] or ""),
        role,
        asked=file.asked if file else "",
        suggestion=file.suggestion if file else None,
    )
    if step and step.action is Action.DISPATCH and "unit" not in step.data:
        return listed_step(ctx, row, file, register) or step
    return step


def listed_step(ctx: DeskContext, row: Mapping[str, Any], file: CaseFile | None, register: Register) -> NextStep | None:
    """Dispatch to the unit that the list in force names for a case at a known place, or None."""
    desk = ctx.office.desk
    if desk is None or not row["street_code"]:
        return None
    registered, owner, maintainer = register
    around = Surroundings(
        kind=desk.reference.kinds.get(row["class_code"], "other"),
        component="registered" if registered else "",
        owner=owner,
        maintainer=maintainer,
        street=row["street_code"],
        community=row["community_code"] or "",
        territory=desk.reference.territory(row["street_code"]),
        units=desk.reference.units.keys(),
    )
    asked = file or CaseFile(
        row["case_no"],
        row["source_code"],
        row["class_code"],
        CaseStage(row["stage"]),
        formats.as_utc(row["reported_at"]),
        formats.as_utc(row["reported_at"]),
    )
    assigned = desk.book.assign(asked, around, ctx.now)
    if assigned.lead not in around.units or assigned.ambiguous:
        return None
    return NextStep(Action.DISPATCH, {"unit": assigned.lead}, suggested=False)


def offer(ctx: DeskContext, step: NextStep, suggestion: Mapping[str, Any] | None) -> dict[str, Any]:
    """Offer a step as a button: its action, words, reason, fields, and whether it has a form."""
    return {
        "action": step.action.value,
        "label": action_words(ctx.texts, step.action, step.data, ctx.name),
        "title": why_words(ctx, step, suggestion),
        "data": dict(step.data),
        "form": needs_form(step.action, step.data),
        "suggested": step.suggested,
    }


def record_of(ctx: DeskContext, row: Mapping[str, Any], register: Register = NOT_REGISTERED) -> dict[str, Any]:
    """Row as the browser holds it."""
    texts = ctx.texts
    stage, hold, file = CaseStage(row["stage"]), Hold(row["hold"] or ""), file_of(row)
    state = CaseState(row["state"])
    step = step_of(ctx, row, file, register)
    own = ctx.actor.role not in UNIT_ROLES or row["unit_code"] == ctx.actor.unit_code
    asked = file.asked if file else ""
    actions = people_actions(stage, hold, ctx.actor.role, asked=asked) if own and ctx.office.desk else ()
    unit = texts.name(row, "unit_name")
    place = (texts.name(row, "street_name"), texts.name(row, "community_name").removesuffix("居委会"))
    return {
        "no": row["case_no"],
        "stage": int(stage),
        "hold": hold.value,
        "state": "held" if hold is not Hold.NONE else state.value,
        "shape": "‖" if hold is not Hold.NONE else SHAPES[state],
        "state_name": texts.t(f"hold.{hold}") if hold is not Hold.NONE else texts.t(f"state.{state}"),
        "due": millis(row["deadline_at"]),
        "since": millis(row["reported_at"]),
        "clock": f"{'held' if hold is not Hold.NONE else state} {row['deadline_at']}",  # what the table redraws it for
        "class": texts.name(row, "class_name"),
        "place": " · ".join(each for each in place if each) or texts.t("case.unplaced"),
        "address": (file.address if file else "") or row["building_address"] or "",
        "unit": unit or formats.NO_VALUE,
        "stage_name": texts.t(f"stage.{stage.name.lower()}"),
        "source": texts.name(row, "source_name"),
        "reported": formats.short_minute(row["reported_at"], ctx.now, ctx.page.zone),
        "next": offer(ctx, step, file.suggestion if file else None) if step and ctx.office.desk else None,
        "waits": waiting_words(texts, ctx.actor.role, stage, hold, unit),
        "actions": [action.value for action in actions if action not in ONE_CASE],
        "href": ctx.href_case(row["case_no"]),
    }


def records(ctx: DeskContext, rows: Sequence[Mapping[str, Any]]) -> list[dict[str, Any]]:
    """Rows as the browser holds them."""
    found = registers(ctx, rows)
    return [record_of(ctx, row, found.get(row["case_no"], NOT_REGISTERED)) for row in rows]


def registers(ctx: DeskContext, rows: Sequence[Mapping[str, Any]]) -> dict[str, Register]:
    """Ask the register about the components of those rows that wait for a unit."""
    waiting = [row for row in rows if row["stage"] == CaseStage.FILED and not row["hold"]]
    if not waiting or ctx.actor.role in UNIT_ROLES:
        return {}
    days = {formats.as_utc(row["reported_at"]).astimezone(ctx.page.zone).date() for row in waiting}
    numbers = tuple(row["case_no"] for row in waiting)
    found = ctx.query("case_registers", numbers=numbers, days=tuple(sorted(days))).to_pylist()
    return {row["case_no"]: Register(True, row["owner"] or "", row["maintainer"] or "") for row in found}


def millis(moment: Any) -> int | None:  # noqa: ANN401 - a moment of the store, or none
    """Moment as browsers count: milliseconds since 1970."""
    return None if moment is None else int(formats.as_utc(moment).timestamp() * 1000)
