import pytest
from hypothesis import given, settings

from datastore.errors import UnknownCodeError
from datastore.queries.bound import bind
from datastore.queries.predicate import select
from datastore.queries.run import compile_sql, run
from datastore.queries.tables import CASES
from tests.selections import leaves, rings, selections
from tests.unit.datastore.queries.conftest import (
    AREAS,
    BUILDINGS,
    CLASSES,
    COMMUNITIES,
    FIRST,
    GRIDS,
    SOURCES,
    UNITS,
    TinyCity,
)
from twin_model.selection import Areas, Buildings, Classes, Everything, Polygon, Selection, Sources, Units, matches

LEAVES = leaves(
    areas=[*AREAS, *COMMUNITIES, *GRIDS],
    classes=[*CLASSES, "E01", "C01"],
    sources=SOURCES,
    units=UNITS,
    buildings=BUILDINGS,
    first=FIRST,
    hours=480,
)


def ids_by_sql(city: TinyCity, selection: Selection) -> list[int]:
    with city.store.read() as cur:
        query = compile_sql(select(CASES, bind(cur, selection)).select("case_id").order_by("case_id"))
        return run(cur, query)["case_id"].to_pylist()


def ids_by_hand(city: TinyCity, selection: Selection) -> list[int]:
    return [case.case_id for case in city.cases if matches(selection, case.seen)]


@settings(max_examples=150)
@given(selection=selections(LEAVES))
def test_the_compiled_selection_finds_the_cases_that_plain_python_finds(
    tiny_city: TinyCity, selection: Selection
) -> None:
    assert ids_by_sql(tiny_city, selection) == ids_by_hand(tiny_city, selection)


@settings(max_examples=60)
@given(selection=rings().map(Polygon))
def test_a_polygon_and_its_outside_share_out_all_cases(tiny_city: TinyCity, selection: Selection) -> None:
    inside, outside = ids_by_sql(tiny_city, selection), ids_by_sql(tiny_city, ~selection)
    assert sorted(inside + outside) == ids_by_hand(tiny_city, Everything())
    assert inside == ids_by_hand(tiny_city, selection)


def test_unplaced_cases_are_outside_every_area(tiny_city: TinyCity) -> None:
    unplaced = {case.case_id for case in tiny_city.cases if not case.seen.area_codes}
    assert unplaced
    assert unplaced <= set(ids_by_sql(tiny_city, ~Areas(("110108",))))
    assert unplaced.isdisjoint(ids_by_sql(tiny_city, Areas(("110108",))))


@pytest.mark.parametrize(
    ("leaf", "message"),
    [
        (Areas(("110108", "110108999")), "no area 110108999 in this store; check the code"),
        (Buildings(("B1", "B9")), "no building B9 in this store"),
        (Classes(("E99",)), "no class E99"),
        (Sources(("DRONE",)), "no source DRONE"),
        (Units(("nobody",)), "no unit nobody"),
    ],
)
def test_a_code_that_the_store_lacks_is_named(tiny_city: TinyCity, leaf: Selection, message: str) -> None:
    with tiny_city.store.read() as cur, pytest.raises(UnknownCodeError, match=message):
        bind(cur, Everything() & ~leaf)
