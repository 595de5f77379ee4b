from dataclasses import replace
from datetime import UTC, date, datetime

from twin_model import responsibility, service_level
from twin_model.calendar import default_document as default_calendar
from twin_model.calendar import from_document as read_calendar
from twin_model.case_class import default_case_classes
from twin_model.demo.units import DEPARTMENTS
from twin_model.intake_rules import IntakeRules, Threshold
from twin_model.rule_book import RuleBook, RuleKind, default_documents
from twin_model.rule_lint import CityCodes, Severity, lint_rules
from twin_model.source import DEFAULT_SOURCES

AT = datetime(2026, 3, 2, 4, tzinfo=UTC)
SINCE = date(2026, 1, 1)
CLASSES = tuple(default_case_classes())
CODES = CityCodes(
    frozenset(row[0] for row in DEPARTMENTS), frozenset(source.code for source in DEFAULT_SOURCES), CLASSES
)
BOOK = RuleBook.read(default_documents(CLASSES), dict.fromkeys(RuleKind, 1))


def flaws(book, kind, codes=CODES):
    return [each.flaw for each in lint_rules(book, codes, AT, SINCE) if each.kind is kind]


def test_the_default_documents_have_no_error_and_no_contradiction():
    found = lint_rules(BOOK, CODES, AT, SINCE)
    assert not [each for each in found if each.severity is Severity.ERROR]
    assert {each.flaw for each in found} <= {"uncovered", "calendar_gap"}


def test_every_finding_says_what_to_do():
    assert all(each.sentence and each.mend for each in lint_rules(BOOK, CODES, AT, SINCE))


def test_a_year_without_holidays_is_told():
    without = replace(BOOK, calendar=read_calendar(default_calendar(range(2020, 2026))))
    assert flaws(without, RuleKind.CALENDAR) == ["calendar_gap", "calendar_gap"]  # 2026 and 2027


def test_errors_come_before_warnings():
    rows = [{"rule_id": f"R-{unit}", "class_pattern": "E0102", "lead": unit} for unit in ("D01", "D02")]
    torn = responsibility.from_document({"last_resort": "D01", "rules": rows})
    found = [
        each
        for each in lint_rules(replace(BOOK, responsibilities=torn), CODES, AT, SINCE)
        if each.kind is RuleKind.RESPONSIBILITY
    ]
    assert (found[0].flaw, found[0].severity) == ("contradictory", Severity.ERROR)
    assert found[-1].severity is Severity.WARNING


def test_a_unit_that_does_not_exist_is_an_error():
    found = lint_rules(BOOK, replace(CODES, units=CODES.units - {"D04"}), AT, SINCE)
    assert {each.flaw for each in found if each.severity is Severity.ERROR} == {"unknown_unit"}


def test_service_levels_that_contradict_are_an_error():
    document = service_level.to_document(BOOK.levels)
    twin = {**document["rules"][-1], "rule_id": "S-twin", "limit": 99}
    torn = service_level.from_document({**document, "rules": [*document["rules"], twin]})
    found = lint_rules(replace(BOOK, levels=torn), CODES, AT, SINCE)
    told = next(each for each in found if each.kind is RuleKind.SERVICE_LEVEL)
    assert (told.flaw, told.severity) == ("contradiction", Severity.ERROR)
    assert told.sentence.endswith("grant different terms to the same cases")
    assert told.mend


def test_what_the_loop_names_has_to_exist():
    flow = replace(BOOK.workflow, verify_sources=("RADIO",), enforcement=("E01",))
    intake = IntakeRules((Threshold("RADIO", "*", 0.5), Threshold("VIDEO", "X09", 0.5), Threshold("*", "E05", 0.5)))
    torn = replace(BOOK, workflow=flow, intake=intake)
    assert flaws(torn, RuleKind.WORKFLOW) == ["unknown_source", "unknown_class"]
    assert flaws(torn, RuleKind.INTAKE) == ["unknown_source", "unknown_class"]


def test_duplicate_rules_about_no_class_are_told():
    events_only = tuple(row for row in CLASSES if row.kind == "event")
    assert "unknown_class" in flaws(BOOK, RuleKind.DUPLICATE, replace(CODES, classes=events_only))
