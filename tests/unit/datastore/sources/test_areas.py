import pytest

from datastore.sources.areas import import_areas
from datastore.sources.buildings import import_buildings
from datastore.sources.errors import SourceError
from datastore.sources.options import AreaOptions, BuildingOptions
from twin_model.area import AreaLevel

TREE = (
    "SELECT a.code, a.level, p.code, a.geom_source FROM area a LEFT JOIN area p ON p.area_id = a.parent_id "
    "ORDER BY a.area_id"
)


def test_streets_get_a_district_derived_from_them(store, two_streets, now, ask):
    report = import_areas(store, two_streets, AreaOptions(licence="CC0-1.0"), now)
    assert (report.loaded, report.rejected) == (2, 0)
    assert ask(TREE) == [
        ("110108", 1, None, "derived"),
        ("110108001", 2, "110108", "surveyed"),
        ("110108002", 2, "110108", "surveyed"),
    ]
    assert ask("SELECT name, name_en, population FROM area WHERE level = 1") == [("某区", "Some District", 30)]
    assert ask("SELECT kind FROM area WHERE level = 2 ORDER BY code") == [("street",), ("town",)]
    assert store.meta().metric_crs == "EPSG:4548"
    size = ask("SELECT sum(area_m2) FILTER (level = 2), sum(area_m2) FILTER (level = 1) FROM area")[0]
    assert size[0] == pytest.approx(size[1], rel=1e-6)


def test_the_same_file_again_changes_nothing(store, two_streets, now, content):
    import_areas(store, two_streets, AreaOptions(), now)
    before, version = content(), store.data_version()
    report = import_areas(store, two_streets, AreaOptions(), now)
    assert report.unchanged
    assert content() == before
    assert store.data_version() == version


def test_a_changed_file_of_the_same_name_replaces_its_rows(*, store, geojson, square, two_streets, now, ask):
    import_areas(store, two_streets, AreaOptions(), now)
    geojson((square(116.0, 39.9), {"code": "110108003", "name": "新"}), name="streets.geojson")
    import_areas(store, two_streets, AreaOptions(), now)
    assert ask("SELECT code FROM area ORDER BY area_id") == [("110108",), ("110108003",)]
    assert ask("SELECT version, rows_loaded FROM dataset") == [(2, 1)]


def test_an_unclosed_ring_is_rejected_by_row_and_the_others_load(store, geojson, square, now, ask):
    unclosed = square(116.05, 39.9)
    unclosed["coordinates"][0].pop()
    file = geojson((square(116.0, 39.9), {"code": "110108001"}), (unclosed, {"code": "110108002"}))
    report = import_areas(store, file, AreaOptions(), now)
    assert (report.loaded, report.reasons) == (1, {"unclosed_ring": 1})
    assert ask("SELECT row_number, reason, record FROM reject") == [(2, "unclosed_ring", '{"code": "110108002"}')]


def test_a_self_intersection_is_repaired_and_told_by_row(store, geojson, square, now):
    bow_tie = {"type": "Polygon", "coordinates": [[[116, 39], [116.1, 39.1], [116.1, 39], [116, 39.1], [116, 39]]]}
    file = geojson((square(116.2, 39.0), {"code": "110108001"}), (bow_tie, {"code": "110108002"}))
    report = import_areas(store, file, AreaOptions(), now)
    assert (report.loaded, report.repaired) == (2, 1)
    assert "repaired (records 2)" in report.warnings[0]


def test_a_duplicate_id_is_rejected_after_the_first(store, geojson, square, now, ask):
    file = geojson(
        (square(116.0, 39.9), {"code": "110108001", "name": "first"}),
        (square(116.1, 39.9), {"code": "110108001", "name": "second"}),
    )
    report = import_areas(store, file, AreaOptions(), now)
    assert report.reasons == {"duplicate_id": 1}
    assert ask("SELECT name FROM area WHERE level = 2") == [("first",)]
    assert "that of record 1" in ask("SELECT detail FROM reject")[0][0]


def test_communities_find_their_street_by_code_and_by_place(*, store, geojson, square, two_streets, now, ask):
    import_areas(store, two_streets, AreaOptions(), now)
    inside = square(116.012, 39.902, 0.002)
    by_code = geojson((inside, {"code": "110108001005"}), name="by-code.geojson")
    import_areas(store, by_code, AreaOptions(), now)
    by_place = geojson((inside, {"code": "A7"}), name="by-place.geojson")
    import_areas(store, by_place, AreaOptions(level=AreaLevel.COMMUNITY), now)
    parents = dict(ask("SELECT a.code, p.code FROM area a JOIN area p ON p.area_id = a.parent_id WHERE a.level = 3"))
    assert parents == {"110108001005": "110108001", "A7": "110108002"}


def test_areas_without_codes_need_them_made_from_the_names(store, geojson, square, now, ask):
    file = geojson((square(-122.4, 37.7), {"name": "South of Market"}), (square(-122.3, 37.7), {"name": "Mission"}))
    with pytest.raises(SourceError, match=r"no column holds a code.*--estimate"):
        import_areas(store, file, AreaOptions(level=AreaLevel.STREET), now)
    import_areas(store, file, AreaOptions(level=AreaLevel.STREET, estimate=True), now)
    assert ask("SELECT code FROM area ORDER BY area_id") == [("CITY",), ("MISSION",), ("SOUTH-OF-MARKET",)]


def test_codes_that_tell_no_level_ask_for_it(store, geojson, square, now):
    file = geojson((square(116.0, 39.9), {"code": "A1"}))
    with pytest.raises(SourceError, match=r"do not tell the level.*--level: district, street, community, grid"):
        import_areas(store, file, AreaOptions(), now)


def test_a_country_prefix_is_no_part_of_the_code(store, geojson, square, now, ask):
    import_areas(store, geojson((square(116.0, 39.9), {"gb": "156110108", "name": "海淀区"})), AreaOptions(), now)
    assert ask("SELECT code, level FROM area") == [("110108", 1)]


def test_buildings_move_to_areas_that_come_later(*, store, geojson, square, two_streets, now, ask):
    file = geojson((square(116.015, 39.905, 0.001), {}), (square(117.0, 39.905, 0.001), {}), name="buildings.geojson")
    import_buildings(store, file, BuildingOptions(), now)
    assert ask("SELECT street_id FROM building ORDER BY building_id") == [(None,), (None,)]
    import_areas(store, two_streets, AreaOptions(), now)
    found = ask("SELECT a.code FROM building b LEFT JOIN area a ON a.area_id = b.street_id ORDER BY building_id")
    assert found == [("110108002",), (None,)]


def test_a_column_that_is_not_there_is_named_with_those_that_are(store, two_streets, now):
    with pytest.raises(SourceError, match=r"no column 'nr' for the code; the columns are code, name, kind, population"):
        import_areas(store, two_streets, AreaOptions(code_field="nr"), now)


def test_a_name_that_another_kind_has_is_refused(store, geojson, square, two_streets, now):
    import_areas(store, two_streets, AreaOptions(name="mine"), now)
    file = geojson((square(116.0, 39.9), {}))
    with pytest.raises(SourceError, match=r"'mine' belongs to areas; choose another with --name"):
        import_buildings(store, file, BuildingOptions(name="mine"), now)


def test_a_layer_far_from_the_city_is_warned_of(store, geojson, square, two_streets, now):
    import_areas(store, two_streets, AreaOptions(), now)
    report = import_buildings(store, geojson((square(120.0, 30.0, 0.001), {})), BuildingOptions(), now)
    assert "degrees away from the city's areas" in report.warnings[0]
