"""One case as a page of the workbench shows it: its file, in words, and what can be done with it."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

from app import formats
from app.case_story import story_of
from app.desk_context import DeskContext
from app.desk_rows import NOT_REGISTERED, Register, listed_step
from app.desk_words import why_words
from app.i18n import Catalogue
from datastore.desk.record import CasePhoto, CaseRecord
from datastore.desk.reference import Reference, read_reference
from datastore.queries.desk_case import desk_case
from twin_model.actor import UNIT_ROLES
from twin_model.case import DUE_SOON_H, CaseStage, CaseState
from twin_model.case_decide import ASSISTING
from twin_model.case_file import CaseFile
from twin_model.closing_check import REASONS
from twin_model.next_step import NextStep, next_step, people_actions
from twin_model.workflow import Action, Hold


@dataclass(frozen=True)
class CaseView:
    """A case in front of an actor.

    Parameters
    ----------
    record : CaseRecord
        As it is on the disk.
    step : NextStep or None
        What the actor would do next.
    actions : tuple of Action
        All that the actor may do.
    why : str or None
        Why the next step is offered.
    deadline_words, unit_words, place_words : str
    asked_reason, result, check_words : str
        What its unit last asked for and fed back, and what the automatic check said of that; ``""`` for nothing.
    """

    record: CaseRecord
    step: NextStep | None
    actions: tuple[Action, ...]
    why: str | None
    deadline_words: str
    unit_words: str
    place_words: str
    asked_reason: str = ""
    result: str = ""
    check_words: str = ""

    @property
    def file(self) -> CaseFile:
        """State of the case."""
        return self.record.file

    @property
    def photos(self) -> Sequence[CasePhoto]:
        """Its photos in the order in which they came."""
        return self.record.photos


def view_of(ctx: DeskContext, case_no: str) -> CaseView:
    """Read a case for who acts.

    Raises
    ------
    UnknownCaseError
        If there is no such case, or it is not the actor's to see.
    """
    record = record_of_case(ctx, case_no)
    file = record.file
    step = _step(ctx, file)
    latest = (
        {told.event.kind: told.event.data for told in story_of(ctx, record)} if record.last_seq != record.key else {}
    )
    checked = latest.get(Action.CHECK) or latest.get(Action.REWORK) or {}
    return CaseView(
        record=record,
        step=step,
        actions=_actions(ctx, file),
        why=why_words(ctx, step, file.suggestion) if step else None,
        deadline_words=deadline_words(ctx, file),
        unit_words=unit_words(ctx, file),
        place_words=place_words(ctx, file),
        asked_reason=str(latest.get(Action.ASK_EXTENSION, {}).get("reason", "")),
        result=str(latest.get(Action.FEEDBACK, {}).get("result", "")),
        check_words=verdict_words(ctx.texts, checked) if checked.get("verdict") else "",
    )


def verdict_words(texts: Catalogue, data: Mapping[str, Any]) -> str:
    """Say what the automatic check said, and why, of the event that tells it."""
    verdict = texts.word(f"checker.{data['verdict']}", str(data["verdict"]))
    reasons = [texts.t(f"check_reason.{key}") for key in data.get("reasons", ()) if key in REASONS]
    return (
        texts.t("story.verdict", verdict=verdict, reasons=texts.t("list.comma").join(reasons)) if reasons else verdict
    )


def record_of_case(ctx: DeskContext, case_no: str) -> CaseRecord:
    """Record of a case that who acts may see.

    Raises
    ------
    UnknownCaseError
        If there is none.
    """
    with ctx.office.data.store.read() as cur:
        return desk_case(cur, reference_of(ctx), case_no, ctx.scope)


def reference_of(ctx: DeskContext) -> Reference:
    """Codes of the store: the desk's, or read once for each data version."""
    if ctx.office.desk is not None:
        return ctx.office.desk.reference
    found: Reference = ctx.office.data.remember("desk_reference", read_reference)
    return found


def _step(ctx: DeskContext, file: CaseFile) -> NextStep | None:
    if ctx.office.desk is None or (ctx.actor.role in UNIT_ROLES and file.unit != ctx.actor.unit_code):
        return None
    step = next_step(file.stage, file.hold, ctx.actor.role, asked=file.asked, suggestion=file.suggestion)
    if step and step.action is Action.DISPATCH and "unit" not in step.data:
        return listed_step(ctx, as_row(file), file, register_of(ctx, file)) or step
    return step


def register_of(ctx: DeskContext, file: CaseFile) -> Register:
    """Ask the register about a case's component."""
    rows = ctx.query("component_units", code=file.component).to_pylist() if file.component else []
    return Register(True, rows[0]["owner"] or "", rows[0]["maintainer"] or "") if rows else NOT_REGISTERED


def as_row(file: CaseFile) -> dict[str, Any]:
    """Give what of a file a row of a queue says too."""
    return {
        "case_no": file.case_no,
        "class_code": file.class_code,
        "source_code": file.source,
        "street_code": file.street,
        "community_code": file.community,
        "stage": int(file.stage),
        "reported_at": file.reported_at,
    }


def _actions(ctx: DeskContext, file: CaseFile) -> tuple[Action, ...]:
    if ctx.office.desk is None:
        return ()
    possible = people_actions(file.stage, file.hold, ctx.actor.role, asked=file.asked)
    actions = tuple(action for action in possible if action is not Action.ERASE or file.reporter)
    if ctx.actor.role not in UNIT_ROLES or file.unit == ctx.actor.unit_code:
        return actions
    return tuple(action for action in actions if action in ASSISTING and ctx.actor.unit_code in file.assist)


def state_of_file(ctx: DeskContext, file: CaseFile) -> CaseState:
    """How a case stands to its deadline now."""
    if not file.is_open:
        return CaseState.CLOSED
    if file.deadline_at is None:
        return CaseState.OPEN
    left = file.deadline_at - ctx.now
    if left < timedelta(0):
        return CaseState.OVERDUE
    return CaseState.DUE_SOON if left < timedelta(hours=DUE_SOON_H) else CaseState.OPEN


def deadline_words(ctx: DeskContext, file: CaseFile) -> str:
    """Deadline, and the limit that it comes from as its rule writes it."""
    if file.deadline_at is None:
        return ctx.texts.t("case.no_deadline")
    moment = formats.minute(file.deadline_at, ctx.page.zone)
    limit = limit_words(ctx, file.limit)
    return f"{moment} · {limit}" if limit else moment


def limit_words(ctx: DeskContext, limit: str) -> str:
    """Time limit as people say it: ``4 工作时``."""
    amount, _, clock = limit.partition(" ")
    return ctx.texts.t(f"limit.{counted(clock, amount)}", amount=f"{float(amount):g}") if clock else ""


def counted(clock: str, amount: str) -> str:
    """Key of a clock's unit for an amount: one is told in the singular."""
    return f"{clock}_one" if float(amount) == 1 else clock


def unit_words(ctx: DeskContext, file: CaseFile) -> str:
    """Name the unit that has the case, and those that help it."""
    if not file.unit:
        return ctx.texts.t("case.no_unit")
    helping = [ctx.name("unit", code) for code in file.assist]
    lead = ctx.name("unit", file.unit)
    return ctx.texts.t("case.with_help", unit=lead, others=ctx.texts.t("list.comma").join(helping)) if helping else lead


def place_words(ctx: DeskContext, file: CaseFile) -> str:
    """Where a case is: street, community, and the address that was given."""
    parts = [
        ctx.name("area", file.street) if file.street else "",
        ctx.name("area", file.community) if file.community else "",
    ]
    parts[1] = parts[1].removesuffix("居委会")
    if file.address:
        parts.append(file.address)
    return " · ".join(part for part in parts if part) or ctx.texts.t("case.unplaced")


def is_on_hold(file: CaseFile) -> bool:
    """Whether its clock stands still."""
    return file.hold is not Hold.NONE


def ended_words(ctx: DeskContext, file: CaseFile) -> str:
    """How a case ended, in time or late; ``""`` while it is open."""
    if file.stage in (CaseStage.VOID, CaseStage.DUPLICATE):
        return ctx.texts.t(f"stage.{file.stage.name.lower()}")
    if file.is_open:
        return ""
    done = file.handled_at or file.closed_at
    if file.deadline_at is None or done is None:
        return ctx.texts.t("outcome.closed")
    hours = (done - file.deadline_at) / timedelta(hours=1)
    key = "late" if hours > 0 else "in_time"
    return ctx.texts.t(f"outcome.{key}", span=formats.span(hours, ctx.texts))
