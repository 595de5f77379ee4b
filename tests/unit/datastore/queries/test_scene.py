import numpy as np
import pyarrow.compute as pc
import shapely

from datastore.queries.area_hull import area_hull
from datastore.queries.area_lookup import breadcrumb
from datastore.queries.rejects import rejects
from datastore.queries.scene import areas_scene, buildings_scene, landuse_scene, roads_scene
from datastore.queries.scene_sources import scene_sources
from datastore.queries.unplaced_cases import unplaced_cases
from datastore.store import Store
from tests.unit.datastore.queries.conftest import TinyCity
from twin_model.area import AreaLevel

STREET = "110108011"


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


def test_unplaced_cases_are_those_without_a_street(tiny_city: TinyCity) -> None:
    expected = [f"no-{case.case_id:05d}" for case in tiny_city.cases if not case.seen.area_codes]
    with tiny_city.store.read() as cur:
        assert unplaced_cases(cur)["case_no"].to_pylist() == expected
        for row in unplaced_cases(cur).to_pylist():
            assert row["reason"] == ("no_coordinates" if row["lon"] is None else "outside_areas")
        assert rejects(cur).column_names == ["dataset", "row_number", "reason", "detail", "record"]


def test_the_hull_of_an_area_is_as_large_as_its_shape(small_store: Store) -> None:
    with small_store.read() as cur:
        hull = area_hull(cur, STREET)
        wkb = areas_scene(cur, AreaLevel.STREET)
    shape = shapely.from_wkb(wkb.filter(pc.equal(wkb["code"], STREET))["geom"].to_numpy())[0]
    corners = np.column_stack([hull["lon"], hull["lat"]])
    assert (*corners.min(axis=0), *corners.max(axis=0)) == shape.bounds
    assert len(np.unique(corners, axis=0)) == len(corners)


def test_an_area_that_is_not_there_has_no_hull(small_store: Store) -> None:
    with small_store.read() as cur:
        assert area_hull(cur, "999999").num_rows == 0


def test_the_sources_count_every_building_and_every_area_with_a_shape(small_store: Store) -> None:
    with small_store.read() as cur:
        rows = scene_sources(cur).to_pylist()
        (buildings,) = cur.execute("SELECT count(*) FROM building").fetchone()
    assert sum(row["n"] for row in rows if row["thing"] == "building") == buildings
    assert {row["source"] for row in rows if row["thing"] == "building"} == {"simulated"}
    assert {row["level"] for row in rows if row["thing"] == "area"} == {1, 2, 3, 4}
