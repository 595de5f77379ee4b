"""The description of the case interfaces: whole, and no more than there is."""

import json
from pathlib import Path
from typing import Any

from app.api.cases import ACTIONS
from app.api.openapi import description

DOCUMENT = description("http://localhost:8050", "1.0")
DOCS = (Path(__file__).parents[3] / "docs" / "api.md").read_text(encoding="utf-8")


def references(node: Any) -> set[str]:
    if isinstance(node, dict):
        found = {node["$ref"]} if "$ref" in node else set()
        return found.union(*(references(each) for each in node.values()))
    return set().union(*(references(each) for each in node)) if isinstance(node, list) else set()


def test_every_reference_leads_to_a_schema() -> None:
    names = {f"#/components/schemas/{name}" for name in DOCUMENT["components"]["schemas"]}
    assert references(DOCUMENT) <= names
    json.dumps(DOCUMENT)


def test_every_operation_has_a_name_of_its_own_and_its_parameters() -> None:
    operations = [(path, told) for path, methods in DOCUMENT["paths"].items() for told in methods.values()]
    names = [told["operationId"] for _, told in operations]
    assert len(set(names)) == len(names)
    for path, told in operations:
        inside = {each["name"] for each in told["parameters"] if each["in"] == "path"}
        assert inside == {part.partition("}")[0] for part in path.split("{")[1:]}
        assert "default" in told["responses"]


def test_the_document_for_people_names_every_action() -> None:
    assert not [action for action in ACTIONS if f"`{action}`" not in DOCS]
