"""``/api/openapi.json``: description (OpenAPI 3.0) of the interfaces that cases come in and are worked on by."""

from importlib.metadata import version

from flask import Blueprint, Response, request

from app.api import case_openapi
from app.api.json_answer import json_answer
from app.api.open311 import openapi as open311_openapi
from app.api.openapi_parts import PROBLEM_SCHEMA, Node


def openapi_blueprint() -> Blueprint:
    """Blueprint that serves the description."""
    blueprint = Blueprint("openapi", __name__)

    @blueprint.get("/api/openapi.json")
    def _description() -> Response:
        return json_answer(description(request.host_url.rstrip("/"), version("citydeck")))

    return blueprint


def description(server_url: str, release: str) -> Node:
    """OpenAPI document.

    Parameters
    ----------
    server_url : str
        Address that the paths are below.
    release : str
        Of the program.
    """
    return {
        "openapi": "3.0.3",
        "info": {
            "title": "citydeck cases",
            "version": release,
            "description": "Open311 GeoReport v2 for reports from outside; the case interface for who works on them.",
            "license": {"name": "Apache-2.0", "url": "https://www.apache.org/licenses/LICENSE-2.0.html"},
        },
        "servers": [{"url": server_url}],
        "tags": [
            {"name": "open311", "description": "GeoReport v2; JSON and XML."},
            {"name": "cases", "description": "Errors are problem documents (RFC 9457)."},
        ],
        "security": [{"key": []}, {"bearer": []}, {}],
        "paths": {**open311_openapi.paths(), **case_openapi.paths()},
        "components": {
            "securitySchemes": {
                "key": {"type": "apiKey", "in": "query", "name": "api_key"},
                "bearer": {"type": "http", "scheme": "bearer"},
            },
            "schemas": {"Problem": PROBLEM_SCHEMA, **open311_openapi.schemas(), **case_openapi.schemas()},
        },
    }
