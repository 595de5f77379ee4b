"""Questions about one building and what is near it, over a hamlet of four houses drawn in metres."""

from collections.abc import Iterator
from datetime import UTC, date, datetime, timedelta
from typing import Any

import numpy as np
import pytest

from datastore.queries.building_by_code import building_by_code
from datastore.queries.building_case_counts import building_case_counts
from datastore.queries.building_cases import building_cases
from datastore.queries.building_components import building_components
from datastore.queries.building_lods import LOD_NUMBER, building_lods
from datastore.queries.building_model_tiles import building_model_tiles
from datastore.queries.building_models import building_models
from datastore.queries.building_neighbours import building_neighbours
from datastore.queries.building_texture import building_texture
from datastore.queries.building_trend import building_trend
from datastore.queries.case_by_no import case_by_no
from datastore.queries.dataset_levels import dataset_levels
from datastore.registry import Dataset, register
from datastore.settle import settle
from datastore.store import Store
from twin_model.case import CaseStage
from twin_model.city_object import lod_number
from twin_model.local_frame import metres_per_degree
from twin_model.surface import SurfaceKind

LON, LAT = 116.3, 39.96
PER_LON, PER_LAT = metres_per_degree(LAT)
AS_OF = datetime(2026, 3, 10, 16, tzinfo=UTC)
"""Midnight of 11 March in the city."""
HOUSES = {"a": 0.0, "b": 13.0, "c": 40.0, "d": 1200.0}
"""Code -> how far west its western wall stands, metres east of the corner; each is 10 metres wide and deep."""
PYRAMID = np.array([[0, 0, 0], [10, 0, 0], [10, 10, 0], [0, 10, 0], [5, 5, 6]], np.float32)
FACES = np.array([[0, 2, 1], [0, 3, 2], [0, 1, 4], [1, 2, 4], [2, 3, 4], [3, 0, 4]], np.uint32)
KINDS = np.array([1, 1, 3, 3, 3, 2], np.uint8)


def dataset(name: str, kind: Any) -> Dataset:
    return Dataset(name, kind, f"数据 {name}", f"{name}.json", "", "", "CC0-1.0", "EPSG:7415", False, AS_OF, 4)


def add_houses(con: Any) -> None:
    for building_id, (code, east_m) in enumerate(HOUSES.items()):
        west, east = LON + east_m / PER_LON, LON + (east_m + 10) / PER_LON
        north = LAT + 10 / PER_LAT
        ring = f"{west} {LAT}, {east} {LAT}, {east} {north}, {west} {north}, {west} {LAT}"
        con.execute(
            'INSERT INTO building (building_id, code, name, "use", height_m, height_source, storeys, footprint_m2, '
            "lon, lat, street_id, geom, dataset_id) VALUES (?, ?, ?, 'office', 9, ?, 3, 100, ?, ?, 1, ?::GEOMETRY, 0)",
            [building_id, code, f"楼{code}", "model" if code == "a" else "estimated", west, LAT, f"POLYGON (({ring}))"],
        )
    con.execute(
        "INSERT INTO building_detail VALUES (0, 'NL.1', '甲路 1 号', 2.5, '{\"roof\": \"hip\"}', 0), "
        "(1, 'NL.2', '甲路 2 号', 0, '{}', 0)"
    )
    con.execute(
        "INSERT INTO area (area_id, code, level, name, geom_source, dataset_id) "
        "VALUES (1, '110108011', 2, '某街', 'none', 0)"
    )


def add_models(con: Any) -> None:
    rows = [(0, "0", 7), (0, "1.2", 7), (0, "2.2", 7), (0, "10", 7), (1, "2.2", 8), (2, "0", 8)]
    for building_id, lod, tile in rows:
        con.execute(
            "INSERT INTO building_model VALUES (?, ?, ?, ?, ?, 2.5, ?, ?, ?, NULL, NULL, 'repaired', 'inside_out', "
            "true, 200, 140, 0)",
            [building_id, lod, tile, LON, LAT, PYRAMID.tobytes(), FACES.tobytes(), KINDS.tobytes()],
        )
    con.execute("INSERT INTO building_texture VALUES (5, 'a/b.png', 'image/png', 'ff', '\\x01\\x02'::BLOB, 0)")


def add_cases(con: Any) -> None:
    """Forty cases at house a, one a day back from the last whole one, and one at b."""
    for number in range(41):
        reported = AS_OF - timedelta(days=number, hours=2)
        stage = CaseStage.CLOSED if number % 2 else CaseStage.HANDLING
        day = (reported + timedelta(hours=8)).date()
        con.execute(
            "INSERT INTO cases (case_id, case_no, source_id, class_id, stage, reported_at, deadline_at, reported_day, "
            "reported_hour, closed_day, lon, lat, street_id, dataset_id) "
            "VALUES (?, ?, 1, (SELECT class_id FROM case_class WHERE code = ?), ?, ?, ?, ?, 0, ?, ?, ?, 1, 1)",
            [
                40 - number,
                f"no-{number}",
                "E0101" if number % 3 else "E0102",
                int(stage),
                reported.replace(tzinfo=None),
                (reported + timedelta(days=5)).replace(tzinfo=None),
                day,
                day if stage is CaseStage.CLOSED else None,
                LON + (5 if number < 40 else 18) / PER_LON,
                LAT - 3 / PER_LAT,
            ],
        )


@pytest.fixture(scope="module")
def hamlet(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Store]:
    with Store.open(tmp_path_factory.mktemp("hamlet"), create=True) as store:
        with store.write() as con:
            register(con, dataset("delft", "city"))
            register(con, dataset("cases", "cases"))
            add_houses(con)
            add_models(con)
            add_cases(con)
            con.execute("INSERT INTO unit VALUES (1, 'W01', '水务', 'Water', 'department')")
            con.execute(
                "INSERT INTO component (component_id, code, class_id, owner_unit_id, state, lon, lat, dataset_id) "
                "SELECT i, 'c' || i, class_id, CASE WHEN i = 0 THEN 1 END, 'intact', ? - i * ?, ?, 1 "
                "FROM range(4) t(i), case_class WHERE case_class.code = 'C0101'",
                [LON, 4 / PER_LON, LAT + 5 / PER_LAT],
            )
            settle(con)
        yield store


def test_a_building_tells_all_that_is_known_of_it(hamlet: Store) -> None:
    with hamlet.read() as cur:
        (row,) = building_by_code(cur, "a").to_pylist()
    known = {
        "code": "a", "name": "楼a", "use": "office", "height_source": "model", "storeys": 3, "address": "甲路 1 号",
        "source_ref": "NL.1", "base_m": 2.5, "attributes": '{"roof": "hip"}', "street_code": "110108011",
        "street_name": "某街", "community_code": None, "dataset_name": "delft", "dataset_kind": "city",
        "licence": "CC0-1.0", "crs": "EPSG:7415", "simulated": False, "lods": ["0", "1.2", "2.2", "10"],
        "best_lod": "10", "state": "repaired", "reason": "inside_out", "watertight": True, "volume_m3": 200.0,
        "semantic": True,
    }  # fmt: skip
    assert {name: row[name] for name in known} == known


def test_a_block_has_no_model(hamlet: Store) -> None:
    with hamlet.read() as cur:
        rows = [building_by_code(cur, code).to_pylist()[0] for code in ("c", "d")]
        assert building_lods(cur, "d").num_rows == 0
    assert [(row["lods"], row["best_lod"], row["semantic"]) for row in rows] == [
        (["0"], None, False),
        ([], None, False),
    ]
    assert rows[1]["attributes"] == "{}"


@pytest.mark.parametrize("code", ["", "nobody", "a' OR 1=1 --"])
def test_an_unknown_building_has_no_row(hamlet: Store, code: str) -> None:
    with hamlet.read() as cur:
        empty = [
            building_by_code(cur, code),
            building_cases(cur, code, 9),
            building_case_counts(cur, code, AS_OF),
            building_neighbours(cur, code, 9),
            building_components(cur, code, 50, 9),
            building_lods(cur, code),
            building_models(cur, code=code),
        ]
    assert [table.num_rows for table in empty] == [0] * 7


def test_the_models_of_a_building_are_told_lowest_first(hamlet: Store) -> None:
    with hamlet.read() as cur:
        rows = building_lods(cur, "a").to_pylist()
    assert [(row["lod"], row["vertices"], row["faces"]) for row in rows] == [
        ("0", 5, 6), ("1.2", 5, 6), ("2.2", 5, 6), ("10", 5, 6),
    ]  # fmt: skip
    assert not rows[0]["textured"]


def test_models_are_the_best_ones_unless_another_is_asked_for(hamlet: Store) -> None:
    def found(**asked: Any) -> list[tuple[str, str]]:
        with hamlet.read() as cur:
            return [(row["code"], row["lod"]) for row in building_models(cur, **asked).to_pylist()]

    assert found() == [("a", "10"), ("b", "2.2")]
    assert found(tile=7) == [("a", "10")]
    assert found(tile=9) == []
    assert found(code="a") == [("a", "10")]
    assert found(code="a", lod="1.2") == [("a", "1.2")]
    assert found(code="a", lod="all") == [("a", "0"), ("a", "1.2"), ("a", "2.2"), ("a", "10")]
    assert found(lod="2.2") == [("a", "2.2"), ("b", "2.2")]
    assert found(code="c") == []


def test_a_model_comes_as_it_was_stored(hamlet: Store) -> None:
    with hamlet.read() as cur:
        (row,) = building_models(cur, tile=8).to_pylist()
        tiles = building_model_tiles(cur).to_pylist()
    assert np.frombuffer(row["vertices"], np.float32).reshape(-1, 3).tolist() == PYRAMID.tolist()
    assert np.frombuffer(row["surfaces"], np.uint8).tolist() == KINDS.tolist()
    size = len(row["vertices"]) + len(row["faces"]) + len(row["surfaces"])
    assert tiles == [{"tile": 7, "models": 1, "bytes": 3 * size}, {"tile": 8, "models": 1, "bytes": size}]


def test_a_texture_is_found_by_its_key(hamlet: Store) -> None:
    with hamlet.read() as cur:
        assert building_texture(cur, 5).to_pylist() == [
            {"texture_id": 5, "path": "a/b.png", "media_type": "image/png", "sha256": "ff", "image": b"\x01\x02"}
        ]
        assert building_texture(cur, 6).num_rows == 0


def test_the_newest_cases_at_a_building_come_first(hamlet: Store) -> None:
    with hamlet.read() as cur:
        rows = building_cases(cur, "a", 3).to_pylist()
        (case,) = case_by_no(cur, "no-40").to_pylist()
    assert [row["case_no"] for row in rows] == ["no-0", "no-1", "no-2"]
    assert [row["building_code"] for row in rows] == ["a"] * 3
    assert rows[0]["building_m"] == pytest.approx(3, abs=0.01)
    assert rows[0]["street_name"] == "某街"
    assert (case["building_code"], case["building_name"], case["building_address"]) == ("b", "楼b", "甲路 2 号")


def test_cases_are_counted_by_stage_and_class(hamlet: Store) -> None:
    with hamlet.read() as cur:
        rows = building_case_counts(cur, "a", AS_OF).to_pylist()
    assert sum(row["cases"] for row in rows) == 40
    found = {(row["stage"], row["class_code"]): (row["cases"], row["overdue"]) for row in rows}
    assert found == {(70, "E0101"): (13, 0), (70, "E0102"): (7, 0), (40, "E0101"): (13, 11), (40, "E0102"): (7, 6)}


def test_the_trend_has_every_month_once(hamlet: Store) -> None:
    with hamlet.read() as cur:
        rows = building_trend(cur, "a", AS_OF, 4).to_pylist()
        none = building_trend(cur, "d", AS_OF, 2).to_pylist()
    assert rows == [
        {"month": date(2025, 12, 1), "reported": 0, "closed": 0},
        {"month": date(2026, 1, 1), "reported": 2, "closed": 1},
        {"month": date(2026, 2, 1), "reported": 28, "closed": 14},
        {"month": date(2026, 3, 1), "reported": 10, "closed": 5},
    ]
    assert [(row["reported"], row["closed"]) for row in none] == [(0, 0), (0, 0)]


def test_neighbours_stand_by_the_distance_between_walls(hamlet: Store) -> None:
    with hamlet.read() as cur:
        rows = building_neighbours(cur, "b", 3).to_pylist()
        few = building_neighbours(cur, "b", 1).to_pylist()
    assert [row["code"] for row in rows] == ["a", "c", "d"]
    assert [row["distance_m"] for row in rows] == pytest.approx([3, 17, 1177], abs=0.1)
    assert [(row["open"], row["address"]) for row in rows] == [(20, "甲路 1 号"), (0, None), (0, None)]
    assert few == rows[:1]


def test_components_are_those_within_the_distance(hamlet: Store) -> None:
    with hamlet.read() as cur:
        rows = building_components(cur, "a", 9, 10).to_pylist()
        assert building_components(cur, "a", 9, 2).num_rows == 2
    assert [row["code"] for row in rows] == ["c0", "c1", "c2"]
    assert [row["distance_m"] for row in rows] == pytest.approx([0, 4, 8], abs=0.01)
    assert [row["owner_code"] for row in rows] == ["W01", None, None]
    assert rows[0]["class_code"] == "C0101"


def test_each_data_set_tells_what_it_is_made_of(hamlet: Store) -> None:
    with hamlet.read() as cur:
        city, cases = dataset_levels(cur).to_pylist()
    known = {
        "name": "delft", "kind": "city", "title": "数据 delft", "licence": "CC0-1.0", "crs": "EPSG:7415", "rows": 4,
        "lods": ["0", "1.2", "2.2", "10"], "buildings": 4, "modelled": 2, "estimated": 3, "semantic": True,
    }  # fmt: skip
    assert {name: city[name] for name in known} == known
    assert (cases["lods"], cases["buildings"], cases["semantic"]) == ([], 0, False)


def test_a_model_without_roofs_tells_no_walls_from_roofs(tmp_path: Any) -> None:
    with Store.open(tmp_path, create=True) as store, store.write() as con:
        register(con, dataset("plain", "city"))
        add_houses(con)
        add_models(con)
        unknown = np.full(len(FACES), SurfaceKind.UNKNOWN, np.uint8).tobytes()
        con.execute("UPDATE building_model SET surfaces = ?", [unknown])
        assert not dataset_levels(con).to_pylist()[0]["semantic"]
        assert not building_by_code(con, "a").to_pylist()[0]["semantic"]


def test_a_level_of_detail_has_the_same_number_in_the_store_as_in_the_model(store_factory: Any) -> None:
    lods = ["0", "1.2", "2", "2.2", "10", "", "roof", "nan", "inf", "-inf", "1e400"]
    with store_factory().read() as cur:
        rows = cur.execute(f"SELECT lod, {LOD_NUMBER} FROM (SELECT unnest(?::VARCHAR[]) AS lod)", [lods]).fetchall()  # noqa: S608 - an expression of ours
    assert rows == [(lod, lod_number(lod)) for lod in lods]
