import json

import pytest

from datastore.sources.city import import_city
from datastore.sources.citygml import open_citygml
from datastore.sources.errors import SourceError
from datastore.sources.options import CityOptions
from tests.city_files import EAST, KINDS, NORTH, RINGS, VOLUME_M3, gml_building, gml_city, gml_polygon, pos_list
from twin_model.city_object import BadObject
from twin_model.surface import surface_kind

WORDS = (
    "<gml:name>Markt 87</gml:name><bldg:function>office</bldg:function>"
    "<bldg:storeysAboveGround>2</bldg:storeysAboveGround>"
    '<gen:stringAttribute name="用途"><gen:value>办公</gen:value></gen:stringAttribute>'
    '<gen:intAttribute name="code"><gen:value>007</gen:value></gen:intAttribute>'
    "<bldg:address><core:Address><core:xalAddress><xAL:AddressDetails><xAL:Country>"
    "<xAL:CountryName>日本</xAL:CountryName><xAL:Locality><xAL:LocalityName>静岡市葵区</xAL:LocalityName>"
    "</xAL:Locality></xAL:Country></xAL:AddressDetails></core:xalAddress></core:Address></bldg:address>"
)


@pytest.fixture
def gml(tmp_path):
    def write(text, name="a.gml", encoding="utf-8"):
        (tmp_path / name).write_text(text, encoding=encoding)
        return tmp_path / name

    return write


def read(file):
    return list(open_citygml(file).objects(lambda _: None))


def test_a_solid_takes_the_surfaces_it_refers_to_with_their_kinds(gml):
    (thing,) = read(gml(gml_city(gml_building(words=WORDS))))
    (body,) = thing.geometries
    assert (thing.source_ref, thing.kind, body.lod, body.solid) == ("B1", "Building", "2", True)
    assert body.surfaces.tolist() == [surface_kind(kind) for kind in KINDS]
    assert len(body.positions) == sum(len(ring) for ring in RINGS)
    assert (thing.name, thing.address) == ("Markt 87", "静岡市葵区")
    assert thing.attributes == {"function": "office", "storeysAboveGround": 2, "用途": "办公", "code": "007"}


def test_a_house_of_citygml_is_the_house_of_cityjson(store, gml, now, ask):
    report = import_city(store, gml(gml_city(gml_building(words=WORDS))), CityOptions(), now)
    assert report.counts["models valid"] == 1
    assert ask('SELECT name, "use", height_m, storeys FROM building') == [("Markt 87", "office", 9.0, 2)]
    assert ask("SELECT volume_m3 FROM building_model")[0][0] == pytest.approx(VOLUME_M3, rel=1e-3)
    assert ask("SELECT lon, lat FROM building")[0] == pytest.approx((4.36185, 52.01053), abs=1e-4)


@pytest.mark.parametrize(
    ("crs", "swapped"),
    [
        ("http://www.opengis.net/def/crs/EPSG/0/6697", True),
        ("urn:ogc:def:crs:EPSG::6697", True),
        ("EPSG:6697", False),
        ("urn:ogc:def:crs:EPSG::6697", False),
    ],
)
def test_latitude_first_or_longitude_first_comes_out_in_the_same_place(store, gml, now, ask, *, crs, swapped):
    # Degrees are coarse for this house, which is then as large as a province: only its place counts here.
    text = gml_city(gml_building(origin=(138.0, 34.0), swapped=swapped), crs=crs)
    import_city(store, gml(text), CityOptions(), now)
    west, south, east, north = ask("SELECT min(lon), min(lat), max(lon), max(lat) FROM building_model")[0]
    assert (west, east) == (pytest.approx(143.0, abs=0.1), pytest.approx(143.0, abs=0.1))
    assert (south, north) == (pytest.approx(38.0, abs=0.1), pytest.approx(38.0, abs=0.1))


def test_parts_installations_and_rooms(gml):
    part = (
        '<bldg:consistsOfBuildingPart><bldg:BuildingPart gml:id="part"><bldg:lod2MultiSurface><gml:MultiSurface>'
        f"<gml:surfaceMember>{gml_polygon(90, RINGS[0])}</gml:surfaceMember></gml:MultiSurface>"
        "</bldg:lod2MultiSurface></bldg:BuildingPart></bldg:consistsOfBuildingPart>"
        '<bldg:interiorRoom><bldg:Room gml:id="room"/></bldg:interiorRoom>'
    )
    (thing,) = read(gml(gml_city(gml_building(inner=part))))
    assert [body.solid for body in thing.geometries] == [True, False]
    assert thing.omitted == ("Room",)


def test_a_surface_that_is_turned_over_faces_the_other_way(gml):
    turned = (
        '<core:cityObjectMember><bldg:Building gml:id="t"><bldg:lod1MultiSurface><gml:MultiSurface>'
        f"<gml:surfaceMember>{gml_polygon(1, RINGS[0])}</gml:surfaceMember>"
        '<gml:surfaceMember><gml:OrientableSurface orientation="-"><gml:baseSurface xlink:href="#p1"/>'
        "</gml:OrientableSurface></gml:surfaceMember></gml:MultiSurface></bldg:lod1MultiSurface>"
        "</bldg:Building></core:cityObjectMember>"
    )
    (thing,) = read(gml(gml_city(turned)))
    body = thing.geometries[0]
    assert body.positions[4:].tolist() == body.positions[:4][::-1].tolist()


def test_version_3_reads_its_boundaries_and_attributes(gml):
    member = (
        '<cityObjectMember><bldg:Building gml:id="B3"><gml:name>三</gml:name>'
        "<genericAttribute><gen:StringAttribute><gen:name>owner</gen:name><gen:value>city</gen:value>"
        "</gen:StringAttribute></genericAttribute>"
        f"<boundary><con:GroundSurface><lod2MultiSurface><gml:MultiSurface><gml:surfaceMember>"
        f"{gml_polygon(1, RINGS[0])}</gml:surfaceMember></gml:MultiSurface></lod2MultiSurface></con:GroundSurface>"
        "</boundary></bldg:Building></cityObjectMember>"
    )
    text = (
        '<CityModel xmlns="http://www.opengis.net/citygml/3.0" xmlns:gml="http://www.opengis.net/gml/3.2" '
        'xmlns:bldg="http://www.opengis.net/citygml/building/3.0" '
        'xmlns:con="http://www.opengis.net/citygml/construction/3.0" '
        'xmlns:gen="http://www.opengis.net/citygml/generics/3.0"><gml:boundedBy>'
        f'<gml:Envelope srsName="EPSG:7415"/></gml:boundedBy>{member}</CityModel>'
    )
    (thing,) = read(gml(text))
    assert (thing.source_ref, thing.name, thing.attributes) == ("B3", "三", {"owner": "city"})
    assert thing.geometries[0].surfaces.tolist() == [surface_kind("GroundSurface")]
    assert open_citygml(gml(text)).format == "CityGML 3.0"


def test_positions_one_by_one_and_two_numbers_to_a_position(gml):
    text = gml_city(gml_building())
    for ring in RINGS:
        numbers = pos_list(ring).split()
        single = "".join(f"<gml:pos>{' '.join(numbers[at : at + 3])}</gml:pos>" for at in range(0, len(numbers), 3))
        text = text.replace(f"<gml:posList>{pos_list(ring)}</gml:posList>", single)
    assert "posList" not in text
    (thing,) = read(gml(text))
    assert thing.geometries[0].positions[0] == pytest.approx([EAST, NORTH, 1])


def test_a_bad_ring_costs_only_its_building(gml):
    bad = gml_building("bad").replace(pos_list(RINGS[1]), pos_list(RINGS[1]) + " 1")
    nan = gml_building("nan").replace(pos_list(RINGS[1]), pos_list(RINGS[1]).replace("84610.0", "NaN", 1))
    things = read(gml(gml_city(bad, nan, gml_building("good"))))
    assert [(thing.source_ref, getattr(thing, "reason", "")) for thing in things] == [
        ("bad", "bad_geometry"), ("nan", "bad_coordinates"), ("good", ""),
    ]  # fmt: skip


def test_surfaces_that_refer_to_one_another_in_a_circle_are_rejected(gml):
    loop = (
        '<core:cityObjectMember><bldg:Building gml:id="loop"><bldg:lod1MultiSurface>'
        '<gml:MultiSurface gml:id="m"><gml:surfaceMember xlink:href="#m"/></gml:MultiSurface>'
        "</bldg:lod1MultiSurface></bldg:Building></core:cityObjectMember>"
    )
    (thing,) = read(gml(gml_city(loop)))
    assert isinstance(thing, BadObject)
    assert "in a circle" in thing.detail


DOCUMENT_TYPES = [
    '<!DOCTYPE core:CityModel [<!ENTITY x SYSTEM "file:///etc/passwd">]>',
    '<!DOCTYPE core:CityModel SYSTEM "http://127.0.0.1:9/evil.dtd">',
    '<!DOCTYPE a [<!ENTITY a "ha"><!ENTITY b "&a;&a;&a;&a;"><!ENTITY c "&b;&b;&b;&b;">]>',
]


@pytest.mark.parametrize("encoding", ["utf-8", "utf-16"])
@pytest.mark.parametrize("document_type", DOCUMENT_TYPES)
def test_a_document_type_is_refused_and_nothing_is_opened(gml, store, now, content, *, document_type, encoding):
    before = content()
    prolog = f'<?xml version="1.0" encoding="{encoding}"?>\n<!-- made by hand -->\n{document_type}'
    text = gml_city(gml_building(words="<gml:name>&x;&c;</gml:name>"), prolog=prolog)
    with pytest.raises(SourceError, match=r"it has a document type .* nothing was opened"):
        import_city(store, gml(text, encoding=encoding), CityOptions(), now)
    assert content() == before


def test_an_entity_that_nobody_declared_is_broken_xml(gml):
    with pytest.raises(SourceError, match=r"broken XML in line 1, column \d+"):
        read(gml(gml_city(gml_building(words="<gml:name>&x;</gml:name>"))))


def test_broken_xml_another_root_and_an_empty_file_are_told(gml):
    with pytest.raises(SourceError, match=r"a\.gml: broken XML in line 1, column \d+"):
        read(gml(gml_city(gml_building())[:-30]))
    with pytest.raises(SourceError, match=r"its root is .*svg, not a CityModel"):
        open_citygml(gml('<svg xmlns="http://www.w3.org/2000/svg"/>'))
    with pytest.raises(SourceError, match="the file is empty"):
        open_citygml(gml(""))


def test_a_missing_crs_is_asked_for_and_the_name_of_a_compound_is_understood(store, gml, now, ask):
    with pytest.raises(SourceError, match="the coordinate reference system is missing"):
        import_city(store, gml(gml_city(gml_building(), crs="")), CityOptions(), now)
    text = gml_city(gml_building(origin=(458_875, 5_438_350)), crs="urn:ogc:def:crs,crs:EPSG::25832,crs:EPSG::5783")
    import_city(store, gml(text, "森.gml"), CityOptions(), now)
    assert ask("SELECT lon, lat FROM building")[0] == pytest.approx((8.4367, 49.0967), abs=1e-3)


def test_water_lies_flat_and_a_relief_is_counted(store, gml, now, ask):
    water = (
        '<core:cityObjectMember><wtr:WaterBody gml:id="w"><wtr:lod1MultiSurface><gml:MultiSurface>'
        f"<gml:surfaceMember>{gml_polygon(1, RINGS[0])}</gml:surfaceMember></gml:MultiSurface>"
        "</wtr:lod1MultiSurface></wtr:WaterBody></core:cityObjectMember>"
        '<core:cityObjectMember><gen:ReliefFeature gml:id="r"/></core:cityObjectMember>'
    )
    report = import_city(store, gml(gml_city(water)), CityOptions(), now)
    assert ask("SELECT kind FROM landuse") == [("water",)]
    assert report.counts["not drawn, ReliefFeature"] == 1


def test_a_texture_of_the_whole_model_finds_its_rings_before_or_after(store, gml, tmp_path, now, ask):
    (tmp_path / "wall.png").write_bytes(b"\x89PNG\r\n\x1a\n" + b"0" * 20)
    appearance = (
        "<app:appearanceMember><app:Appearance><app:surfaceDataMember><app:ParameterizedTexture>"
        '<app:imageURI>wall.png</app:imageURI><app:target uri="#p1"><app:TexCoordList>'
        '<app:textureCoordinates ring="#r1">0 0 1 0 1 1 0 1 0 0</app:textureCoordinates></app:TexCoordList>'
        "</app:target></app:ParameterizedTexture></app:surfaceDataMember></app:Appearance></app:appearanceMember>"
    )
    for number, members in enumerate([(gml_building(), appearance), (appearance, gml_building())]):
        report = import_city(store, gml(gml_city(*members), f"{number}.gml"), CityOptions(), now)
        assert report.counts["textures taken"] == 1
    assert ask("SELECT path, media_type FROM building_texture") == [("wall.png", "image/png")] * 2
    assert json.loads(ask("SELECT attributes FROM building_detail")[0][0]) == {}
