"""Lists of responsibilities and questions for tests: few classes, areas and units, so that rules meet."""

from datetime import UTC, datetime, timedelta

from hypothesis import strategies as st

from twin_model.class_pattern import kind_of_class
from twin_model.responsibility import (
    ANYBODY,
    NOBODY,
    RULE_KINDS,
    SYMBOLS,
    Responsibilities,
    ResponsibilityQuestion,
    ResponsibilityRule,
)

AT = datetime(2026, 3, 1, 4, tzinfo=UTC)
CLASSES = ("C0101", "C0102", "E0101", "E0102", "E0201", "X-1")
GRID = "110108011005007"
AREAS = ("", "", "110108", "110108011", "110108012", "110108011005", GRID)
UNITS = ("D01", "D02", "O01")
MOMENTS = (None, None, AT - timedelta(days=9), AT, AT + timedelta(days=9))


@st.composite
def lists(draw, most=12, areas=AREAS):
    rules = draw(st.lists(_rules(areas), max_size=most, unique_by=lambda rule: rule.rule_id))
    return Responsibilities(tuple(rules), "D09")


@st.composite
def _rules(draw, areas):
    first, end = draw(st.sampled_from(MOMENTS)), draw(st.sampled_from(MOMENTS))
    if first is not None and end is not None and end <= first:
        first, end = None, first
    return ResponsibilityRule(
        rule_id=f"R-{draw(st.integers(0, 99)):02d}",
        class_pattern=draw(st.sampled_from([*CLASSES, "C01", "E01", "E02", "C", "E", "*", "*"])),
        lead=draw(st.sampled_from([*UNITS, *SYMBOLS])),
        kind=draw(st.sampled_from(["any", *RULE_KINDS])),
        condition=draw(st.sampled_from(["", "", "missing"])),
        area=draw(st.sampled_from(areas)),
        owner=draw(st.sampled_from(["", "", "O01", ANYBODY, NOBODY])),
        maintainer=draw(st.sampled_from(["", "", "", ANYBODY])),
        assists=tuple(draw(st.lists(st.sampled_from([*UNITS, *SYMBOLS]), max_size=3))),
        valid_from=first,
        valid_to=end,
        priority=draw(st.sampled_from([0, 0, 0, 5])),
    )


@st.composite
def questions(draw):
    class_code = draw(st.sampled_from(CLASSES))
    grid = draw(st.sampled_from([GRID, "110108011006001", "110108012001001", ""]))
    component = kind_of_class(class_code) == "component"
    return ResponsibilityQuestion(
        class_code,
        kind_of_class(class_code),
        AT + draw(st.sampled_from([timedelta(), timedelta(days=-20), timedelta(days=20)])),
        condition=draw(st.sampled_from(["", "missing"])),
        street=grid[:9],
        community=grid[:12],
        grid=grid,
        owner=draw(st.sampled_from([None, "", "O01", "O02"])) if component else None,
        maintainer=draw(st.sampled_from([None, "", "O03"])) if component else None,
        territory=f"S{grid[:9]}" if grid else "",
    )
