"""The Features API inside the whole application, beside Dash's own addresses."""

import brotli
import pytest
from flask.testing import FlaskClient

from app.factory import create_app
from app.settings import load_settings
from datastore.store import Store


@pytest.fixture(scope="module")
def client(small_store: Store) -> FlaskClient:
    return create_app(load_settings(data=small_store.path.parent), small_store).server.test_client()


@pytest.mark.parametrize("path", ["/features", "/features/", "/features/collections", "/features/api"])
def test_dash_does_not_answer_in_its_place(client: FlaskClient, path: str) -> None:
    answer = client.get(path)
    assert answer.status_code == 200
    assert "json" in answer.mimetype


def test_what_is_not_there_is_a_problem_and_no_page(client: FlaskClient) -> None:
    for path in ("/features/nope", "/features/collections/nope", "/features/collections/buildings/items?nope=1"):
        answer = client.get(path)
        assert answer.status_code in (400, 404)
        assert answer.mimetype == "application/problem+json"


def test_features_travel_compressed_where_the_client_takes_it(client: FlaskClient) -> None:
    address = "/features/collections/buildings/items?limit=100"
    packed = client.get(address, headers={"Accept-Encoding": "br"})
    assert packed.headers["Content-Encoding"] == "br"
    assert {"Accept", "Accept-Encoding"} <= {name.strip() for name in packed.headers["Vary"].split(",")}
    features = client.get(address).data.partition(b'"features"')[2]
    assert brotli.decompress(packed.data).partition(b'"features"')[2] == features


def test_only_the_headers_are_given_to_who_asks_for_them(client: FlaskClient) -> None:
    answer = client.head("/features/collections/streets/items")
    assert (answer.status_code, answer.data) == (200, b"")
    assert answer.headers["X-Content-Type-Options"] == "nosniff"
