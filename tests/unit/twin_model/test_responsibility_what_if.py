from collections import Counter
from dataclasses import replace

import pyarrow as pa
import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.unit.twin_model.responsibility_lists import AT, lists, questions
from tests.unit.twin_model.test_responsibility_many import case_table
from twin_model.errors import ResponsibilityError
from twin_model.responsibility import Responsibilities, ResponsibilityRule, assign
from twin_model.responsibility_what_if import EXAMPLES, what_if

CASES = pa.table(
    {
        "class_code": ["E0102", "E0102", "E0501", "C0101", "E0102"],
        "street_code": ["110108011", "110108012", "110108011", None, "110108011"],
        "territory_code": ["S110108011", "S110108012", "S110108011", None, "S110108011"],
        "unit_code": ["S110108011", "D04", None, "O01", "D04"],
    }
)
BEFORE = Responsibilities((ResponsibilityRule("R-1", "E", "@territory"), ResponsibilityRule("R-2", "C", "O01")), "D09")
AFTER = replace(BEFORE, rules=(*BEFORE.rules, ResponsibilityRule("R-3", "E0102", "D04", area="110108011")))


def test_it_tells_who_gives_up_how_many_to_whom():
    found = what_if(BEFORE, AFTER, CASES, AT)
    assert (found.cases, found.moved) == (5, 2)
    assert found.flows.to_pylist() == [{"from_unit": "S110108011", "to_unit": "D04", "cases": 2, "examples": [0]}]
    assert found.by_unit.to_pylist()[0] == {"unit_code": "D04", "before": 0, "after": 2, "gained": 2, "lost": 0}
    assert found.by_unit.to_pylist()[2] == {"unit_code": "S110108011", "before": 3, "after": 1, "gained": 0, "lost": 2}
    assert found.by_class.to_pylist() == [
        {"class_code": "C0101", "cases": 1, "moved": 0},
        {"class_code": "E0102", "cases": 3, "moved": 2},
        {"class_code": "E0501", "cases": 1, "moved": 0},
    ]
    assert found.by_street.to_pylist() == [
        {"street_code": "110108011", "cases": 3, "moved": 2},
        {"street_code": "110108012", "cases": 1, "moved": 0},
        {"street_code": None, "cases": 1, "moved": 0},
    ]


def test_it_tells_how_well_each_list_explains_the_past():
    found = what_if(BEFORE, AFTER, CASES, AT)
    assert (found.had_unit, found.agreed_before, found.agreed_after) == (4, 2, 2)
    assert (found.fallback_before, found.fallback_after) == (4, 2)
    assert {(row["from_unit"], row["to_unit"]): row["cases"] for row in found.from_history.to_pylist()} == {
        ("S110108011", "D04"): 1,
        ("D04", "S110108012"): 1,
        (None, "S110108011"): 1,
    }


def test_the_same_list_moves_nothing():
    found = what_if(AFTER, AFTER, CASES, AT)
    assert (found.moved, found.flows.num_rows) == (0, 0)


def test_no_cases_are_compared_as_well():
    found = what_if(BEFORE, AFTER, CASES.slice(0, 0), AT)
    assert (found.cases, found.moved, found.by_street.num_rows, found.from_history.num_rows) == (0, 0, 0, 0)


def test_cases_without_their_units_are_refused():
    with pytest.raises(ResponsibilityError, match="have no unit_code"):
        what_if(BEFORE, AFTER, CASES.drop_columns(["unit_code"]), AT)


@given(lists(), lists(), st.lists(questions(), max_size=30), st.data())
def test_the_counts_are_those_of_asking_case_by_case(before, after, asked, data):
    asked = [replace(each, at=AT) for each in asked]
    units = [data.draw(st.sampled_from([None, "D01", "O01", "Z99"])) for _ in asked]
    cases = case_table(asked).append_column("unit_code", pa.array(units, pa.string()))
    found = what_if(before, after, cases, AT)
    was, becomes = ([assign(rules, each) for each in asked] for rules in (before, after))
    pairs = [(old.lead, new.lead) for old, new in zip(was, becomes, strict=True)]
    moved = Counter(pair for pair in pairs if pair[0] != pair[1])
    flows = found.flows.to_pylist()
    assert {(row["from_unit"], row["to_unit"]): row["cases"] for row in flows} == moved
    assert [row["cases"] for row in flows] == sorted(moved.values(), reverse=True)
    for row in flows:
        assert 1 <= len(row["examples"]) <= EXAMPLES
        assert {pairs[each] for each in row["examples"]} == {(row["from_unit"], row["to_unit"])}
    assert found.moved == moved.total() == sum(found.by_class["moved"].to_pylist())
    assert found.fallback_after == sum(each.fallback for each in becomes)
    assert found.agreed_before == sum(each.lead == unit for each, unit in zip(was, units, strict=True))
    history = Counter((unit, each.lead) for each, unit in zip(becomes, units, strict=True) if unit != each.lead)
    assert {(row["from_unit"], row["to_unit"]): row["cases"] for row in found.from_history.to_pylist()} == history
    gained = Counter(new for old, new in pairs if old != new)
    assert {row["unit_code"]: row["gained"] for row in found.by_unit.to_pylist() if row["gained"]} == gained
