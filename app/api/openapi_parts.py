"""Pieces that descriptions of interfaces (OpenAPI 3.0) are made of."""

from collections.abc import Mapping
from typing import Any

Node = dict[str, Any]

TEXT: Node = {"type": "string"}
NUMBER: Node = {"type": "number"}
WHOLE: Node = {"type": "integer"}
FLAG: Node = {"type": "boolean"}
MOMENT: Node = {"type": "string", "format": "date-time"}
PROBLEM_TYPE = "application/problem+json"


def maybe(schema: Node) -> Node:
    """Let a schema be null too."""
    return {**schema, "nullable": True}


def shape(properties: Mapping[str, Node], required: tuple[str, ...] = ()) -> Node:
    """Describe an object by its members."""
    return {"type": "object", "properties": dict(properties), **({"required": list(required)} if required else {})}


def many(items: Node) -> Node:
    """Describe a list by its items."""
    return {"type": "array", "items": items}


def ref(name: str) -> Node:
    """Name a schema of the document."""
    return {"$ref": f"#/components/schemas/{name}"}


def parameter(name: str, description: str, schema: Node, place: str = "query") -> Node:
    """Describe a parameter; one in the path is required."""
    told: Node = {"name": name, "in": place, "description": description, "schema": schema}
    return told | ({"required": True} if place == "path" else {})


def response(description: str, content: Mapping[str, Node]) -> Node:
    """Describe an answer by its media types."""
    return {"description": description, "content": {media: {"schema": schema} for media, schema in content.items()}}


def body(content: Mapping[str, Node], *, required: bool = True) -> Node:
    """Describe what is sent, by its media types."""
    return {"required": required, "content": {media: {"schema": schema} for media, schema in content.items()}}


PROBLEM: Node = response("What was wrong, as a problem document (RFC 9457).", {PROBLEM_TYPE: ref("Problem")})
PROBLEM_SCHEMA: Node = shape(
    {"type": TEXT, "status": WHOLE, "title": TEXT, "detail": TEXT, "instance": TEXT},
    ("type", "status", "title", "detail"),
)
