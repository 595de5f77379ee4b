"""The described interfaces under generated requests: whatever is sent, the server does not fail."""

from collections.abc import Iterator
from pathlib import Path
from typing import Any
from zlib import crc32

import pytest
import schemathesis
from hypothesis import HealthCheck, given, seed, settings
from hypothesis.errors import Unsatisfiable
from schemathesis.checks import not_a_server_error
from schemathesis.generation import GenerationMode
from schemathesis.specs.openapi.checks import (
    content_type_conformance,
    response_schema_conformance,
    status_code_conformance,
)

from app.api.openapi import description
from tests.case_server import AS, CaseServer, case_server

EXAMPLES = 15
"""Of each operation, and as many of requests that its description forbids."""
CHECKS = [not_a_server_error, status_code_conformance, content_type_conformance, response_schema_conformance]
OPERATIONS = [
    (method.upper(), path)
    for path, methods in description("http://localhost", "0")["paths"].items()
    for method in methods
]
WASTE = {"class": "E0102", "source": "PUBLIC", "lon": 116.32, "lat": 39.978}
ACTORS = ("operator", "public", "dept-D04")


def narrow(node: Any, known: dict[str, list[str]]) -> None:
    """Let members and parameters of some names be what the store knows, so that more gets past the first check."""
    if isinstance(node, list):
        for each in node:
            narrow(each, known)
    elif isinstance(node, dict):
        if "schema" in node and node.get("in") and node["name"] in known:
            node["schema"] = {"type": "string", "enum": known[node["name"]]}
        members = node["properties"] if node.get("type") == "object" and "properties" in node else {}
        for name in known.keys() & members.keys():
            members[name] = {"type": "string", "enum": known[name]}
        for each in node.values():
            narrow(each, known)


@pytest.fixture(scope="module")
def city(small_data_dir: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[CaseServer]:
    with case_server(small_data_dir, tmp_path_factory.mktemp("schemathesis")) as opened:
        yield opened


@pytest.fixture(scope="module")
def schema(city: CaseServer) -> schemathesis.BaseSchema:
    described = description("http://localhost", "0")
    known = {
        "class": ["E0102", "C0101"], "service_code": ["E0102", "C0101"], "source": ["PUBLIC", "VIDEO"], "unit": ["D04"],
        "case_no": [city.client.as_("operator").post("/api/cases", json=WASTE).get_json()["case_no"]],
    }  # fmt: skip
    sent = ("Report", "ReportForm", "ActionFields", "ActionForm", "Open311Report", "Open311ReportWithMedia")
    narrow([described["paths"], *(described["components"]["schemas"][name] for name in sent)], known)
    found = schemathesis.openapi.from_dict(described)
    found.app = city.server
    return found


@pytest.mark.parametrize(("method", "path"), OPERATIONS)
@pytest.mark.parametrize("mode", list(GenerationMode))
def test_no_request_makes_the_server_fail(
    schema: schemathesis.BaseSchema, method: str, path: str, mode: GenerationMode
) -> None:
    operation = schema[path][method]

    @seed(20_261_126)
    @settings(max_examples=EXAMPLES, database=None, deadline=None, suppress_health_check=list(HealthCheck))
    @given(case=operation.as_strategy(generation_mode=mode))
    def try_it(case: schemathesis.Case) -> None:
        who = ACTORS[crc32(repr(case.path_parameters).encode()) % len(ACTORS)]
        response = case.call(headers={AS: who})
        case.validate_response(response, checks=CHECKS)

    try:
        try_it()
    except Unsatisfiable:
        pytest.skip("its description forbids nothing that can be sent")


def test_every_described_address_is_there(city: CaseServer) -> None:
    addresses = {rule.rule for rule in city.server.url_map.iter_rules()}
    assert len(addresses) > len({path for _, path in OPERATIONS})
    client = city.client.as_("operator")
    for method, path in OPERATIONS:
        filled = path.replace("{fmt}", "json").replace("{action}", "note").replace("{decision}", "promote")
        for name in ("service_code", "service_request_id", "token", "case_no", "candidate_no", "source"):
            filled = filled.replace("{" + name + "}", "nothing")
        answer = client.get(filled) if method == "GET" else client.post(filled, json={})
        assert answer.status_code != 405
        assert b"was not found on the server" not in answer.data
