from collections import Counter
from dataclasses import replace

from hypothesis import given
from hypothesis import strategies as st

from tests.unit.twin_model.responsibility_lists import AT, lists, questions
from tests.unit.twin_model.test_responsibility_many import case_table
from tests.unit.twin_model.test_responsibility_what_if import AFTER, BEFORE, CASES
from twin_model.responsibility import assign_lead
from twin_model.responsibility_moves import COLUMNS, count_moves


def test_moved_cases_are_counted_by_units_class_and_street():
    assert count_moves(BEFORE, AFTER, CASES, AT).to_pylist() == [
        {
            "from_unit": "S110108011", "to_unit": "D04", "class_code": "E0102", "street_code": "110108011", "cases": 2,
        }
    ]  # fmt: skip


def test_equal_lists_move_nothing():
    assert count_moves(BEFORE, BEFORE, CASES, AT).num_rows == 0


@given(lists(), lists(), st.lists(questions(), min_size=1, max_size=30))
def test_it_counts_what_the_lists_say_of_single_cases(before, after, asked):
    asked = [replace(each, at=AT) for each in asked]
    found = count_moves(before, after, case_table(asked), AT).to_pylist()
    expected = Counter()
    for question in asked:
        ends = assign_lead(before, question)[0], assign_lead(after, question)[0]
        if ends[0] != ends[1]:
            expected[*ends, question.class_code, question.street or None] += 1
    counted = {tuple(row[name] for name in COLUMNS): row["cases"] for row in found}
    assert counted == dict(expected)
