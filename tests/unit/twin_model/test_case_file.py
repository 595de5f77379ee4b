"""Case files: written down and read again, and moments with a zone."""

from dataclasses import MISSING, fields
from datetime import UTC, datetime, timedelta, timezone

import pytest
from hypothesis import given
from hypothesis import strategies as st

from twin_model.case import OPEN_STAGES, CaseStage
from twin_model.case_file import CaseFile, moment_of, moment_text
from twin_model.workflow import Hold

AT = datetime(2026, 3, 2, 2, tzinfo=UTC)
moments = st.datetimes(datetime(1970, 1, 1), datetime(2100, 1, 1), timezones=st.just(UTC))  # noqa: DTZ001 - naive bounds
texts = st.text(st.characters(exclude_categories=["Cs"]), max_size=8)
degrees = st.floats(-180, 180)


@st.composite
def files(draw: st.DrawFn) -> CaseFile:
    """Any file: each field its default, or a value of its kind."""
    values = {
        "case_no": draw(texts),
        "source": draw(texts),
        "class_code": draw(texts),
        "stage": draw(st.sampled_from(CaseStage)),
        "reported_at": draw(moments),
        "last_at": draw(moments),
    }
    special = {
        "hold": st.sampled_from(Hold), "lon": degrees, "lat": degrees, "urgent": st.booleans(),
        "assist": st.lists(texts, max_size=3).map(tuple), "suggestion": st.dictionaries(texts, texts, max_size=2),
        "pauses": st.lists(st.tuples(moments, moments), max_size=3).map(tuple),
    }  # fmt: skip
    for each in fields(CaseFile):
        if each.default is not MISSING and draw(st.booleans()):
            plain = moments if each.default is None else st.integers(0, 9) if each.default == 0 else texts
            values[each.name] = draw(special.get(each.name, plain))
    return CaseFile(**values)


@given(files())
def test_a_file_is_the_same_after_it_was_written_down(file: CaseFile) -> None:
    plain = file.to_json()
    assert CaseFile.from_json(plain) == file
    assert CaseFile.from_json({**plain, "of_a_later_release": 1}) == file


def test_what_says_nothing_is_not_written() -> None:
    file = CaseFile("1", "PUBLIC", "E0507", CaseStage.FILED, AT, AT, lon=0.0, lat=0.0)
    assert set(file.to_json()) == {"case_no", "source", "class_code", "stage", "reported_at", "last_at", "lon", "lat"}
    assert file.to_json()["stage"] == 20


def test_open_is_whatever_has_not_ended() -> None:
    for stage in CaseStage:
        file = CaseFile("1", "PUBLIC", "E0507", stage, AT, AT)
        assert file.is_open == (stage in OPEN_STAGES)
        assert not file.is_placed


@given(moments, st.integers(-14, 14))
def test_a_moment_is_written_in_utc_whatever_its_zone(moment: datetime, hours: int) -> None:
    there = moment.astimezone(timezone(timedelta(hours=hours)))
    assert moment_text(there) == moment_text(moment)
    assert moment_of(moment_text(there)) == moment
    assert moment_of(there.isoformat()) == moment


def test_a_moment_without_a_zone_is_none() -> None:
    with pytest.raises(ValueError, match="no time zone; write it as"):
        moment_of("2026-03-02T10:00:00")
