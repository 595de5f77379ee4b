import copy
import json
import re

import numpy as np
import pytest

from datastore.sources.cityjson import open_cityjson
from datastore.sources.cityjson_seq import open_cityjson_seq
from datastore.sources.errors import SourceError
from tests.city_files import EAST, NORTH, city, house, solid, vertices, write
from twin_model.city_object import BadObject, CityObject


def read(file, opening=open_cityjson):
    return list(opening(file).objects(lambda _: None))


def test_each_version_reads_alike(tmp_path):
    old = city({"a": house(solid(lod=2.2))}, version="1.0", crs="urn:ogc:def:crs:EPSG::7415")
    files = [
        write(tmp_path / "1.0.json", old),
        write(tmp_path / "1.1.json", city({"a": house()}, version="1.1")),
        write(tmp_path / "2.0.json", city({"a": house()})),
    ]
    bodies = [read(file)[0].geometries[0] for file in files]
    for body in bodies:
        assert (body.lod, body.solid) == ("2.2", True)
        assert body.positions[0] == pytest.approx([EAST, NORTH, 1])
        assert np.array_equal(body.surfaces, bodies[0].surfaces)
    assert [open_cityjson(file).format for file in files] == ["CityJSON 1.0", "CityJSON 1.1", "CityJSON 2.0"]


def test_another_version_and_another_type_are_refused(tmp_path):
    with pytest.raises(SourceError, match=r"CityJSON version '3.0' is not read; upgrade"):
        open_cityjson(write(tmp_path / "a.json", city({}, version="3.0")))
    with pytest.raises(SourceError, match="its type is 'FeatureCollection', not CityJSON"):
        open_cityjson(write(tmp_path / "a.json", {"type": "FeatureCollection", "features": []}))
    with pytest.raises(SourceError, match="there is no 'vertices' in it"):
        open_cityjson(write(tmp_path / "a.json", {"type": "CityJSON", "version": "2.0", "CityObjects": {}}))


@pytest.mark.parametrize(
    ("old", "new", "place"),
    [
        ('"version"', "version", "line 3, column 3"),
        ('"lod": "2.2",', '"lod": "2.2"', r"line \d+, column \d+"),
        ("9000", "9000,,", r"line \d+, column \d+"),
        ('"vertices"', '"vertices" "', r"line \d+, column \d+"),
    ],
)
def test_broken_json_is_told_by_line_and_column(tmp_path, old, new, place):
    text = json.dumps(city({"a": house()}), indent=2).replace("10000", "9000", 1)
    assert old in text
    file = tmp_path / "a.json"
    file.write_text(text.replace(old, new, 1), encoding="utf-8")
    with pytest.raises(SourceError, match=f"a.json: broken JSON in {place}"):
        read(file)


def test_the_place_told_is_where_the_text_breaks(tmp_path):
    text = json.dumps(city({"楼": house()}), indent=1, ensure_ascii=False)
    lines = text.splitlines()
    at = next(number for number, line in enumerate(lines) if '"boundaries"' in line)
    lines[at] = lines[at].replace(":", "!", 1)
    file = tmp_path / "a.json"
    file.write_text("\n".join(lines), encoding="utf-8")
    column = lines[at].index("!") + 1
    with pytest.raises(SourceError, match=re.escape(f"line {at + 1}, column {column}")):
        read(file)


def test_a_file_cut_short_an_empty_one_and_utf_16_are_told_apart(tmp_path):
    text = json.dumps(city({"a": house()}))
    file = tmp_path / "a.json"
    for content, what in (
        (text[: len(text) // 2].encode(), "the file ends in the middle of a value"),
        (b"  ", "the file is empty"),
        (text.encode("utf-16"), "the file is UTF-16"),
        ((text + "}").encode(), "there is more after the end"),
    ):
        file.write_bytes(content)
        with pytest.raises(SourceError, match=what):
            read(file)


@pytest.mark.parametrize("indent", [None, 1, "\t"])
def test_white_space_changes_nothing(tmp_path, indent):
    file = tmp_path / "a.json"
    file.write_text(json.dumps(city({"a": house()}), indent=indent) + "\n", encoding="utf-8")
    assert read(file)[0].geometries[0].positions[0] == pytest.approx([EAST, NORTH, 1])


def test_a_byte_order_mark_and_any_order_of_members_are_fine(tmp_path):
    document = city({"a": house()})
    file = tmp_path / "a.json"
    file.write_bytes(b"\xef\xbb\xbf" + json.dumps(dict(reversed(document.items()))).encode())
    assert [thing.source_ref for thing in read(file)] == ["a"]


def test_solids_of_a_multi_solid_are_bodies_of_their_own(tmp_path):
    one, other = solid(), solid(start=10)
    names = one["semantics"]["surfaces"]
    both = {
        "type": "MultiSolid",
        "lod": "2.2",
        "boundaries": [one["boundaries"], other["boundaries"]],
        "semantics": {"surfaces": names, "values": [one["semantics"]["values"], None]},
    }
    (thing,) = read(write(tmp_path / "a.json", city({"a": house(both)}, vertices() + vertices((20, 0)))))
    first, second = thing.geometries
    assert (first.solid, second.solid) == (True, True)
    assert sorted(set(first.surfaces)) == [1, 2, 3]
    assert set(second.surfaces) == {0}


def test_a_template_is_put_in_its_place(tmp_path):
    templates = {
        "templates": [{"type": "MultiSurface", "lod": "1", "boundaries": [[[0, 1, 2]]]}],
        "vertices-templates": [[0, 0, 0], [1, 0, 0], [0, 1, 0]],
    }
    twice = [2, 0, 0, 0, 0, 2, 0, 0, 0, 0, 2, 0, 0, 0, 0, 1]
    placed = {"type": "GeometryInstance", "template": 0, "boundaries": [1], "transformationMatrix": twice}
    tree = {"type": "SolitaryVegetationObject", "geometry": [placed]}
    (thing,) = read(write(tmp_path / "a.json", city({"t": tree}, **{"geometry-templates": templates})))
    assert thing.geometries[0].positions - [EAST + 10, NORTH, 1] == pytest.approx(
        np.array([[0, 0, 0], [2, 0, 0], [0, 2, 0]])
    )
    placed["template"] = 7
    (bad,) = read(write(tmp_path / "a.json", city({"t": tree}, **{"geometry-templates": templates})))
    assert (bad.reason, bad.detail[:31]) == ("bad_geometry", "there is no geometry template 7")


def test_a_vertex_that_is_no_place_spoils_only_who_uses_it(tmp_path):
    points = [*vertices(), *copy.deepcopy(vertices())]
    points[3] = [1, 2]
    points[4] = ["x", 0, 0]
    things = read(write(tmp_path / "a.json", city({"a": house(), "b": house(solid(start=10))}, points)))
    assert [type(thing) for thing in things] == [BadObject, CityObject]
    assert things[0].reason == "bad_coordinates"


def test_vertices_are_the_same_block_by_block_and_in_a_temporary_file(tmp_path, monkeypatch):
    points = [[number, -number, number * 1000] for number in range(500)]
    file = write(tmp_path / "a.json", city({"a": house(solid(start=480))}, points))
    (whole,) = read(file)
    monkeypatch.setattr("datastore.sources.cityjson_vertices.BLOCK", 64)
    monkeypatch.setattr("datastore.sources.cityjson_vertices.SPILL_BYTES", 1)
    (spilled,) = read(file)
    assert np.array_equal(whole.geometries[0].positions, spilled.geometries[0].positions)


def test_waiting_parts_are_read_again_where_there_are_too_many_to_hold(tmp_path, monkeypatch):
    monkeypatch.setattr("datastore.sources.cityjson._HELD", 1)
    parts = {f"p{n}": {"type": "BuildingPart", "geometry": [solid()], "parents": [f"b{n}"]} for n in range(4)}
    wholes = {f"b{n}": {"type": "Building", "children": [f"p{n}"]} for n in range(4)}
    things = read(write(tmp_path / "a.json", city({**wholes, **parts})))
    assert [(thing.source_ref, len(thing.geometries)) for thing in things] == [(f"b{n}", 1) for n in range(4)]


def test_interior_parts_are_left_out_and_told(tmp_path):
    things = {
        "b": house(children=["r", "i"]),
        "r": {"type": "BuildingRoom", "parents": ["b"], "geometry": [solid()]},
        "i": {"type": "BuildingInstallation", "parents": ["b"], "geometry": [solid()]},
    }
    (thing,) = read(write(tmp_path / "a.json", city(things)))
    assert (len(thing.geometries), thing.omitted) == (2, ("BuildingRoom",))


def sequence(*lines):
    head = city({}, [])
    return "\n".join([json.dumps(head), *lines]) + "\n"


def feature(things, points):
    root = next(iter(things))
    return json.dumps({"type": "CityJSONFeature", "id": root, "CityObjects": things, "vertices": points})


def test_a_sequence_reads_feature_by_feature_and_a_broken_line_costs_only_itself(tmp_path):
    part = {"type": "BuildingPart", "geometry": [solid()], "parents": ["b"]}
    lines = [
        feature({"a": house()}, vertices()),
        '{"type": "CityJSONFeature", "CityObjects": }',
        "",
        '{"type": "Feature"}',
        feature({"b": {"type": "Building", "children": ["p"]}, "p": part}, vertices((20, 0))),
    ]
    file = tmp_path / "tile.city.jsonl"
    file.write_text(sequence(*lines), encoding="utf-8")
    things = read(file, open_cityjson_seq)
    assert [(thing.source_ref, getattr(thing, "reason", "")) for thing in things] == [
        ("a", ""), ("line 3", "broken_json"), ("line 5", "bad_object"), ("b", ""),
    ]  # fmt: skip
    assert "line 3, column 44" in things[1].detail
    assert things[3].geometries[0].positions[0] == pytest.approx([EAST + 20, NORTH, 1])
    assert open_cityjson_seq(file).crs == "https://www.opengis.net/def/crs/EPSG/0/7415"


def test_a_sequence_without_its_head_is_refused(tmp_path):
    file = tmp_path / "a.jsonl"
    file.write_text(feature({"a": house()}, vertices()), encoding="utf-8")
    with pytest.raises(SourceError, match="its type is 'CityJSONFeature', not CityJSON"):
        open_cityjson_seq(file)
    file.write_text("{", encoding="utf-8")
    with pytest.raises(SourceError, match="broken JSON in line 1, column 2"):
        open_cityjson_seq(file)
