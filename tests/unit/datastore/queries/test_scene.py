import shapely

from datastore.queries.area_lookup import area_by_code, breadcrumb
from datastore.queries.rejects import rejects
from datastore.queries.scene import areas_scene, buildings_scene, landuse_scene, roads_scene
from datastore.queries.unplaced_cases import unplaced_cases
from datastore.store import Store
from tests.unit.datastore.queries.conftest import TinyCity
from twin_model.area import AreaLevel


def test_every_scene_table_has_its_shapes_in_the_city(small_store: Store) -> None:
    with small_store.read() as cur:
        tables = [
            areas_scene(cur, AreaLevel.COMMUNITY),
            buildings_scene(cur),
            roads_scene(cur),
            landuse_scene(cur),
        ]
    for table in tables:
        shapes = shapely.from_wkb(table["geom"].to_numpy(zero_copy_only=False))
        west, south, east, north = shapely.total_bounds(shapes)
        assert table.num_rows
        assert not shapely.is_missing(shapes).any()
        assert 116.0 < west < east < 116.5
        assert 39.8 < south < north < 40.2


def test_areas_below_a_street_are_its_own(small_store: Store) -> None:
    with small_store.read() as cur:
        whole = areas_scene(cur, AreaLevel.GRID)["code"].to_pylist()
        ours = areas_scene(cur, AreaLevel.GRID, "110108011")["code"].to_pylist()
    assert ours == [code for code in whole if code.startswith("110108011")]
    assert 0 < len(ours) < len(whole)


def test_a_breadcrumb_leads_from_the_whole_to_the_part(tiny_city: TinyCity) -> None:
    with tiny_city.store.read() as cur:
        assert breadcrumb(cur, "110108002001001")["code"].to_pylist() == [
            "110108", "110108002", "110108002001", "110108002001001",
        ]  # fmt: skip
        assert breadcrumb(cur)["code"].to_pylist() == ["110108"]
        assert breadcrumb(cur, "999").num_rows == 0


def test_an_area_is_found_by_its_code(tiny_city: TinyCity) -> None:
    with tiny_city.store.read() as cur:
        (row,) = area_by_code(cur, "110108002").to_pylist()
        assert (row["level"], row["name"]) == (AreaLevel.STREET, "名110108002")
        assert area_by_code(cur, "' OR 1=1 --").num_rows == 0


def test_unplaced_cases_are_those_without_a_street(tiny_city: TinyCity) -> None:
    expected = [f"no-{case.case_id:05d}" for case in tiny_city.cases if not case.seen.area_codes]
    with tiny_city.store.read() as cur:
        assert unplaced_cases(cur)["case_no"].to_pylist() == expected
        assert rejects(cur).column_names == ["dataset", "row_number", "reason", "detail", "record"]
