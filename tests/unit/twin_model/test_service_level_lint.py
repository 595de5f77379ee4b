"""Doubtful service levels are found."""

from datetime import UTC, datetime

import pytest

from twin_model import calendar
from twin_model.errors import ServiceLevelError
from twin_model.service_level import default_document, from_document
from twin_model.service_level_lint import ServiceFlaw, lint

CHINA = calendar.from_document(calendar.default_document([2026]))
NOW = datetime(2026, 3, 4, tzinfo=UTC)
FALLBACK = {"rule_id": "F", "class_pattern": "*", "clock": "working_days", "limit": 3}
BASE = {"rule_id": "BASE", "class_pattern": "*", "clock": "working_hours", "limit": 8}


def row(rule_id: str, **more: object) -> dict:
    return {"rule_id": rule_id, "class_pattern": "E0102", "clock": "working_hours", "limit": 4, **more}


def found(*rows: dict, at: datetime = NOW, **around: object) -> list:
    levels = from_document({"fallback": FALLBACK, "rules": [BASE, *rows], **around})
    return [(finding.flaw, *finding.rule_ids) for finding in lint(levels, CHINA, at)]


def test_the_default_list_is_without_doubt():
    assert lint(from_document(default_document()), CHINA, NOW) == ()


def test_equal_scopes_with_other_terms_contradict_and_the_loser_is_shadowed():
    assert found(row("A"), row("B", limit=5)) == [
        (ServiceFlaw.CONTRADICTION, "A", "B"),
        (ServiceFlaw.SHADOWED, "B"),
    ]


def test_equal_scopes_with_the_same_terms_repeat():
    assert found(row("A"), row("B")) == [(ServiceFlaw.REPEATED, "A", "B"), (ServiceFlaw.SHADOWED, "B")]


def test_seasons_contradict_only_where_they_meet():
    winter, spring = row("A", season="11-15/03-15"), row("B", season="03-10/05-01", limit=5)
    assert found(winter, spring) == [(ServiceFlaw.CONTRADICTION, "A", "B")]
    assert found(winter, row("B", season="03-16/05-01", limit=5)) == []


def test_a_rule_followed_by_a_newer_one_is_shadowed_once_that_holds():
    rows = row("A"), row("B", limit=5, valid_from="2026-06-01T00:00:00+08:00")
    assert found(*rows) == []
    assert found(*rows, at=datetime(2026, 6, 2, tzinfo=UTC)) == [(ServiceFlaw.SHADOWED, "A")]


def test_a_big_class_whose_every_class_has_a_rule_of_its_own_is_shadowed():
    rows = [row(f"S-{number}", class_pattern=f"E02{number:02d}") for number in range(1, 6)]
    assert found(row("BIG", class_pattern="E02"), *rows) == [(ServiceFlaw.SHADOWED, "BIG")]
    assert found(row("BIG", class_pattern="E02"), *rows[1:]) == []
    assert found(row("BIG", class_pattern="E02", condition="torn"), *rows) == []


def test_expired_rules_and_unknown_names_are_told():
    assert found(row("A", valid_to="2026-01-01T00:00:00Z")) == [(ServiceFlaw.EXPIRED, "A")]
    assert found(row("A", class_pattern="E0999")) == [(ServiceFlaw.UNKNOWN_CLASS, "A")]
    kinds = [{"area": "110108011", "kind": "key"}]
    assert found(row("A", area_kind="key"), area_kinds=kinds) == []
    assert (ServiceFlaw.UNKNOWN_AREA_KIND, "A") in found(row("A", area_kind="kee"), area_kinds=kinds)


def test_urgent_rules_by_a_resting_clock_and_stages_above_the_limit_are_told():
    assert found(row("A", urgent=True)) == [(ServiceFlaw.NOT_BY_EMERGENCY_CLOCK, "A")]
    assert found(row("A", accept_h=5)) == [(ServiceFlaw.STAGE_ABOVE_LIMIT, "A")]


def test_classes_that_only_the_fallback_covers_are_told():
    levels = from_document(
        {"fallback": FALLBACK, "rules": [row("C", class_pattern="C"), row("E01", class_pattern="E")]}
    )
    assert lint(levels, CHINA, NOW) == ()
    levels = from_document({"fallback": FALLBACK, "rules": [row("C", class_pattern="C")]})
    findings = lint(levels, CHINA, NOW)
    assert {finding.flaw for finding in findings} == {ServiceFlaw.ONLY_FALLBACK}
    assert findings[0].message == "class E0101 has no rule of its own and gets F; add a rule"


def test_a_coming_year_without_holidays_is_told_where_a_clock_needs_it():
    autumn = datetime(2026, 11, 23, tzinfo=UTC)
    assert found(row("A"), at=autumn) == [(ServiceFlaw.CALENDAR_GAP,)]
    emergencies = from_document(
        {
            "fallback": FALLBACK | {"clock": "emergency"},
            "rules": [BASE | {"clock": "emergency"}],
        }
    )
    assert lint(emergencies, CHINA, autumn) == ()


def test_a_naive_moment_is_refused():
    with pytest.raises(ServiceLevelError, match="no time zone"):
        lint(from_document(default_document()), CHINA, NOW.replace(tzinfo=None))
