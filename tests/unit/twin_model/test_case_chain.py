from datetime import UTC, datetime, timedelta, timezone

import pytest

from twin_model.canonical_json import CanonicalJsonError, parse_canonical
from twin_model.case_chain import entry_bytes, import_bytes, moment_text
from twin_model.errors import LogError

AT = datetime(2026, 11, 25, 8, 30, 0, 5, tzinfo=UTC)
EVENT = {
    "kind": "report", "case_no": "11010820261125000001", "actor": "c-01", "moment": AT, "prev": b"",
    "data": {"source": "COLLECTOR", "class": "E0101", "lon": "116.3", "tags": ["占道", None, 3, True]},
}  # fmt: skip


def test_an_event_is_canonical_json_with_its_case_and_what_was_before():
    entry = entry_bytes(**EVENT)
    assert entry.decode() == (
        '{"actor":"c-01","at":"2026-11-25T08:30:00.000005Z","case":"11010820261125000001","data":{"class":"E0101",'
        '"lon":"116.3","source":"COLLECTOR","tags":["占道",null,3,true]},"kind":"report","prev":"","v":1}'
    )
    assert parse_canonical(entry)["kind"] == "report"


def test_the_rule_and_the_previous_leaf_are_part_of_it():
    entry = parse_canonical(entry_bytes(**EVENT | {"prev": bytes(range(32)), "rule": "responsibility@3#R-0012"}))
    assert entry["prev"] == bytes(range(32)).hex()
    assert entry["rule"] == "responsibility@3#R-0012"


def test_moments_are_written_in_utc_with_microseconds():
    assert moment_text(datetime(2026, 1, 1, tzinfo=timezone(timedelta(hours=8)))) == "2025-12-31T16:00:00.000000Z"
    with pytest.raises(LogError, match="has no time zone"):
        moment_text(AT.replace(tzinfo=None))


@pytest.mark.parametrize(
    ("change", "error", "message"),
    [
        ({"prev": b"abc"}, LogError, "is 3 bytes and no SHA-256 hash"),
        ({"data": {"lon": 116.3}}, CanonicalJsonError, "the value.data.lon is a float"),
    ],
)
def test_what_cannot_be_logged_is_refused(change, error, message):
    with pytest.raises(error, match=message):
        entry_bytes(**EVENT | change)


def test_an_imported_case_leaves_out_what_it_does_not_know():
    row = {"case": "1", "class": "E0101", "source": "PUBLIC", "stage": 70, "reported_at": AT, "unit": None, "lon": 1e-7}
    assert import_bytes(row).decode() == (
        '{"case":"1","class":"E0101","kind":"import","lon":"1e-07","reported_at":"2026-11-25T08:30:00.000005Z",'
        '"source":"PUBLIC","stage":70,"v":1}'
    )
