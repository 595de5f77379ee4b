"""The definition of the Features API (OpenAPI 3.0), made from the collections so that it cannot fall behind."""

from app.api.features.collections import COLLECTIONS, Collection, Property
from app.api.features.parameters import DEFAULT_LIMIT, FORMATS, MAX_LIMIT, MAX_OFFSET
from app.api.features.schemas import Node, schemas

OPENAPI_TYPE = "application/vnd.oai.openapi+json;version=3.0"
GEOJSON_TYPE = "application/geo+json"
JSON_TYPE = "application/json"
PROBLEM_TYPE = "application/problem+json"
_ERRORS = {
    "400": "A parameter is unknown, given twice or unreadable.",
    "404": "There is no such collection or feature.",
    "406": "The client accepts no media type that is given here.",
    "500": "The server failed.",
    "503": "The store is in use by another program.",
}


def definition(server_url: str, version: str) -> Node:
    """OpenAPI document.

    Parameters
    ----------
    server_url : str
        Address of the landing page.
    version : str
        Of the program.
    """
    paths: Node = {
        "/": _read("landingPage", "Landing page", "LandingPage"),
        "/conformance": _read("conformance", "Conformance classes that hold", "Conformance"),
        "/api": _read("definition", "This document", None, OPENAPI_TYPE),
        "/collections": _read("collections", "The collections", "Collections"),
    }
    for each in COLLECTIONS.values():
        paths |= _paths_of(each)
    return {
        "openapi": "3.0.3",
        "info": {
            "title": "citydeck Features",
            "version": version,
            "description": "Areas, buildings and components of the city as OGC API Features (Part 1: Core), read only.",
            "license": {"name": "Apache-2.0", "url": "https://www.apache.org/licenses/LICENSE-2.0.html"},
        },
        "servers": [{"url": server_url}],
        "tags": [{"name": each.name, "description": each.description} for each in COLLECTIONS.values()],
        "paths": paths,
        "components": {"parameters": _parameters(), "responses": _error_responses(), "schemas": schemas()},
    }


def _paths_of(each: Collection) -> Node:
    one, schema = f"/collections/{each.name}", f"{each.name.capitalize()}Feature"
    items = _read(f"{each.name}Items", f"Features: {each.title}", f"{schema}Collection", GEOJSON_TYPE, each.name)
    items["get"]["parameters"] += [
        *({"$ref": f"#/components/parameters/{name}"} for name in ("limit", "offset", "bbox", "datetime")),
        *(_filter(name, each.properties[name]) for name in each.properties if name in each.filters),
    ]
    item = _read(f"{each.name}Item", f"One feature: {each.title}", schema, GEOJSON_TYPE, each.name)
    item["get"]["parameters"].append({"$ref": "#/components/parameters/featureId"})
    return {
        one: _read(f"{each.name}Collection", each.title, "Collection", JSON_TYPE, each.name),
        f"{one}/items": items,
        f"{one}/items/{{featureId}}": item,
    }


def _read(name: str, summary: str, schema: str | None, media: str = JSON_TYPE, tag: str | None = None) -> Node:
    content = {"schema": {"$ref": f"#/components/schemas/{schema}"} if schema else {"type": "object"}}
    operation: Node = {
        "operationId": name,
        "summary": summary,
        "parameters": [{"$ref": "#/components/parameters/f"}],
        "responses": {
            "200": {"description": "Found.", "content": {media: content}},
            "304": {"description": "Unchanged since the answer whose ETag the client names."},
            **{status: {"$ref": f"#/components/responses/{status}"} for status in _ERRORS},
        },
    }
    return {"get": operation | ({"tags": [tag]} if tag else {})}


def _filter(name: str, each: Property) -> Node:
    return {
        "name": name, "in": "query", "required": False, "style": "form", "explode": False,
        "description": f"Only features with this value. {each.description}", "schema": {"type": each.kind},
    }  # fmt: skip


def _parameters() -> Node:
    def query(name: str, description: str, schema: Node) -> Node:
        return {
            "name": name, "in": "query", "required": False, "style": "form", "explode": False,
            "description": description, "schema": schema,
        }  # fmt: skip

    return {
        "f": query("f", "Format of the answer.", {"type": "string", "enum": list(FORMATS)}),
        "limit": query(
            "limit", "Features in one answer, at most; more than the maximum counts as the maximum.",
            {"type": "integer", "minimum": 1, "maximum": MAX_LIMIT, "default": DEFAULT_LIMIT},
        ),
        "offset": query(
            "offset", "Features that are left out before the first one.",
            {"type": "integer", "minimum": 0, "maximum": MAX_OFFSET, "default": 0},
        ),
        "bbox": query(
            "bbox", "West, south, east, north in degrees (CRS84); with heights, which are left aside, six numbers. "
            "West may lie east of east: the box then crosses the antimeridian.",
            {
                "type": "array", "oneOf": [{"minItems": 4, "maxItems": 4}, {"minItems": 6, "maxItems": 6}],
                "items": {"type": "number"},
            },
        ),
        "datetime": query(
            "datetime", "A moment or an interval of RFC 3339. It matches every feature, as none here has a time.",
            {"type": "string"},
        ),
        "featureId": {
            "name": "featureId", "in": "path", "required": True, "description": "The feature's id: its code.",
            "schema": {"type": "string"},
        },
    }  # fmt: skip


def _error_responses() -> Node:
    problem = {PROBLEM_TYPE: {"schema": {"$ref": "#/components/schemas/Problem"}}}
    return {status: {"description": told, "content": problem} for status, told in _ERRORS.items()}
