"""Rule documents of every kind: whether one can be used, and the form in which it is kept."""

from collections.abc import Callable, Collection, Mapping
from typing import Any

from twin_model import calendar, closing_policy, duplicate, responsibility, service_level
from twin_model.document import member
from twin_model.errors import RuleDocumentError
from twin_model.intake_rules import IntakeRules
from twin_model.rule_book import RuleKind
from twin_model.workflow_rules import ScorePoints, WorkflowRules

_WORKFLOW = ("note", "modes", "points", "verify_sources", "enforcement", "closing")
_INTAKE = ("note", "thresholds")
_THRESHOLD = ("source", "class", "confidence")


def checked_document(kind: RuleKind, document: object) -> dict[str, Any]:
    """Document in the form in which it is kept: with every field of its rows, so that equal rules are equal documents.

    Parameters
    ----------
    kind : RuleKind
    document : object
        As JSON gives it.

    Returns
    -------
    dict
        Of plain JSON types.

    Raises
    ------
    TwinModelError
        If it cannot be used; the message names the row and the mend.
    """
    return _CHECKS[kind](document)


def _calendar(document: object) -> dict[str, Any]:
    return calendar.to_document(calendar.from_document(document))


def _service_level(document: object) -> dict[str, Any]:
    return service_level.to_document(service_level.from_document(document))


def _responsibility(document: object) -> dict[str, Any]:
    return responsibility.to_document(responsibility.from_document(document))


def _duplicate(document: object) -> dict[str, Any]:
    return duplicate.to_document(duplicate.from_document(document))


def _workflow(document: object) -> dict[str, Any]:
    _known(document, _WORKFLOW, "the workflow")
    rules = WorkflowRules.from_document(document)
    _known(member(document, "points", dict, "the workflow", {}), tuple(ScorePoints.__dataclass_fields__), "points")
    for name in ("verify_sources", "enforcement"):
        _texts(member(document, name, list, "the workflow", []), name)
    return {
        "note": member(document, "note", str, "the workflow", ""),
        "modes": {step.name.lower(): mode.value for step, mode in rules.modes.items()},
        "points": {name: getattr(rules.points, name) for name in ScorePoints.__dataclass_fields__},
        "verify_sources": list(rules.verify_sources),
        "enforcement": list(rules.enforcement),
        "closing": closing_policy.to_document(closing_policy.from_document(rules.closing)),
    }


def _intake(document: object) -> dict[str, Any]:
    _known(document, _INTAKE, "the intake")
    rules = IntakeRules.from_document(document)
    for place, row in enumerate(member(document, "thresholds", list, "the intake", []), 1):
        _known(row, _THRESHOLD, f"thresholds row {place}")
    return {
        "note": member(document, "note", str, "the intake", ""),
        "thresholds": [
            {"source": row.source, "class": row.class_code, "confidence": row.confidence} for row in rules.thresholds
        ],
    }


def _known(values: object, names: Collection[str], where: str) -> None:
    unknown = [name for name in values if name not in names] if isinstance(values, Mapping) else []
    if unknown:
        raise RuleDocumentError(
            f"{where} has the unknown field {str(unknown[0])[:80]!r}; known are {', '.join(sorted(names))}"
        )


def _texts(values: list[object], name: str) -> None:
    for place, value in enumerate(values, 1):
        if not isinstance(value, str) or not value:
            raise RuleDocumentError(f"{name} row {place} is {value!r}; write a code")


_CHECKS: Mapping[RuleKind, Callable[[object], dict[str, Any]]] = {
    RuleKind.CALENDAR: _calendar,
    RuleKind.SERVICE_LEVEL: _service_level,
    RuleKind.RESPONSIBILITY: _responsibility,
    RuleKind.DUPLICATE: _duplicate,
    RuleKind.WORKFLOW: _workflow,
    RuleKind.INTAKE: _intake,
}
