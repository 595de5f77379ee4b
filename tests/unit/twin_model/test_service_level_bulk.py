"""Service levels of many cases at once."""

from datetime import UTC, datetime

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from twin_model import calendar
from twin_model.errors import CalendarError, ServiceLevelError
from twin_model.service_level import choose, deadline, from_document
from twin_model.service_level_bulk import Encoded, choose_many, deadline_many, turning_points
from twin_model.zone_time import micros_of, moment_of

CHINA = calendar.from_document(calendar.default_document())
CLASSES = ["E0101", "E0102", "E0201", "C0101", "X-ODD"]
AREAS = ["110108011001001", "110108011002001", "110108012001", "110108", ""]
CONDITIONS = ["missing_cover", "guard"]
YEARS = [micros_of(datetime(year, 1, 1, tzinfo=UTC)) for year in (2024, 2028)]
FALLBACK = {"rule_id": "F", "class_pattern": "*", "clock": "working_days", "limit": 3}

validity = st.sampled_from(["", "2025-06-01T00:00:00+08:00", "2026-02-14T12:00:00Z", "2027-01-01T00:00:00+08:00"])
rules = st.fixed_dictionaries(
    {
        "class_pattern": st.sampled_from(["*", "E", "E01", "C01", *CLASSES]),
        "clock": st.sampled_from(["emergency", "working_hours", "working_days"]),
        "limit": st.integers(1, 40),
        "condition": st.sampled_from(["", "", *CONDITIONS]),
        "area": st.sampled_from(["", "", "110108", "110108011", "110108011001"]),
        "area_kind": st.sampled_from(["", "", "key"]),
        "season": st.sampled_from(["", "", "11-15/03-15", "02-29/02-29", "06-01/08-31"]),
        "valid_from": validity,
    }
)
lists = st.lists(rules, max_size=15).map(
    lambda rows: from_document(
        {
            "fallback": FALLBACK,
            "area_kinds": [{"area": "110108011", "kind": "key"}, {"area": "110108011002", "kind": "plain"}],
            "rules": [row | {"rule_id": f"S-{place}"} for place, row in enumerate(rows)],
        }
    )
)
cases = st.lists(
    st.tuples(
        st.integers(-1, len(CLASSES) - 1),
        st.integers(-1, len(AREAS) - 1),
        st.integers(-1, len(CONDITIONS) - 1),
        st.integers(*YEARS),
    ),
    max_size=30,
)


@given(lists, cases)
def test_many_cases_get_the_rule_and_the_deadline_of_each(levels, rows):
    classes, areas, marks, moments = np.array(rows, np.int64).reshape(-1, 4).T
    columns = Encoded(CLASSES, classes), Encoded(AREAS, areas), moments, Encoded(CONDITIONS, marks)
    indices, found = choose_many(levels, *columns)
    expected = [
        choose(levels, [*CLASSES, ""][c], [*CONDITIONS, ""][m], [*AREAS, ""][a], moment_of(int(at)))
        for c, a, m, at in rows
    ]
    assert [found[index] for index in indices] == [choice.rule for choice in expected]
    due = [
        micros_of(deadline(choice, CHINA, moment_of(int(row[3])))) for choice, row in zip(expected, rows, strict=True)
    ]
    assert deadline_many(found, indices, CHINA, moments).tolist() == due


@given(lists)
def test_one_moment_may_stand_for_all_and_no_condition_is_the_default(levels):
    at = datetime(2026, 2, 20, tzinfo=UTC)
    keys = np.arange(len(CLASSES))
    indices, found = choose_many(levels, Encoded(CLASSES, keys), Encoded(AREAS, np.zeros_like(keys)), at)
    expected = [choose(levels, code, "", AREAS[0], at).rule for code in CLASSES]
    assert [found[index] for index in indices] == expected


def test_the_fallback_stands_last():
    levels = from_document({"fallback": FALLBACK, "rules": []})
    indices, found = choose_many(
        levels, Encoded(["E0101"], np.array([0])), Encoded([], np.array([-1])), np.array([0], np.int64)
    )
    assert (indices.tolist(), found) == ([0], (levels.fallback,))


def test_only_turns_within_the_time_are_told():
    levels = from_document(
        {"fallback": FALLBACK, "rules": [{**FALLBACK, "rule_id": "A", "season": "11-15/03-15", "limit": 1}]}
    )
    turns = [moment_of(int(turn)) for turn in turning_points(levels, *YEARS)]
    assert [f"{turn:%m-%d %H}" for turn in turns] == ["03-15 16", "11-14 16"] * 4


@pytest.mark.parametrize(
    ("classes", "areas", "moments", "message"),
    [
        ([0, 0], [0], [0, 0], "1 areas for 2 cases; give one each"),
        ([0, 5], [0, 0], [0, 0], "a key of the classes has none of the 5 values"),
        ([0, -2], [0, 0], [0, 0], "a key of the classes has none of the 5 values"),
        ([0, 0], [0, 0], [0], "1 moments for 2 cases"),
    ],
)
def test_columns_that_do_not_fit_are_refused(classes, areas, moments, message):
    levels = from_document({"fallback": FALLBACK, "rules": []})
    with pytest.raises(ServiceLevelError, match=message):
        choose_many(
            levels, Encoded(CLASSES, np.array(classes)), Encoded(AREAS, np.array(areas)), np.array(moments, np.int64)
        )


def test_a_naive_moment_is_refused():
    levels = from_document({"fallback": FALLBACK, "rules": []})
    naive = datetime(2026, 1, 1, tzinfo=UTC).replace(tzinfo=None)
    with pytest.raises(CalendarError, match="no time zone"):
        choose_many(levels, Encoded(CLASSES, np.array([0])), Encoded(AREAS, np.array([0])), naive)
