import pytest

from twin_model.case_class import default_case_classes
from twin_model.class_pattern import PatternLevel, kind_of_class, kind_of_pattern, pattern_level, patterns_of


@pytest.mark.parametrize(
    ("code", "patterns"),
    [
        ("E0102", ("E0102", "E01", "E", "*")),
        ("X-路灯", ("X-路灯", "X", "*")),
        ("路灯", ("路灯", "*")),
        ("E01", ("E01", "E", "*")),
        ("", ("", "*")),
    ],
)
def test_a_class_falls_under_its_patterns_the_most_specific_first(code, patterns):
    assert patterns_of(code) == patterns


def test_levels_tell_how_much_a_pattern_says():
    levels = [pattern_level(pattern) for pattern in ("*", "E", "E01", "E0102", "X-1", "e")]
    assert levels == [PatternLevel.EVERY, PatternLevel.KIND, PatternLevel.BIG, *[PatternLevel.EXACT] * 3]


def test_the_letter_tells_the_kind_of_every_default_class():
    assert all(kind_of_class(row.code) == row.kind for row in default_case_classes())
    assert [kind_of_class(code) for code in ("X-1", "", "C1", "Camera", "E01022")] == ["other"] * 5


def test_a_pattern_may_leave_the_kind_open():
    assert [kind_of_pattern(pattern) for pattern in ("*", "C", "E01", "X")] == [None, "component", "event", None]
