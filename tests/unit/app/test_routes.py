"""Routes: which page a path shows, as browsers and as servers write it."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.routes import BUILDING, COMMAND, UNKNOWN, Route, building_path, route_of
from app.state import BUILDING_CODE


@pytest.mark.parametrize("path", [None, "", "/", "/command", "/command/"])
def test_the_command_page_has_its_paths(path: str | None) -> None:
    assert route_of(path) == Route(COMMAND)


@pytest.mark.parametrize(
    "path", ["/building", "/building/", "/buildings/1", "/building/a/b", "/building/%0A", "/building/%20", "/x"]
)
def test_other_paths_lead_nowhere(path: str) -> None:
    assert route_of(path).page == UNKNOWN


@given(st.from_regex(BUILDING_CODE, fullmatch=True))
def test_every_code_has_a_path_that_leads_to_it(code: str) -> None:
    assert route_of(building_path(code)) == Route(BUILDING, code)


@pytest.mark.parametrize(
    "code",
    [
        "110108011001B00012",
        "NL.IMBAG.Pand.0503100000000010",
        "{A-1}",
        "住宅楼-3号",
        "a+b@c",
        "a b",
        "x'y",
        "<b>",
        "a(b",
        "q?r#s&t",
    ],
)
def test_codes_as_sources_write_them(code: str) -> None:
    assert route_of(f"/building/{code}") == route_of(building_path(code)) == Route(BUILDING, code)
    assert not set(building_path(code)) & set("()<>'\" ?#&")


def test_only_another_page_leads_home() -> None:
    assert (Route(COMMAND).home, Route(BUILDING, "B").home) == ("", "/")
