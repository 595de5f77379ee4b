"""Health endpoints: is the process alive, and can it answer from its store."""

from flask import Blueprint, Response, jsonify

from app.api.problems import problem
from app.data import DataManager
from datastore.errors import DatastoreError


def health_blueprint(data: DataManager) -> Blueprint:
    """``/healthz`` and ``/readyz``."""
    blueprint = Blueprint("health", __name__)

    @blueprint.get("/healthz")
    def _alive() -> Response:
        return jsonify(status="ok")

    @blueprint.get("/readyz")
    def _ready() -> Response:
        try:
            meta = data.meta()
        except DatastoreError as error:
            return problem(503, "store not readable", str(error))
        return jsonify(
            status="ready", data_version=data.store.data_version(), as_of=meta.as_of and meta.as_of.isoformat()
        )

    return blueprint
