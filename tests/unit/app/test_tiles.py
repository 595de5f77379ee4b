import gzip
from pathlib import Path

import brotli
import pytest
from flask import Flask
from flask.testing import FlaskClient

from app.api.tiles import tiles_blueprint

LARGE = b"glTF" + bytes(range(256)) * 40
GLB, PNG = "/tiles/city/buildings/14-1-2.glb", "/tiles/city/roof.png"


@pytest.fixture
def client(tmp_path: Path) -> FlaskClient:
    folder = tmp_path / "tilesets" / "city"
    (folder / "buildings").mkdir(parents=True)
    (folder / "tileset.json").write_text("{}")
    (folder / "buildings" / "15-1-2.glb").write_bytes(b"glTF")
    (folder / "buildings" / "14-1-2.glb").write_bytes(LARGE)
    (folder / "roof.png").write_bytes(LARGE)
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


@pytest.mark.parametrize(
    ("path", "taken", "coding"),
    [
        (GLB, "gzip, deflate, br", "br"), (GLB, "gzip", "gzip"), (GLB, "br;q=0, gzip", "gzip"), (GLB, "", None),
        (GLB, "zstd", None), (PNG, "gzip, br", None), ("/tiles/city/tileset.json", "gzip, br", None),
    ],
)  # fmt: skip
def test_large_contents_are_sent_compressed_to_those_who_take_it(
    client: FlaskClient, path: str, taken: str, coding: str | None
) -> None:
    with client.get(path, headers={"Accept-Encoding": taken}) as answer:
        assert answer.headers.get("Content-Encoding") == coding
        assert "Accept-Encoding" in answer.vary
        unpacked = {"br": brotli.decompress, "gzip": gzip.decompress}.get(coding, bytes)(answer.data)
        assert len(answer.data) == int(answer.headers["Content-Length"])
        assert (len(answer.data) < len(unpacked)) == (coding is not None)
        assert unpacked == (b"{}" if path.endswith("json") else LARGE)


def test_each_coding_is_asked_again_by_its_own_tag(client: FlaskClient) -> None:
    tags = {}
    for coding in ("br", "gzip", "identity"):
        with client.get(GLB, headers={"Accept-Encoding": coding}) as answer:
            tags[coding] = answer.headers["ETag"]
        with client.get(GLB, headers={"Accept-Encoding": coding, "If-None-Match": tags[coding]}) as again:
            assert (again.status_code, again.data) == (304, b"")
            assert again.headers["ETag"] == tags[coding]
            assert again.headers["Cache-Control"] == "no-cache"
    assert len(set(tags.values())) == 3
    with client.get(GLB, headers={"Accept-Encoding": "gzip", "If-None-Match": tags["br"]}) as other:
        assert other.status_code == 200


def test_a_file_that_was_written_anew_is_sent_anew(client: FlaskClient, tmp_path: Path) -> None:
    with client.get(GLB, headers={"Accept-Encoding": "gzip"}) as first:
        tag = first.headers["ETag"]
    (tmp_path / "tilesets" / "city" / "buildings" / "14-1-2.glb").write_bytes(LARGE[::-1] * 2)
    with client.get(GLB, headers={"Accept-Encoding": "gzip", "If-None-Match": tag}) as again:
        assert again.status_code == 200
        assert gzip.decompress(again.data) == LARGE[::-1] * 2


def test_a_part_of_a_file_is_a_part_of_the_file_itself(client: FlaskClient) -> None:
    with client.get(GLB, headers={"Accept-Encoding": "gzip", "Range": "bytes=4-9"}) as answer:
        assert (answer.status_code, answer.data) == (206, LARGE[4:10])
        assert "Content-Encoding" not in answer.headers
