"""``/api/search``: buildings and areas whose code, name or address match a text."""

from typing import Any

from flask import Blueprint, Response, jsonify, request

from app.data import DataManager
from app.routes import building_path
from twin_model.selection import Everything

MAX_FOUND = 12
MAX_TEXT = 80
"""Characters of a text that are looked at."""


def search_blueprint(data: DataManager) -> Blueprint:
    """Blueprint that answers searches: a list of what was found, the best first."""
    blueprint = Blueprint("search", __name__)

    @blueprint.get("/api/search")
    def _search() -> Response:
        text = " ".join(request.args.get("q", "")[:MAX_TEXT].split())
        rows = data.query("search_places", Everything(), text=text, limit=MAX_FOUND).to_pylist() if text else []
        response = jsonify([found(row) for row in rows])
        response.headers["Cache-Control"] = "no-store"
        return response

    return blueprint


def found(row: dict[str, Any]) -> dict[str, Any]:
    """One thing found, as the page's script reads it."""
    code, kind = str(row["code"]), str(row["kind"])
    names = [part for part in (row["name"], row["address"]) if part]
    return {
        "kind": kind,
        "code": code,
        "title": names[0] if names else code,
        "detail": " · ".join(part for part in (*names[1:], row["detail"], code if names else "") if part),
        "path": building_path(code) if kind == "building" else None,
    }
