"""What the system does by itself after an event: the automatic steps, or its suggestions of them."""

from collections.abc import Callable, Mapping
from datetime import datetime
from typing import Any

from twin_model.actor import SYSTEM
from twin_model.case import CaseStage
from twin_model.case_file import CaseFile
from twin_model.closing_check import ClosingCase, Outcome, closing_verdict
from twin_model.command import Command
from twin_model.rule_book import RuleBook
from twin_model.surroundings import Surroundings
from twin_model.workflow import Action, Hold, Mode, Step

Follow = Callable[[RuleBook, CaseFile, datetime, Surroundings], Command | None]


def follow(book: RuleBook, file: CaseFile, now: datetime, around: Surroundings) -> Command | None:
    """Next thing that the system does with a case, or None where people have to.

    Parameters
    ----------
    book : RuleBook
        Rules in force.
    file : CaseFile
        The case after its latest event.
    now : datetime
        Aware.
    around : Surroundings
        What the store knows around the case.
    """
    if file.hold is not Hold.NONE or file.suggestion is not None:
        return None
    step = _STEPS.get(file.stage)
    return step(book, file, now, around) if step else None


def _taken(book: RuleBook, file: CaseFile, step: Step, action: Action, data: Mapping[str, Any]) -> Command:
    """Command of an automatic step, or the suggestion of it where the step only suggests."""
    if book.workflow.mode(step) is Mode.AUTO:
        return Command(action, SYSTEM, file.case_no, data)
    return _suggested(file, action, data)


def _suggested(file: CaseFile, action: Action, data: Mapping[str, Any]) -> Command:
    return Command(Action.SUGGEST, SYSTEM, file.case_no, {**data, "action": action.value})


def _after_report(book: RuleBook, file: CaseFile, _now: datetime, around: Surroundings) -> Command | None:
    if around.original and not file.reopenings and not file.parent:
        rule = book.cite("duplicate", around.original_rule)
        data = {"parent": around.original, "reason": f"repeats {around.original}", "rule": rule}
        return _taken(book, file, Step.FILE, Action.DUPLICATE, data)
    if (
        file.source in book.workflow.verify_sources
        and not file.parent
        and not file.reopenings
        and file.confirmed_at is None
    ):
        return Command(Action.VERIFY, SYSTEM, file.case_no, {"reason": f"reports of {file.source} are checked first"})
    return _taken(book, file, Step.FILE, Action.FILE, {})


def _after_filing(book: RuleBook, file: CaseFile, now: datetime, around: Surroundings) -> Command | None:
    assigned = book.assign(file, around, now)
    lead = assigned.lead if assigned.lead in around.units else ""
    cited = book.cite("responsibility", assigned.rule_id)
    if not lead:
        return _suggested(file, Action.DISPATCH, {"why": "no unit of the list is known here", "rule": cited})
    data: dict[str, Any] = {"unit": lead, "rule": cited}
    assist = [unit for unit in assigned.assists if unit in around.units]
    if assist:
        data["assist"] = assist
    elsewhere = around.outside and not around.component
    if assigned.ambiguous or elsewhere or file.returns or file.reopenings:
        # Two rules that contradict each other, a place that nobody is responsible for, or a unit that sent the case
        # back: a person decides.
        return _suggested(file, Action.DISPATCH, data)
    return _taken(book, file, Step.DISPATCH, Action.DISPATCH, data)


def _after_parts(_book: RuleBook, file: CaseFile, _now: datetime, _around: Surroundings) -> Command | None:
    """Feed a split case back once its parts have ended; what was sent back after that is its unit's to finish."""
    if not file.parts or file.open_parts or file.reworks:
        return None
    return Command(Action.FEEDBACK, SYSTEM, file.case_no, {"result": "every part has ended"})


def _after_feedback(book: RuleBook, file: CaseFile, _now: datetime, around: Surroundings) -> Command | None:
    verdict = closing_verdict(_closing_case(book, file, around), around.before, around.after, book.closing)
    rule = book.cite("workflow", "closing")
    data = {"verdict": verdict.outcome.value, "reasons": list(verdict.reasons), "rule": rule}
    if verdict.outcome is Outcome.PASS:
        return _taken(book, file, Step.CHECK, Action.CLOSE, data)
    if verdict.outcome is Outcome.FAIL:
        told = "the automatic check failed: " + ", ".join(verdict.reasons)
        return _taken(book, file, Step.CHECK, Action.REWORK, {**data, "reason": told})
    return Command(Action.CHECK, SYSTEM, file.case_no, data)


def _after_closing(book: RuleBook, file: CaseFile, _now: datetime, _around: Surroundings) -> Command | None:
    if file.evaluated_at is not None:
        return None
    return _taken(book, file, Step.EVALUATE, Action.EVALUATE, {})


def _closing_case(book: RuleBook, file: CaseFile, around: Surroundings) -> ClosingCase:
    # A case that came in bulk was filed and dispatched without an event each: its file has no limit and no round.
    filed = file.filed_at or file.reported_at
    limit = None if file.limit else book.limit(file.class_code, file.condition, around.area, filed)
    return ClosingCase(
        case_no=file.case_no,
        dispatched_at=file.round_at or file.dispatched_at,
        urgent=limit.urgent if limit else file.urgent,
        enforcement=book.is_enforcement(file.class_code),
        consultation=file.consultations > 0,
        reopenings=file.reopenings,
        reworks=file.reworks,
    )


_STEPS: Mapping[CaseStage, Follow] = {
    CaseStage.REPORTED: _after_report,
    CaseStage.FILED: _after_filing,
    CaseStage.HANDLING: _after_parts,
    CaseStage.FEEDBACK: _after_feedback,
    CaseStage.CLOSED: _after_closing,
}
