"""Every figure against plain Python: the rollups answer as the cases do."""

from collections import Counter
from datetime import date, datetime, timedelta

import pytest
from hypothesis import given, settings

from datastore.errors import UnknownCodeError
from datastore.queries.areas_ranked import areas_ranked
from datastore.queries.bound import bind
from datastore.queries.case_list import most_urgent_cases, newest_cases
from datastore.queries.case_totals import case_totals
from datastore.queries.cases_by_source import cases_by_source
from datastore.queries.daily_trend import daily_trend
from datastore.queries.facts import closed_cases, joined_cases, reported_cases
from datastore.queries.load_by_area import RECENT_DAYS, load_by_area
from datastore.queries.load_by_building import load_by_building
from datastore.queries.open_case_points import STATE_CODES, open_case_points
from datastore.queries.run import compile_sql
from tests.selections import code_tuples, leaves, selections, windows
from tests.unit.datastore.queries.conftest import (
    AREAS,
    AS_OF,
    BUILDINGS,
    CLASSES,
    COMMUNITIES,
    FIRST,
    GRIDS,
    SOURCES,
    UNITS,
    KnownCase,
    TinyCity,
)
from twin_model.area import AreaLevel
from twin_model.case import OPEN_STAGES, CaseStage
from twin_model.selection import Areas, Classes, Everything, Selection, Sources, Stages, TimeWindow, matches

TODAY = date(2026, 3, 10)
ANY = leaves(
    areas=[*AREAS, *COMMUNITIES, *GRIDS],
    classes=CLASSES,
    sources=SOURCES,
    units=UNITS,
    buildings=BUILDINGS,
    first=FIRST,
    hours=480,
)
ROLLED_UP = (
    code_tuples(AREAS).map(Areas)
    | code_tuples([*COMMUNITIES, *GRIDS]).map(Areas)
    | code_tuples(SOURCES).map(Sources)
    | code_tuples(["OPEN", "CLOSED", "VOID"]).map(Stages)
    | windows(FIRST, 480)
)
"""Leaves that a rollup can answer, or nearly can."""

SOME = selections(ROLLED_UP) | selections(ANY)
thorough = settings(max_examples=60)


def chosen(city: TinyCity, selection: Selection) -> list[KnownCase]:
    return [case for case in city.cases if matches(selection, case.seen)]


def is_open(case: KnownCase) -> bool:
    return case.seen.stage in OPEN_STAGES


def is_overdue(case: KnownCase) -> bool:
    return is_open(case) and case.deadline_at is not None and case.deadline_at < AS_OF


def is_due_soon(case: KnownCase) -> bool:
    if not is_open(case) or case.deadline_at is None:
        return False
    return AS_OF <= case.deadline_at < AS_OF + timedelta(hours=4)


def figures(cases: list[KnownCase]) -> dict[str, int]:
    return {
        "reported": len(cases),
        "closed": sum(case.seen.stage is CaseStage.CLOSED for case in cases),
        "open": sum(map(is_open, cases)),
        "overdue": sum(map(is_overdue, cases)),
        "due_soon": sum(map(is_due_soon, cases)),
        "day_reported": sum(case.reported_day == TODAY for case in cases),
    }


@thorough
@given(selection=SOME)
def test_totals_are_those_of_the_chosen_cases(tiny_city: TinyCity, selection: Selection) -> None:
    with tiny_city.store.read() as cur:
        (row,) = case_totals(cur, selection, AS_OF).to_pylist()
    cases = chosen(tiny_city, selection)
    expected = figures(cases)
    assert {name: row[name] for name in expected} == expected
    assert row["day"] == TODAY
    assert row["day_closed"] == sum(case.closed_day == TODAY for case in cases)
    assert row["closing_rate"] == (expected["closed"] / len(cases) if cases else None)


@thorough
@given(selection=SOME)
def test_sources_add_up_to_the_chosen_cases(tiny_city: TinyCity, selection: Selection) -> None:
    with tiny_city.store.read() as cur:
        rows = cases_by_source(cur, selection).to_pylist()
    cases = chosen(tiny_city, selection)
    counts = Counter(case.seen.source_code for case in cases)
    assert {row["code"]: row["reported"] for row in rows if row["reported"]} == counts
    assert [row["source_id"] for row in rows] == list(range(1, 9))
    for row in rows:
        latest = max((case.seen.reported_at for case in cases if case.seen.source_code == row["code"]), default=None)
        assert row["last_reported_at"] == (latest and latest.replace(tzinfo=None))


@thorough
@given(selection=SOME)
def test_the_trend_has_every_day_once(tiny_city: TinyCity, selection: Selection) -> None:
    with tiny_city.store.read() as cur:
        rows = daily_trend(cur, selection, AS_OF, 10).to_pylist()
    cases = chosen(tiny_city, selection)
    days = [TODAY - timedelta(days=back) for back in range(9, -1, -1)]
    assert [row["day"] for row in rows] == days
    assert [row["reported"] for row in rows] == [sum(case.reported_day == day for case in cases) for day in days]
    assert [row["closed"] for row in rows] == [sum(case.closed_day == day for case in cases) for day in days]


@pytest.mark.parametrize("parent", ["110108", "110108001", "110108001001"])
@settings(max_examples=25)
@given(selection=SOME)
def test_ranked_areas_hold_their_own_cases(tiny_city: TinyCity, parent: str, selection: Selection) -> None:
    with tiny_city.store.read() as cur:
        rows = areas_ranked(cur, selection, parent, AS_OF).to_pylist()
    assert {row["code"] for row in rows} == {code for code in [*AREAS, *COMMUNITIES, *GRIDS] if code[:-3] == parent}
    assert [(-row["open"], row["code"]) for row in rows] == sorted((-row["open"], row["code"]) for row in rows)
    for row in rows:
        cases = chosen(tiny_city, selection & Areas((row["code"],)))
        expected = figures(cases)
        assert {name: row[name] for name in expected} == expected
        assert row["closing_rate"] == (expected["closed"] / len(cases) if cases else None)


@pytest.mark.parametrize(("level", "codes"), [(2, AREAS[1:]), (3, COMMUNITIES), (4, GRIDS)])
@settings(max_examples=25)
@given(selection=SOME)
def test_load_lists_every_area_of_the_level(
    tiny_city: TinyCity, level: int, codes: list[str], selection: Selection
) -> None:
    with tiny_city.store.read() as cur:
        rows = load_by_area(cur, selection, AreaLevel(level), AS_OF).to_pylist()
    assert [row["code"] for row in rows] == codes
    for row in rows:
        cases = chosen(tiny_city, selection & Areas((row["code"],)))
        recent = [case for case in cases if TODAY - timedelta(days=RECENT_DAYS) < case.reported_day <= TODAY]
        expected = figures(cases)
        assert [row[name] for name in ("open", "overdue", "reported")] == [
            expected[name] for name in ("open", "overdue", "reported")
        ]
        assert row["recent"] == len(recent)


@thorough
@given(selection=SOME)
def test_load_lists_the_buildings_that_have_cases(tiny_city: TinyCity, selection: Selection) -> None:
    with tiny_city.store.read() as cur:
        rows = load_by_building(cur, selection, AS_OF).to_pylist()
    cases = chosen(tiny_city, selection)
    at = {code: [case for case in cases if case.seen.building_code == code] for code in BUILDINGS}
    assert rows == [
        {
            "building_id": building_id,
            **{name: figures(at[code])[name] for name in ("open", "overdue")},
            "recent": sum(TODAY - timedelta(days=RECENT_DAYS) < case.reported_day <= TODAY for case in at[code]),
            "reported": len(at[code]),
        }
        for building_id, code in enumerate(BUILDINGS)
        if at[code]
    ]


def urgency(case: KnownCase) -> tuple[bool, datetime, datetime, int]:
    """Deadlines in turn; cases without one come last, by their report."""
    return case.deadline_at is None, case.deadline_at or AS_OF, case.seen.reported_at, case.case_id


@thorough
@given(selection=SOME)
def test_lists_are_in_order_and_short(tiny_city: TinyCity, selection: Selection) -> None:
    cases = chosen(tiny_city, selection)
    with tiny_city.store.read() as cur:
        newest = newest_cases(cur, selection, AS_OF, 5).to_pylist()
        urgent = most_urgent_cases(cur, selection, AS_OF, 5).to_pylist()
    latest = sorted(cases, key=lambda case: case.seen.reported_at, reverse=True)[:5]
    assert [row["case_no"] for row in newest] == [f"no-{case.case_id:05d}" for case in latest]
    first = sorted(filter(is_open, cases), key=urgency)[:5]
    assert [row["case_no"] for row in urgent] == [f"no-{case.case_id:05d}" for case in first]
    assert [row["state"] == "overdue" for row in urgent] == [is_overdue(case) for case in first]


def test_a_listed_case_carries_its_names(tiny_city: TinyCity) -> None:
    with tiny_city.store.read() as cur:
        rows = newest_cases(cur, Everything(), AS_OF, 400).to_pylist()
    by_number = {row["case_no"]: row for row in rows}
    for case in tiny_city.cases:
        row = by_number[f"no-{case.case_id:05d}"]
        community = next((code for code in case.seen.area_codes if len(code) == 12), None)
        assert row["class_code"] == case.seen.class_code
        assert row["source_code"] == case.seen.source_code
        assert row["unit_name_zh"] == case.seen.unit_code
        assert row["community_code"] == community
        assert row["community_name"] == (community and f"名{community}")
        assert row["building_code"] == case.seen.building_code


def test_points_are_the_placed_open_cases_most_urgent_first(tiny_city: TinyCity) -> None:
    with tiny_city.store.read() as cur:
        rows = open_case_points(cur, Everything(), AS_OF, 1000).to_pylist()
        few = open_case_points(cur, Everything(), AS_OF, 3).to_pylist()
    placed = [case for case in tiny_city.cases if is_open(case) and case.seen.lon is not None]
    assert {row["case_no"] for row in rows} == {f"no-{case.case_id:05d}" for case in placed}
    assert few == rows[:3]
    late = {f"no-{case.case_id:05d}" for case in placed if is_overdue(case)}
    assert {row["case_no"] for row in rows if row["state"] == STATE_CODES["overdue"]} == late


def test_an_unknown_parent_is_named(tiny_city: TinyCity) -> None:
    with tiny_city.store.read() as cur, pytest.raises(UnknownCodeError, match="no area 999"):
        areas_ranked(cur, Everything(), "999", AS_OF)


@pytest.mark.parametrize(
    ("selection", "columns", "table"),
    [
        (Everything(), (), "case_by_community"),
        (Areas(("110108001",)) & Sources(("VIDEO",)), (), "case_by_community"),
        (Everything(), ("reported_day",), "case_by_day"),
        (TimeWindow(FIRST, FIRST + timedelta(days=2)), ("street_id",), "case_by_day"),
        (Areas((GRIDS[0],)), (), "case_by_grid"),
        (TimeWindow(FIRST, FIRST + timedelta(hours=2)), (), "cases"),
        (TimeWindow(FIRST, FIRST + timedelta(days=2)), ("grid_id",), "cases"),
        (Classes(("E0101",)), (), "cases"),
    ],
)
def test_the_smallest_table_that_can_answers(
    tiny_city: TinyCity, selection: Selection, columns: tuple[str, ...], table: str
) -> None:
    with tiny_city.store.read() as cur:
        facts = reported_cases(bind(cur, selection), columns)
    assert f'FROM "{table}"' in compile_sql(facts).sql


def test_closed_days_come_from_their_rollup_where_it_can(tiny_city: TinyCity) -> None:
    with tiny_city.store.read() as cur:
        rolled = closed_cases(bind(cur, Sources(("VIDEO",))), ())
        direct = closed_cases(bind(cur, TimeWindow(FIRST, FIRST + timedelta(days=1))), ())
    assert 'FROM "case_by_closed_day"' in compile_sql(rolled).sql
    assert 'FROM "cases"' in compile_sql(direct).sql


def test_cases_at_buildings_come_from_their_rollup_where_it_can(tiny_city: TinyCity) -> None:
    with tiny_city.store.read() as cur:
        rolled = joined_cases(bind(cur, Sources(("VIDEO",)) & Areas((GRIDS[0],))), ())
        direct = joined_cases(bind(cur, Classes(("E0101",))), ())
    assert 'FROM "case_by_building"' in compile_sql(rolled).sql
    assert 'FROM "cases"' in compile_sql(direct).sql
