"""Entries of the log: read as they were written, and nothing else."""

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from twin_model.canonical_json import MAX_INT, CanonicalJsonError, canonical_json
from twin_model.case_chain import entry_bytes, import_bytes
from twin_model.case_entry import event_of, previous_leaf
from twin_model.case_event import CaseEvent
from twin_model.errors import LogError
from twin_model.workflow import Action

AT = datetime(2026, 3, 2, 2, 0, 0, 5, tzinfo=UTC)
texts = st.text(st.characters(exclude_categories=["Cs"]), max_size=12)
values = st.recursive(
    st.one_of(st.none(), st.booleans(), st.integers(-MAX_INT, MAX_INT), texts),
    lambda inner: st.one_of(st.lists(inner, max_size=3), st.dictionaries(texts, inner, max_size=3)),
    max_leaves=8,
)
moments = st.datetimes(datetime(1970, 1, 1), datetime(2100, 1, 1), timezones=st.just(UTC))  # noqa: DTZ001 - naive bounds


@given(
    kind=st.sampled_from([kind for kind in Action if kind is not Action.IMPORT]),
    case_no=texts,
    actor=texts,
    moment=moments,
    data=st.dictionaries(texts, values, max_size=4),
    rule=texts,
    prev=st.sampled_from([b"", b"\x01" * 32]),
)
def test_an_event_is_read_as_it_was_written(*, prev: bytes, **told: Any) -> None:
    entry = entry_bytes(prev=prev, **told)
    assert event_of(entry) == CaseEvent(**told)
    assert previous_leaf(entry) == prev


def test_a_case_that_came_in_bulk_happened_when_the_last_thing_happened_to_it() -> None:
    row = {
        "case": "8", "class": "E0507", "source": "PUBLIC", "stage": 70, "reported_at": AT,
        "closed_at": AT + timedelta(days=2), "deadline_at": AT + timedelta(days=9), "lon": 116.3,
    }  # fmt: skip
    event = event_of(import_bytes(row))
    assert (event.kind, event.case_no, event.moment) == (Action.IMPORT, "8", AT + timedelta(days=2))
    assert event.data["lon"] == "116.3"
    assert previous_leaf(import_bytes(row)) == b""


@pytest.mark.parametrize("entry", [b"[]", b'{"kind":"dance"}', b'"report"', b'{"case":"1"}', b'{"kind":["report"]}'])
def test_what_is_of_no_kind_that_is_known_is_no_entry(entry: bytes) -> None:
    with pytest.raises(LogError, match="upgrade citydeck"):
        event_of(entry)


@pytest.mark.parametrize("left_out", ["case", "actor", "at", "data"])
def test_an_entry_that_lacks_something_is_none(left_out: str) -> None:
    told = {"actor": "x", "at": "2026-03-02T02:00:00Z", "case": "1", "data": {}, "kind": "note", "v": 1}
    assert event_of(canonical_json(told)).actor == "x"
    with pytest.raises(LogError, match=f"no whole note.*{left_out}"):
        event_of(canonical_json({name: value for name, value in told.items() if name != left_out}))
    with pytest.raises(LogError, match="no whole note"):
        event_of(canonical_json({**told, "at": "yesterday"}))


def test_a_text_that_was_written_otherwise_is_no_entry() -> None:
    entry = entry_bytes(kind="note", case_no="1", actor="x", moment=AT, prev=b"", data={"text": "x"})
    for wrong in (entry.replace(b":", b": ", 1), entry[:-1], b"\xff", b""):
        with pytest.raises(CanonicalJsonError):
            event_of(wrong)
    with pytest.raises(LogError, match="no object"):
        previous_leaf(b"[]")
