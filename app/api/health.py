"""Health endpoints: is the process alive, and can it answer from its store."""

from flask import Blueprint, Response, jsonify

from app.api.problems import problem
from app.data import DataManager
from datastore.desk.desk import Desk
from datastore.errors import DatastoreError


def health_blueprint(data: DataManager, desk: Desk | None = None) -> Blueprint:
    """``/healthz`` and ``/readyz``.

    Parameters
    ----------
    data : DataManager
    desk : Desk, optional
        What takes cases in, where this server does.
    """
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
        if desk is not None and not desk.is_alive:
            return problem(503, "desk stopped", "no case can be taken in; start the server anew")
        return jsonify(
            status="ready", data_version=data.store.data_version(), as_of=meta.as_of and meta.as_of.isoformat()
        )

    return blueprint
