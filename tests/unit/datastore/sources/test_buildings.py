import pytest

from datastore.sources.buildings import import_buildings
from datastore.sources.cases import import_cases
from datastore.sources.errors import SourceError
from datastore.sources.landuse import import_landuse
from datastore.sources.options import BuildingOptions, CaseOptions, LanduseOptions, RoadOptions
from datastore.sources.roads import import_roads, road_class
from tests.unit.datastore.sources.conftest import NOW


def test_heights_are_measured_else_from_storeys_else_estimated(store, geojson, square, now, ask):
    file = geojson(
        (square(116.00, 39.9, 0.0001), {"id": "a", "height": "31.5 m", "levels": "3", "building": "apartments"}),
        (square(116.01, 39.9, 0.0001), {"id": "b", "height": None, "levels": "6", "building": "yes"}),
        (square(116.02, 39.9, 0.0001), {"id": "c", "height": "0", "levels": None, "building": "pagoda"}),
        name="my_buildings.geojson",
    )
    report = import_buildings(store, file, BuildingOptions(), now)
    assert ask('SELECT code, height_m, height_source, "use" FROM building ORDER BY code') == [
        ("my-buildings-a", 31.5, "measured", "residential"),
        ("my-buildings-b", 18.0, "levels", None),
        ("my-buildings-c", 3.0, "estimated", "other"),
    ]
    assert report.counts == {"height estimated": 1, "height levels": 1, "height measured": 1}
    assert "record 3: height '0'" in report.warnings[0]
    footprint = ask("SELECT footprint_m2 FROM building LIMIT 1")[0][0]
    assert footprint == pytest.approx(95, rel=0.02)


def test_a_duplicate_and_a_missing_id_are_rejected_and_counted(store, geojson, square, now, ask):
    shapes = [square(116 + i / 100, 39.9, 0.001) for i in range(3)]
    file = geojson((shapes[0], {"id": "a"}), (shapes[1], {"id": "a"}), (shapes[2], {"id": None}))
    report = import_buildings(store, file, BuildingOptions(), now)
    assert report.reasons == {"missing_id": 1, "duplicate_id": 1}
    assert ask("SELECT rows_loaded, rows_rejected FROM dataset") == [(1, 2)]


def test_codes_that_the_user_names_stay_as_they_are(store, geojson, square, now, ask):
    file = geojson((square(116.0, 39.9, 0.001), {"bid": 42}))
    import_buildings(store, file, BuildingOptions(code_field="bid"), now)
    assert ask("SELECT code FROM building") == [("42",)]


def test_a_file_of_which_nothing_is_usable_is_refused_with_the_first_reason(store, geojson, now, content):
    before = content()
    point = {"type": "Point", "coordinates": [116.0, 39.9]}
    with pytest.raises(SourceError, match=r"none of its 1 records.*record 1: the geometry is of another type"):
        import_buildings(store, geojson((point, {})), BuildingOptions(), now)
    assert content() == before


def test_roads_take_class_and_width_or_the_usual_width(store, geojson, now, ask):
    line = {"type": "LineString", "coordinates": [[116.0, 39.9], [116.1, 39.9]]}
    file = geojson(
        (line, {"highway": "trunk_link", "name": "环路"}),
        (line, {"highway": "footway", "width": "3"}),
        (line, {"highway": "moon", "width": "-3"}),
    )
    import_roads(store, file, RoadOptions(width_field="width"), now)
    assert ask("SELECT name, class, width_m FROM road ORDER BY road_id") == [
        ("环路", "trunk", 24.0),
        (None, "path", 3.0),
        (None, "service", 5.0),
    ]


def test_links_count_as_their_road():
    assert road_class("Primary_Link ") == "primary"


def test_landuse_takes_kind_and_elevation(store, geojson, square, now, ask):
    file = geojson(
        (square(116.0, 39.9), {"fclass": "riverbank"}),
        (square(116.1, 39.9), {"fclass": "peak", "elevation": 350}),
        (square(116.2, 39.9), {"fclass": "parking"}),
    )
    import_landuse(store, file, LanduseOptions(), now)
    assert ask("SELECT kind, elevation_m FROM landuse ORDER BY landuse_id") == [
        ("water", 0),
        ("hill", 350),
        ("other", 0),
    ]


def test_cases_follow_the_buildings_as_these_are_imported_and_replaced(store, geojson, square, case_file, ask):
    lines = [
        "1,2026-05-01 08:00,,116.0005,39.9005,trash,web,open,W01,",
        "2,2026-05-02 08:00,,116.0205,39.9005,trash,web,open,W01,",
    ]
    file, mapping = case_file(*lines)
    import_cases(store, file, CaseOptions(mapping=mapping), NOW)
    at = "SELECT source_ref, code FROM cases LEFT JOIN building USING (building_id) ORDER BY source_ref"
    counts = (
        "SELECT code, sum(n)::INTEGER FROM case_by_building JOIN building USING (building_id) GROUP BY 1 ORDER BY 1"
    )
    assert ask(at) == [("1", None), ("2", None)]
    first = geojson(
        (square(116.0, 39.9, 0.001), {"id": "a"}), (square(116.02, 39.9, 0.001), {"id": "b"}), name="town.geojson"
    )
    import_buildings(store, first, BuildingOptions(), NOW)
    assert ask(at) == [("1", "town-a"), ("2", "town-b")]
    assert ask(counts) == [("town-a", 1), ("town-b", 1)]
    second = geojson((square(116.02, 39.9, 0.001), {"id": "c"}), name="town.geojson")
    import_buildings(store, second, BuildingOptions(), NOW)
    assert ask(at) == [("1", None), ("2", "town-c")]
    assert ask(counts) == [("town-c", 1)]
    more, mapping = case_file(*lines, "3,2026-05-03 08:00,,116.0201,39.9001,trash,web,open,W01,")
    import_cases(store, more, CaseOptions(mapping=mapping), NOW)
    assert ask(at) == [("1", None), ("2", "town-c"), ("3", "town-c")]
    assert ask("SELECT count(*) FROM open_case WHERE building_id IS NOT NULL") == [(2,)]
