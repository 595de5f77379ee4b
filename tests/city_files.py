"""Small city models that tests write: one house in its several formats."""

import json

SCALE = 0.001
EAST, NORTH = 84_600.0, 447_400.0
"""South-west corner of the house, EPSG:28992."""
CORNERS = [
    (0, 0, 1), (10, 0, 1), (10, 8, 1), (0, 8, 1), (0, 0, 7), (10, 0, 7), (10, 8, 7), (0, 8, 7), (0, 4, 10), (10, 4, 10)
]  # fmt: skip
"""Ground, eaves and ridge of the house, metres from its corner: 10 m by 8 m, 9 m high, its ground at 1 m."""
RINGS = [[0, 3, 2, 1], [0, 1, 5, 4], [1, 2, 6, 9, 5], [2, 3, 7, 6], [3, 0, 4, 8, 7], [4, 5, 9, 8], [6, 7, 8, 9]]
KINDS = ["GroundSurface", *["WallSurface"] * 4, *["RoofSurface"] * 2]
VOLUME_M3 = 10 * 8 * 6 + 10 * 8 * 3 / 2


def vertices(offset=(0, 0)):
    """Vertices of a house in thousandths of a metre, moved east and north by metres."""
    return [[round((x + offset[0]) * 1000), round((y + offset[1]) * 1000), z * 1000] for x, y, z in CORNERS]


def solid(lod="2.2", start=0, *, kinds=True, rings=RINGS):
    """Solid of a house whose vertices start at a position."""
    names = list(dict.fromkeys(KINDS))
    semantics = {
        "surfaces": [{"type": name} for name in names],
        "values": [[names.index(kind) for kind in KINDS[: len(rings)]]],
    }
    boundaries = [[[[start + corner for corner in ring]] for ring in rings]]
    return {"type": "Solid", "lod": lod, "boundaries": boundaries} | ({"semantics": semantics} if kinds else {})


def city(things, points=None, *, version="2.0", crs="https://www.opengis.net/def/crs/EPSG/0/7415", **more):
    """CityJSON document."""
    metadata = {"metadata": {"referenceSystem": crs}} if crs else {}
    return {
        "type": "CityJSON",
        "version": version,
        "transform": {"scale": [SCALE] * 3, "translate": [EAST, NORTH, 0]},
        **metadata,
        "CityObjects": things,
        "vertices": vertices() if points is None else points,
        **more,
    }


def house(*geometries, **more):
    """Building of CityJSON."""
    return {"type": "Building", "attributes": {}, "geometry": list(geometries) or [solid()], **more}


def write(path, document):
    path.write_text(json.dumps(document, ensure_ascii=False), encoding="utf-8")
    return path


def pos_list(ring, origin=(EAST, NORTH), *, swapped=False):
    corners = [CORNERS[corner] for corner in (*ring, ring[0])]
    moved = [(x + origin[0], y + origin[1], z) for x, y, z in corners]
    return " ".join(f"{y} {x} {z}" if swapped else f"{x} {y} {z}" for x, y, z in moved)


def gml_polygon(number, ring, **how):
    return (
        f'<gml:Polygon gml:id="p{number}"><gml:exterior><gml:LinearRing gml:id="r{number}">'
        f"<gml:posList>{pos_list(ring, **how)}</gml:posList></gml:LinearRing></gml:exterior></gml:Polygon>"
    )


def gml_building(ref="B1", inner="", *, words="", **how):
    """Building of CityGML 2.0 at LoD 2: boundary surfaces, and a solid that refers to them."""
    surfaces = "".join(
        f"<bldg:boundedBy><bldg:{kind}><bldg:lod2MultiSurface><gml:MultiSurface><gml:surfaceMember>"
        f"{gml_polygon(number, ring, **how)}"
        f"</gml:surfaceMember></gml:MultiSurface></bldg:lod2MultiSurface></bldg:{kind}></bldg:boundedBy>"
        for number, (kind, ring) in enumerate(zip(KINDS, RINGS, strict=True))
    )
    members = "".join(f'<gml:surfaceMember xlink:href="#p{number}"/>' for number in range(len(RINGS)))
    body = (
        "<bldg:lod2Solid><gml:Solid><gml:exterior><gml:CompositeSurface>"
        f"{members}</gml:CompositeSurface></gml:exterior></gml:Solid></bldg:lod2Solid>"
    )
    return (
        f'<core:cityObjectMember><bldg:Building gml:id="{ref}">{words}{body}{surfaces}{inner}'
        "</bldg:Building></core:cityObjectMember>"
    )


def gml_city(*members, crs="urn:ogc:def:crs:EPSG::7415", prolog='<?xml version="1.0" encoding="UTF-8"?>'):
    """CityGML 2.0 document."""
    envelope = f'<gml:boundedBy><gml:Envelope srsName="{crs}" srsDimension="3"/></gml:boundedBy>' if crs else ""
    return (
        f'{prolog}<core:CityModel xmlns:core="http://www.opengis.net/citygml/2.0" '
        'xmlns:bldg="http://www.opengis.net/citygml/building/2.0" xmlns:gml="http://www.opengis.net/gml" '
        'xmlns:app="http://www.opengis.net/citygml/appearance/2.0" '
        'xmlns:gen="http://www.opengis.net/citygml/generics/2.0" '
        'xmlns:wtr="http://www.opengis.net/citygml/waterbody/2.0" '
        'xmlns:xAL="urn:oasis:names:tc:ciq:xsdschema:xAL:2.0" xmlns:xlink="http://www.w3.org/1999/xlink">'
        f"{envelope}{''.join(members)}</core:CityModel>"
    )
