import re
from datetime import UTC, datetime
from urllib.parse import parse_qsl, urlencode

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.selections import selections
from twin_model.errors import SelectionError
from twin_model.selection import (
    Areas,
    Everything,
    Polygon,
    Selection,
    Sources,
    TimeWindow,
    Units,
    canonical,
    from_text,
    to_text,
)


@given(selections())
def test_a_canonical_selection_survives_its_text(selection: Selection) -> None:
    form = canonical(selection)
    assert from_text(to_text(form)) == form


@given(selections())
def test_the_text_of_any_selection_reads_as_the_same_set(selection: Selection) -> None:
    assert canonical(from_text(to_text(selection))) == canonical(selection)


@given(selections())
def test_a_link_holds_the_text(selection: Selection) -> None:
    text = to_text(canonical(selection))
    assert dict(parse_qsl(urlencode({"s": text}))) == {"s": text}
    assert re.fullmatch(r"[A-Za-z0-9(),:._~-]+", text)


@given(st.text(min_size=1))
def test_any_code_survives(code: str) -> None:
    assert from_text(to_text(Units((code,)))) == Units((code,))


@given(st.text(alphabet="andortime()~,0123456789-. 东"))
def test_any_text_is_read_or_refused_with_a_sentence(text: str) -> None:
    try:
        selection = from_text(text)
    except SelectionError as error:
        refused = str(error)
    else:
        assert canonical(from_text(to_text(selection))) == canonical(selection)
        return
    assert refused.startswith("selection text, position")


def test_the_text_is_plain() -> None:
    first, end = datetime(2026, 1, 1, tzinfo=UTC), datetime(2026, 2, 1, tzinfo=UTC)
    selection = Areas(("110108011",)) & ~Sources(("VIDEO",)) & TimeWindow(first, end)
    expected = "and(area(110108011),not(source(VIDEO)),time(2026-01-01T00:00:00Z,2026-02-01T00:00:00Z))"
    assert to_text(canonical(selection)) == expected
    assert to_text(Everything()) == "all"
    assert to_text(~Everything()) == "none"
    assert (
        to_text(Polygon(((116.25, 40), (116.5, 40), (116.5, 40.25)))) == "polygon(116.25,40.0,116.5,40.0,116.5,40.25)"
    )


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("", "position 1: expected all, none, and(…)"),
        ("and(area(1),foo(2))", "position 13: expected all, none"),
        ("area(", "position 6: expected ',' or ')', found the end"),
        ("area(a,)", "position 1: Areas needs at least one code and no empty one"),
        ("not()", "position 5: expected all, none"),
        ("all)", "position 4: expected the end of the text, found ')'"),
        ("or(stage(X))", "position 4: stage 'X' is unknown"),
        ("time(2026-01-01,2)", "time needs its start and its end"),
        ("time(2026-01-01T00:00:00,2026-01-02T00:00:00)", "has no time zone"),
        ("polygon(1,2,3)", "3 numbers; each corner needs a longitude and a latitude"),
        ("polygon(1,a)", "no number of degrees"),
        ("unit(a~1)", "a ~ without two hexadecimal digits"),
        ("unit(~FF)", "no valid UTF-8"),
        ("not(" * 99 + "all" + ")" * 99, "at most 50 levels of brackets"),
        ("unit(" + "a" * 50_000 + ")", "save it as a view"),
    ],
)
def test_bad_text_is_refused_with_the_place_and_the_mend(text: str, message: str) -> None:
    with pytest.raises(SelectionError, match=re.escape(message)):
        from_text(text)
