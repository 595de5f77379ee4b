"""Conditions on buildings: what is written reads back, and nothing that a stranger types is taken for one."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.building_filter import (
    KEYS,
    RANGES,
    USES,
    BuildingCondition,
    canonical_conditions,
    format_conditions,
    parse_conditions,
    toggled,
    with_condition,
)


@st.composite
def ranges(draw: st.DrawFn) -> BuildingCondition:
    key = draw(st.sampled_from(tuple(RANGES)))
    tenths = st.integers(0, int(RANGES[key] * 10)).map(lambda n: n / 10)
    ends = sorted(draw(st.tuples(tenths, tenths)))
    missing = draw(st.sampled_from(("none", "low", "high")))
    return BuildingCondition(key, None if missing == "low" else ends[0], None if missing == "high" else ends[1])


choices = st.sets(st.sampled_from(USES), min_size=1).map(
    lambda words: BuildingCondition("use", values=tuple(use for use in USES if use in words))
)
conditions = st.lists(ranges() | choices, unique_by=lambda each: each.key, max_size=len(KEYS)).map(
    lambda found: tuple(sorted(found, key=lambda each: KEYS.index(each.key)))
)


@given(conditions)
def test_what_is_written_reads_back(found: tuple[BuildingCondition, ...]) -> None:
    assert parse_conditions(format_conditions(found)) == found


@given(conditions, st.randoms())
def test_the_order_of_conditions_does_not_matter(found: tuple[BuildingCondition, ...], random: object) -> None:
    parts = [each.text() for each in found]
    random.shuffle(parts)  # type: ignore[attr-defined]  # hypothesis gives a random.Random
    assert canonical_conditions(";".join(parts)) == format_conditions(found)


@given(st.text(max_size=60))
def test_any_text_is_refused_or_has_one_written_form(text: str) -> None:
    written = canonical_conditions(text)
    assert written is None or canonical_conditions(written) == written


@pytest.mark.parametrize(
    "text",
    [
        "use",
        "use:",
        "use:castle",
        "height:",
        "height:-",
        "height:9-3",
        "height:1e3-",
        "height:5000-",
        "height:１-",
        "storeys:-5-",
        "open:1-;open:2-",
        "colour:red",
    ],
)
def test_what_makes_no_sense_is_refused(text: str) -> None:
    assert parse_conditions(text) is None


def test_the_written_form_is_short() -> None:
    assert canonical_conditions("open:1-;use:civic_office;height:50-;storeys:10-30") == (
        "use:office_civic;height:50-;storeys:10-30;open:1-"
    )


def test_a_word_is_taken_in_and_taken_out() -> None:
    once = toggled("height:50-", "use", "office")
    assert once == "use:office;height:50-"
    assert toggled(toggled(once, "use", "civic"), "use", "office") == "use:civic;height:50-"
    assert toggled(once, "use", "office") == "height:50-"


def test_a_range_without_ends_takes_its_condition_away() -> None:
    assert with_condition("use:office;height:50-", BuildingCondition("height")) == "use:office"
