from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.selections import selections
from twin_model.case import CaseStage
from twin_model.selection import (
    And,
    Areas,
    Buildings,
    Classes,
    Everything,
    Not,
    Or,
    Polygon,
    SelectableCase,
    Selection,
    Sources,
    Stages,
    TimeWindow,
    Units,
    canonical,
    matches,
)

ALL, NONE = Everything(), Not(Everything())
A, B, C = Areas(("110108001",)), Units(("W01",)), Sources(("VIDEO",))
T0 = datetime(2026, 1, 1, tzinfo=UTC)


def window(start: int, end: int) -> TimeWindow:
    return TimeWindow(T0 + timedelta(days=start), T0 + timedelta(days=end))


cases = st.builds(
    SelectableCase,
    reported_at=st.integers(0, 480).map(lambda hours: datetime(2026, 1, 1, 16, tzinfo=UTC) + timedelta(hours=hours)),
    area_codes=st.sampled_from(["", "110108", "110108011", "110108011005", "110108011005007"]).map(
        lambda code: frozenset(code[:end] for end in (6, 9, 12, 15) if end <= len(code))
    ),
    class_code=st.sampled_from(["E0101", "E0102", "C0101", "X-1"]),
    source_code=st.sampled_from(["VIDEO", "COLLECTOR", "PUBLIC", "OTHER"]),
    stage=st.sampled_from(CaseStage),
    unit_code=st.sampled_from(["W01", "水务(局)", "a~b, c", None]),
    lon=st.integers(0, 18).map(lambda number: 116 + number / 16) | st.none(),
    lat=st.integers(0, 18).map(lambda number: 40 + number / 16),
    building_code=st.sampled_from(["B1", "建筑-2", None]),
)


@given(selections(), st.lists(cases, min_size=1, max_size=8))
def test_the_canonical_form_means_the_same(selection: Selection, among: list[SelectableCase]) -> None:
    form = canonical(selection)
    assert [matches(form, case) for case in among] == [matches(selection, case) for case in among]


@given(selections())
def test_the_canonical_form_is_its_own(selection: Selection) -> None:
    form = canonical(selection)
    assert canonical(form) == form


@given(selections(), selections())
def test_order_and_repetition_do_not_matter(left: Selection, right: Selection) -> None:
    assert canonical(left & right) == canonical(right & left & right)
    assert canonical(left | right) == canonical(right | left | right)


@pytest.mark.parametrize(
    ("selection", "form"),
    [
        (And(()), ALL),
        (Or(()), NONE),
        (Not(Not(A)), A),
        (A & ALL, A),
        (A & NONE, NONE),
        (A | ALL, ALL),
        (A | NONE, A),
        (A & ~A, NONE),
        (A | ~A, ALL),
        (A & (A | B), A),
        (A | (A & B), A),
        (~(A & B), Or((Not(A), Not(B)))),
        (C & (B & A), And((A, C, B))),
        (Sources(("VIDEO", "PUBLIC")) & Sources(("VIDEO", "OTHER")), C),
        (Sources(("PUBLIC",)) & C, NONE),
        (Sources(("PUBLIC",)) | C, Sources(("PUBLIC", "VIDEO"))),
        (~Sources(("PUBLIC",)) & ~C, Not(Sources(("PUBLIC", "VIDEO")))),
        (~Sources(("PUBLIC",)) | ~C, ALL),
        (Buildings(("B2", "B1")) & Buildings(("B1", "B3")), Buildings(("B1",))),
        (Buildings(("B2",)) & Buildings(("B1",)), NONE),
        (Buildings(("B2",)) | Buildings(("B1", "B2")), Buildings(("B1", "B2"))),
        (A & Areas(("110108",)), And((Areas(("110108",)), A))),
        (A | Areas(("110108",)), Areas(("110108", "110108001"))),
        (Classes(("E01", "E0102", "C0101")), Classes(("C0101", "E01"))),
        (Classes(("E01", "C0101")) & Classes(("E0102", "C01")), Classes(("C0101", "E0102"))),
        (Stages(tuple(stage.name for stage in CaseStage)), ALL),
        (~Stages(("OPEN", "VOID", "DUPLICATE")), Stages(("CLOSED",))),
        (Stages(("OPEN", "FILED")), Stages(("OPEN",))),
        (window(0, 2) & window(1, 3), window(1, 2)),
        (window(0, 1) & window(1, 2), NONE),
        (window(0, 1) | window(1, 2), window(0, 2)),
        (window(2, 3) | window(0, 1), Or((window(0, 1), window(2, 3)))),
        (Polygon(((2, 2), (1, 1), (2, 1))), Polygon(((1, 1), (2, 1), (2, 2)))),
    ],
)
def test_the_form_is_the_shortest_that_is_safe(selection: Selection, form: Selection) -> None:
    assert canonical(selection) == form
