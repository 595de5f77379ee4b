"""The rule book: the version of every set of rules that is in force, and the questions that the loop asks of them."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Any, Self

from twin_model import calendar, closing_policy, duplicate, intake_rules, responsibility, service_level, workflow_rules
from twin_model.calendar import WorkCalendar
from twin_model.case_class import CaseClass, ClassKind
from twin_model.case_file import CaseFile
from twin_model.closing_policy import ClosingPolicy
from twin_model.duplicate import DuplicateRules
from twin_model.intake_rules import IntakeRules
from twin_model.limit import Limit
from twin_model.responsibility import Assignment, Responsibilities, ResponsibilityQuestion
from twin_model.service_level import ServiceLevels
from twin_model.surroundings import Surroundings
from twin_model.workflow_rules import WorkflowRules


class RuleKind(StrEnum):
    """Sets of rules; the values are stored."""

    CALENDAR = "calendar"
    SERVICE_LEVEL = "service_level"
    RESPONSIBILITY = "responsibility"
    DUPLICATE = "duplicate"
    WORKFLOW = "workflow"
    INTAKE = "intake"


@dataclass(frozen=True)
class RuleBook:
    """Rules in force.

    Parameters
    ----------
    calendar, levels, responsibilities, duplicates, workflow, closing, intake
        The sets; ``closing`` is a part of the workflow's document.
    versions : mapping of RuleKind to int
        Version of each.
    """

    calendar: WorkCalendar
    levels: ServiceLevels
    responsibilities: Responsibilities
    duplicates: DuplicateRules
    workflow: WorkflowRules
    closing: ClosingPolicy
    intake: IntakeRules
    versions: Mapping[RuleKind, int]

    @classmethod
    def read(cls, documents: Mapping[RuleKind, object], versions: Mapping[RuleKind, int]) -> Self:
        """Read the documents of all kinds.

        Raises
        ------
        TwinModelError
            If a document cannot be used; the message names the row and the mend.
        """
        flow = WorkflowRules.from_document(documents[RuleKind.WORKFLOW])
        return cls(
            calendar=calendar.from_document(documents[RuleKind.CALENDAR]),
            levels=service_level.from_document(documents[RuleKind.SERVICE_LEVEL]),
            responsibilities=responsibility.from_document(documents[RuleKind.RESPONSIBILITY]),
            duplicates=duplicate.from_document(documents[RuleKind.DUPLICATE]),
            workflow=flow,
            closing=closing_policy.from_document(flow.closing),
            intake=IntakeRules.from_document(documents[RuleKind.INTAKE]),
            versions=versions,
        )

    def cite(self, kind: RuleKind | str, rule_id: str) -> str:
        """Name a row of the version in force: ``responsibility@3#R-0012``."""
        return f"{RuleKind(kind).value}@{self.versions[RuleKind(kind)]}#{rule_id}"

    def limit(self, class_code: str, condition: str, area: str, at: datetime) -> Limit:
        """Time limit of a case of a class and condition in an area (code of the finest known) at a moment."""
        rule = service_level.choose(self.levels, class_code, condition, area, at).rule
        cited = self.cite(RuleKind.SERVICE_LEVEL, rule.rule_id)
        return Limit(rule.clock, rule.limit, cited, rule.urgent)

    def assign(self, file: CaseFile, around: Surroundings, at: datetime) -> Assignment:
        """Name the unit that the list gives a case to."""
        named = bool(around.component)
        kind: ClassKind = "component" if around.kind == "component" else "event" if around.kind == "event" else "other"
        question = ResponsibilityQuestion(
            class_code=file.class_code,
            kind=kind,
            at=at,
            condition=file.condition,
            street=around.street,
            community=around.community,
            grid=around.grid,
            owner=around.owner if named else None,
            maintainer=around.maintainer if named else None,
            territory=around.territory,
        )
        return responsibility.assign(self.responsibilities, question)

    def is_enforcement(self, class_code: str) -> bool:
        """Whether closing a case of a class is an act of law enforcement."""
        return class_code in self.workflow.enforcement


def default_documents(classes: tuple[CaseClass, ...]) -> dict[RuleKind, Mapping[str, Any]]:
    """Documents that a new store starts with: placeholders, marked as such."""
    return {
        RuleKind.CALENDAR: calendar.default_document(),
        RuleKind.SERVICE_LEVEL: service_level.default_document(classes),
        RuleKind.RESPONSIBILITY: responsibility.default_document(classes),
        RuleKind.DUPLICATE: duplicate.default_document(),
        RuleKind.WORKFLOW: workflow_rules.default_document(closing_policy.default_document()),
        RuleKind.INTAKE: intake_rules.default_document(),
    }
