"""The alert rule: clear rises only, the clearest first."""

from datetime import UTC, datetime
from math import inf

from twin_model.alert import rises, windows


def test_a_steady_area_does_not_rise() -> None:
    assert rises([("a", 100, 400)]) == []


def test_a_clear_rise_is_found_with_its_expectation() -> None:
    (rise,) = rises([("a", 150, 400)])
    assert (rise.code, rise.recent, rise.expected, rise.ratio) == ("a", 150, 100.0, 1.5)
    assert round(rise.z, 3) == round(50 / 125**0.5, 3)


def test_few_cases_never_alert() -> None:
    assert rises([("a", 9, 0)]) == []


def test_a_large_area_needs_more_than_significance() -> None:
    assert rises([("a", 11_000, 40_000)]) == []


def test_an_area_without_a_past_may_rise() -> None:
    (rise,) = rises([("a", 30, 0)])
    assert (rise.code, rise.is_new, rise.ratio) == ("a", True, inf)
    assert not rises([("b", 150, 400)])[0].is_new


def test_the_base_ends_where_the_last_week_begins() -> None:
    recent, base = windows(datetime(2026, 3, 8, tzinfo=UTC))
    assert (base.end, recent.start, recent.end) == (
        recent.start,
        datetime(2026, 3, 1, tzinfo=UTC),
        datetime(2026, 3, 8, tzinfo=UTC),
    )
    assert base.end - base.start == 4 * (recent.end - recent.start)


def test_the_clearest_rise_comes_first() -> None:
    assert [rise.code for rise in rises([("a", 25, 40), ("b", 300, 400), ("c", 170, 400)])] == ["b", "c", "a"]
