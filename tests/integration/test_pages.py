"""Addresses of the web server: which ones are pages."""

from collections.abc import Iterator

import pytest
from flask.testing import FlaskClient

from app.factory import create_app
from app.settings import load_settings
from datastore.store import Store


@pytest.fixture(scope="module")
def client(tmp_path_factory: pytest.TempPathFactory) -> Iterator[FlaskClient]:
    data = tmp_path_factory.mktemp("pages")
    Store.open(data, create=True).close()
    with Store.open(data, read_only=True) as store:
        yield create_app(load_settings(data=data), store).server.test_client()


@pytest.mark.parametrize("path", ["/", "/command", "/command/", "/?lang=en"])
def test_a_page_is_found(client: FlaskClient, path: str) -> None:
    answer = client.get(path)
    assert answer.status_code == 200
    assert "<!DOCTYPE html>" in answer.text


@pytest.mark.parametrize("path", ["/nope", "/command/nope", "/index.php?x=1"])
def test_an_address_without_a_page_is_not_found_and_shows_the_shell(client: FlaskClient, path: str) -> None:
    answer = client.get(path)
    assert answer.status_code == 404
    assert "<!DOCTYPE html>" in answer.text


@pytest.mark.parametrize("path", ["/building/nowhere", "/building/", "/building/a/b"])
def test_a_building_that_is_not_there_is_not_found(client: FlaskClient, path: str) -> None:
    assert client.get(path).status_code == 404


@pytest.mark.parametrize("text", ["", "   ", "中关村", "100%_'\";--", "x" * 10_000])
def test_a_search_of_any_text_is_answered(client: FlaskClient, text: str) -> None:
    answer = client.get("/api/search", query_string={"q": text})
    assert (answer.status_code, answer.json) == (200, [])
