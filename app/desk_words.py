"""Words for what is done with cases: names of actions, what a refusal says, whom a case waits for."""

from collections.abc import Callable, Mapping
from typing import Any

from app.desk_context import DeskContext
from app.i18n import Catalogue
from datastore.errors import DeskClosedError, PhotoError, StoreFullError, UnknownCaseError
from twin_model.actor import UNIT_ROLES, Role
from twin_model.case import CaseStage
from twin_model.errors import FieldError, IllegalMoveError, MovedOnError, NotAllowedError
from twin_model.next_step import NextStep
from twin_model.workflow import Action, Hold

Name = Callable[[str, str], str]
"""Name of a code: ``name("unit", "D04")``."""

_ERRORS: tuple[tuple[type[Exception], str], ...] = (
    (MovedOnError, "moved_on"),
    (IllegalMoveError, "illegal"),
    (NotAllowedError, "not_allowed"),
    (FieldError, "field"),
    (UnknownCaseError, "unknown"),
    (StoreFullError, "full"),
    (DeskClosedError, "closed"),
    (PhotoError, "photo"),
)


def action_words(texts: Catalogue, action: Action, data: Mapping[str, Any], name: Name) -> str:
    """Name of an action as a button says it; with the unit or case that it is about, where that is known."""
    if action is Action.DISPATCH and data.get("unit"):
        return texts.t("action.dispatch_to", unit=name("unit", str(data["unit"])))
    if action is Action.DUPLICATE and data.get("parent"):
        return texts.t("action.duplicate_of", number=str(data["parent"])[-6:])
    return texts.t(f"action.{action}")


def why_words(ctx: DeskContext, step: NextStep, suggestion: Mapping[str, Any] | None) -> str:
    """Why an action is offered: the rule that names the unit, or what the action leads to."""
    texts = ctx.texts
    if step.suggested and suggestion:
        rule, said = str(suggestion.get("rule", "")), str(suggestion.get("why") or suggestion.get("reason") or "")
        basis = basis_of(ctx, rule)
        told = [texts.t("desk.suggests"), texts.t("desk.by_rule", rule=rule) if rule else "", basis or said]
        return texts.t("list.stop").join(each for each in told if each)
    return texts.t(f"action_long.{step.action}")


def basis_of(ctx: DeskContext, cited: str) -> str:
    """Legal basis of a cited row of the responsibility list in force, or ``""``."""
    kind, _, rule_id = cited.partition("#")
    if not kind.startswith("responsibility") or ctx.office.desk is None:
        return ""
    rules = ctx.office.desk.book.responsibilities.rules
    return next((rule.basis for rule in rules if rule.rule_id == rule_id), "")


def waiting_words(texts: Catalogue, role: Role, stage: CaseStage, hold: Hold, unit: str) -> str:
    """Whom a case waits for, where the reader has nothing to do with it now."""
    if hold is not Hold.NONE:
        return texts.t(f"waits.{hold}")
    if stage in (CaseStage.DISPATCHED, CaseStage.ACCEPTED, CaseStage.HANDLING) and role not in UNIT_ROLES and unit:
        return texts.t(f"waits.{stage.name.lower()}", unit=unit)
    if stage >= CaseStage.CLOSED:
        return texts.t(f"stage.{stage.name.lower()}")
    return texts.t("waits.centre")


def refusal_words(error: Exception, texts: Catalogue, action: Action, stage: CaseStage | None = None) -> str:
    """Say in one sentence why something was not done."""
    key = next((key for kind, key in _ERRORS if isinstance(error, kind)), "failed")
    where = texts.t(f"stage.{stage.name.lower()}") if stage is not None else texts.t("refused.somewhere")
    return texts.t(f"refused.{key}", action=texts.t(f"action.{action}"), stage=where, detail=str(error))
