"""Reported cases for the tests of duplicates: few places, times and classes, so that much is near."""

from datetime import UTC, datetime, timedelta

from hypothesis import strategies as st

from twin_model.case import CaseStage
from twin_model.duplicate import DuplicateRule, DuplicateRules, ReportedCase
from twin_model.local_frame import metres_per_degree

AT = datetime(2026, 3, 1, 4, tzinfo=UTC)
LON, LAT = 116.3, 39.955
RULES = DuplicateRules(
    (
        DuplicateRule("D-E", "E", 30.0, 24.0),
        DuplicateRule("D-E05-1", "E05", 60.0, 2.0, closed_within_h=1.0, valid_to=AT + timedelta(hours=6)),
        DuplicateRule("D-E05-2", "E05", 10.0, 48.0, valid_from=AT + timedelta(hours=6)),
        DuplicateRule("D-C", "C", 15.0, 72.0),
    )
)


def hours(count):
    return AT + timedelta(hours=count)


def metres_east(count, lat=LAT):
    return LON + count / metres_per_degree(lat)[0]


def case(case_no, *, class_code="E0102", stage=CaseStage.FILED, at=AT, lon=LON, lat=LAT, **more):
    return ReportedCase(case_no, class_code, stage, at, lon, lat, **more)


@st.composite
def reported_cases(draw, most=14):
    """Cases with distinct numbers; some are closed, void, without a place, or duplicates of any of the others."""
    count = draw(st.integers(1, most))
    numbers = draw(st.permutations([f"{number:02d}" for number in range(count)]))
    return [draw(_case(number, numbers)) for number in numbers]


@st.composite
def _case(draw, number, numbers):
    stage = draw(st.sampled_from([CaseStage.FILED] * 4 + [CaseStage.CLOSED, CaseStage.VOID, CaseStage.DUPLICATE]))
    at = hours(draw(st.integers(0, 30)))
    closed = stage is CaseStage.CLOSED and draw(st.booleans())
    placed = draw(st.integers(0, 9)) > 0
    class_code = draw(st.sampled_from(["E0102", "E0102", "E0501", "C0101", "X-1"]))
    return ReportedCase(
        number,
        class_code,
        stage,
        at,
        LON + draw(st.integers(-6, 6)) / 8192 if placed else None,
        LAT + draw(st.integers(-6, 6)) / 8192 if placed else None,
        component=draw(st.sampled_from(["", "", "K1", "K2"])) if class_code == "C0101" else "",
        closed_at=at + timedelta(hours=draw(st.integers(0, 8))) if closed else None,
        parent_no=draw(st.sampled_from([*numbers, "elsewhere"])) if stage is CaseStage.DUPLICATE else "",
    )
