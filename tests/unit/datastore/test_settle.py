"""Cases find their building as cases and buildings change, and the counts follow."""

import shutil
from collections.abc import Callable
from pathlib import Path

import duckdb
import pytest

from datastore import migrate
from datastore.building_join import DISTANCE_KEY, JoinReport, join_cases, join_distance_m
from datastore.errors import MetaError
from datastore.meta import write_meta
from datastore.settle import settle
from datastore.store import FILE_NAME, Store

LON, LAT = 116.3, 39.96
METRE = 1 / 111_000
"""About one metre of latitude, degrees."""


def build(con: duckdb.DuckDBPyConnection, building_id: int, south_m: float, side_m: float = 20) -> None:
    """Put up a house some metres north of the corner."""
    south, north, east = LAT + south_m * METRE, LAT + (south_m + side_m) * METRE, LON + side_m * METRE
    ring = f"{LON} {south}, {east} {south}, {east} {north}, {LON} {north}, {LON} {south}"
    con.execute(
        "INSERT INTO building (building_id, code, height_m, height_source, footprint_m2, lon, lat, geom, dataset_id) "
        "VALUES (?, ?, 9, 'measured', 100, ?, ?, ?::GEOMETRY, 0)",
        [building_id, f"B{building_id}", LON, south, f"POLYGON (({ring}))"],
    )


def report(con: duckdb.DuckDBPyConnection, case_id: int, north_m: float | None, stage: int = 40) -> None:
    """Report a case some metres north of the corner, or nowhere."""
    lat = None if north_m is None else LAT + north_m * METRE
    con.execute(
        "INSERT INTO cases (case_id, case_no, source_id, class_id, stage, reported_at, reported_day, reported_hour, "
        "lon, lat, dataset_id) VALUES (?, ?, 1, 1, ?, TIMESTAMP '2026-01-01', DATE '2026-01-01', 0, ?, ?, 0)",
        [case_id, f"no-{case_id}", stage, None if lat is None else LON + 5 * METRE, lat],
    )


def joined(con: duckdb.DuckDBPyConnection) -> dict[int, tuple[int | None, int | None]]:
    rows = con.execute("SELECT case_id, building_id, round(building_m)::INTEGER FROM cases ORDER BY case_id").fetchall()
    return {case_id: (building_id, metres) for case_id, building_id, metres in rows}


def counted(con: duckdb.DuckDBPyConnection) -> dict[str, list[tuple[int, int]]]:
    return {
        "case_by_building": con.execute(
            "SELECT building_id, sum(n) FROM case_by_building GROUP BY 1 ORDER BY 1"
        ).fetchall(),
        "open_case": con.execute(
            "SELECT building_id, count(*) FROM open_case WHERE building_id IS NOT NULL GROUP BY 1 ORDER BY 1"
        ).fetchall(),
    }


def test_a_case_knows_the_building_it_is_in_or_near(store_factory: Callable[..., Store]) -> None:
    with store_factory().write() as con:
        build(con, 3, 0)
        build(con, 7, 100)
        for case_id, north_m in enumerate([10.0, 30.0, 60.0, 90.0, None]):
            report(con, case_id, north_m)
        assert settle(con) == JoinReport(inside=1, near=2, none=2)
        assert joined(con) == {0: (3, 0), 1: (3, 10), 2: (None, None), 3: (7, 10), 4: (None, None)}
        assert counted(con) == {"case_by_building": [(3, 2), (7, 1)], "open_case": [(3, 2), (7, 1)]}


def test_added_cases_are_joined_and_counted_in(store_factory: Callable[..., Store]) -> None:
    with store_factory().write() as con:
        build(con, 0, 0)
        report(con, 0, 10)
        settle(con)
        report(con, 1, 25, stage=70)
        report(con, 2, 500)
        assert settle(con, added_from=1) == JoinReport(inside=0, near=1, none=1)
        assert joined(con) == {0: (0, 0), 1: (0, 5), 2: (None, None)}
        added = counted(con)
        settle(con)
        assert added == counted(con) == {"case_by_building": [(0, 2)], "open_case": [(0, 1)]}


def test_a_building_that_goes_leaves_its_cases_to_the_next(store_factory: Callable[..., Store]) -> None:
    with store_factory().write() as con:
        build(con, 0, 0)
        build(con, 1, 30)
        report(con, 0, 22)
        settle(con)
        assert joined(con) == {0: (0, 2)}
        con.execute("DELETE FROM building WHERE building_id = 0")
        settle(con)
        assert joined(con) == {0: (1, 8)}
        con.execute("DELETE FROM building")
        assert settle(con) == JoinReport(0, 0, 1)
        assert joined(con) == {0: (None, None)}
        assert counted(con) == {"case_by_building": [], "open_case": []}


def test_the_distance_is_the_store_s(store_factory: Callable[..., Store]) -> None:
    with store_factory().write() as con:
        build(con, 0, 0)
        report(con, 0, 60)
        assert join_distance_m(con) == 25
        assert settle(con).near == 0
        write_meta(con, {DISTANCE_KEY: "45"})
        assert settle(con).near == 1


@pytest.mark.parametrize("text", ["far", "-1", "nan", "2000"])
def test_a_distance_that_is_none_is_named(store_factory: Callable[..., Store], text: str) -> None:
    with store_factory().write() as con:
        report(con, 0, 60)
        write_meta(con, {DISTANCE_KEY: text})
        with pytest.raises(MetaError, match=f"the distance '{text}' from a case .* citydeck join --distance"):
            join_cases(con)


def test_the_demo_is_joined_as_a_settled_store_is(small_data_dir: Path, tmp_path: Path) -> None:
    shutil.copy(small_data_dir / FILE_NAME, tmp_path)
    with Store.open(tmp_path) as store, store.write() as con:
        before, counts = joined(con), counted(con)
        assert sum(building_id is not None for building_id, _ in before.values()) > len(before) / 2
        settle(con)
        assert joined(con) == before
        assert counted(con) == counts


def test_a_store_from_before_the_join_is_joined_when_it_is_opened(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    known = migrate.known_migrations()
    with monkeypatch.context() as earlier:
        earlier.setattr(migrate, "known_migrations", lambda: known[:2])
        with Store.open(tmp_path, create=True) as store, store.write() as con:
            build(con, 4, 0)
            report(con, 0, 10)
    with Store.open(tmp_path) as store, store.read() as cur:
        assert joined(cur) == {0: (4, 0)}
        assert counted(cur) == {"case_by_building": [(4, 1)], "open_case": [(4, 1)]}


def test_few_cases_are_joined_as_many_are(small_data_dir: Path, tmp_path: Path) -> None:
    shutil.copy(small_data_dir / FILE_NAME, tmp_path)
    with Store.open(tmp_path) as store, store.write() as con:
        before = joined(con)
        con.execute("UPDATE cases SET building_id = NULL, building_m = NULL WHERE case_id >= 19900")
        found = settle(con, added_from=19900)
        assert found.inside + found.near + found.none == 100
        assert joined(con) == before
