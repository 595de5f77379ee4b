import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from twin_model.case_class import default_case_classes
from twin_model.demo.case_mix import (
    REPORTED_BY_SOURCE,
    SEASONS,
    SPREAD,
    cases_by_source,
    class_shares,
    closed_of,
    largest_remainder,
)
from twin_model.demo.case_places import PROFILES
from twin_model.demo.plan import PUBLISHED_CASES


def test_full_size_has_the_published_counts():
    assert cases_by_source(PUBLISHED_CASES) == {
        "COLLECTOR": 1_724_904,
        "ASSESSMENT": 311_213,
        "SATELLITE": 1_505,
        "VIDEO": 1_583,
        "DATA_IOT": 1_347,
    }
    assert closed_of(PUBLISHED_CASES) == 1_857_530


@given(st.integers(0, 10**8))
def test_split_by_source_is_exact_and_proportional(total):
    counts = cases_by_source(total)
    assert sum(counts.values()) == total
    for source, published in REPORTED_BY_SOURCE.items():
        assert abs(counts[source] - total * published / PUBLISHED_CASES) < 1


@given(st.integers(0, 10**6), st.lists(st.integers(1, 10**6), min_size=1, max_size=9))
def test_largest_remainder_sums_to_the_total(total, weights):
    shares = largest_remainder(total, weights)
    assert shares.sum() == total
    assert (shares >= 0).all()


@pytest.mark.parametrize("source", REPORTED_BY_SOURCE)
def test_class_shares_sum_to_one(source):
    shares = class_shares(source, default_case_classes())
    assert shares.sum() == pytest.approx(1.0)
    assert (shares >= 0).all()


def test_events_dominate_what_people_find():
    classes = default_case_classes()
    events = np.array([row.kind == "event" for row in classes])
    assert 0.7 < class_shares("COLLECTOR", classes)[events].sum() < 0.9


def test_season_has_mean_one_and_its_peak_on_its_day():
    days = np.arange(1, 366)
    for season in SEASONS.values():
        factor = season.factor(days)
        assert factor.mean() == pytest.approx(1.0, abs=0.02)
        assert factor.argmax() + 1 == season.peak_day
        assert factor.max() == pytest.approx(season.peak_factor)


def test_every_class_named_in_the_mix_exists():
    codes = {row.code for row in default_case_classes()}
    assert codes >= SEASONS.keys() | SPREAD.keys()
    assert set(SPREAD.values()) < set(PROFILES)
