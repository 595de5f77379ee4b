"""The working calendar and its document."""

import json
from datetime import date, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from twin_model.calendar import WEEKDAYS, default_document, from_document, to_document
from twin_model.calendar_day import DayKind
from twin_model.errors import CalendarError
from twin_model.zone_time import moment_of

PLAIN = {
    "zone": "Asia/Shanghai",
    "hours": {name: ["09:00-12:00", "13:00-18:00"] for name in WEEKDAYS},
    "working_weekdays": ["mon", "tue", "wed", "thu", "fri"],
}
SPRING_FESTIVAL_2026 = [date(2026, 2, 15) + timedelta(days=day) for day in range(9)]


def test_spring_festival_2026_rests_nine_days_and_makes_up_two_saturdays():
    calendar = from_document(default_document())
    assert not any(calendar.is_worked(day) for day in SPRING_FESTIVAL_2026)
    for saturday in (date(2026, 2, 14), date(2026, 2, 28)):
        assert calendar.is_worked(saturday)
        assert calendar.row_of(saturday).kind is DayKind.MAKE_UP
    assert not calendar.is_worked(date(2026, 2, 8))
    assert calendar.is_worked(date(2026, 2, 24))
    assert calendar.row_of(date(2026, 2, 17)).name == "春节"


def test_a_year_without_a_notice_is_known_as_not_covered_and_counts_plain_weekdays():
    calendar = from_document(default_document([2025, 2026, 2099]))
    assert [calendar.covers(year) for year in (2024, 2025, 2026, 2099)] == [False, True, True, False]
    assert calendar.uncovered(date(2026, 12, 1), date(2027, 1, 5)) == (2027,)
    assert calendar.is_worked(date(2099, 1, 1))  # New Year's Day, but a Thursday


def test_the_default_document_covers_the_years_of_the_demo():
    calendar = from_document(default_document())
    assert calendar.uncovered(date(2024, 1, 1), date(2026, 12, 31)) == ()


def test_local_rows_win_over_holidays_and_weekdays():
    document = default_document() | {
        "overrides": [
            {"day": "2026-02-14", "kind": "rest", "name": "本地休息", "source": "区政府"},
            {"day": "2026-02-16", "kind": "make_up"},
            {"day": "2026-03-04", "kind": "rest"},
        ]
    }
    calendar = from_document(document)
    worked = [calendar.is_worked(day) for day in (date(2026, 2, 14), date(2026, 2, 16), date(2026, 3, 4))]
    assert worked == [False, True, False]
    assert calendar.row_of(date(2026, 2, 14)).source == "区政府"


def test_hours_of_a_day_are_local():
    calendar = from_document(PLAIN)
    (morning, afternoon) = calendar.spans_of(date(2026, 3, 4))
    local = [moment_of(edge).astimezone(ZoneInfo("Asia/Shanghai")) for edge in (*morning, *afternoon)]
    assert [f"{edge:%m-%d %H:%M}" for edge in local] == ["03-04 09:00", "03-04 12:00", "03-04 13:00", "03-04 18:00"]
    assert calendar.spans_of(date(2026, 3, 7)) == ()


def test_hours_that_a_spring_change_skips_are_not_worked_twice():
    document = PLAIN | {
        "zone": "America/New_York",
        "hours": {"sun": ["00:00-02:15", "02:15-02:45", "02:45-24:00"]},
        "working_weekdays": ["sun"],
    }
    spans = from_document(document).spans_of(date(2026, 3, 8))
    edges = [edge for span in spans for edge in span]
    assert edges == sorted(edges)
    assert sum(end - start for start, end in spans) == 23 * 3_600_000_000


def test_a_day_that_a_zone_left_out_has_no_hours():
    document = PLAIN | {"zone": "Pacific/Apia"}
    calendar = from_document(document)
    assert sum(end - start for start, end in calendar.spans_of(date(2011, 12, 30))) == 0  # Samoa crossed the date line
    assert sum(end - start for start, end in calendar.spans_of(date(2011, 12, 29))) == 8 * 3_600_000_000


def test_the_default_document_is_plain_json_and_survives_the_round_trip():
    document = default_document()
    assert json.loads(json.dumps(document)) == document
    assert to_document(from_document(document)) == document


spans = st.sampled_from(["00:00-08:00", "08:00-12:30", "13:00-24:00"])
days = st.lists(
    st.builds(
        lambda day, kind: {"day": day.isoformat(), "kind": kind, "name": "名", "source": "源"},
        st.dates(date(2020, 1, 1), date(2030, 1, 1)),
        st.sampled_from([kind.value for kind in DayKind]),
    ),
    unique_by=lambda row: row["day"],
)


@given(
    st.fixed_dictionaries({name: st.lists(spans, min_size=1, unique=True).map(sorted) for name in WEEKDAYS}),
    st.sets(st.sampled_from(WEEKDAYS), min_size=1),
    days,
    days,
    st.booleans(),
)
def test_any_calendar_survives_the_round_trip(hours, weekdays, holidays, overrides, counts):
    calendar = from_document(
        {
            "zone": "Europe/London",
            "hours": hours,
            "working_weekdays": list(weekdays),
            "holidays": holidays,
            "overrides": overrides,
            "start_day_counts": counts,
        }
    )
    assert from_document(to_document(calendar)) == calendar


@pytest.mark.parametrize(
    ("change", "message"),
    [
        ({"zone": "Asia/Peking"}, "zone 'Asia/Peking' is no IANA time zone; write e.g. Asia/Shanghai"),
        ({"zone": 8}, "zone is 8; write a text"),
        ({"hours": []}, "hours are no object"),
        ({"hours": {"monday": []}}, "hours: 'monday' is no weekday; write one of mon"),
        ({"hours": {"mon": ["9-12"]}}, "hours mon row 1: '9-12' is no span of hours; write e.g. 09:00-12:00"),
        ({"hours": {"mon": ["22:00-06:00"]}}, "hours mon: 22:00-06:00 does not end after it starts .* split a night"),
        ({"hours": {"mon": ["09:00-25:00"]}}, "hours mon: 09:00-25:00"),
        ({"hours": {"mon": ["09:00-13:00", "12:00-18:00"]}}, "12:00-18:00 starts before the span above it ends"),
        ({"hours": {"mon": ["09:00-13:00"]}}, "tue is worked but has no hours"),
        ({"hours": {"mon": "09:00-13:00"}}, "mon is '09:00-13:00'; write a list"),
        ({"working_weekdays": []}, "working_weekdays is empty"),
        ({"working_weekdays": ["Montag"]}, "working_weekdays: 'Montag' is no weekday"),
        ({"working_weekdays": [[]]}, "working_weekdays: \\[\\] is no weekday"),
        ({"covered_years": ["2026"]}, "covered_years: '2026' is no year; write e.g. 2026"),
        ({"start_day_counts": "yes"}, "start_day_counts is 'yes'; write true or false"),
        ({"holidays": "all"}, "holidays is 'all'; write a list"),
        ({"holidays": ["2026-01-01"]}, "holidays row 1 is '2026-01-01'; write an object"),
        ({"holidays": [{"day": "1 May", "kind": "holiday"}]}, "holidays row 1: day '1 May' is no date; write e.g."),
        (
            {"holidays": [{"day": "2026-05-01"}]},
            "holidays row 1: 2026-05-01 has no kind; write one of holiday, make_up",
        ),
        ({"overrides": [{"day": "2026-05-01", "kind": "party"}]}, "overrides row 1: kind is 'party'; write one of"),
        ({"overrides": [{"day": "2026-05-01", "kind": "rest"}] * 2}, "overrides row 2: 2026-05-01 stands there twice"),
        (
            {
                "hours": {name: ["09:00-18:00"] for name in WEEKDAYS[:5]},
                "overrides": [{"day": "2026-02-14", "kind": "make_up"}],
            },
            "overrides row 1: 2026-02-14 is worked, but sat has no hours; add them to hours",
        ),
        ({"weekends": []}, "unknown field 'weekends'"),
    ],
)
def test_a_bad_document_is_refused_with_the_row_and_the_mend(change, message):
    with pytest.raises(CalendarError, match=message):
        from_document(PLAIN | change)


@pytest.mark.parametrize("document", [None, [], "calendar", 3])
def test_what_is_no_document_is_refused(document):
    with pytest.raises(CalendarError, match="the calendar is no object"):
        from_document(document)
