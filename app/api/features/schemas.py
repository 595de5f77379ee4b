"""Shapes of the Features API's answers, as schemas of its definition."""

from collections.abc import Mapping
from typing import Any

from app.api.features.collections import COLLECTIONS, Property

Node = dict[str, Any]


def _object(properties: Node, required: tuple[str, ...]) -> Node:
    return {"type": "object", "required": list(required), "properties": properties}


def _of_many(schema: str) -> Node:
    return {"type": "array", "items": {"$ref": f"#/components/schemas/{schema}"}}


def schemas() -> Node:
    """Schemas of every answer, by name."""
    text, number = {"type": "string"}, {"type": "integer", "minimum": 0}
    box = {"type": "array", "minItems": 4, "maxItems": 4, "items": {"type": "number"}}
    spatial = _object({"bbox": {"type": "array", "minItems": 1, "items": box}, "crs": text}, ("bbox",))
    described = {
        "Link": _object(dict.fromkeys(("href", "rel", "type", "title"), text), ("href", "rel")),
        "LandingPage": _object(
            {"title": text, "description": text, "attribution": text, "links": _of_many("Link")}, ("links",)
        ),
        "Conformance": _object({"conformsTo": {"type": "array", "items": text}}, ("conformsTo",)),
        "Collection": _object(
            {
                "id": text, "title": text, "description": text, "itemType": text,
                "extent": _object({"spatial": spatial}, ()), "crs": {"type": "array", "items": text},
                "links": _of_many("Link"),
            },
            ("id", "links"),
        ),
        "Collections": _object(
            {"links": _of_many("Link"), "collections": _of_many("Collection")}, ("links", "collections")
        ),
        "Problem": _object(
            dict.fromkeys(("type", "title", "detail", "instance"), text) | {"status": {"type": "integer"}},
            ("type", "status", "title", "detail"),
        ),
        "Geometry": _object({"type": text, "coordinates": {"type": "array", "items": {}}}, ("type", "coordinates"))
        | {"nullable": True},
    }  # fmt: skip
    for each in COLLECTIONS.values():
        name = f"{each.name.capitalize()}Feature"
        as_of = text | {"format": "date-time", "nullable": True, "description": "Moment that cases are counted at."}
        properties = {key: _schema(value) for key, value in each.properties.items()}
        feature = _object(
            {
                "type": {"type": "string", "enum": ["Feature"]}, "id": text,
                "geometry": {"$ref": "#/components/schemas/Geometry"},
                "properties": _object(properties, tuple(properties)),
                "asOf": as_of, "links": _of_many("Link"),
            },
            ("type", "id", "geometry", "properties"),
        )  # fmt: skip
        many = {
            "type": {"type": "string", "enum": ["FeatureCollection"]}, "timeStamp": text | {"format": "date-time"},
            "asOf": as_of, "numberMatched": number, "numberReturned": number, "links": _of_many("Link"),
            "features": _of_many(name),
        }  # fmt: skip
        described |= {name: feature, f"{name}Collection": _object(many, ("type", "features", "links"))}
    return described


def _schema(each: Property) -> Mapping[str, Any]:
    told: Node = {"type": each.kind, "description": each.description}
    if each.kind == "array":
        told["items"] = {"type": "string"}
    return told | ({"nullable": True} if each.nullable else {})
