"""The table of buildings: the right ones, counted as the map counts them, however few there are."""

from collections.abc import Iterator
from typing import Any

import pytest

from datastore.queries.buildings_ranked import buildings_ranked
from datastore.queries.load_by_building import load_by_building
from datastore.settle import settle
from datastore.store import Store
from tests.unit.datastore.queries.test_building_queries import AS_OF, LAT, LON
from twin_model.selection import Everything, Sources

HOUSES = {
    "a": ("office", 9.0, 3, 1),
    "b": ("office", 60.0, 20, 1),
    "c": ("civic", 30.0, 10, 2),
    "d": ("civic", 3.0, 1, 2),
}
"""Code -> use, height in metres, storeys, street."""
CASES = {"a": 1, "b": 3, "c": 2}
"""Open cases at each house, all of the first source but one of each."""


@pytest.fixture(scope="module")
def hamlet(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Store]:
    with Store.open(tmp_path_factory.mktemp("ranked"), create=True) as store:
        with store.write() as con:
            for street in (1, 2):
                con.execute(
                    "INSERT INTO area (area_id, code, level, name, geom_source, dataset_id) "
                    "VALUES (?, ?, 2, '街', 'none', 0)",
                    [street, f"11010800{street}"],
                )
            for building_id, (code, (use, height, storeys, street)) in enumerate(HOUSES.items()):
                west = LON + building_id * 0.01
                ring = f"{west} {LAT}, {west + 1e-4} {LAT}, {west + 1e-4} {LAT + 1e-4}, {west} {LAT}"
                con.execute(
                    'INSERT INTO building (building_id, code, "use", height_m, height_source, storeys, footprint_m2, '
                    "lon, lat, street_id, geom, dataset_id) "
                    "VALUES (?, ?, ?, ?, 'measured', ?, 100, ?, ?, ?, ?::GEOMETRY, 0)",
                    [building_id, code, use, height, storeys, west, LAT, street, f"POLYGON (({ring}))"],
                )
            add_cases(con)
            settle(con)
        yield store


def add_cases(con: Any) -> None:
    number = 0
    for building_id, code in enumerate(HOUSES):
        for nth in range(CASES.get(code, 0)):
            con.execute(
                "INSERT INTO cases (case_id, case_no, source_id, class_id, stage, reported_at, reported_day, "
                "reported_hour, lon, lat, dataset_id) SELECT ?, ?, ?, min(class_id), 40, "
                "TIMESTAMP '2026-03-09 00:00:00', DATE '2026-03-09', 8, ?, ?, 0 FROM case_class",
                [number, f"no-{number}", 1 if nth else 2, LON + building_id * 0.01 + 5e-5, LAT + 2e-5],
            )
            number += 1


def codes(store: Store, **asked: Any) -> list[str]:
    with store.read() as cursor:
        return [code for code in buildings_ranked(cursor, Everything(), AS_OF, **asked)["code"].to_pylist() if code]


def test_the_most_loaded_building_is_first_and_one_without_cases_last(hamlet: Store) -> None:
    assert codes(hamlet) == ["b", "c", "a", "d"]


@pytest.mark.parametrize(
    ("asked", "found"),
    [
        ({"uses": ("civic",)}, ["c", "d"]),
        ({"limits": (("height", (30.0, None)),)}, ["b", "c"]),
        ({"limits": (("height", (None, 30.0)), ("storeys", (2.0, None)))}, ["c", "a"]),
        ({"limits": (("open", (2.0, None)),)}, ["b", "c"]),
        ({"limits": (("open", (None, 0.0)),)}, ["d"]),
        ({"area_code": "110108002"}, ["c", "d"]),
        ({"area_code": "110108009"}, []),
        ({"limit": 1}, ["b"]),
    ],
)
def test_conditions_hold_for_all_that_is_listed(hamlet: Store, asked: dict[str, Any], found: list[str]) -> None:
    assert codes(hamlet, **asked) == found


def test_it_is_told_how_many_match_even_where_none_is_listed(hamlet: Store) -> None:
    with hamlet.read() as cursor:
        listed = buildings_ranked(cursor, Everything(), AS_OF, limit=1)
        none = buildings_ranked(cursor, Everything(), AS_OF, uses=("village",))
    assert [(row["matching"], row["buildings"]) for row in listed.to_pylist()] == [(4, 4)]
    assert [(row["code"], row["matching"], row["buildings"]) for row in none.to_pylist()] == [(None, 0, 4)]


def test_counts_are_those_that_colour_the_map(hamlet: Store) -> None:
    chosen = Sources(("COLLECTOR",))
    with hamlet.read() as cursor:
        load = load_by_building(cursor, chosen, AS_OF).to_pylist()
        rows = {row["code"]: row for row in buildings_ranked(cursor, chosen, AS_OF).to_pylist()}
    by_code = {list(HOUSES)[row["building_id"]]: row["open"] for row in load}
    assert {code: row["open"] for code, row in rows.items() if row["open"]} == by_code
    assert sum(by_code.values()) == 3
