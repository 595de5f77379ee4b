from dataclasses import replace
from datetime import UTC, date, datetime

import pytest

from datastore.rule_store import stored_classes
from datastore.rule_what_if import report_span, try_list
from twin_model import responsibility
from twin_model.errors import ResponsibilityError
from twin_model.responsibility import ResponsibilityRule

NOW = datetime(2026, 11, 23, 2, tzinfo=UTC)


def trial(store, days=(None, None), *, moves=False, told=None):
    with store.read() as cur:
        before = responsibility.from_document(responsibility.default_document(stored_classes(cur)))
        extra = ResponsibilityRule("R-trial", "E0102", "D02", area="110108011", priority=99)
        after = replace(before, rules=(*before.rules, extra))
        span = report_span(cur, *days)
        hears = (lambda *_: None) if told is None else lambda phase, fraction: told.append((phase, fraction))
        return try_list(cur, before, after, span, NOW, moves=moves, progress=hears)


def test_the_cases_that_a_new_rule_takes_are_those_of_its_class_and_street(small_store):
    told = []
    found = trial(small_store, moves=True, told=told)
    with small_store.read() as cur:
        expected = cur.execute(
            "SELECT count(*) FROM cases JOIN case_class USING (class_id) JOIN area ON area_id = street_id "
            "WHERE case_class.code = 'E0102' AND area.code = '110108011'"
        ).fetchall()[0][0]
    assert found.result.cases == 20_000
    assert found.result.moved == expected > 0
    assert found.moves.to_pylist() == [
        {
            "from_unit": "S110108011", "to_unit": "D02", "class_code": "E0102", "street_code": "110108011",
            "cases": expected,
        }
    ]  # fmt: skip
    fractions = [fraction for _, fraction in told]
    assert fractions == sorted(fractions)
    assert fractions[-1] == 1.0


def test_examples_are_named_by_their_numbers_and_codes_by_their_names(small_store):
    found = trial(small_store)
    assert found.moves is None
    row = found.result.flows["examples"][0].as_py()[0]
    with small_store.read() as cur:
        assert cur.execute("SELECT 1 FROM cases WHERE case_no = ?", [found.examples[row]]).fetchall()
    assert found.names["unit"]["D02"] == "区城管执法局"
    assert found.names["class"]["E0102"] == "暴露垃圾"
    assert found.names["street"]["110108011"] == "中关村街道"


def test_only_the_reports_of_the_span_are_compared(small_store):
    day = date(2026, 11, 20)
    with small_store.read() as cur:
        expected = cur.execute("SELECT count(*) FROM cases WHERE reported_day = ?", [day]).fetchall()[0][0]
    assert trial(small_store, (day, day)).result.cases == expected > 0


def test_a_span_without_cases_is_told(small_store):
    with pytest.raises(ResponsibilityError, match="no case was reported"):
        trial(small_store, (date(1999, 1, 1), date(1999, 1, 2)))


def test_a_span_that_ends_before_it_begins_is_told(small_store):
    with pytest.raises(ResponsibilityError, match="turn them round"), small_store.read() as cur:
        report_span(cur, date(2026, 2, 1), date(2026, 1, 1))


def test_days_are_those_of_the_city(small_store):
    with small_store.read() as cur:
        first, end = report_span(cur, date(2026, 1, 1), date(2026, 1, 1))
    assert first == datetime(2025, 12, 31, 16, tzinfo=UTC)
    assert end == datetime(2026, 1, 1, 16, tzinfo=UTC)
