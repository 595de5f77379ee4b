"""Problem documents: one table decides the status."""

from pathlib import Path

import pytest
from flask import Flask, abort

from app.api.problems import STATUS, register_problems, status_of
from app.api.security import content_policy, secure
from app.errors import SettingsError, UnknownTableError
from datastore.errors import StoreBusyError, StoreNotFoundError, UnknownCodeError
from twin_model.errors import SelectionError

RAISED = {
    "/api/table": UnknownTableError("no table x"),
    "/sel": SelectionError("bad"),
    "/code": UnknownCodeError("area", ("999",)),
    "/busy": StoreBusyError("in use", Path("city.duckdb"), 1),
}


@pytest.fixture
def server() -> Flask:
    server = Flask("test")
    register_problems(server)
    secure(server, content_policy(["'sha256-x'"]))
    for path, error in RAISED.items():

        def fail(error: Exception = error) -> str:
            raise error

        server.add_url_rule(path, path, fail)
    server.add_url_rule("/api/gone", "gone", lambda: abort(410))
    return server


@pytest.mark.parametrize(
    ("path", "status"), [("/api/table", 404), ("/sel", 400), ("/code", 400), ("/busy", 503), ("/api/gone", 410)]
)
def test_an_error_is_a_problem_document(server: Flask, path: str, status: int) -> None:
    answer = server.test_client().get(path)
    assert answer.status_code == status
    assert answer.mimetype == "application/problem+json"
    body = answer.get_json(force=True)
    assert (body["status"], body["instance"]) == (status, path)
    assert body["detail"]


def test_a_page_that_is_missing_is_no_problem_document(server: Flask) -> None:
    assert server.test_client().get("/nothing").mimetype == "text/html"


@pytest.mark.parametrize(
    ("error", "status"),
    [(StoreNotFoundError("x", Path("city.duckdb")), 500), (SettingsError("x"), 500), (ValueError(), 500)],
)
def test_the_nearest_listed_class_decides(error: Exception, status: int) -> None:
    assert status_of(error) == status


def test_statuses_are_http_errors() -> None:
    assert all(400 <= status < 600 for status in STATUS.values())


def test_every_answer_keeps_to_its_own_origin(server: Flask) -> None:
    policy = server.test_client().get("/sel").headers["Content-Security-Policy"]
    assert "http" not in policy
    assert "unsafe-eval" not in policy
    assert "script-src 'self' 'sha256-x'" in policy
