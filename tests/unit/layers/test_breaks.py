"""Classes hold what is there: no colour for nothing, never one colour for everything."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from layers.breaks import quantile_breaks
from layers.errors import LayerError


@given(st.lists(st.integers(0, 500), max_size=60), st.integers(2, 7))
def test_breaks_ascend_and_leave_something_in_the_top_class(values: list[int], classes: int) -> None:
    breaks = quantile_breaks(np.array(values, dtype=float), classes)
    assert breaks == sorted(set(breaks))
    assert len(breaks) <= classes - 1
    assert all(limit < max(values) for limit in breaks)


def test_one_large_value_does_not_push_the_others_into_one_class() -> None:
    breaks = quantile_breaks(np.array([*range(1, 65), 100_000.0]), 6)
    assert len(breaks) == 5
    assert breaks[-1] < 100


def test_values_that_are_nothing_have_no_breaks() -> None:
    assert quantile_breaks(np.array([0.0, -1.0, np.nan]), 5) == []


def test_a_single_class_is_refused() -> None:
    with pytest.raises(LayerError, match="2 or more"):
        quantile_breaks(np.array([1.0]), 1)
