import pyarrow as pa
import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.unit.twin_model.responsibility_lists import AT, lists, questions
from twin_model.errors import ResponsibilityError
from twin_model.responsibility import Responsibilities, ResponsibilityRule, assign
from twin_model.responsibility_many import assign_many

COLUMNS = {
    "class_code": "class_code",
    "street_code": "street",
    "community_code": "community",
    "grid_code": "grid",
    "owner_code": "owner",
    "maintainer_code": "maintainer",
    "territory_code": "territory",
    "condition": "condition",
}
MAY_BE_EMPTY = ("owner_code", "maintainer_code", "class_code")


def case_table(asked):
    """Questions as columns; what is unknown is null."""
    values = {name: [getattr(each, field) for each in asked] for name, field in COLUMNS.items()}
    return pa.table(
        {
            name: pa.array([each if each or name in MAY_BE_EMPTY else None for each in column], pa.string())
            for name, column in values.items()
        }
    )


@given(lists(), st.lists(questions(), max_size=20), st.booleans())
def test_many_at_once_are_what_each_is_alone(rules, asked, encoded):
    asked = [each for each in asked if each.at == AT]
    cases = case_table(asked)
    if encoded:
        cases = pa.table({name: cases[name].dictionary_encode() for name in cases.column_names})
    lead, rule_id = assign_many(rules, cases, AT)
    alone = [assign(rules, each) for each in asked]
    assert lead.to_pylist() == [each.lead for each in alone]
    assert rule_id.to_pylist() == [each.rule_id for each in alone]


def test_columns_that_are_left_out_are_unknown():
    rules = Responsibilities((ResponsibilityRule("R-1", "E", "@territory"),), "D09")
    assert assign_many(rules, pa.table({"class_code": ["E0102"]}), AT)[0].to_pylist() == ["D09"]
    with_place = pa.table({"class_code": ["E0102"], "territory_code": ["S1"]})
    assert assign_many(rules, with_place, AT)[0].to_pylist() == ["S1"]


def test_cases_without_a_class_are_refused():
    rules = Responsibilities((), "D09")
    for cases in (pa.table({"street_code": ["1"]}), pa.table({"class_code": pa.array([None], pa.string())})):
        with pytest.raises(ResponsibilityError, match="give each its class"):
            assign_many(rules, cases, AT)


def test_a_rule_for_an_area_that_the_cases_do_not_tell_is_refused_rather_than_missed():
    rules = Responsibilities((ResponsibilityRule("R-1", "E", "D01", area="110108011005"),), "D09")
    cases = pa.table({"class_code": ["E0102"], "street_code": ["110108011"]})
    with pytest.raises(ResponsibilityError, match="rule R-1 asks for area 110108011005, but the cases have no communi"):
        assign_many(rules, cases, AT)
