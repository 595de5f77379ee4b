"""Objects that no honest program writes: each is told by its id, and the rest of its file loads."""

import json

import pytest
from lxml import etree

from datastore.sources.city import import_city
from datastore.sources.citygml_object import read_element
from datastore.sources.options import CityOptions
from tests.city_files import EAST, NORTH, city, gml_building, gml_city, house, solid, vertices, write
from twin_model.city_object import BadObject

GML = (
    'xmlns:bldg="http://www.opengis.net/citygml/building/2.0" xmlns:gml="http://www.opengis.net/gml" '
    'xmlns:xlink="http://www.w3.org/1999/xlink"'
)
TEXTURES = {"textures": [{"type": "PNG", "image": "a.png"}], "vertices-texture": [[0, 0], [1, 1]]}
TEMPLATES = {"templates": [solid()], "vertices-templates": vertices()}
ENDLESS = 10**400


@pytest.mark.parametrize(
    ("thing", "reason"),
    [
        (house({"type": "Solid", "lod": "2", "boundaries": [[[[]]]]}), "missing_geometry"),
        (house({"type": "Solid", "lod": "2", "boundaries": [[[]]]}), "missing_geometry"),
        (house({**solid(), "texture": {"t": {"values": [[[[0, 10**30, 0, 0, 0]]]]}}}), "bad_geometry"),
        (
            house(
                {"type": "GeometryInstance", "template": 0, "boundaries": [0], "transformationMatrix": [ENDLESS] * 16}
            ),
            "bad_geometry",
        ),
    ],
)
def test_an_object_that_overflows_or_is_empty_is_rejected_alone(store, tmp_path, now, thing, reason):
    document = city({"good": house(), "odd": thing}, appearance=TEXTURES, **{"geometry-templates": TEMPLATES})
    report = import_city(store, write(tmp_path / "a.json", document), CityOptions(), now)
    assert (report.loaded, report.reasons) == (1, {reason: 1})


def test_an_empty_hole_and_a_level_that_is_no_number_cost_nothing(store, tmp_path, now, ask):
    holed, odd = solid(), solid(lod="nan")
    holed["boundaries"][0][2].append([])
    document = city({"holed": house(holed), "odd": house(odd)})
    assert import_city(store, write(tmp_path / "a.json", document), CityOptions(), now).loaded == 2
    assert ask("SELECT lod, state FROM building_model ORDER BY lod") == [("2.2", "valid"), ("nan", "valid")]


def test_half_a_pair_of_surrogates_becomes_a_question_mark(store, tmp_path, now, ask):
    document = city({"a\ud800": house(attributes={"name": "楼\udc00", "owner": ["\ud800"]})})
    (tmp_path / "a.json").write_text(json.dumps(document), encoding="utf-8")
    assert import_city(store, tmp_path / "a.json", CityOptions(), now).loaded == 1
    assert ask("SELECT source_ref, name, attributes FROM building JOIN building_detail USING (building_id)") == [
        ("a?", "楼?", '{"name": "楼?", "owner": ["?"]}')
    ]


def test_templates_that_are_no_lists_are_none(store, tmp_path, now):
    document = city({"a": house()}, **{"geometry-templates": {"templates": 5, "vertices-templates": 7}})
    assert import_city(store, write(tmp_path / "a.json", document), CityOptions(), now).loaded == 1


@pytest.mark.parametrize("dimension", [1, 4])
def test_a_ring_of_one_or_four_numbers_to_a_position_is_rejected_alone(store, tmp_path, now, dimension):
    corner = f"{EAST} {NORTH} 0 " + "0 " * (dimension == 4)
    surface = (
        "<bldg:lod2MultiSurface><gml:MultiSurface><gml:surfaceMember><gml:Polygon><gml:exterior><gml:LinearRing>"
        f'<gml:posList srsDimension="{dimension}">{corner * 4}</gml:posList></gml:LinearRing></gml:exterior>'
        "</gml:Polygon></gml:surfaceMember></gml:MultiSurface></bldg:lod2MultiSurface>"
    )
    odd = f'<core:cityObjectMember><bldg:Building gml:id="odd">{surface}</bldg:Building></core:cityObjectMember>'
    (tmp_path / "a.gml").write_text(gml_city(gml_building(), odd), encoding="utf-8")
    report = import_city(store, tmp_path / "a.gml", CityOptions(), now)
    assert (report.loaded, report.reasons) == (1, {"bad_geometry": 1})


def test_numbers_beyond_all_measure_stay_words():
    storeys = f"<bldg:storeysAboveGround>{'1' * 5000}</bldg:storeysAboveGround>"
    words = f"{storeys}<bldg:measuredHeight>1e999</bldg:measuredHeight>"
    thing = read_element(etree.fromstring(f'<bldg:Building {GML} gml:id="b">{words}</bldg:Building>'), 1, {})
    assert thing.attributes == {"storeysAboveGround": "1" * 5000, "measuredHeight": "1e999"}


def test_references_that_double_at_each_step_are_refused_and_broken_ones_told(monkeypatch):
    monkeypatch.setattr("datastore.sources.citygml_surface._MOST_POLYGONS", 1000)
    steps = "".join(
        f'<gml:surfaceMember><gml:CompositeSurface gml:id="c{step}">'
        + f'<gml:surfaceMember xlink:href="#c{step + 1}"/>' * 2
        + "</gml:CompositeSurface></gml:surfaceMember>"
        for step in range(20)
    )
    shape = '<gml:MultiSurface><gml:surfaceMember xlink:href="#{}"/></gml:MultiSurface>'

    def building(ref):
        text = f"<bldg:x>{steps}</bldg:x><bldg:lod2MultiSurface>{shape.format(ref)}</bldg:lod2MultiSurface>"
        return read_element(etree.fromstring(f'<bldg:Building {GML} gml:id="b">{text}</bldg:Building>'), 1, {})

    found = building("c0")
    assert isinstance(found, BadObject)
    assert "too often" in found.detail
    assert building("gone").omitted == ("reference that leads nowhere",)
