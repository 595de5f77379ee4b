import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from twin_model.canonical_json import MAX_DEPTH, MAX_INT, CanonicalJsonError, canonical_json, parse_canonical

TEXTS = st.text(st.characters(exclude_categories=("Cs",)))
VALUES = st.recursive(
    st.none() | st.booleans() | st.integers(-MAX_INT, MAX_INT) | TEXTS,
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(TEXTS, inner, max_size=4),
)


def test_keys_are_in_the_order_of_their_utf_16_code_units():
    """RFC 8785 §3.2.3."""
    value = {
        "\u20ac": "Euro Sign",
        "\r": "Carriage Return",
        "\ufb33": "Hebrew Letter Dalet With Dagesh",
        "1": "One",
        "\U0001f600": "Emoji: Grinning Face",
        "\u0080": "Control",
        "\u00f6": "Latin Small Letter O With Diaeresis",
    }
    assert [*json.loads(canonical_json(value)).values()] == [
        "Carriage Return",
        "One",
        "Control",
        "Latin Small Letter O With Diaeresis",
        "Euro Sign",
        "Emoji: Grinning Face",
        "Hebrew Letter Dalet With Dagesh",
    ]


def test_texts_are_escaped_as_little_as_can_be():
    """RFC 8785 §3.2.2.2, the string of its example."""
    value = {"string": "\u20ac$\u000f\u000aA'\u0042\u0022\u005c\\\"/", "literals": [None, True, False]}
    expected = '{"literals":[null,true,false],"string":"€$\\u000f\\nA\'B\\"\\\\\\\\\\"/"}'
    assert canonical_json(value) == expected.encode()


@pytest.mark.parametrize(
    ("text", "written"),
    [
        ("\b\t\n\f\r", r'"\b\t\n\f\r"'),
        ("\x00\x1f", r'"\u0000\u001f"'),
        ("\x7f\u2028\u2029é", '"\x7f\u2028\u2029é"'),
        ("/</", '"/</"'),
    ],
)
def test_each_character_has_one_form(text, written):
    assert canonical_json(text) == written.encode()


@pytest.mark.parametrize(
    ("value", "message"),
    [
        (1.0, "the value is a float"),
        ({"a": [0, 1.5]}, "the value.a\\[1\\] is a float"),
        (float("nan"), "is a float"),
        (MAX_INT + 1, "beyond"),
        (-MAX_INT - 1, "beyond"),
        (b"x", "is a bytes"),
        ({1: 2}, "the key 1, which is no text"),
        ("\ud800", "half a surrogate pair"),
        ({"\udfff": 1}, "half a surrogate pair"),
    ],
)
def test_what_has_no_exact_text_is_refused(value, message):
    with pytest.raises(CanonicalJsonError, match=message):
        canonical_json(value)


def nested(depth):
    value: object = 1
    for _ in range(depth):
        value = [value]
    return value


def test_deep_nesting_is_refused_before_it_exhausts_a_reader():
    assert canonical_json(nested(MAX_DEPTH))
    with pytest.raises(CanonicalJsonError, match="nested deeper"):
        canonical_json(nested(MAX_DEPTH + 1))
    with pytest.raises(CanonicalJsonError):
        parse_canonical(b"[" * 100_000)


@given(VALUES)
def test_what_is_written_reads_back_the_same(value):
    assert parse_canonical(canonical_json(value)) == value


@given(VALUES)
def test_another_order_of_keys_gives_the_same_text(value):
    text = canonical_json(value)
    turned = json.loads(text, object_pairs_hook=lambda pairs: dict(reversed(pairs)))
    assert canonical_json(turned) == text


@pytest.mark.parametrize(
    "text",
    [
        b'{"b":1,"a":2}', b'{"a":1,"a":1}', b'{"a": 1}', b'["\\u0041"]', b"1.0", b"1e2", b"NaN", b"-0", b"01",
        b'"\\u000A"', b'"\\/"', b" 1", b"1\n", b"\xef\xbb\xbf1", b"\xff", b"", b'"\\ud800"', b"9007199254740992",
    ],
)  # fmt: skip
def test_a_text_that_is_not_canonical_is_refused(text):
    with pytest.raises(CanonicalJsonError):
        parse_canonical(text)


def test_the_first_byte_that_is_not_canonical_is_named():
    with pytest.raises(CanonicalJsonError, match="from byte 5 on"):
        parse_canonical(b'{"a": 1}')
