from datetime import UTC, datetime

from datastore.rule_change import complete, put_rules
from datastore.rule_check import check_rules, city_codes
from datastore.store import Store
from twin_model.actor import Actor, Role
from twin_model.rule_book import RuleKind
from twin_model.rule_lint import Severity

NOW = datetime(2026, 11, 23, 2, tzinfo=UTC)
LATER = datetime(2027, 6, 1, tzinfo=UTC)


def test_a_store_without_units_is_told_that_the_default_list_names_none(store_factory):
    store = store_factory()
    complete(store, NOW)
    with store.read() as cur:
        check = check_rules(cur, NOW, RuleKind.RESPONSIBILITY)
    assert {each.flaw for each in check.findings if each.severity is Severity.ERROR} == {"unknown_unit"}
    assert check.versions == {RuleKind.RESPONSIBILITY: 1}


def test_the_newest_version_is_looked_at_before_its_day(store_factory):
    store = store_factory()
    complete(store, NOW)
    flow = {"verify_sources": ["RADIO"]}
    with store.write() as con:
        admin = Actor("admin", Role.ADMIN)
        put_rules(con, RuleKind.WORKFLOW, flow, actor=admin, note="trial", now=NOW, valid_from=LATER)
    with store.read() as cur:
        check = check_rules(cur, NOW)
    assert check.versions[RuleKind.WORKFLOW] == 2
    assert "unknown_source" in {each.flaw for each in check.findings}


def test_the_demo_knows_its_units_sources_and_classes(small_store: Store):
    with small_store.read() as cur:
        codes = city_codes(cur)
    assert {"D01", "S110108011"} <= codes.units
    assert "VIDEO" in codes.sources
    assert "E0102" in {row.code for row in codes.classes}
