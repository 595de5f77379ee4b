"""The Features API over HTTP."""

import json
import re
from datetime import UTC, datetime
from pathlib import Path

import pytest
import shapely
import shapely.geometry
from flask.testing import FlaskClient

from app.api.features.collections import COLLECTIONS
from app.api.features.routes import CRS84

ITEMS = "/features/collections/buildings/items"


def links(body: dict, rel: str) -> list[str]:
    return [link["href"] for link in body["links"] if link["rel"] == rel]


def test_the_landing_page_leads_to_everything(client: FlaskClient) -> None:
    for address in ("/features", "/features/"):
        body = client.get(address).get_json(force=True)
        for rel in ("service-desc", "conformance", "data", "self"):
            (href,) = links(body, rel)
            assert client.get(href).status_code == 200


def test_the_landing_page_says_that_a_demo_is_simulated(client: FlaskClient, empty_client: FlaskClient) -> None:
    assert "演示数据" in client.get("/features/").get_json(force=True)["description"]
    assert "演示数据" not in empty_client.get("/features/").get_json(force=True)["description"]


def test_only_classes_that_hold_are_claimed(client: FlaskClient) -> None:
    classes = client.get("/features/conformance").get_json(force=True)["conformsTo"]
    assert [name.rpartition("/")[2] for name in classes] == ["core", "geojson", "oas30"]


def test_every_collection_holds_its_features_in_its_extent(client: FlaskClient) -> None:
    collections = client.get("/features/collections").get_json(force=True)["collections"]
    assert [each["id"] for each in collections] == list(COLLECTIONS)
    for each in collections:
        (box,) = each["extent"]["spatial"]["bbox"]
        (items,) = links(each, "items")
        body = client.get(f"{items}?limit=10000").get_json(force=True)
        assert body["numberReturned"] == min(10_000, body["numberMatched"]) > 0
        shapes = [shapely.geometry.shape(feature["geometry"]) for feature in body["features"]]
        west, south, east, north = shapely.total_bounds(shapes)
        assert box[0] <= west < east <= box[2]
        assert box[1] <= south < north <= box[3]
        assert each["crs"] == [CRS84]
        (own,) = links(each, "self")
        assert client.get(own).get_json(force=True)["id"] == each["id"]


def test_pages_follow_one_another_without_gap_or_overlap(client: FlaskClient) -> None:
    whole = client.get(f"{ITEMS}?street=110108011&limit=10000").get_json(force=True)
    step = len(whole["features"]) // 3
    address, seen, pages = f"{ITEMS}?street=110108011&limit={step}", [], []
    while address:
        body = client.get(address).get_json(force=True)
        assert body["numberMatched"] == whole["numberMatched"]
        seen += [feature["id"] for feature in body["features"]]
        pages.append(body)
        address = next(iter(links(body, "next")), "")
    assert seen == [feature["id"] for feature in whole["features"]]
    (back,) = links(pages[1], "prev")
    assert client.get(back).get_json(force=True)["features"] == pages[0]["features"]
    assert not links(pages[0], "prev")


def test_a_page_after_the_last_is_empty_and_leads_back(client: FlaskClient) -> None:
    body = client.get(f"{ITEMS}?offset=2000000000").get_json(force=True)
    assert (body["numberReturned"], body["features"], links(body, "next")) == (0, [], [])
    assert links(body, "prev")


def test_an_answer_says_when_it_was_made_and_what_the_cases_are_counted_at(client: FlaskClient) -> None:
    body = client.get(f"{ITEMS}?limit=1").get_json(force=True)
    assert body["timeStamp"] == "2026-11-24T03:04:05Z"
    assert datetime.fromisoformat(body["asOf"]) == datetime(2026, 11, 22, 16, tzinfo=UTC)


def test_a_feature_is_the_same_alone_and_among_others(client: FlaskClient) -> None:
    for name in COLLECTIONS:
        items = f"/features/collections/{name}/items"
        (among,) = client.get(f"{items}?limit=1&offset=1").get_json(force=True)["features"]
        alone = client.get(f"{items}/{among['id']}").get_json(force=True)
        assert among | {"links": alone["links"], "asOf": alone["asOf"]} == alone
        (own,) = links(alone, "self")
        assert own.endswith(f"{items}/{among['id']}")


def test_a_feature_of_another_level_is_not_found(client: FlaskClient) -> None:
    assert client.get("/features/collections/streets/items/110108011").status_code == 200
    assert client.get("/features/collections/grids/items/110108011").status_code == 404


@pytest.mark.parametrize(
    ("address", "status", "said"),
    [
        ("/features/collections/palaces", 404, "palaces"),
        ("/features/collections/palaces/items", 404, "palaces"),
        ("/features/collections/palaces/items/1", 404, "palaces"),
        (f"{ITEMS}/nothing", 404, "nothing"),
        (f"{ITEMS}/a%2Fb%00'%22--", 404, "a/b"),
        ("/features/somewhere/else", 404, "somewhere/else"),
        (f"{ITEMS}?limit=0", 400, "limit"),
        (f"{ITEMS}?bbox=1,2,3", 400, "bbox"),
        (f"{ITEMS}?galaxy=1", 400, "galaxy"),
        (f"{ITEMS}/110108011?limit=1", 400, "limit"),
        ("/features/?q=1", 400, "'q'"),
        ("/features/api?f=yaml", 400, "yaml"),
        ("/features/collections?limit=1", 400, "limit"),
        ("/features/conformance?x=", 400, "'x'"),
    ],
)
def test_what_is_not_there_or_unreadable_is_answered_with_a_problem(
    client: FlaskClient, address: str, status: int, said: str
) -> None:
    answer = client.get(address)
    assert answer.status_code == status
    assert answer.mimetype == "application/problem+json"
    assert said in json.loads(answer.data)["detail"]


def test_a_filter_that_nothing_matches_gives_an_empty_collection(client: FlaskClient) -> None:
    body = client.get(ITEMS, query_string={"name": "'; DROP TABLE building; --"}).get_json(force=True)
    assert (body["numberMatched"], body["features"]) == (0, [])


def test_a_client_that_takes_nothing_of_ours_is_told(client: FlaskClient) -> None:
    assert client.get(ITEMS, headers={"Accept": "text/csv"}).status_code == 406
    for accepted in ("application/geo+json", "application/json", "text/html,*/*;q=0.8"):
        assert client.get(f"{ITEMS}?limit=1", headers={"Accept": accepted}).status_code == 200


def test_every_link_is_answered_to_a_client_that_asks_for_the_media_type_that_it_names(client: FlaskClient) -> None:
    for address in ("/features/", "/features/collections", "/features/collections/buildings", f"{ITEMS}?limit=1"):
        for link in client.get(address).get_json(force=True)["links"]:
            answer = client.get(link["href"], headers={"Accept": link["type"]})
            assert answer.status_code == 200
            assert answer.content_type == link["type"]


def test_an_unchanged_answer_is_not_sent_again(client: FlaskClient) -> None:
    first = client.get(f"{ITEMS}?limit=1")
    again = client.get(f"{ITEMS}?limit=1", headers={"If-None-Match": first.headers["ETag"]})
    assert (again.status_code, again.data) == (304, b"")
    other = client.get(f"{ITEMS}?limit=2", headers={"If-None-Match": first.headers["ETag"]})
    assert other.status_code == 200


def test_nothing_can_be_written(client: FlaskClient) -> None:
    answer = client.post(ITEMS, json={})
    assert (answer.status_code, answer.mimetype) == (405, "application/problem+json")


def test_an_empty_store_has_collections_without_extent(empty_client: FlaskClient) -> None:
    for each in empty_client.get("/features/collections").get_json(force=True)["collections"]:
        assert "extent" not in each
        body = empty_client.get(f"/features/collections/{each['id']}/items?bbox=0,0,1,1").get_json(force=True)
        assert (body["numberMatched"], body["features"], body["asOf"]) == (0, [], None)


def test_the_document_names_every_collection_and_filter() -> None:
    text = (Path(__file__).parents[4] / "docs" / "features.md").read_text(encoding="utf-8")
    rows = [line for line in text.splitlines() if line.startswith("| `")]
    for each in COLLECTIONS.values():
        (row,) = [line for line in rows if f"`{each.name}`" in line]
        assert set(re.findall(r"`(\w+)`", row.split("|")[3])) == each.filters
