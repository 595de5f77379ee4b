import json
from collections import Counter

import numpy as np
import pytest
import shapely

from datastore.sources.city import import_city
from datastore.sources.errors import SourceError
from datastore.sources.options import CityOptions
from tests.city_files import CORNERS, RINGS, VOLUME_M3, city, house, solid, vertices, write
from twin_model.surface import SurfaceKind

MODEL = "SELECT lod, state, watertight, volume_m3, base_m, vertices, faces, surfaces FROM building_model ORDER BY lod"


def test_a_house_comes_with_shape_height_footprint_and_words(store, tmp_path, now, ask):
    words = {"name": "听松楼", "storeysAboveGround": 2, "function": "residential", "roof": {"material": "tile"}}
    address = [{"Country": "Nederland", "Locality": "Delft", "ThoroughfareName": "Markt", "ThoroughfareNumber": "87"}]
    document = city({"NL.1": house(attributes=words, address=address)})
    report = import_city(store, write(tmp_path / "delft.json", document), CityOptions(), now)
    assert (report.loaded, report.rejected, report.counts["models valid"]) == (1, 0, 1)
    assert ask('SELECT code, name, "use", height_m, height_source, storeys FROM building') == [
        ("delft-NL.1", "听松楼", "residential", 9.0, "model", 2)
    ]
    assert ask("SELECT source_ref, address, base_m FROM building_detail") == [
        ("NL.1", "Markt 87, Delft, Nederland", 1.0)
    ]
    assert json.loads(ask("SELECT attributes FROM building_detail")[0][0]) == words
    lon, lat, footprint = ask("SELECT lon, lat, footprint_m2 FROM building")[0]
    # The corner of the house by the published transformation of the Dutch survey (pyproj, EPSG:28992).
    assert (lon, lat) == (pytest.approx(4.36185, abs=1e-4), pytest.approx(52.01053, abs=1e-4))
    assert footprint == pytest.approx(80, rel=1e-3)
    assert ask("SELECT kind, crs, rows_loaded FROM dataset") == [("city", "EPSG:7415", 1)]


def test_the_mesh_is_stored_in_metres_with_its_surfaces(store, tmp_path, now, ask):
    import_city(store, write(tmp_path / "a.json", city({"a": house()})), CityOptions(), now)
    ((lod, state, watertight, volume, base, raw, faces, kinds),) = ask(MODEL)
    assert (lod, state, watertight, base) == ("2.2", "valid", True, 1.0)
    assert volume == pytest.approx(VOLUME_M3, rel=1e-3)
    positions = np.frombuffer(raw, dtype="<f4").reshape(-1, 3)
    assert positions[:, 2].min() == 0
    assert positions[:, 2].max() == pytest.approx(9)
    assert np.ptp(positions[:, :2], axis=0) == pytest.approx([10, 8], rel=0.02)
    assert len(np.frombuffer(faces, dtype="<u4")) // 3 == len(kinds) == 16
    assert Counter(kinds) == {SurfaceKind.GROUND: 2, SurfaceKind.WALL: 10, SurfaceKind.ROOF: 4}


def test_every_lod_is_kept_and_the_highest_gives_the_height(store, tmp_path, now, ask):
    block = solid(
        "1.2",
        10,
        kinds=False,
        rings=[[0, 3, 2, 1], [0, 1, 5, 4], [1, 2, 6, 5], [2, 3, 7, 6], [3, 0, 4, 7], [4, 5, 6, 7]],
    )
    flat = {"type": "MultiSurface", "lod": "0", "boundaries": [[[0, 1, 2, 3]]]}
    document = city({"a": house(flat, block, solid())}, vertices() + vertices())
    report = import_city(store, write(tmp_path / "a.json", document), CityOptions(), now)
    assert [row[:3] for row in ask(MODEL)] == [("0", "valid", False), ("1.2", "valid", True), ("2.2", "valid", True)]
    assert ask("SELECT height_m FROM building") == [(9.0,)]
    assert {key: report.counts[key] for key in report.counts if "LoD" in key} == {
        "models, LoD 0": 1, "models, LoD 1.2": 1, "models, LoD 2.2": 1,
    }  # fmt: skip


def test_parts_are_joined_to_their_building_whatever_their_order(store, tmp_path, now, ask):
    points = vertices() + vertices((20, 0))
    parts = {
        "p1": {"type": "BuildingPart", "geometry": [solid()], "parents": ["whole"]},
        "p2": {"type": "BuildingPart", "geometry": [solid(start=10)], "parents": ["whole"]},
    }
    whole = {"type": "Building", "attributes": {"name": "Twins"}, "children": ["p1", "p2"]}
    orders = [
        {"whole": whole, **parts},
        {**parts, "whole": whole},
        {"p2": parts["p2"], "whole": whole, "p1": parts["p1"]},
    ]
    for number, things in enumerate(orders):
        import_city(store, write(tmp_path / f"order{number}.json", city(things, points)), CityOptions(), now)
    assert (
        ask("SELECT name, round(footprint_m2), ST_AsText(geom) LIKE 'MULTI%' FROM building")
        == [("Twins", 160, True)] * 3
    )
    assert [
        (state, tight, round(volume))
        for state, tight, volume in ask("SELECT state, watertight, volume_m3 FROM building_model")
    ] == [("valid", True, 1200)] * 3


def test_a_part_without_its_whole_stands_by_itself(store, tmp_path, now, ask):
    things = {"p": {"type": "BuildingPart", "geometry": [solid()], "parents": ["gone"]}, "q": house(children=["never"])}
    import_city(store, write(tmp_path / "a.json", city(things)), CityOptions(), now)
    assert ask("SELECT code FROM building ORDER BY code") == [("a-p",), ("a-q",)]


def test_what_lies_on_the_ground_is_drawn_flat_and_the_rest_is_counted(store, tmp_path, now, ask):
    surface = {"type": "MultiSurface", "lod": "1", "boundaries": [[[0, 1, 2]], [[0, 2, 3]]]}
    kinds = ["WaterBody", "PlantCover", "LandUse", "Road", "Bridge", "Railway", "GenericCityObject"]
    things = {kind: {"type": kind, "geometry": [surface]} for kind in kinds}
    report = import_city(store, write(tmp_path / "a.json", city({**things, "b": house()})), CityOptions(), now)
    assert ask("SELECT kind, count(*) FROM landuse GROUP BY 1 ORDER BY 1") == [
        ("green", 1), ("other", 1), ("paved", 3), ("water", 1),
    ]  # fmt: skip
    assert report.counts["not drawn, GenericCityObject"] == 1
    shape = shapely.from_wkb(ask("SELECT ST_AsWKB(geom) FROM landuse LIMIT 1")[0][0])
    assert (shape.geom_type, len(shape.exterior.coords)) == ("Polygon", 5)


def test_one_bad_object_is_rejected_by_its_id_and_the_rest_loads(store, tmp_path, now, ask):
    wrong = solid()
    wrong["boundaries"][0][0][0][0] = 99
    nested = {"type": "Solid", "lod": "2", "boundaries": [[0, 1, 2]]}
    upright = {"type": "MultiSurface", "lod": "2", "boundaries": [[[0, 1, 5, 4]]]}
    things = {
        "far": house(wrong), "odd": house(nested), "flat": house(upright), "none": {"type": "Building"},
        "text": "Building", "good": house(),
    }  # fmt: skip
    report = import_city(store, write(tmp_path / "a.json", city(things)), CityOptions(), now)
    assert report.loaded == 1
    assert ask("SELECT json_extract_string(record, '$.id'), row_number, reason FROM reject ORDER BY row_number") == [
        ("far", 1, "vertex_out_of_range"), ("odd", 2, "bad_geometry"), ("flat", 3, "zero_area"),
        ("none", 4, "missing_geometry"), ("text", 5, "bad_object"),
    ]  # fmt: skip
    assert "vertex 99, the file has 10" in ask("SELECT detail FROM reject WHERE row_number = 1")[0][0]


def test_an_object_with_a_corner_in_the_sky_is_rejected(store, tmp_path, now, ask):
    points = vertices() + vertices((20, 0))
    points[14][2] = 10**300
    things = {"sky": house(solid(start=10)), "good": house()}
    report = import_city(store, write(tmp_path / "a.json", city(things, points)), CityOptions(), now)
    assert report.reasons == {"out_of_range": 1}
    assert ask("SELECT code FROM building") == [("a-good",)]


def test_an_open_solid_is_kept_as_found_and_told_by_its_id(store, tmp_path, now, ask):
    # The ground and two walls: there is no saying how the hole should be closed.
    report = import_city(
        store,
        write(tmp_path / "a.json", city({"hole": house(solid(rings=RINGS[:3])), "good": house()})),
        CityOptions(),
        now,
    )
    states = dict(ask("SELECT source_ref, state FROM building_model JOIN building_detail USING (building_id)"))
    assert states == {"hole": "as_found", "good": "valid"}
    assert any("left as found, open_edges: hole" in warning for warning in report.warnings)
    assert "left as found, open_edges: hole" in ask("SELECT note FROM dataset")[0][0]


def test_a_solid_that_crosses_itself_is_kept_as_found(store, tmp_path, now, ask):
    points = vertices()
    points[8][2] = points[9][2] = -5_000  # the ridge pierces the ground
    report = import_city(store, write(tmp_path / "a.json", city({"a": house()}, points)), CityOptions(), now)
    assert ask("SELECT state FROM building_model") == [("as_found",)]
    assert any("self_intersecting: a" in warning for warning in report.warnings)


def test_a_missing_crs_is_asked_for_and_crs_mends_it(store, tmp_path, now, content):
    file, before = write(tmp_path / "a.json", city({"a": house()}, crs=None)), content()
    with pytest.raises(SourceError, match=r"a\.json: the coordinate reference system is missing: name it with --crs"):
        import_city(store, file, CityOptions(), now)
    assert content() == before
    assert import_city(store, file, CityOptions(crs="EPSG:7415"), now).loaded == 1


def test_an_unknown_crs_and_one_that_cannot_be_are_refused(store, tmp_path, now, content):
    before = content()
    unknown = write(tmp_path / "a.json", city({"a": house()}, crs="EPSG:999999"))
    with pytest.raises(SourceError, match="'EPSG:999999' is no coordinate reference system"):
        import_city(store, unknown, CityOptions(), now)
    with pytest.raises(SourceError, match="contradict EPSG:4490"):
        import_city(store, unknown, CityOptions(crs="EPSG:4490"), now)
    assert content() == before


def test_importing_again_changes_nothing_and_a_changed_file_replaces_it(store, tmp_path, now, ask, content):
    file = write(tmp_path / "a.json", city({"a": house(), "b": house()}))
    import_city(store, file, CityOptions(), now)
    before = content()
    assert import_city(store, file, CityOptions(), now).unchanged
    assert content() == before
    write(file, city({"c": house()}))
    import_city(store, file, CityOptions(), now)
    assert ask("SELECT code FROM building") == [("a-c",)]
    assert ask("SELECT count(*) FROM building_model") == ask("SELECT count(*) FROM building_detail") == [(1,)]


def test_a_file_name_in_chinese_or_japanese_is_its_name(store, tmp_path, now, ask):
    for name in ("海淀区 模型.json", "静岡市＿建物.json"):
        assert import_city(store, write(tmp_path / name, city({"楼①": house()})), CityOptions(), now).loaded == 1
    assert ask("SELECT name FROM dataset ORDER BY name") == [("海淀区-模型",), ("静岡市-建物",)]
    assert ask("SELECT code FROM building ORDER BY code") == [("海淀区-模型-楼①",), ("静岡市-建物-楼①",)]


def test_ids_that_look_alike_as_codes_stay_apart_and_a_second_one_is_rejected(store, tmp_path, now, ask):
    text = json.dumps(city({"{a/b}": house(), "a b": house(), "TWICE": house()})).replace('"TWICE"', '"a b"')
    file = tmp_path / "a.json"
    file.write_text(text, encoding="utf-8")
    report = import_city(store, file, CityOptions(), now)
    assert ask("SELECT code FROM building ORDER BY code") == [("a-a-b",), ("a-a-b-2",)]
    assert report.reasons == {"duplicate_id": 1}


def test_a_model_of_nothing_but_furniture_is_refused(store, tmp_path, now, content):
    before = content()
    file = write(tmp_path / "a.json", city({"x": {"type": "CityFurniture", "geometry": []}}))
    with pytest.raises(SourceError, match=r"nothing in it is drawn \(objects: CityFurniture\)"):
        import_city(store, file, CityOptions(), now)
    assert content() == before


def test_footprints_with_heights_come_as_buildings(store, geojson, square, now, ask):
    file = geojson((square(116.0, 39.9, 0.0001), {"id": "a", "hoogte": 12}), name="plots.json")
    import_city(store, file, CityOptions(height_field="hoogte"), now)
    assert ask("SELECT code, height_m, height_source FROM building") == [("plots-a", 12.0, "measured")]
    assert ask("SELECT kind FROM dataset") == [("buildings",)]


def test_a_height_comes_from_the_attributes_where_the_shape_has_none(store, tmp_path, now, ask):
    flat = {"type": "MultiSurface", "lod": "0", "boundaries": [[[0, 1, 2, 3]]]}
    things = {"a": house(flat, attributes={"measuredHeight": 21.5}), "b": house(flat, attributes={"floors": 4})}
    import_city(store, write(tmp_path / "a.json", city(things)), CityOptions(levels_field="floors"), now)
    assert ask("SELECT code, height_m, height_source FROM building ORDER BY code") == [
        ("a-a", 21.5, "measured"), ("a-b", 12.0, "levels"),
    ]  # fmt: skip


def test_batches_lose_and_double_nothing(store, tmp_path, now, ask, monkeypatch):
    monkeypatch.setattr("datastore.sources.city_writer.BATCH_OBJECTS", 3)
    points = [corner for number in range(10) for corner in vertices((20 * number, 0))]
    things = {f"h{number}": house(solid(start=number * len(CORNERS))) for number in range(10)}
    import_city(store, write(tmp_path / "a.json", city(things, points)), CityOptions(), now)
    assert ask("SELECT count(DISTINCT building_id), count(DISTINCT code) FROM building") == [(10, 10)]
    assert ask("SELECT count(DISTINCT building_id) FROM building_model") == [(10,)]


def test_a_crs_that_overrules_the_files_own_is_told(store, tmp_path, now):
    file = write(tmp_path / "a.json", city({"a": house()}, crs="EPSG:7415"))
    report = import_city(store, file, CityOptions(crs="EPSG:28992"), now)
    assert "a.json: says EPSG:7415 itself; --crs EPSG:28992 was taken in its place" in report.warnings
