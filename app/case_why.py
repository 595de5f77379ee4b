"""Why a case went to its unit: what the list of responsibilities said, by the version that was in force."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from app.case_story import StoryEvent
from app.desk_case import reference_of, register_of
from app.desk_context import DeskContext
from datastore.rule_store import NoRulesError, read_document
from twin_model import responsibility
from twin_model.case_class import ClassKind
from twin_model.case_file import CaseFile
from twin_model.errors import TwinModelError
from twin_model.responsibility import Assignment, Responsibilities, ResponsibilityQuestion, ResponsibilityRule
from twin_model.rule_book import RuleKind
from twin_model.workflow import Action


@dataclass(frozen=True)
class Reason:
    """What the list says of a case.

    Parameters
    ----------
    assigned : Assignment
    rules : Responsibilities
        The version that was asked.
    version : int
    by_list : bool or None
        Whether the case was dispatched as the list says; None where no dispatch is on record.
    chosen : str
        Unit that it was dispatched to, or ``""``.
    """

    assigned: Assignment
    rules: Responsibilities
    version: int
    by_list: bool | None
    chosen: str

    def rule(self, rule_id: str) -> ResponsibilityRule | None:
        """Row of an id."""
        return next((rule for rule in self.rules.rules if rule.rule_id == rule_id), None)


def reason_of(ctx: DeskContext, file: CaseFile, story: Sequence[StoryEvent]) -> Reason | None:
    """Ask the list again, as it was when the case was last dispatched; None in a store without rules.

    Parameters
    ----------
    file : CaseFile
        The case as it stands.
    story : sequence of StoryEvent
        Its events; a case of history has no dispatch among them.
    """
    dispatched = next((told for told in reversed(story) if told.event.kind is Action.DISPATCH), None)
    version = _version(dispatched.event.rule) if dispatched else None
    found = rules_of(ctx, version)
    if found is None:
        return None
    rules, used = found
    at = dispatched.event.moment if dispatched else file.dispatched_at or ctx.now
    try:
        assigned = responsibility.assign(rules, question_of(ctx, file, at))
    except TwinModelError:
        return None
    by_list = bool(dispatched.event.data.get("by_list")) if dispatched else None
    return Reason(assigned, rules, used, by_list, file.unit)


def question_of(ctx: DeskContext, file: CaseFile, at: Any) -> ResponsibilityQuestion:  # noqa: ANN401 - a moment
    """Question to the list about a case at a moment."""
    reference = reference_of(ctx)
    register = register_of(ctx, file)
    return ResponsibilityQuestion(
        class_code=file.class_code,
        kind=_kind(reference.kinds.get(file.class_code, "")),
        at=at,
        condition=file.condition,
        street=file.street,
        community=file.community,
        grid=file.grid,
        owner=register.owner if register.found else None,
        maintainer=register.maintainer if register.found else None,
        territory=reference.territory(file.street),
    )


def _kind(stored: str) -> ClassKind:
    return "component" if stored == "component" else "event" if stored == "event" else "other"


def rules_of(ctx: DeskContext, version: int | None) -> tuple[Responsibilities, int] | None:
    """List of a version, or the newest one; None where the store has none."""

    def ask(cur: Any) -> tuple[Responsibilities, int] | str:  # noqa: ANN401 - a cursor
        try:
            used, document = read_document(cur, RuleKind.RESPONSIBILITY, version)
            return responsibility.from_document(document), used
        except (NoRulesError, TwinModelError):
            return "none"

    found = ctx.office.data.remember(f"responsibility rules {version}", ask)
    return None if isinstance(found, str) else found


def _version(cited: str) -> int | None:
    name, _, rest = cited.partition("@")
    number = rest.partition("#")[0]
    return int(number) if name == RuleKind.RESPONSIBILITY and number.isdecimal() else None
