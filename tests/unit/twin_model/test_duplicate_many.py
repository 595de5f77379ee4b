from dataclasses import replace

import pyarrow as pa
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.unit.twin_model.reported_cases import RULES, case, hours, metres_east, reported_cases
from twin_model import duplicate_many
from twin_model.case import CaseStage
from twin_model.duplicate import DuplicateRules, Match, find_original
from twin_model.duplicate_many import RESULT_SCHEMA, find_originals_many
from twin_model.errors import DuplicateError

STAMP = pa.timestamp("us", "UTC")


def table(cases):
    kinds = {"reported_at": STAMP, "closed_at": STAMP, "stage": pa.uint8(), "lon": pa.float64(), "lat": pa.float64()}
    names = ("case_no", "class_code", "stage", "reported_at", "lon", "lat", "component", "closed_at", "parent_no")
    return pa.table(
        {name: pa.array([getattr(each, name) for each in cases], kinds.get(name, pa.string())) for name in names}
    )


def one_by_one(rules, new, existing):
    """What taking the new cases one after the other finds."""
    settled = [each for each in new if each.stage in (CaseStage.VOID, CaseStage.DUPLICATE)]
    found, known = {}, [*existing, *settled]
    for each in sorted(set(new) - set(settled), key=lambda each: (each.reported_at, each.case_no)):
        match = find_original(rules, each, known)
        if match is None:
            known.append(each)
        else:
            found[each.case_no] = match
            known.append(replace(each, stage=CaseStage.DUPLICATE, parent_no=match.case_no))
    return [found.get(each.case_no) for each in new]


def matches(result):
    return [
        None
        if row["original_no"] is None
        else Match(
            row["original_no"],
            row["via_no"],
            row["rule_id"],
            row["distance_m"],
            row["elapsed_h"],
            row["same_component"],
        )
        for row in result.to_pylist()
    ]


@settings(max_examples=300)
@given(reported_cases(most=24), st.integers(0, 24))
def test_many_at_once_are_what_one_after_the_other_are(cases, count):
    new, existing = cases[:count], cases[count:]
    result = find_originals_many(RULES, table(new), table(existing))
    assert result.schema == RESULT_SCHEMA
    assert matches(result) == one_by_one(RULES, new, existing)


@given(reported_cases(most=24))
def test_chunks_do_not_show(cases):
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(duplicate_many, "CHUNK", 3)
        result = find_originals_many(RULES, table(cases), table([]))
    assert matches(result) == one_by_one(RULES, cases, [])


def test_a_chain_inside_one_batch_comes_down_to_the_first():
    chain = [case(f"{step}", at=hours(step), lon=metres_east(20 * step)) for step in range(5)]
    result = find_originals_many(RULES, table(chain[::-1]), table([]))
    assert result["original_no"].to_pylist() == ["0", "0", "0", "0", None]
    assert result["via_no"].to_pylist() == ["3", "2", "1", "0", None]


def test_a_long_chain_of_existing_duplicates_is_followed():
    chain = [
        case(f"{step:02d}", stage=CaseStage.DUPLICATE if step else CaseStage.FILED, parent_no=f"{step - 1:02d}")
        for step in range(40)
    ]
    result = find_originals_many(RULES, table([case("99", at=hours(1))]), table(chain))
    assert result["original_no"].to_pylist() == ["00"]


def test_columns_beyond_the_needed_ones_may_be_left_out():
    new = table([case("2", at=hours(1))]).select(["case_no", "class_code", "stage", "reported_at", "lon", "lat"])
    assert find_originals_many(RULES, new, table([case("1")]))["original_no"].to_pylist() == ["1"]


def test_without_rules_or_cases_there_are_no_duplicates():
    assert find_originals_many(DuplicateRules(()), table([case("2")]), table([case("1")])).column(0).null_count == 1
    assert find_originals_many(RULES, table([]), table([])).num_rows == 0


@pytest.mark.parametrize(
    ("new", "said"),
    [
        (table([case("1")]).drop_columns(["lon"]), "the new cases have no column lon; add it"),
        (table([case("1", class_code=None)]), "1 of the new cases have no class_code"),
        (table([case("7")]), "case 7 is twice"),
    ],
)
def test_cases_that_cannot_be_compared_are_refused(new, said):
    with pytest.raises(DuplicateError, match=said):
        find_originals_many(RULES, new, table([case("7")]))
