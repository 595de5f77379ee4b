import hashlib
from dataclasses import fields, replace
from itertools import pairwise

import numpy as np
import pyarrow as pa
import pytest
import shapely
from hypothesis import given
from hypothesis import strategies as st

from twin_model.area import AreaLevel, parent_code
from twin_model.demo.areas import apportion
from twin_model.demo.city import generate_city
from twin_model.demo.outline import to_metres
from twin_model.demo.streetwork import WIDTHS_M
from twin_model.errors import AreaCodeError


def _shapes(table: pa.Table) -> np.ndarray:
    return shapely.from_wkb(table["geom"].to_numpy(zero_copy_only=False))


def _level(city, level: AreaLevel) -> np.ndarray:
    return np.nonzero(city.area["level"].to_numpy() == level)[0]


def _digest(table: pa.Table) -> str:
    sink = pa.BufferOutputStream()
    with pa.ipc.new_stream(sink, table.schema) as writer:
        writer.write_table(table.combine_chunks())
    return hashlib.sha256(sink.getvalue()).hexdigest()


def test_the_same_plan_gives_byte_identical_tables(facts, plan, city):
    again = generate_city(facts, plan)
    for field in fields(city):
        assert _digest(getattr(again, field.name)) == _digest(getattr(city, field.name)), field.name


def test_another_seed_gives_another_city(facts, plan, city):
    other = generate_city(facts, replace(plan, seed=plan.seed + 1))
    assert _digest(other.building) != _digest(city.building)


def test_progress_runs_from_nothing_to_all(facts, plan):
    told = []
    generate_city(facts, replace(plan, streets=("110108015",)), lambda phase, part: told.append((phase, part)))
    parts = [part for _, part in told]
    assert parts == sorted(parts)
    assert (parts[0], parts[-1]) == (0.0, 1.0)


def test_a_street_that_is_not_in_the_facts_is_refused(facts, plan):
    with pytest.raises(AreaCodeError, match="110108999"):
        generate_city(facts, replace(plan, streets=("110108999",)))


def test_areas_are_in_code_order_by_level_and_name_their_parents(city):
    codes, parents = city.area["code"].to_pylist(), city.area["parent_id"].to_pylist()
    assert city.area["area_id"].to_pylist() == list(range(len(codes)))
    assert len(set(codes)) == len(codes)
    for level in AreaLevel:
        rows = _level(city, level)
        assert [codes[row] for row in rows] == sorted(codes[row] for row in rows)
    for code, parent in zip(codes[1:], parents[1:], strict=True):
        assert codes[parent] == parent_code(code)
    assert parents[0] is None


@pytest.mark.parametrize("level", [AreaLevel.STREET, AreaLevel.COMMUNITY, AreaLevel.GRID])
def test_each_level_tiles_the_one_above_on_the_same_vertices(city, level):
    shapes = _shapes(city.area)
    parts = shapes[_level(city, level)]
    assert shapely.is_valid(parts).all()
    assert shapely.coverage_is_valid(parts)
    streets = shapely.coverage_union_all(shapes[_level(city, AreaLevel.STREET)])
    assert shapely.symmetric_difference(shapely.coverage_union_all(parts), streets).area < 1e-15


def test_population_adds_up_from_cells_to_the_district(facts, city):
    people = city.area["population"].to_numpy()
    known = dict(zip(facts.streets["code"].to_pylist(), facts.streets["population"].to_pylist(), strict=True))
    streets = _level(city, AreaLevel.STREET)
    assert people[streets].tolist() == [known[city.area["code"][int(row)].as_py()] for row in streets]
    assert {int(people[_level(city, level)].sum()) for level in AreaLevel} == {int(people[0])}


def test_each_building_lies_strictly_inside_its_cell_and_its_cell_inside_its_community(city):
    shapes, parents = _shapes(city.area), city.area["parent_id"].to_numpy(zero_copy_only=False)
    grid = city.building["grid_id"].to_numpy()
    assert shapely.contains_properly(shapes[grid], _shapes(city.building)).all()
    assert np.array_equal(parents[grid], city.building["community_id"].to_numpy())
    assert np.array_equal(parents[city.building["community_id"].to_numpy()], city.building["street_id"].to_numpy())


def test_buildings_stand_apart_from_each_other_and_from_waters_parks_and_hills(city):
    buildings = _shapes(city.building)
    tree = shapely.STRtree(buildings)
    first, second = tree.query(buildings, predicate="intersects")
    assert (first == second).all()
    assert tree.query(_shapes(city.landuse), predicate="intersects").size == 0


def test_no_building_stands_on_a_road(city):
    buildings = shapely.STRtree(shapely.transform(_shapes(city.building), to_metres))
    roads = shapely.transform(_shapes(city.road), to_metres)
    half = city.road["width_m"].to_numpy().astype(float) / 2
    assert buildings.query(roads, predicate="dwithin", distance=half).size == 0


def test_buildings_have_plain_footprints_and_believable_heights(city):
    shapes, height = _shapes(city.building), city.building["height_m"].to_numpy()
    corners = shapely.get_num_coordinates(shapes) - 1
    assert shapely.is_valid(shapes).all()
    assert (shapely.get_num_interior_rings(shapes) == 0).all()
    assert set(corners.tolist()) <= {4, 6, 8, 12}
    assert height.min() >= 3
    assert height.max() <= 150
    storey = height / city.building["storeys"].to_numpy()
    assert storey.min() > 2.8
    assert storey.max() < 6.2
    assert set(city.building["height_source"].to_pylist()) == {"simulated"}


def test_building_codes_are_those_of_their_community(city):
    codes, communities = city.building["code"].to_pylist(), city.building["community_id"].to_pylist()
    area_codes = city.area["code"].to_pylist()
    assert all(
        code[:12] == area_codes[community] and code[12] == "B"
        for code, community in zip(codes, communities, strict=True)
    )
    assert codes == sorted(set(codes))


def test_each_component_stands_in_its_cell(city):
    cells = _shapes(city.area)[city.component["grid_id"].to_numpy()]
    lon, lat = city.component["lon"].to_numpy(), city.component["lat"].to_numpy()
    assert shapely.distance(cells, shapely.points(lon, lat)).max() < 1e-8


def test_component_codes_tell_their_class_and_are_unique(city):
    classes = city.case_class["code"].to_pylist()
    codes = city.component["code"].to_pylist()
    assert len(set(codes)) == len(codes)
    assert all(
        len(code) == 16 and f"C{code[6:10]}" == classes[kind]
        for code, kind in zip(codes, city.component["class_id"].to_pylist(), strict=True)
    )


def test_nearly_every_component_has_an_owner_among_the_units(city):
    owner = city.component["owner_unit_id"]
    assert 0.003 < owner.null_count / len(owner) < 0.02
    assert set(owner.drop_null().to_pylist()) <= set(city.unit["unit_id"].to_pylist())
    assert city.component["maintainer_unit_id"].null_count == 0


def test_roads_are_classed_by_what_they_divide_and_are_as_wide_as_their_class(city):
    classes, names = city.road["class"].to_pylist(), city.road["name"].to_pylist()
    assert {"primary", "secondary", "residential", "service"} <= set(classes)
    assert all((kind in {"trunk", "motorway"}) <= (name is not None) for kind, name in zip(classes, names, strict=True))
    assert set(city.road["width_m"].to_pylist()) <= set(WIDTHS_M.tolist())
    assert (shapely.length(_shapes(city.road)) > 0).all()


def test_hills_rise_in_nested_steps(city):
    hills = np.array([kind == "hill" for kind in city.landuse["kind"].to_pylist()])
    shapes, tops = _shapes(city.landuse)[hills], city.landuse["elevation_m"].to_numpy()[hills]
    levels = [shapely.union_all(shapes[tops == top]) for top in np.unique(tops)]
    for lower, upper in pairwise(levels):
        assert upper.difference(lower.buffer(3e-5)).area < 1e-12
        assert upper.area < lower.area
    assert len(levels) > 8


def test_land_use_is_valid_and_inside_the_district(city):
    shapes = _shapes(city.landuse)
    assert shapely.is_valid(shapes).all()
    assert shapely.difference(shapely.union_all(shapes), _shapes(city.area)[0].buffer(1e-7)).area < 1e-12
    assert set(city.landuse["kind"].to_pylist()) == {"green", "park", "hill", "water"}


@given(st.integers(0, 10**7), st.lists(st.floats(0, 1e6), min_size=1, max_size=40))
def test_people_are_shared_out_without_losing_one(total, weights):
    parts = apportion(total, np.array(weights))
    assert parts.sum() == total
    assert (parts >= 0).all()
