"""City objects of CityGML: one element -> one object with its words and shapes."""

import re
from collections.abc import Iterator, Mapping
from dataclasses import replace
from math import isfinite
from typing import Any

from datastore.sources.citygml_surface import Polygon, SurfaceReader, body_of, gml_id, kind_of, local
from datastore.sources.citygml_texture import RingTexture, ring_textures
from datastore.sources.cityjson_geometry import BoundaryError
from datastore.sources.source_words import address_text
from twin_model.city_object import BadObject, CityObject, LodGeometry, with_parts
from twin_model.surface import SurfaceKind

_SHAPE = re.compile(r"^lod(\d)(Solid|MultiSolid|MultiSurface|Surface|CompositeSurface|RoofEdge|FootPrint|Geometry)$")
_NOT_DRAWN_SHAPE = re.compile(r"^lod\d(MultiCurve|TerrainIntersection\w*|ImplicitRepresentation|Point|Network)$")
_PARTS = {"consistsOfBuildingPart", "buildingPart", "consistsOfBridgePart", "bridgePart"}
_OUTSIDE = {"outerBuildingInstallation", "buildingInstallation", "outerBridgeConstruction", "bridgeInstallation"}
_INSIDE = {
    "interiorRoom", "interiorFurniture", "interiorBuildingInstallation", "buildingRoom", "buildingFurniture",
    "buildingSubdivision", "interiorBridgeInstallation", "interiorBridgeRoom",
}  # fmt: skip
_BOUNDARIES = {"boundedBy", "boundary"}
_OPENINGS = {"opening", "fillingSurface"}
_SKIPPED = {"boundedBy", "boundary", "appearance", "address", "name", "generalizesTo", "externalReference"}
_NUMBER = re.compile(r"^[+-]?(\d+\.?\d*|\.\d+)([eE][+-]?\d+)?$")
_INTERIOR_LOD, _AS_LOD = "4", "3"
_GML = re.compile(r"^\{http://www\.opengis\.net/gml(/3\.2)?\}")
_DEEPEST_WORDS = 6

Surfaces = list[tuple[Polygon, SurfaceKind]]


def read_element(
    element: Any,  # noqa: ANN401 - lxml has no types
    row: int,
    textures: Mapping[str, RingTexture],
    dimension: int = 3,
) -> CityObject | BadObject:
    """City object of its element.

    Parameters
    ----------
    element : lxml element
        The object, ``bldg:Building`` or another.
    row : int
        Its position in the file.
    textures : mapping
        Textures of the whole model, by ring.
    dimension : int
        Numbers to a position where the geometry does not say.
    """
    ref = gml_id(element) or f"object-{row}"
    own = {**textures}
    for appearance in element.iterfind("{*}appearance"):
        own.update(ring_textures(appearance))
    reader = SurfaceReader(element, own, dimension)
    try:
        thing = _thing(element, ref, row, reader)
    except BoundaryError as error:
        return BadObject(ref, row, error.reason, str(error))
    return replace(thing, omitted=(*thing.omitted, *["reference that leads nowhere"] * reader.unresolved))


def _thing(element: Any, ref: str, row: int, reader: SurfaceReader) -> CityObject:  # noqa: ANN401 - lxml has no types
    kind = local(element)
    omitted: list[str] = []
    parts: list[CityObject] = []
    for child in element:
        name = local(child)
        if name in _INSIDE:
            omitted += [local(inner) for inner in child]
        elif name in _PARTS | _OUTSIDE:
            parts += [_thing(inner, gml_id(inner) or ref, row, reader) for inner in child if local(inner)]
        elif _NOT_DRAWN_SHAPE.match(name):
            omitted.append(name)
    constructed = kind.startswith(("Building", "Bridge"))
    bodies = _bodies(element, reader) if constructed else _flat_bodies(element, reader)
    lods = {body.lod for body in bodies}
    renamed = [_renamed(body) for body in bodies if body.lod != _INTERIOR_LOD or _AS_LOD not in lods]
    if _INTERIOR_LOD in lods:
        omitted.append("LoD 4 interior, outside taken as LoD 3")
    whole = CityObject(
        ref,
        kind,
        row,
        _attributes(element),
        _first_text(element, "name"),
        _address(element),
        tuple(renamed),
        tuple(omitted),
    )
    return with_parts(whole, parts)


def _bodies(element: Any, reader: SurfaceReader) -> list[LodGeometry]:  # noqa: ANN401 - lxml has no types
    """Bodies of a building or a part of one: its solids, else its surfaces, one a LoD."""
    solids: dict[str, list[tuple[bool, list[Polygon]]]] = {}
    surfaces: dict[str, Surfaces] = {}
    for child in element:
        shape = _SHAPE.match(local(child))
        if shape is not None:
            solids.setdefault(shape[1], []).append(("Solid" in shape[2], list(reader.polygons(child))))
        elif local(child) in _BOUNDARIES:
            for boundary in child:
                for lod, polygons in _boundary(boundary, reader):
                    surfaces.setdefault(lod, []).extend(polygons)
    bodies = []
    for lod in sorted({*solids, *surfaces}):
        around = surfaces.get(lod, [])
        found = [
            _told(polygons, around) if solid else _both(polygons, around) for solid, polygons in solids.get(lod, [])
        ]
        kinds = [solid for solid, _ in solids.get(lod, [])]
        if any(kinds):
            chosen = [(each, True) for each, solid in zip(found, kinds, strict=True) if solid]
        else:
            chosen = [(found[0] if found else around, False)]
        bodies += [body for each, solid in chosen if (body := body_of(lod, each, solid=solid)) is not None]
    return bodies


def _boundary(boundary: Any, reader: SurfaceReader) -> Iterator[tuple[str, Surfaces]]:  # noqa: ANN401 - lxml has no types
    """Surfaces of a boundary surface by LoD, its windows and doors too."""
    kind = kind_of(boundary)
    for child in boundary:
        shape = _SHAPE.match(local(child))
        if shape is not None:
            yield shape[1], [(polygon, kind) for polygon in reader.polygons(child)]
        elif local(child) in _OPENINGS:
            for opening in child:
                yield from _boundary(opening, reader)


def _told(polygons: list[Polygon], around: Surfaces) -> Surfaces:
    """Polygons of a solid with the kinds that the boundary surfaces give them."""
    kinds = {polygon.ref: kind for polygon, kind in around if polygon.ref is not None}
    told = [(polygon, kinds.get(polygon.ref or "", SurfaceKind.UNKNOWN)) for polygon in polygons]
    # A solid with polygons of its own beside equal boundary surfaces says the same twice; the latter have the kinds.
    if around and len(around) == len(told) and not any(kind for _, kind in told):
        return around
    return told


def _both(polygons: list[Polygon], around: Surfaces) -> Surfaces:
    """Polygons of a multi-surface and the boundary surfaces that it does not refer to."""
    told = _told(polygons, around)
    there = {polygon.ref for polygon, _ in told if polygon.ref is not None}
    return told if told is around else [*told, *(each for each in around if each[0].ref not in there)]


def _flat_bodies(element: Any, reader: SurfaceReader) -> list[LodGeometry]:  # noqa: ANN401 - lxml has no types
    """Bodies of what lies on the ground: all shapes below it, one a LoD."""
    shapes: dict[str, Surfaces] = {}
    for child in element.iter():
        shape = _SHAPE.match(local(child))
        if shape is not None:
            shapes.setdefault(shape[1], []).extend((polygon, SurfaceKind.UNKNOWN) for polygon in reader.polygons(child))
    return [body for lod in shapes if (body := body_of(lod, shapes[lod], solid=False)) is not None]


def _renamed(body: LodGeometry) -> LodGeometry:
    return LodGeometry(**{**vars(body), "lod": _AS_LOD}) if body.lod == _INTERIOR_LOD else body


def _attributes(element: Any) -> dict[str, object]:  # noqa: ANN401 - lxml has no types
    """Words and numbers of an object, those of extensions nested as found."""
    found: dict[str, object] = {}
    for child in element:
        name = local(child)
        if not name or name in _SKIPPED | _PARTS | _OUTSIDE | _INSIDE or name.startswith("lod"):
            continue
        if "Attribute" in name and child.get("name"):
            _add(found, str(child.get("name")), _value(next(iter(child.iterfind("{*}value")), child)))
        elif name == "genericAttribute":
            for generic in child:
                _add(
                    found,
                    _first_text(generic, "name") or local(generic),
                    _value(next(iter(generic.iterfind("{*}value")), generic)),
                )
        else:
            value = _words(child)
            if value not in (None, {}, ""):
                _add(found, name, value)
    return found


def _words(element: Any, depth: int = 0) -> object:  # noqa: ANN401 - lxml has no types
    children = [child for child in element if local(child)]
    if not children:
        return _value(element)
    if depth >= _DEEPEST_WORDS or any(_GML.match(child.tag) for child in children):
        return None
    found: dict[str, object] = {}
    for child in children:
        value = _words(child, depth + 1)
        if value is not None:
            _add(found, local(child), value)
    return found


def _add(found: dict[str, object], name: str, value: object) -> None:
    earlier = found.get(name)
    if name not in found:
        found[name] = value
    elif isinstance(earlier, list):
        earlier.append(value)
    else:
        found[name] = [earlier, value]


def _value(element: Any) -> object:  # noqa: ANN401 - lxml has no types
    """Text of an element; a number where it is written as one and does not start with an idle zero."""
    text = (element.text or "").strip()
    if not _NUMBER.match(text) or (text[:1] == "0" and text[1:2].isdigit()) or not isfinite(float(text)):
        return text
    return float(text) if any(sign in text for sign in ".eE") else int(text)


def _first_text(element: Any, name: str) -> str | None:  # noqa: ANN401 - lxml has no types
    texts = ((each.text or "").strip() for each in element.iterfind(f"{{*}}{name}"))
    return next(filter(None, texts), None)


_ADDRESS = {
    "CountryName": "country",
    "LocalityName": "locality",
    "PostalCodeNumber": "postcode",
    "ThoroughfareName": "thoroughfarename",
    "ThoroughfareNumber": "thoroughfarenumber",
}
_ADDRESS_OWNER = {
    "Country": "country",
    "Locality": "locality",
    "Thoroughfare": "thoroughfarename",
    "PostCode": "postcode",
    "Number": "thoroughfarenumber",
}


def _address(element: Any) -> str | None:  # noqa: ANN401 - lxml has no types
    """First address in words, of xAL 2 or 3."""
    for address in element.iterfind("{*}address"):
        parts: dict[str, str] = {}
        for each in address.iter():
            name, text = local(each), (each.text or "").strip()
            if name in {"NameElement", "Identifier"}:
                name = _ADDRESS_OWNER.get(local(each.getparent()), "")
            else:
                name = _ADDRESS.get(name, "")
            if name and text:
                parts.setdefault(name, text)
        found = address_text(parts)
        if found:
            return found
    return None
