from datetime import UTC, datetime, timedelta, timezone

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from tests.selections import rings, selections
from twin_model.case import CaseStage
from twin_model.errors import SelectionError
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
    Sources,
    Stages,
    TimeWindow,
    Units,
    matches,
)

START = datetime(2026, 1, 1, tzinfo=UTC)


def case(**changes: object) -> SelectableCase:
    known: dict[str, object] = {
        "reported_at": START,
        "area_codes": frozenset(["110108", "110108011"]),
        "class_code": "E0102",
        "source_code": "VIDEO",
        "stage": CaseStage.FILED,
        "unit_code": "W01",
        "lon": 116.3,
        "lat": 39.98,
    }
    return SelectableCase(**{**known, **changes})  # type: ignore[arg-type]


UNPLACED = case(area_codes=frozenset(), lon=None, lat=None, unit_code=None)
SQUARE = Polygon(((116.0, 39.0), (117.0, 39.0), (117.0, 40.0), (116.0, 40.0)))


def test_operators_build_the_tree() -> None:
    video, street = Sources(("VIDEO",)), Areas(("110108011",))
    assert video & ~street | video == Or((And((video, Not(street))), video))


def test_an_area_holds_what_lies_below_it() -> None:
    assert matches(Areas(("110108",)), case())
    assert not matches(Areas(("110108011005",)), case())


def test_a_big_class_holds_its_small_classes() -> None:
    assert matches(Classes(("E01",)), case())
    assert matches(Classes(("E0102",)), case())
    assert not matches(Classes(("E010",)), case())


def test_a_window_holds_its_start_and_not_its_end() -> None:
    assert matches(TimeWindow(START, START + timedelta(hours=1)), case())
    assert not matches(TimeWindow(START - timedelta(hours=1), START), case())


def test_a_window_in_another_zone_is_the_same_window() -> None:
    there = timezone(timedelta(hours=8))
    end = START + timedelta(hours=1)
    assert TimeWindow(START.astimezone(there), end.astimezone(there)) == TimeWindow(START, end)


def test_open_is_every_stage_before_closed() -> None:
    held = {stage for stage in CaseStage if matches(Stages(("OPEN",)), case(stage=stage))}
    assert held == {stage for stage in CaseStage if stage < CaseStage.CLOSED}


@pytest.mark.parametrize("leaf", [Areas(("110108",)), Buildings(("B1",)), SQUARE, Units(("W01",))])
def test_what_a_case_lacks_is_false_and_its_negation_true(leaf: Areas | Buildings | Polygon | Units) -> None:
    assert not matches(leaf, UNPLACED)
    assert matches(~leaf, UNPLACED)


def test_a_building_holds_the_cases_at_it() -> None:
    assert matches(Buildings(("B1", "B2")), case(building_code="B2"))
    assert not matches(Buildings(("B1",)), case(building_code="B10"))


def test_a_polygon_holds_what_is_inside_by_the_even_odd_rule() -> None:
    bow = Polygon(((116.0, 39.0), (117.0, 40.0), (117.0, 39.0), (116.0, 40.0)))
    assert matches(SQUARE, case())
    assert not matches(bow, case(lon=116.5, lat=39.1))
    assert matches(bow, case(lon=116.1, lat=39.5))


@given(rings(), st.integers(0, 6), st.booleans(), st.tuples(st.integers(0, 18), st.integers(0, 18)))
def test_neither_first_corner_nor_direction_of_a_ring_matters(
    ring: tuple[tuple[float, float], ...], turn: int, back: bool, place: tuple[int, int]
) -> None:
    assume(all(corner != following for corner, following in zip(ring, ring[1:] + ring[:1], strict=True)))
    turned = ring[turn % len(ring) :] + ring[: turn % len(ring)]
    there = case(lon=116 + place[0] / 16, lat=40 + place[1] / 16)
    assert matches(Polygon(ring), there) == matches(Polygon(turned[::-1] if back else turned), there)


@given(selections(), selections())
def test_de_morgan_holds_for_a_case_without_place_and_unit(left: Everything, right: Everything) -> None:
    for each in (UNPLACED, case()):
        assert matches(~(left & right), each) == matches(~left | ~right, each)


@pytest.mark.parametrize(
    ("make", "message"),
    [
        (lambda: Areas(()), "at least one code"),
        (lambda: Sources(("",)), "no empty one"),
        (lambda: Stages(("DONE",)), "stage 'DONE' is unknown; known are OPEN"),
        (lambda: TimeWindow(START, START), "does not end after it starts"),
        (lambda: TimeWindow(START.replace(tzinfo=None), START), "has no time zone"),
        (lambda: TimeWindow(datetime.fromisoformat("0001-01-01T00:00+14:00"), START), "start .* out of the calendar"),
        (lambda: TimeWindow(START, datetime.fromisoformat("9999-12-31T20:00-14:00")), "end .* out of the calendar"),
        (lambda: TimeWindow(START, datetime.fromisoformat("9999-12-31T20:00+00:00")), "end .* out of the calendar"),
        (lambda: Polygon(((1, 1), (2, 2), (1, 1))), "2 corners; it needs 3"),
        (lambda: Polygon(((1, 1), (1, 1), (2, 2), (2, 2), (1, 1))), "2 corners; it needs 3"),
        (lambda: Polygon(((1, 1), (2, 2), (500, 1))), "500.0, 1.0 is no longitude, latitude"),
        (lambda: Polygon(((1, 1), (2, 2), (float("nan"), 1))), "is no longitude, latitude"),
    ],
)
def test_an_impossible_leaf_says_what_is_wrong(make: object, message: str) -> None:
    with pytest.raises(SelectionError, match=message):
        make()  # type: ignore[operator]
