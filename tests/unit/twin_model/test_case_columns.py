import numpy as np
import pyarrow as pa
import pytest
from hypothesis import given
from hypothesis import strategies as st

from twin_model import case_columns
from twin_model.case_columns import code_column, distinct_rows

TEXTS = st.lists(st.sampled_from(["a", "b", "", None]), max_size=30)


def decoded(coded):
    return [coded.values[place] for place in coded.place.tolist()]


@given(TEXTS, TEXTS)
def test_a_coded_column_says_what_the_column_says_however_it_is_stored(first, second):
    texts = [*first, *second]
    plain = pa.chunked_array([pa.array(first, pa.string()), pa.array(second, pa.string())])
    parts = pa.chunked_array([chunk.dictionary_encode() for chunk in plain.chunks])
    for column in (plain, plain.dictionary_encode(), parts, plain.combine_chunks()):
        coded = code_column(column)
        assert decoded(coded) == texts
        assert len(set(coded.values)) == len(coded.values)


def test_a_column_of_nothing_and_a_dictionary_with_repeats_are_coded_too():
    assert decoded(code_column(pa.nulls(2))) == [None, None]
    repeats = pa.DictionaryArray.from_arrays(pa.array([0, 1, 2, None]), pa.array(["a", "a", None]))
    coded = code_column(repeats)
    assert decoded(coded) == ["a", "a", None, None]
    assert coded.values == ("a", None)


def test_values_that_become_equal_are_one():
    coded = code_column(pa.array(["110108011", "110108012", None])).map_values(lambda code: code and code[:6])
    assert decoded(coded) == ["110108", "110108", None]
    assert coded.values == ("110108", None)


@pytest.mark.parametrize("limit", [0, 1 << 22])
@given(rows=st.lists(st.tuples(*[st.sampled_from(["a", "b", None])] * 3), max_size=30))
def test_distinct_rows_are_those_that_occur(limit, rows):
    columns = [code_column(pa.array([row[place] for row in rows], pa.string())) for place in range(3)]
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(case_columns, "_TABLE_LIMIT", limit)
        group, places = distinct_rows(columns)
    combinations = [
        tuple(column.values[place] for column, place in zip(columns, each, strict=True))
        for each in zip(*(place.tolist() for place in places), strict=True)
    ]
    assert [combinations[each] for each in group.tolist()] == rows
    assert len(set(combinations)) == len(combinations) == len(np.unique(group))
