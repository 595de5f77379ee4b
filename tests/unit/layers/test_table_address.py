"""Addresses of wire tables: each names the version of what is behind it."""

import pytest

from layers.table_address import OF_CASES, TableAddress


def test_tables_of_cases_and_tables_of_the_city_have_versions_of_their_own() -> None:
    address = TableAddress("city-1", "cases-7")
    for name in OF_CASES:
        assert address.of(name) == f"/api/table/{name}.arrow?v=cases-7"
    for name in ("areas", "buildings", "components"):
        assert address.of(name) == f"/api/table/{name}.arrow?v=city-1"


def test_without_a_version_of_the_cases_the_city_s_stands_for_both() -> None:
    assert TableAddress(3).of("cases") == "/api/table/cases.arrow?v=3"


@pytest.mark.parametrize("empty", [None, ""])
def test_what_is_not_said_is_no_parameter(empty: str | None) -> None:
    told = TableAddress(3, prefix="/x").of("areas", level="street", parent=empty, sel="area(1,2)&due:soon")
    assert told == "/x/areas.arrow?v=3&level=street&sel=area(1,2)%26due:soon"
