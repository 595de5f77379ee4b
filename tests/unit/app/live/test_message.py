"""Messages are one event each, and ids name a place in one log."""

import json
from datetime import UTC, datetime, timedelta, timezone

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.live.message import Kind, case_message, event_id, instant, message, retry, seq_of
from tests.committed_events import committed


def fields(data: bytes) -> dict[str, str]:
    text = data.decode()
    assert text.endswith("\n\n")
    return dict(line.split(": ", 1) for line in text[:-2].split("\n"))


def test_a_message_names_its_kind_and_carries_json() -> None:
    told = fields(message(Kind.SETTLED, {"data_version": 7}))
    assert told == {"event": "settled", "data": '{"data_version":7}'}


@given(st.text())
def test_any_text_stays_in_one_line(text: str) -> None:
    told = fields(message(Kind.GAP, {"text": text}, "log-1"))
    assert json.loads(told["data"]) == {"text": text}
    assert told["id"] == "log-1"


def test_a_case_message_tells_where_the_case_stands_and_its_id_where_the_log() -> None:
    now = datetime(2026, 11, 23, 9, 30, 1, 234_567, tzinfo=timezone(timedelta(hours=8)))
    event = committed(41, stage_before=30, stage=40, lon=116.123_456_789, committed_at=now, deadline_at=now)
    told = fields(case_message("log", event))
    data = json.loads(told["data"])
    assert (told["event"], told["id"]) == ("case", "log-41")
    assert (data["seq"], data["kind"], data["before"], data["stage"]) == (41, "report", 30, 40)
    assert data["lon"] == 116.123457
    assert (data["committed"], data["deadline"]) == ("2026-11-23T01:30:01.234Z", "2026-11-23T01:30:01Z")
    assert list(data) == [
        "seq", "case", "kind", "stage", "before", "hold", "class", "source", "unit", "street", "community", "grid",
        "building", "lon", "lat", "at", "committed", "deadline",
    ]  # fmt: skip


def test_a_case_without_a_place_has_no_degrees() -> None:
    data = json.loads(fields(case_message("log", committed(1, lon=None, lat=None)))["data"])
    assert (data["lon"], data["lat"], data["deadline"], data["before"]) == (None, None, None, None)


def test_a_moment_without_a_zone_is_utc() -> None:
    assert instant(datetime(2026, 1, 2, 3)) == instant(datetime(2026, 1, 2, 3, tzinfo=UTC)) == "2026-01-02T03:00:00Z"  # noqa: DTZ001


@given(st.text(st.characters(codec="ascii", exclude_characters="\r\n"), max_size=20), st.integers(0, 2**62))
def test_an_id_gives_its_place_back(log_id: str, seq: int) -> None:
    assert seq_of(log_id, event_id(log_id, seq)) == seq


@pytest.mark.parametrize("text", ["", "log", "log-", "log--1", "other-3", "log-3x", "log-²", "log-" + "9" * 99])
def test_an_id_of_no_place_in_the_log_names_none(text: str) -> None:
    assert seq_of("log", text) is None


def test_a_browser_is_told_when_to_come_back() -> None:
    assert retry(1500) == b"retry: 1500\n\n"
