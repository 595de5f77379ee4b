"""The definition tells the truth about the answers."""

import re
from typing import Any

import pytest
from flask.testing import FlaskClient

from app.api.features.collections import COLLECTIONS

PYTHON_TYPES = {
    "string": str, "integer": int, "number": (int, float), "boolean": bool, "array": list, "object": dict,
}  # fmt: skip


def faults(document: dict[str, Any], schema: dict[str, Any], value: Any, where: str = "$") -> list[str]:
    """What of a value does not fit its schema."""
    if "$ref" in schema:
        schema = resolved(document, schema["$ref"])
    if value is None:
        return [] if schema.get("nullable") else [f"{where} is null"]
    kind = PYTHON_TYPES[schema["type"]] if "type" in schema else object
    if not isinstance(value, kind) or (isinstance(value, bool) and schema.get("type") != "boolean"):
        return [f"{where} is {type(value).__name__}, not {schema['type']}"]
    found = [] if value in schema.get("enum", [value]) else [f"{where} is {value!r}"]
    if isinstance(value, dict) and "properties" in schema:
        found += [f"{where} lacks {name}" for name in schema.get("required", []) if name not in value]
        for name, inner in value.items():
            told = schema["properties"].get(name)
            found += faults(document, told, inner, f"{where}.{name}") if told else [f"{where}.{name} is not told of"]
    if isinstance(value, list) and "items" in schema:
        for place, inner in enumerate(value):
            found += faults(document, schema["items"], inner, f"{where}[{place}]")
    return found


def resolved(document: dict[str, Any], reference: str) -> Any:
    part: Any = document
    for name in reference.removeprefix("#/").split("/"):
        part = part[name]
    return part


@pytest.fixture
def document(client: FlaskClient) -> dict[str, Any]:
    told: dict[str, Any] = client.get("/features/api").get_json(force=True)
    return told


def test_every_reference_leads_somewhere(document: dict[str, Any]) -> None:
    references = set(re.findall(r"'\$ref': '([^']+)'", str(document)))
    assert references
    assert all(resolved(document, reference) for reference in references)


def test_every_operation_has_an_id_of_its_own(document: dict[str, Any]) -> None:
    names = [path["get"]["operationId"] for path in document["paths"].values()]
    assert len(set(names)) == len(names)


def test_every_path_answers_as_its_schema_says(client: FlaskClient, document: dict[str, Any]) -> None:
    server = document["servers"][0]["url"]
    for path, operations in document["paths"].items():
        address = server + path
        if "{featureId}" in path:
            items = client.get(address.replace("/{featureId}", "?limit=1")).get_json(force=True)
            address = address.replace("{featureId}", items["features"][0]["id"])
        answer = client.get(address)
        ((media, content),) = operations["get"]["responses"]["200"]["content"].items()
        assert (path, answer.status_code, answer.content_type) == (path, 200, media)
        assert faults(document, content["schema"], answer.get_json(force=True)) == []


def test_a_problem_is_as_its_schema_says(client: FlaskClient, document: dict[str, Any]) -> None:
    body = client.get("/features/collections/palaces").get_json(force=True)
    assert faults(document, {"$ref": "#/components/schemas/Problem"}, body) == []


@pytest.mark.parametrize("name", COLLECTIONS)
def test_every_parameter_that_is_told_of_is_taken(client: FlaskClient, document: dict[str, Any], name: str) -> None:
    """Each filter is tried with the value that the first feature has."""
    path = f"/collections/{name}/items"
    told = [
        resolved(document, each["$ref"]) if "$ref" in each else each
        for each in document["paths"][path]["get"]["parameters"]
    ]
    first = client.get(f"/features{path}?limit=1").get_json(force=True)["features"][0]
    values = first["properties"] | {
        "f": "json", "limit": "1", "offset": "0", "bbox": "-180,-90,180,90", "datetime": "2026-01-01T00:00:00Z",
    }  # fmt: skip
    for each in told:
        value = values[each["name"]]
        if value is None:
            continue
        asked = {each["name"]: str(value).lower() if isinstance(value, bool) else value, "limit": "1"}
        answer = client.get(f"/features{path}", query_string=asked)
        assert answer.status_code == 200, (asked, answer.text)
        assert answer.get_json(force=True)["numberMatched"] > 0, asked
    assert {each["name"] for each in told} - set(values) == set()
