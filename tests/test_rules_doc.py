"""The page about rules keeps up with the program: its examples can be used, its tables are complete."""

import re
import tomllib
from dataclasses import fields
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest

from datastore.rule_file import read_rule_file
from twin_model import duplicate, responsibility, service_level
from twin_model.closing_policy import ClosingPolicy
from twin_model.intake_rules import IntakeRules
from twin_model.responsibility import Loss, ResponsibilityQuestion
from twin_model.responsibility_lint import FindingKind
from twin_model.rule_book import RuleKind
from twin_model.rule_document import checked_document
from twin_model.rule_table import COLUMNS
from twin_model.service_level_lint import ServiceFlaw
from twin_model.workflow import Mode, Step
from twin_model.workflow_rules import ScorePoints, WorkflowRules

PAGE = (Path(__file__).parent.parent / "docs" / "rules.md").read_text(encoding="utf-8")
SUMMER, WINTER = (datetime(2026, month, 2, 4, tzinfo=UTC) for month in (7, 1))
IN_PARK = ResponsibilityQuestion(
    "E0102", "event", SUMMER, street="110108011", community="110108011005", territory="S110108011"
)


def section(kind: RuleKind) -> str:
    return PAGE.partition(f"\n## {kind}\n")[2].partition("\n## ")[0]


def example(kind: RuleKind) -> str:
    found = re.findall(r"```toml\n(.*?)```", section(kind), flags=re.DOTALL)
    assert len(found) == 1
    return str(found[0])


def document(kind: RuleKind, tmp_path: Path) -> dict[str, Any]:
    path = tmp_path / f"{kind}.toml"
    path.write_text(example(kind), encoding="utf-8")
    return read_rule_file(path, kind, {})


@pytest.mark.parametrize("kind", list(RuleKind))
def test_every_kind_has_an_example_that_can_be_put(kind: RuleKind, tmp_path: Path) -> None:
    assert checked_document(kind, document(kind, tmp_path))


@pytest.mark.parametrize("kind", list(RuleKind))
def test_every_field_is_described(kind: RuleKind, tmp_path: Path) -> None:
    described = set(re.findall(r"`(\w+)`", section(kind)))
    kept = set(document(kind, tmp_path)) | set(COLUMNS.get(kind, ()))
    assert kept - described <= {"rules"}


def test_every_field_of_the_workflow_is_described() -> None:
    described = set(re.findall(r"`(\w+)`", section(RuleKind.WORKFLOW)))
    assert {field.name for each in (ClosingPolicy, ScorePoints) for field in fields(each)} <= described


def test_every_reason_and_finding_is_described() -> None:
    described = set(re.findall(r"`(\w+)`", PAGE))
    assert {each.value for kinds in (Loss, FindingKind, ServiceFlaw) for each in kinds} <= described


def test_the_defaults_of_the_closing_check_are_those_of_the_program() -> None:
    rows = dict(re.findall(r"^\| `(\w+)` \|.*\((\d+)\) \|$", section(RuleKind.WORKFLOW), flags=re.MULTILINE))
    numbers = {field.name: str(field.default) for field in fields(ClosingPolicy) if not isinstance(field.default, bool)}
    assert rows == numbers


def test_the_example_of_limits_says_what_the_page_says_of_it() -> None:
    levels = service_level.from_document(tomllib.loads(example(RuleKind.SERVICE_LEVEL)))
    ids = {
        (area, at): service_level.choose(levels, "E0102", "", area, at).rule.rule_id
        for area in ("110108011001", "110108012001")
        for at in (SUMMER, WINTER)
    }
    assert ids == {
        ("110108011001", SUMMER): "S-0003",
        ("110108011001", WINTER): "S-0003",
        ("110108012001", SUMMER): "S-0002",
        ("110108012001", WINTER): "S-0004",
    }


def test_the_example_of_units_leads_as_its_rows_say() -> None:
    rules = responsibility.from_document(tomllib.loads(example(RuleKind.RESPONSIBILITY)))
    found = responsibility.assign(rules, IN_PARK)
    assert (found.lead, found.rule_id) == ("D06", "R-0004")
    assert found.losers == (("R-0002", Loss.PRIORITY), ("R-0003", Loss.PRIORITY), ("R-9999", Loss.PRIORITY))


def test_the_other_examples_mean_what_they_say() -> None:
    repeats = duplicate.from_document(tomllib.loads(example(RuleKind.DUPLICATE)))
    assert [repeats.rule_for(code, SUMMER).rule_id for code in ("E0102", "C0101")] == ["D-waste", "D-any"]
    flow = WorkflowRules.from_document(tomllib.loads(example(RuleKind.WORKFLOW)))
    assert flow.mode(Step.DISPATCH) is Mode.SUGGEST
    intake = IntakeRules.from_document(tomllib.loads(example(RuleKind.INTAKE)))
    assert [intake.threshold("VIDEO", code) for code in ("E0505", "E0102")] == [0.95, 0.85]
