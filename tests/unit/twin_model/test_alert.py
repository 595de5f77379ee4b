"""The alert rule: clear rises only, the clearest first."""

from twin_model.alert import rises


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
    assert [rise.code for rise in rises([("a", 30, 0)])] == ["a"]


def test_the_clearest_rise_comes_first() -> None:
    assert [rise.code for rise in rises([("a", 25, 40), ("b", 300, 400), ("c", 170, 400)])] == ["b", "c", "a"]
