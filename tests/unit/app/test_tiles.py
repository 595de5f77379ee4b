from pathlib import Path

import pytest
from flask import Flask
from flask.testing import FlaskClient

from app.api.tiles import tiles_blueprint


@pytest.fixture
def client(tmp_path: Path) -> FlaskClient:
    folder = tmp_path / "tilesets" / "city"
    (folder / "buildings").mkdir(parents=True)
    (folder / "tileset.json").write_text("{}")
    (folder / "buildings" / "15-1-2.glb").write_bytes(b"glTF")
    (folder / "notes.txt").write_text("mine")
    (folder / ".hidden.json").write_text("{}")
    (tmp_path / "city.json").write_text("secret")
    (tmp_path / "tilesets" / "up.json").write_text("secret")
    (folder / "link.json").symlink_to(tmp_path / "city.json")
    server = Flask("test")
    server.register_blueprint(tiles_blueprint(tmp_path))
    return server.test_client()


@pytest.mark.parametrize(
    ("path", "kind"), [("tileset.json", "application/json"), ("buildings/15-1-2.glb", "model/gltf-binary")]
)
def test_files_have_their_media_type_and_may_be_shown_by_other_pages(client: FlaskClient, path: str, kind: str) -> None:
    with client.get(f"/tiles/city/{path}") as answer:
        assert (answer.status_code, answer.mimetype) == (200, kind)
        assert answer.headers["Access-Control-Allow-Origin"] == "*"
        assert answer.headers["ETag"]


def test_a_file_that_a_browser_has_is_not_sent_again(client: FlaskClient) -> None:
    with client.get("/tiles/city/tileset.json") as first:
        tag = first.headers["ETag"]
    with client.get("/tiles/city/tileset.json", headers={"If-None-Match": tag}) as again:
        assert again.status_code == 304


@pytest.mark.parametrize(
    "path",
    [
        "/tiles/city/gone.glb", "/tiles/city/notes.txt", "/tiles/city/.hidden.json", "/tiles/city/../up.json",
        "/tiles/city/%2e%2e/up.json", "/tiles/city/..%2fup.json", "/tiles/../city.json", "/tiles/%2e%2e/city.json",
        "/tiles/CITY/tileset.json", "/tiles/city/buildings", "/tiles/city//etc/hosts.json", "/tiles/city/link.json",
        "/tiles/.city.part/tileset.json", "/tiles/city/a\0.glb",
    ],
)  # fmt: skip
def test_nothing_but_the_files_of_tilesets_is_served(client: FlaskClient, path: str) -> None:
    with client.get(path, follow_redirects=True) as answer:
        assert answer.status_code == 404
