"""What is doubtful in a city's rules of all kinds, each with how much it matters and what to do about it."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from enum import StrEnum

from twin_model import responsibility_lint, service_level_lint
from twin_model.case_class import CaseClass
from twin_model.class_pattern import patterns_of
from twin_model.intake_rules import ANY
from twin_model.responsibility_lint import FindingKind
from twin_model.rule_book import RuleBook, RuleKind
from twin_model.selection_node import class_matches
from twin_model.service_level_lint import ServiceFlaw

OUTLOOK = timedelta(days=366)
"""How far ahead deadlines may lie: the calendar has to know so much."""


class Severity(StrEnum):
    """How much a finding matters."""

    ERROR = "error"
    """Cases are or will be treated in a way that nobody decided on."""
    WARNING = "warning"
    """A row does nothing, or something is left to a default."""


_ERRORS = frozenset({FindingKind.CONTRADICTORY.value, FindingKind.UNKNOWN_UNIT.value, ServiceFlaw.CONTRADICTION.value})


@dataclass(frozen=True)
class RuleFinding:
    """One doubt.

    Parameters
    ----------
    kind : RuleKind
    flaw : str
        What sort of doubt.
    severity : Severity
    rule_ids : tuple of str
        Rules that it is about.
    sentence : str
        What is doubtful.
    mend : str
        What to do about it.
    """

    kind: RuleKind
    flaw: str
    severity: Severity
    rule_ids: tuple[str, ...]
    sentence: str
    mend: str


@dataclass(frozen=True)
class CityCodes:
    """What rules may name.

    Parameters
    ----------
    units, sources : frozenset of str
    classes : tuple of CaseClass
    """

    units: frozenset[str]
    sources: frozenset[str]
    classes: tuple[CaseClass, ...]


def lint_rules(book: RuleBook, codes: CityCodes, at: datetime, since: date) -> tuple[RuleFinding, ...]:
    """Look all rules through.

    Parameters
    ----------
    book : RuleBook
    codes : CityCodes
    at : datetime
        Aware; now.
    since : date
        First day whose deadlines are still counted: that of the oldest open case.

    Returns
    -------
    tuple of RuleFinding
        By kind; errors first.
    """
    found = [
        *_calendar(book, at, since),
        *_service_levels(book, codes, at),
        *_responsibilities(book, codes, at),
        *_duplicates(book, codes),
        *_workflow(book, codes),
        *_intake(book, codes),
    ]
    kinds, severities = list(RuleKind), list(Severity)
    return tuple(sorted(found, key=lambda each: (kinds.index(each.kind), severities.index(each.severity))))


def _warning(kind: RuleKind, flaw: str, rule_ids: Sequence[str], sentence: str, mend: str) -> RuleFinding:
    return RuleFinding(kind, flaw, Severity.WARNING, tuple(rule_ids), sentence, mend)


def _severity(flaw: str) -> Severity:
    return Severity.ERROR if flaw in _ERRORS else Severity.WARNING


def _calendar(book: RuleBook, at: datetime, since: date) -> Iterator[RuleFinding]:
    until = (at + OUTLOOK).astimezone(book.calendar.zone).date()
    for year in book.calendar.uncovered(min(since, until), until):
        sentence = f"the calendar does not know the holidays of {year}, so that deadlines count plain weekdays"
        mend = f"add its holidays, and {year} to covered_years"
        yield _warning(RuleKind.CALENDAR, ServiceFlaw.CALENDAR_GAP.value, (), sentence, mend)


def _service_levels(book: RuleBook, codes: CityCodes, at: datetime) -> Iterator[RuleFinding]:
    for found in service_level_lint.lint(book.levels, book.calendar, at, codes.classes):
        if found.flaw is not ServiceFlaw.CALENDAR_GAP:  # the calendar's own finding says it for more years
            sentence, _, mend = found.message.partition("; ")
            flaw = found.flaw.value
            yield RuleFinding(RuleKind.SERVICE_LEVEL, flaw, _severity(flaw), found.rule_ids, sentence, mend)


def _responsibilities(book: RuleBook, codes: CityCodes, at: datetime) -> Iterator[RuleFinding]:
    for found in responsibility_lint.lint(book.responsibilities, codes.units, codes.classes, at):
        flaw = found.kind.value
        yield RuleFinding(
            RuleKind.RESPONSIBILITY, flaw, _severity(flaw), found.rule_ids, found.sentence, found.mend
        )  # fmt: skip


def _duplicates(book: RuleBook, codes: CityCodes) -> Iterator[RuleFinding]:
    known = {pattern for row in codes.classes for pattern in patterns_of(row.code)}
    for rule in book.duplicates.rules:
        if rule.class_pattern not in known:
            sentence = f"rule {rule.rule_id} is about {rule.class_pattern}, and no class falls under it"
            mend = "write the code of a class, or add that class"
            yield _warning(RuleKind.DUPLICATE, FindingKind.UNKNOWN_CLASS.value, (rule.rule_id,), sentence, mend)


def _workflow(book: RuleBook, codes: CityCodes) -> Iterator[RuleFinding]:
    for source in book.workflow.verify_sources:
        if source not in codes.sources:
            yield _unknown_source(RuleKind.WORKFLOW, f"verify_sources names {source}")
    classes = {row.code for row in codes.classes}
    for code in book.workflow.enforcement:
        if code not in classes:
            sentence = f"enforcement names {code}, which is no class"
            mend = "write the code of a class; a big class is not enough here"
            yield _warning(RuleKind.WORKFLOW, FindingKind.UNKNOWN_CLASS.value, (), sentence, mend)


def _intake(book: RuleBook, codes: CityCodes) -> Iterator[RuleFinding]:
    for row in book.intake.thresholds:
        if row.source not in (ANY, *codes.sources):
            yield _unknown_source(RuleKind.INTAKE, f"a threshold names {row.source}")
        if row.class_code != ANY and not any(class_matches(each.code, row.class_code) for each in codes.classes):
            sentence = f"a threshold of {row.source} is about {row.class_code}, and no class falls under it"
            mend = "write the code of a class or big class, or *"
            yield _warning(RuleKind.INTAKE, FindingKind.UNKNOWN_CLASS.value, (), sentence, mend)


def _unknown_source(kind: RuleKind, named: str) -> RuleFinding:
    return _warning(kind, "unknown_source", (), f"{named}, which is no source", "write the code of a source")
