"""Cases as Open311 asks for them: the same as a plain look at the table gives."""

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from datastore.queries.open311_place import open311_place
from datastore.queries.open311_requests import RequestsWanted, open311_requests, open311_requests_by_no
from datastore.queries.open311_services import open311_jurisdiction, open311_services
from datastore.queries.open311_token import open311_token
from datastore.store import Store

LATEST = "greatest(reported_at, filed_at, dispatched_at, handled_at, closed_at)"
NOW = datetime(2026, 11, 22, 16, tzinfo=UTC)


def plain(store: Store, condition: str) -> list[str]:
    query = f"SELECT case_no FROM cases WHERE {condition} ORDER BY reported_at DESC, case_id DESC"  # noqa: S608
    with store.read() as cursor:
        return [row[0] for row in cursor.execute(query).fetchall()]


def asked(store: Store, **wanted: Any) -> list[str]:
    with store.read() as cursor:
        return open311_requests(cursor, RequestsWanted(**{"limit": 100_000, **wanted}))["case_no"].to_pylist()  # type: ignore[no-any-return]


@pytest.mark.parametrize(
    ("wanted", "condition"),
    [
        ({}, "true"),
        ({"start": NOW - timedelta(days=7)}, "reported_at >= '2026-11-15 16:00'"),
        ({"end": NOW - timedelta(days=600)}, "reported_at <= '2025-04-01 16:00'"),
        (
            {"classes": ("E0102", "C0101")},
            "class_id IN (SELECT class_id FROM case_class WHERE code IN ('E0102', 'C0101'))",
        ),
        ({"is_open": True}, "stage < 70"),
        ({"is_open": False}, "stage >= 70"),
        ({"box": (116.3, 39.96, 116.32, 39.98)}, "lon BETWEEN 116.3 AND 116.32 AND lat BETWEEN 39.96 AND 39.98"),
        (
            {"updated_after": NOW - timedelta(days=40), "updated_before": NOW - timedelta(days=30)},
            f"{LATEST} BETWEEN '2026-10-13 16:00' AND '2026-10-23 16:00'",
        ),
    ],
)
def test_what_is_wanted_is_given(small_store: Store, wanted: dict[str, Any], condition: str) -> None:
    numbers = plain(small_store, condition)
    assert numbers
    assert asked(small_store, **wanted) == numbers


def test_pages_are_parts_of_the_whole(small_store: Store) -> None:
    whole = asked(small_store, limit=50)
    assert [*asked(small_store, limit=20), *asked(small_store, limit=30, offset=20)] == whole


def test_numbers_are_found_on_their_day_or_anywhere(small_store: Store) -> None:
    first, *_, last = plain(small_store, "true")
    with small_store.read() as cursor:
        found = open311_requests_by_no(cursor, [last, "nothing", "11010820010101000001", first])
        assert found["case_no"].to_pylist() == [first, last]
        assert open311_requests_by_no(cursor, ["nothing"]).num_rows == 0
        assert open311_requests_by_no(cursor, []).num_rows == 0


def test_a_row_has_codes_and_names(small_store: Store) -> None:
    with small_store.read() as cursor:
        (row,) = open311_requests(cursor, RequestsWanted(limit=1)).to_pylist()
        (services,) = [each for each in open311_services(cursor).to_pylist() if each["code"] == row["class_code"]]
    assert row["class_name_zh"] == services["name_zh"]
    assert row["street_code"] in ("110108011", "110108012")
    assert row["updated_at"] >= row["reported_at"]


def test_a_place_is_found_by_code_or_by_its_whole_address(small_store: Store) -> None:
    with small_store.read() as cursor:
        (house,) = cursor.execute(
            "SELECT code, address FROM building JOIN building_detail USING (building_id) ORDER BY code LIMIT 1"
        ).fetchall()
        assert open311_place(cursor, code=house[0])["address"].to_pylist() == [house[1]]
        assert house[0] in open311_place(cursor, address=house[1])["code"].to_pylist()
        assert open311_place(cursor, address="nowhere").num_rows == 0
        assert open311_place(cursor, code="' OR 1=1 --").num_rows == 0


def test_the_district_is_the_jurisdiction(small_store: Store) -> None:
    with small_store.read() as cursor:
        assert open311_jurisdiction(cursor)["code"].to_pylist() == ["110108"]
        assert open311_token(cursor, "nothing").num_rows == 0
