"""Features that match, beside what numpy and shapely find without the engine."""

from collections.abc import Callable
from typing import Any

import numpy as np
import pytest
import shapely
from hypothesis import given, settings
from hypothesis import strategies as st

from datastore.queries.features import (
    Wanted,
    area_bounds,
    area_features,
    building_bounds,
    building_features,
    component_bounds,
    component_features,
)
from datastore.queries.load_by_area import load_by_area
from datastore.queries.scene import areas_scene, buildings_scene
from datastore.store import Store
from twin_model.area import AreaLevel
from twin_model.selection import Everything
from twin_model.surface import SurfaceKind

WEST, SOUTH, EAST, NORTH = 116.29, 39.96, 116.34, 39.99
EDGES = st.tuples(st.floats(WEST, EAST), st.floats(SOUTH, NORTH), st.floats(WEST, EAST), st.floats(SOUTH, NORTH))


def box_of(edges: tuple[float, float, float, float]) -> tuple[float, float, float, float]:
    (west, east), (south, north) = sorted(edges[::2]), sorted(edges[1::2])
    return (west, south, east, north)


@pytest.fixture(scope="module")
def footprints(small_store: Store) -> tuple[list[str], Any]:
    with small_store.read() as cur:
        table = buildings_scene(cur)
    return table["code"].to_pylist(), shapely.from_wkb(table["geom"].to_numpy())


@pytest.fixture(scope="module")
def components(small_store: Store) -> tuple[list[str], Any]:
    with small_store.read() as cur:
        rows = cur.execute("SELECT code, lon, lat FROM component ORDER BY component_id").fetchall()
    return [row[0] for row in rows], shapely.points([row[1:] for row in rows])


@settings(max_examples=25)
@given(EDGES, st.none() | EDGES)
def test_buildings_in_boxes_are_those_whose_shape_meets_one(
    small_store: Store, footprints: tuple[list[str], Any], edges: Any, others: Any
) -> None:
    codes, shapes = footprints
    boxes = tuple(box_of(each) for each in (edges, others) if each)
    with small_store.read() as cur:
        found = building_features(cur, Wanted(boxes, limit=10**6), None)
    meets = np.any([shapely.intersects(shapes, shapely.box(*box)) for box in boxes], axis=0)
    assert found.rows["code"].to_pylist() == [code for code, hit in zip(codes, meets, strict=True) if hit]
    assert found.matched == found.rows.num_rows


@settings(max_examples=25)
@given(st.integers(0, 10**6), st.booleans())
def test_a_box_that_ends_at_a_corner_of_a_shape_meets_it(
    small_store: Store, footprints: tuple[list[str], Any], which: int, beyond: bool
) -> None:
    codes, shapes = footprints
    _, _, east, _ = shapes[which % len(shapes)].bounds
    least = np.nextafter(east, np.inf) if beyond else east
    with small_store.read() as cur:
        found = building_features(cur, Wanted(((least, -90.0, 180.0, 90.0),), limit=10**6), None)
    assert (codes[which % len(shapes)] in found.rows["code"].to_pylist()) is not beyond


@settings(max_examples=25)
@given(EDGES)
def test_components_in_a_box_are_those_whose_point_lies_in_it(
    small_store: Store, components: tuple[list[str], Any], edges: Any
) -> None:
    box = box_of(edges)
    codes, points = components
    with small_store.read() as cur:
        found = component_features(cur, Wanted((box,), limit=10**6)).rows
    inside = shapely.intersects(points, shapely.box(*box))
    assert found["code"].to_pylist() == [code for code, hit in zip(codes, inside, strict=True) if hit]


@pytest.fixture
def plan(store_factory: Callable[..., Store]) -> Store:
    """Two houses beside the antimeridian, one of them in three levels of detail, and a street without a shape."""
    store = store_factory()
    with store.write() as con:
        con.execute(
            """
            INSERT INTO dataset VALUES (0, 'plan', 'city', 'Plan', 'a.city.json', '', '', 'unstated', 'EPSG:7415',
                false, 1, TIMESTAMP '2026-01-01', 2, 0, 0, '');
            INSERT INTO area (area_id, code, level, name, geom_source, dataset_id) VALUES (1, 's', 2, 'S', 'none', 0);
            INSERT INTO building_detail VALUES (1, 'ref', '一号楼', 4.5, '{}', 0)
            """
        )
        for key, lon in enumerate((179.9, -179.9)):
            con.execute(
                """
                INSERT INTO building (building_id, code, height_m, height_source, footprint_m2, lon, lat, geom,
                    dataset_id)
                VALUES (?, ?, 9.3, 'levels', 100, ?, 0, ST_GeomFromWKB(?), 0)
                """,
                [key, f"h{key}", lon, shapely.box(lon - 0.01, -0.01, lon + 0.01, 0.01).wkb],
            )
        for lod in ("2.2", "0", "1.3"):
            con.execute(
                """
                INSERT INTO building_model (building_id, lod, tile, lon, lat, base_m, vertices, faces, surfaces, state,
                    watertight, surface_m2, dataset_id)
                VALUES (1, ?, 0, 1, 1, 0, ''::BLOB, ''::BLOB, ''::BLOB, 'valid', true, 1, 0)
                """,
                [lod],
            )
    return store


def test_boxes_on_both_sides_of_the_antimeridian_meet_houses_on_both(plan: Store) -> None:
    across = Wanted(((179.0, -1.0, 180.0, 1.0), (-180.0, -1.0, -179.0, 1.0)))
    with plan.read() as cur:
        assert building_features(cur, across, None).rows["code"].to_pylist() == ["h0", "h1"]


def test_a_house_is_found_by_its_address_with_its_levels_of_detail_in_order(plan: Store) -> None:
    with plan.read() as cur:
        (house,) = building_features(cur, Wanted(equal={"address": "一号楼"}), None).rows.to_pylist()
    assert (house["code"], house["height_m"], house["base_m"]) == ("h1", 9.3, 4.5)
    assert house["lods"] == ["0", "1.3", "2.2"]


def test_a_house_claims_no_more_than_its_best_model_shows(plan: Store) -> None:
    walls_and_roofs = bytes([SurfaceKind.WALL, SurfaceKind.ROOF])
    with plan.write() as con:
        con.execute("UPDATE building_model SET surfaces = ? WHERE lod = '1.3'", [walls_and_roofs])
    with plan.read() as cur:
        block, house = building_features(cur, Wanted(), None).rows.to_pylist()
    assert (block["lod"], block["cim_level"], block["cim_basis"]) == ("1", 2, "blocks_estimated")
    assert (house["lod"], house["cim_level"], house["cim_basis"]) == ("2.2", 2, "no_surfaces")
    with plan.write() as con:
        con.execute("UPDATE building_model SET surfaces = ? WHERE lod = '2.2'", [walls_and_roofs])
    with plan.read() as cur:
        (_, house) = building_features(cur, Wanted(), None).rows.to_pylist()
    assert (house["lod"], house["cim_level"], house["cim_basis"]) == ("2.2", 3, "roofs")


def test_what_has_no_shape_matches_every_box_and_bounds_nothing(plan: Store) -> None:
    with plan.read() as cur:
        (street,) = area_features(cur, AreaLevel.STREET, Wanted(((0, 0, 1, 1),)), None).rows.to_pylist()
        assert area_bounds(cur, AreaLevel.STREET) is None
    assert (street["code"], street["geom"], street["open"]) == ("s", None, 0)


def test_open_and_overdue_cases_of_areas_are_those_that_the_map_shows(small_store: Store) -> None:
    as_of = small_store.meta().as_of
    assert as_of is not None
    for level in (AreaLevel.STREET, AreaLevel.COMMUNITY, AreaLevel.GRID):
        with small_store.read() as cur:
            found = area_features(cur, level, Wanted(limit=10**6), as_of).rows
            load = load_by_area(cur, Everything(), level, as_of)
        assert (
            found.select(["code", "open", "overdue"]).to_pylist()
            == load.select(["code", "open", "overdue"]).to_pylist()
        )


def test_the_open_cases_of_buildings_are_those_that_name_one(small_store: Store) -> None:
    with small_store.read() as cur:
        found = building_features(cur, Wanted(limit=10**6), small_store.meta().as_of).rows
        row = cur.execute("SELECT count(building_id) FROM open_case").fetchall()[0]
    assert sum(found["open"].to_pylist()) == row[0]
    assert all(
        0 <= late <= still for late, still in zip(*(found[k].to_pylist() for k in ("overdue", "open")), strict=True)
    )


def test_bounds_hold_everything(small_store: Store) -> None:
    with small_store.read() as cur:
        streets = shapely.from_wkb(areas_scene(cur, AreaLevel.STREET)["geom"].to_numpy())
        buildings = shapely.from_wkb(buildings_scene(cur)["geom"].to_numpy())
        points = cur.execute("SELECT min(lon), min(lat), max(lon), max(lat) FROM component").fetchall()[0]
        assert area_bounds(cur, AreaLevel.STREET) == tuple(shapely.total_bounds(streets))
        assert building_bounds(cur) == tuple(shapely.total_bounds(buildings))
        assert component_bounds(cur) == points
