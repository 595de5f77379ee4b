"""Parameters of Open311: moments in any zone, spans of at most ninety days."""

from datetime import UTC, datetime, timedelta, timezone
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st
from werkzeug.datastructures import MultiDict

from app.api.open311.parameters import MAX_SPAN, listed, moment_of, one, read_numbers, read_wanted
from app.api.request_errors import RequestError

NOW = datetime(2026, 11, 23, 2, tzinfo=UTC)
ZONE = ZoneInfo("Asia/Shanghai")
MOMENTS = st.datetimes(datetime(2000, 1, 1), datetime(2090, 1, 1)).map(lambda moment: moment.replace(microsecond=0))  # noqa: DTZ001 - the zone comes after
OFFSETS = st.integers(-14 * 60, 14 * 60).map(lambda minutes: timezone(timedelta(minutes=minutes)))


@given(MOMENTS, OFFSETS)
def test_a_moment_of_any_zone_is_the_same_moment(moment: datetime, offset: timezone) -> None:
    aware = moment.replace(tzinfo=offset)
    assert moment_of(aware.isoformat(), "start_date", ZONE) == aware
    assert moment_of(aware.isoformat().replace("+", " "), "start_date", ZONE) == aware


def test_a_date_is_its_first_moment_in_the_city() -> None:
    assert moment_of("2026-11-01", "start_date", ZONE) == datetime(2026, 10, 31, 16, tzinfo=UTC)


@pytest.mark.parametrize(
    "text", ["", "now", "2026-11-01T00:00:00", "2026-13-01", "2026-11-01T25:00:00Z", "９999-01-01"]
)
def test_what_is_no_moment_is_refused(text: str) -> None:
    with pytest.raises(RequestError, match="start_date"):
        moment_of(text, "start_date", ZONE)


@given(MOMENTS, st.timedeltas(timedelta(0), MAX_SPAN).map(lambda span: timedelta(seconds=int(span.total_seconds()))))
def test_a_span_within_ninety_days_is_kept(moment: datetime, span: timedelta) -> None:
    start = moment.replace(tzinfo=UTC)
    asked = MultiDict({"start_date": start.isoformat(), "end_date": (start + span).isoformat()})
    wanted = read_wanted(asked, NOW, ZONE)
    assert (wanted.start, wanted.end) == (start, start + span)


@given(MOMENTS)
def test_one_end_reaches_ninety_days(moment: datetime) -> None:
    text = moment.replace(tzinfo=UTC).isoformat()
    for name in ("start_date", "end_date"):
        wanted = read_wanted(MultiDict({name: text}), NOW, ZONE)
        assert wanted.start is not None
        assert wanted.end is not None
        assert wanted.end - wanted.start == MAX_SPAN


def test_without_a_time_the_last_ninety_days_are_meant() -> None:
    wanted = read_wanted(MultiDict(), NOW, ZONE)
    assert (wanted.start, wanted.end, wanted.limit, wanted.offset) == (NOW - MAX_SPAN, None, 1000, 0)
    changed = read_wanted(MultiDict({"updated_after": "2026-11-01"}), NOW, ZONE)
    assert changed.start is None


@pytest.mark.parametrize(("status", "is_open"), [("", None), ("open", True), ("closed", False), ("open,closed", None)])
def test_status_is_open_closed_or_both(status: str, *, is_open: bool | None) -> None:
    assert read_wanted(MultiDict({"status": status}), NOW, ZONE).is_open is is_open


def test_lists_come_by_comma_or_again() -> None:
    asked = MultiDict([("service_code", "a, b"), ("service_code", "c,a"), ("other", "x"), ("other", "x")])
    assert listed(asked, "service_code") == ("a", "b", "c")
    assert one(asked, "other") == "x"


def test_too_many_numbers_are_refused() -> None:
    with pytest.raises(RequestError, match="1000"):
        read_numbers(MultiDict({"service_request_id": ",".join(map(str, range(1001)))}))


def test_pages_become_offsets() -> None:
    wanted = read_wanted(MultiDict({"page": "3", "page_size": "20"}), NOW, ZONE)
    assert (wanted.limit, wanted.offset) == (20, 40)
