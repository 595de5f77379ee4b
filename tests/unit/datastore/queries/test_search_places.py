"""Search: by id, name and address, the best first."""

from collections.abc import Iterator

import pytest

from datastore.queries.search_places import search_places
from datastore.store import Store

AREAS = [
    ("110108", 1, None, "海淀区", "Haidian"),
    ("110108011", 2, 0, "中关村街道", "Zhongguancun"),
    ("110108011001", 3, 1, "科源社区", None),
]
BUILDINGS = [
    ("B-001", "中关村大厦", "中关村街道科源社区1号楼", "NL.IMBAG.1"),
    ("B-002", None, "中关村街道科源社区12号楼", "NL.IMBAG.12"),
    ("B-003", "50%_Hotel", "Main Street 7", None),
    ("b-0031", "İstanbul Café", None, None),
]


@pytest.fixture(scope="module")
def town(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Store]:
    with Store.open(tmp_path_factory.mktemp("town"), create=True) as store:
        with store.write() as con:
            con.executemany(
                "INSERT INTO area (area_id, code, level, parent_id, name, name_en, geom_source, dataset_id) "
                "VALUES (?, ?, ?, ?, ?, ?, 'none', 0)",
                [(place, *row) for place, row in enumerate(AREAS)],
            )
            for place, (code, name, address, source_ref) in enumerate(BUILDINGS):
                con.execute(
                    "INSERT INTO building (building_id, code, name, height_m, height_source, footprint_m2, lon, lat, "
                    "street_id, community_id, geom, dataset_id) VALUES (?, ?, ?, 9, 'measured', 99, 116.3, 39.9, 1, 2, "
                    "'POLYGON ((0 0, 1 0, 1 1, 0 0))'::GEOMETRY, 0)",
                    [place, code, name],
                )
                if address or source_ref:
                    con.execute(
                        "INSERT INTO building_detail (building_id, source_ref, address, dataset_id) "
                        "VALUES (?, ?, ?, 0)",
                        [place, source_ref, address],
                    )
        yield store


def found(town: Store, text: str, limit: int = 10) -> list[tuple[str, int]]:
    with town.read() as cur:
        return [(row["code"], row["rank"]) for row in search_places(cur, text, limit).to_pylist()]


@pytest.mark.parametrize(
    ("text", "codes"),
    [
        ("B-001", [("B-001", 0)]),
        ("b-003", [("B-003", 0), ("b-0031", 1)]),
        ("nl.imbag.1", [("B-001", 0), ("B-002", 3)]),
        ("中关村", [("110108011", 1), ("B-001", 1), ("B-002", 2)]),
        ("海淀区", [("110108", 0)]),
        ("ZHONG", [("110108011", 1)]),
        ("科源", [("110108011001", 1), ("B-001", 3), ("B-002", 3)]),
        ("12号", [("B-002", 3)]),
        ("中关村  12号", [("B-002", 3)]),
        ("main street", [("B-003", 2)]),
        ("大厦 1号", [("B-001", 3)]),
        ("café", [("b-0031", 3)]),
        ("50%_", [("B-003", 1)]),
        ("%", [("B-003", 3)]),
        ("_", [("B-003", 3)]),
        ("'", []),
        ("nowhere", []),
        ("", []),
        ("   ", []),
    ],
)
def test_places_are_found_by_id_name_and_address(town: Store, text: str, codes: list[tuple[str, int]]) -> None:
    assert found(town, text) == codes


def test_a_limit_keeps_the_best(town: Store) -> None:
    assert found(town, "中关村", 1) == [("110108011", 1)]


def test_a_found_place_says_where_it_is(town: Store) -> None:
    with town.read() as cur:
        area, building, _ = search_places(cur, "科源", 9).to_pylist()
    assert (area["kind"], area["detail"], area["lon"]) == ("area", "中关村街道", None)
    assert (building["kind"], building["detail"]) == ("building", "中关村街道 科源社区")
    assert (building["lon"], building["lat"], building["address"]) == (116.3, 39.9, "中关村街道科源社区1号楼")


def test_a_long_text_is_looked_for_by_its_first_words(town: Store) -> None:
    assert found(town, "中关村 " * 8 + "nowhere") == [("110108011", 3), ("B-001", 3), ("B-002", 3)]
