"""Photos over HTTP: kept for ever, of one kind, and nothing beside them."""

from datetime import UTC, datetime
from pathlib import Path

import pytest
from flask import Flask
from flask.testing import FlaskClient

from app.api.photos import photos_blueprint
from datastore.photo.accept import accept_photo
from tests.photo_files import encode, scene

MISSING = "0" * 64


@pytest.fixture
def stored(tmp_path: Path) -> Path:
    received = encode(scene(size=(640, 480)))
    now = datetime(2026, 11, 23, tzinfo=UTC)
    return accept_photo(tmp_path, received, case_lonlat=None, zone=UTC, now=now)[1]


@pytest.fixture
def client(tmp_path: Path) -> FlaskClient:
    (tmp_path / "city.duckdb").write_bytes(b"the store")
    server = Flask("photos")
    server.register_blueprint(photos_blueprint(tmp_path))
    return server.test_client()


def test_a_photo_is_an_image_that_never_changes(client: FlaskClient, stored: Path) -> None:
    answer = client.get(f"/photos/{stored.name}")
    assert (answer.data, answer.mimetype) == (stored.read_bytes(), "image/jpeg")
    assert answer.headers["Cache-Control"] == "private, max-age=31536000, immutable"
    assert answer.headers["X-Content-Type-Options"] == "nosniff"
    assert "sandbox" in answer.headers["Content-Security-Policy"]


def test_the_small_copy_is_asked_for_by_size(client: FlaskClient, stored: Path) -> None:
    small = client.get(f"/photos/{stored.name}?size=320")
    assert small.data == stored.with_name(f"{stored.stem}-320.jpg").read_bytes()
    assert small.headers["ETag"] != client.get(f"/photos/{stored.name}").headers["ETag"]


def test_a_photo_that_the_browser_has_is_not_sent_again(client: FlaskClient, stored: Path) -> None:
    etag = client.get(f"/photos/{stored.name}").headers["ETag"]
    assert client.get(f"/photos/{stored.name}", headers={"If-None-Match": etag}).status_code == 304


@pytest.mark.parametrize(
    "name", [MISSING, MISSING[1:], "A" * 64, MISSING + "-320", "..%2fcity", "%2e%2e%5ccity", "city.duckdb%00"]
)
def test_what_is_no_photo_is_a_problem_document(client: FlaskClient, name: str) -> None:
    answer = client.get(f"/photos/{name}.jpg")
    assert answer.status_code == 404
    assert b"the store" not in answer.data
    if "%2f" not in name:
        assert answer.mimetype == "application/problem+json"


@pytest.mark.parametrize("size", ["", "321", "9999999999", "<b>"])
def test_there_is_no_other_size(client: FlaskClient, stored: Path, size: str) -> None:
    answer = client.get(f"/photos/{stored.name}", query_string={"size": size})
    assert (answer.status_code, answer.mimetype) == (400, "application/problem+json")
