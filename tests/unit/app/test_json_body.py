"""JSON from strangers: read as it was meant, or refused."""

import contextlib
import json
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.api.json_body import MAX_DEPTH, DecimalText, read_json, read_lines, read_object
from app.api.request_errors import JsonError
from twin_model.canonical_json import MAX_INT, canonical_json

TEXT = st.text(st.characters(exclude_categories=["Cs", "Cc"]), max_size=20)
VALUES = st.recursive(
    st.one_of(st.none(), st.booleans(), st.integers(-MAX_INT, MAX_INT), TEXT),
    lambda inner: st.one_of(st.lists(inner, max_size=4), st.dictionaries(TEXT, inner, max_size=4)),
    max_leaves=12,
)


@given(VALUES)
def test_what_was_written_is_read(value: Any) -> None:
    assert read_json(json.dumps(value).encode()) == value
    assert read_json(json.dumps(value, ensure_ascii=False).encode()) == value


@given(st.binary(max_size=60))
def test_any_bytes_are_read_or_refused(body: bytes) -> None:
    with contextlib.suppress(JsonError):
        canonical_json(read_json(body))


@given(st.floats(allow_nan=False, allow_infinity=False).filter(lambda number: number != int(number)))
def test_a_number_that_is_not_whole_stays_as_it_was_written(number: float) -> None:
    read = read_json(repr(number).encode())
    assert isinstance(read, DecimalText)
    assert float(read) == number


@pytest.mark.parametrize(
    "body",
    [b"NaN", b"[Infinity]", b'{"a":1,"a":2}', b'{"a":{"b":1,"b":1}}', b"9007199254740992", b'"\\ud800"', b'"\\u0000"',
     b"\xff", b"1 2", b"{", b"[" * 100_000, b"1e", b""],
)  # fmt: skip
def test_what_readers_would_disagree_on_is_refused(body: bytes) -> None:
    with pytest.raises(JsonError):
        read_json(body)


@pytest.mark.parametrize(("depth", "sound"), [(MAX_DEPTH, True), (MAX_DEPTH + 1, False)])
def test_depth_has_an_end(depth: int, *, sound: bool) -> None:
    body = b"[" * depth + b"]" * depth
    if sound:
        read_json(body)
    else:
        with pytest.raises(JsonError, match="deeper"):
            read_json(body)


def test_size_has_an_end() -> None:
    with pytest.raises(JsonError, match="values"):
        read_json(json.dumps([0] * 100_001).encode())


def test_only_an_object_is_an_object() -> None:
    with pytest.raises(JsonError, match="no JSON object"):
        read_object(b"[]")


def test_a_bad_line_stops_no_other() -> None:
    read = dict(read_lines(b'{"a": 1}\n\nno\n{"b": 2}\r\n', 3))
    assert read[1] == {"a": 1}
    assert read[4] == {"b": 2}
    assert isinstance(read[3], JsonError)
    with pytest.raises(JsonError, match="at most 1"):
        list(read_lines(b"{}\n{}", 1))
