"""Which time limit a case has, and why."""

import json
from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest

from twin_model import calendar
from twin_model.case_class import default_case_classes
from twin_model.errors import ServiceLevelError
from twin_model.service_level import (
    ServiceLoss,
    StageMoments,
    choose,
    deadline,
    default_document,
    from_document,
    stage_deadlines,
    to_document,
)
from twin_model.work_clock import WorkClock

CHINA = calendar.from_document(calendar.default_document())
DEMO = from_document(default_document())
AT = datetime(2026, 3, 4, 10, tzinfo=ZoneInfo("Asia/Shanghai"))
STREET, COMMUNITY, GRID = "110108011", "110108011002", "110108011002003"
FALLBACK = {"rule_id": "F", "class_pattern": "*", "clock": "working_days", "limit": 3}


def row(rule_id: str, class_pattern: str = "E0102", limit: float = 4, **more: object) -> dict:
    return {"rule_id": rule_id, "class_pattern": class_pattern, "clock": "working_hours", "limit": limit, **more}


def levels(*rows: dict, **around: object):
    return from_document({"fallback": FALLBACK, "rules": list(rows), **around})


def losses(choice) -> dict:
    return {loser.rule_id: loser.loss for loser in choice.losers}


@pytest.mark.parametrize(
    ("class_code", "condition", "clock", "limit", "urgent"),
    [
        ("E0102", "", WorkClock.WORKING_HOURS, 4, False),
        ("E0505", "", WorkClock.WORKING_HOURS, 2, False),
        ("E0201", "", WorkClock.WORKING_HOURS, 4, False),
        ("C0118", "", WorkClock.WORKING_DAYS, 2, False),
        ("E0110", "", WorkClock.WORKING_DAYS, 3, False),
        ("E0101", "", WorkClock.WORKING_DAYS, 15, False),
        ("E0403", "", WorkClock.EMERGENCY, 6, True),
        ("C0103", "missing_cover", WorkClock.EMERGENCY, 24, True),
        ("C0103", "guard", WorkClock.EMERGENCY, 1, True),
        ("C0103", "", WorkClock.WORKING_DAYS, 1, False),
        ("X-ODD", "", WorkClock.WORKING_DAYS, 3, False),
    ],
)
def test_the_demo_grants_its_placeholder_limits(class_code, condition, clock, limit, urgent):
    rule = choose(DEMO, class_code, condition, GRID, AT).rule
    assert (rule.clock, rule.limit, rule.urgent, rule.placeholder) == (clock, limit, urgent, True)


def test_the_demo_has_a_rule_for_every_class_and_calls_all_of_them_placeholders():
    for each in default_case_classes():
        assert not choose(DEMO, each.code, "", GRID, AT).fallback
    assert all(rule.placeholder and "placeholder" in rule.basis for rule in (*DEMO.rules, DEMO.fallback))


def test_mains_need_an_answer_within_half_an_hour():
    for class_code in ("E0402", "E0403"):
        choice = choose(DEMO, class_code, "", GRID, AT)
        assert stage_deadlines(choice, CHINA, StageMoments(dispatched_at=AT)) == {"accept": AT + timedelta(minutes=30)}


def test_the_condition_goes_before_the_class_and_the_class_before_the_area():
    rules = levels(
        row("ANY", "*"),
        row("KIND", "E"),
        row("BIG", "E01"),
        row("EXACT", "E0102"),
        row("STREET", "E0102", area=STREET),
        row("GRID", "E0102", area=GRID),
        row("BIG-GRID", "E01", area=GRID),
        row("CONDITION", "E", condition="spilled"),
    )
    order = ["CONDITION", "GRID", "STREET", "EXACT", "BIG-GRID", "BIG", "KIND", "ANY"]
    assert [rule.rule_id for rule in rules.candidates("E0102")] == order
    choice = choose(rules, "E0102", "spilled", GRID, AT)
    assert choice.rule.rule_id == "CONDITION"
    assert losses(choice) == dict.fromkeys(order[1:], ServiceLoss.SPECIFICITY)
    assert choose(rules, "E0102", "", COMMUNITY, AT).rule.rule_id == "STREET"
    assert choose(rules, "E0102", "", "", AT).rule.rule_id == "EXACT"
    assert choose(rules, "C0101", "", GRID, AT).rule.rule_id == "ANY"


def test_every_loser_is_named_with_its_reason():
    rules = levels(
        row("A"),
        row("AREA", area="110108012"),
        row("KEY", area_kind="key"),
        row("COND", condition="spilled"),
        row("WINTER", season="11-15/02-28"),
        row("PAST", valid_to="2026-01-01T00:00:00+08:00"),
        row("FUTURE", valid_from="2027-01-01T00:00:00+08:00"),
    )
    choice = choose(rules, "E0102", "", GRID, AT)
    assert choice.rule.rule_id == "A"
    assert losses(choice) == {
        "AREA": ServiceLoss.AREA,
        "KEY": ServiceLoss.AREA_KIND,
        "COND": ServiceLoss.CONDITION,
        "WINTER": ServiceLoss.SEASON,
        "PAST": ServiceLoss.EXPIRED,
        "FUTURE": ServiceLoss.NOT_YET_VALID,
    }
    assert choice.why.startswith("A: most specific valid rule (class E0102); not COND: other_condition; AREA: area_els")


def test_no_valid_rule_leads_to_the_fallback():
    choice = choose(levels(row("A", condition="spilled")), "E0102", "", GRID, AT)
    assert (choice.rule.rule_id, choice.fallback) == ("F", True)
    assert choice.why == "F: no rule applies, so the fallback does; not A: other_condition"


def test_of_equal_rules_the_later_and_then_the_lower_id_decides_whatever_the_order():
    rows = [
        row("B", limit=5),
        row("A", limit=6),
        row("C", limit=7, valid_from="2026-01-01T00:00:00Z"),
        row("D", limit=7, valid_from="2026-01-01T00:00:00Z"),
    ]
    for order in (rows, rows[::-1]):
        choice = choose(levels(*order), "E0102", "", GRID, AT)
        assert choice.rule.rule_id == "C"
        assert losses(choice) == {"D": ServiceLoss.REPEAT, "A": ServiceLoss.OLDER, "B": ServiceLoss.OLDER}
    assert losses(choose(levels(*rows[:2]), "E0102", "", GRID, AT)) == {"B": ServiceLoss.CONFLICT}


def test_a_rule_holds_from_its_first_moment_to_before_its_last():
    rules = levels(row("A", valid_from="2026-03-01T00:00:00+08:00", valid_to="2026-04-01T00:00:00+08:00"))
    first, end = (datetime(2026, month, 1, tzinfo=ZoneInfo("Asia/Shanghai")) for month in (3, 4))
    moments = [first - timedelta(microseconds=1), first, end - timedelta(microseconds=1), end]
    assert [choose(rules, "E0102", "", "", at).fallback for at in moments] == [True, False, False, True]


def test_a_season_turns_at_local_midnight():
    rules = levels(row("WINTER", season="11-15/03-15"), zone="Asia/Shanghai")
    turn = datetime(2026, 3, 15, 16, tzinfo=UTC)  # midnight of the 16th in Shanghai
    assert not choose(rules, "E0102", "", "", turn - timedelta(seconds=1)).fallback
    assert choose(rules, "E0102", "", "", turn).fallback


def test_the_kind_of_the_smallest_listed_area_decides():
    kinds = [{"area": STREET, "kind": "key"}, {"area": COMMUNITY, "kind": "ordinary"}]
    rules = levels(row("KEY", limit=2, area_kind="key"), row("A"), area_kinds=kinds)
    assert choose(rules, "E0102", "", "110108011003001", AT).rule.rule_id == "KEY"
    assert choose(rules, "E0102", "", GRID, AT).rule.rule_id == "A"
    assert rules.area_kind("110108") == ""


def test_the_deadline_runs_by_the_rules_clock_and_stands_in_pauses():
    choice = choose(DEMO, "E0102", "", GRID, AT)
    assert deadline(choice, CHINA, AT) == AT.replace(hour=15)
    pause = (AT.replace(hour=14), AT.replace(day=5, hour=9))
    assert deadline(choice, CHINA, AT, [pause]) == AT.replace(day=5, hour=10)


def test_stages_of_working_days_run_by_working_hours_and_only_once_begun():
    choice = choose(DEMO, "E0101", "", GRID, AT)
    evening = AT.replace(hour=17, minute=50)
    moments = StageMoments(reported_at=evening, filed_at=evening, dispatched_at=evening)
    assert stage_deadlines(choice, CHINA, moments) == {
        "file": AT.replace(hour=18),
        "dispatch": AT.replace(day=5, hour=9, minute=5),
        "accept": AT.replace(day=5, hour=10, minute=50),
    }
    unlimited = choose(levels(row("A")), "E0102", "", "", AT)
    assert stage_deadlines(unlimited, CHINA, StageMoments(AT, AT, AT, AT)) == {}


def test_documents_survive_the_round_trip_as_plain_json():
    document = default_document()
    assert json.loads(json.dumps(document)) == document
    assert to_document(from_document(document)) == document
    rules = levels(
        row("A", "E0102", 2.5, condition="c", area=GRID, area_kind="key", season="11-15/03-15", check_h=1.5),
        row("B", valid_from="2026-03-01T00:00:00+08:00", valid_to="2026-04-01T00:00:00Z", urgent=True, basis="令"),
        zone="Asia/Urumqi",
        area_kinds=[{"area": STREET, "kind": "key"}],
    )
    assert from_document(json.loads(json.dumps(to_document(rules)))) == rules


@pytest.mark.parametrize(
    ("change", "message"),
    [
        ({"limit": 0}, r"row 1 \(A\) of the service level list: limit is 0; write how long the case may take"),
        ({"limit": "4"}, "limit is '4'; write a number"),
        ({"limit": float("nan")}, "limit is nan; write a number"),
        ({"limit": 1e9}, "write a number from 0 to 20000"),
        ({"clock": "working_days", "limit": 1.5}, "limit is 1.5 working days; write whole days"),
        ({"clock": "sundial"}, "clock is 'sundial'; write one of emergency, working_hours, working_days"),
        ({"class_pattern": ""}, "class_pattern is ''; write a code"),
        ({"area": "1101"}, "area '1101' is no area code; write 6, 9, 12 or 15 digits"),
        ({"season": "winter"}, "season 'winter' is none; write its first and last day"),
        ({"season": "02-30/03-01"}, "season '02-30/03-01' is none"),
        ({"urgent": 1}, "urgent is 1; write true or false"),
        ({"accept_h": -1}, "accept_h is -1; write a number"),
        ({"valid_from": "2026-01-01"}, "valid_from is '2026-01-01'; write a moment with its zone"),
        (
            {"valid_from": "2026-01-02T00:00:00Z", "valid_to": "2026-01-01T00:00:00Z"},
            "valid_to is not after valid_from",
        ),
        ({"colour": "red"}, "unknown field 'colour'"),
    ],
)
def test_a_bad_row_is_refused_with_the_row_and_the_mend(change, message):
    with pytest.raises(ServiceLevelError, match=message):
        levels(row("A") | change)


@pytest.mark.parametrize(
    ("document", "message"),
    [
        (None, "write its rows into that list"),
        ({"rules": []}, "has no fallback; add the row for the cases that no rule applies to"),
        ({"rules": [], "fallback": FALLBACK | {"area": STREET}}, "the fallback .* is not about every case"),
        ({"rules": [], "fallback": FALLBACK | {"class_pattern": "E"}}, "the fallback .* is not about every case"),
        ({"rules": [], "fallback": FALLBACK | {"colour": 1}}, "'colour' is no field"),
        ({"rules": [row("F")], "fallback": FALLBACK}, "the fallback has the id of a rule, F; give it another"),
        ({"rules": [row("A"), row("A")], "fallback": FALLBACK}, "row 2 .* has the id of row 1"),
        ({"rules": [], "fallback": FALLBACK, "zone": "Mars"}, "zone 'Mars' is no IANA time zone"),
        ({"rules": [], "fallback": FALLBACK, "zone": 8}, "zone of the service level list is 8"),
        ({"rules": [], "fallback": FALLBACK, "area_kinds": {}}, "area_kinds is {}; write a list"),
        ({"rules": [], "fallback": FALLBACK, "area_kinds": [1]}, "row 1 of area_kinds is 1; write an object"),
        ({"rules": [], "fallback": FALLBACK, "area_kinds": [{"kind": "key"}]}, "row 1 of area_kinds: area is ''"),
        (
            {"rules": [], "fallback": FALLBACK, "area_kinds": [{"area": STREET, "kind": "key"}] * 2},
            "row 2 of area_kinds: area 110108011 stands there twice",
        ),
    ],
)
def test_a_bad_document_is_refused(document, message):
    with pytest.raises(ServiceLevelError, match=message):
        from_document(document)


def test_a_naive_moment_is_refused():
    with pytest.raises(ServiceLevelError, match="no time zone"):
        choose(DEMO, "E0102", "", GRID, AT.replace(tzinfo=None))
