"""State and address: one says what the other does, and nothing that a stranger types can break a page."""

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.state import (
    COLOURED_BY,
    LANGUAGES,
    LAYERS,
    LISTS,
    METRICS,
    NEAR,
    PANELS,
    PLACES,
    SORTS,
    THEMES,
    Camera,
    PageState,
    format_search,
    parse_camera,
    parse_search,
)

codes = st.sampled_from([6, 9, 12, 15]).flatmap(lambda n: st.text("0123456789", min_size=n, max_size=n))
things = st.builds(
    "{}:{}".format, st.just("case"), st.text("0123456789ABCxyz_.-", min_size=1, max_size=64)
) | st.builds("building:{}".format, st.text("0123456789ABCxyz_.-:;{}()+~楼", min_size=1, max_size=96))
suns = st.dates(date(2000, 1, 1), date(2099, 12, 31)).map("{}T15:30".format)
cameras = st.builds(
    Camera,
    st.floats(-180, 180).map(lambda v: round(v, 5)),
    st.floats(-90, 90).map(lambda v: round(v, 5)),
    st.floats(0, 24).map(lambda v: round(v, 2)),
    st.floats(0, 85).map(lambda v: round(v, 1)),
    st.floats(-360, 360).map(lambda v: round(v, 1)),
)
states = st.builds(
    PageState,
    area=codes | st.just(""),
    sel=things | st.just(""),
    filter=st.sampled_from(("", "source(VIDEO)", "and(area(110108011),not(source(VIDEO)))")),
    metric=st.sampled_from(METRICS),
    layers=st.sets(st.sampled_from(LAYERS)).map(lambda names: tuple(n for n in LAYERS if n in names)),
    sort=st.sampled_from(SORTS),
    cases=st.sampled_from(LISTS),
    panel=st.sampled_from(PANELS),
    by=st.sampled_from(COLOURED_BY),
    exag=st.integers(10, 50).map(lambda tenths: tenths / 10),
    rise=st.booleans(),
    glow=st.booleans(),
    detail=st.booleans(),
    where=st.sampled_from(("", "use:office_civic;height:50-;storeys:10-;open:1-", "recent:-3")),
    only=st.booleans(),
    sun=suns | st.just(""),
    shade=st.booleans(),
    lod=st.sampled_from(("", "1", "2.2")),
    place=st.sampled_from(PLACES),
    near=st.sampled_from(NEAR),
    lang=st.sampled_from(LANGUAGES),
    theme=st.sampled_from(THEMES),
    view=st.none() | cameras,
)


@given(states)
def test_an_address_gives_its_state_back(state: PageState) -> None:
    assert parse_search(format_search(state)) == (state, ())


@given(states, st.sampled_from(LANGUAGES))
def test_an_address_gives_its_state_back_whatever_the_default_language(state: PageState, lang: str) -> None:
    default = PageState(lang=lang)
    assert parse_search(format_search(state, default), default) == (state, ())


@given(st.text(max_size=300))
def test_any_text_is_read_without_a_crash(text: str) -> None:
    state, _ = parse_search(text)
    assert parse_search(format_search(state)) == (state, ())


@given(st.dictionaries(st.sampled_from([*PageState.__dataclass_fields__, "x"]), st.text(max_size=40), max_size=5))
def test_any_values_of_known_parameters_are_read_without_a_crash(values: dict[str, str]) -> None:
    state, bad = parse_search("?" + "&".join(f"{k}={v}" for k, v in values.items()))
    assert set(bad) <= {*values, "…"} or any("&" in v or "=" in v or "%" in v or "+" in v for v in values.values())
    assert state.metric in METRICS


@pytest.mark.parametrize(
    "search",
    [
        "?area=1/2",
        "?area=<b>",
        "?filter=source(",
        "?filter=weather(rain)",
        "?sel=case:<script>",
        "?metric=closed",
        "?sel=building:a/b",
        "?exag=0.5",
        "?exag=nan",
        "?exag=1e9",
        "?rise=yes",
        "?where=use:castle",
        "?where=height:9-3",
        "?sun=2026-02-30T10:00",
        "?sun=2026-06-21",
        "?sun=2026-06-21T25:00",
        "?lod=2.2.1",
        "?by=street",
        "?panel=secret",
        "?view=1,2,3",
        "?view=nan,0,0,0,0",
        "?who=me",
    ],
)
def test_what_cannot_be_used_is_named_and_changes_nothing(search: str) -> None:
    state, bad = parse_search(search)
    assert state == PageState()
    assert bad == (search[1:].partition("=")[0],)


def test_a_plain_page_has_a_plain_address() -> None:
    assert format_search(PageState()) == "?"


def test_an_endless_address_is_not_read() -> None:
    assert parse_search("?area=110108" + "&x=1" * 10_000) == (PageState(), ("…",))


def test_too_many_parameters_are_not_read() -> None:
    assert parse_search("&".join(["x"] * 100)) == (PageState(), ("…",))


def test_a_filter_is_kept_in_its_canonical_form() -> None:
    state, bad = parse_search("?filter=and(source(VIDEO),all,source(VIDEO))")
    assert (state.filter, bad) == ("source(VIDEO)", ())
    assert parse_search("?filter=all")[0].filter == ""


def test_an_area_of_a_city_without_national_codes_can_be_entered() -> None:
    assert parse_search("?area=AQUATIC-PARK-FT-MASON") == (PageState(area="AQUATIC-PARK-FT-MASON"), ())


def test_entering_an_area_lets_go_of_the_case_and_frees_the_camera() -> None:
    state = PageState(sel="case:1", view=Camera(1, 2, 3, 4, 5), theme="light")
    assert state.to("110108011") == PageState(area="110108011", theme="light")


def test_a_camera_outside_the_world_is_none() -> None:
    assert parse_camera("181,0,1,0,0") is None
    assert parse_camera("116.3,39.9,11,45,-14") == Camera(116.3, 39.9, 11, 45, -14)


def test_the_highlighted_thing_is_a_case_or_a_building() -> None:
    state, _ = parse_search("?sel=building:NL.IMBAG.Pand.1")
    assert (state.building_code, state.case_no) == ("NL.IMBAG.Pand.1", "")
    assert PageState(sel="case:7").building_code == ""


def test_a_look_is_short_in_the_address() -> None:
    state = PageState(exag=1.5, rise=True, where="use:office;open:1-", sun="2026-06-21T15:00", detail=False)
    assert format_search(state) == "?exag=1.5&rise=1&detail=0&where=use:office;open:1-&sun=2026-06-21T15:00"
