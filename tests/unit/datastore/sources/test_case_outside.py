import pytest

from datastore.sources.areas import import_areas
from datastore.sources.buildings import import_buildings
from datastore.sources.cases import import_cases
from datastore.sources.options import AreaOptions, BuildingOptions, CaseOptions

INSIDE, OUTSIDE, NOWHERE = "116.005,39.905", "117.5,39.905", ","


def lines(*places):
    return [f"{i},2026-05-01 09:30:00,,{place},A,web,open,," for i, place in enumerate(places, start=1)]


@pytest.fixture
def warnings(store, case_file, now):
    def load(*places):
        file, mapping = case_file(*lines(*places))
        return import_cases(store, file, CaseOptions(mapping=mapping), now).warnings

    return load


@pytest.mark.parametrize(
    ("places", "which"),
    [
        ([OUTSIDE, OUTSIDE], "all 2 cases lie"),
        ([OUTSIDE, OUTSIDE, NOWHERE], "all 2 cases with coordinates lie"),
        ([OUTSIDE, OUTSIDE, INSIDE], "2 of the 3 cases lie"),
        ([OUTSIDE, OUTSIDE, INSIDE, NOWHERE], "2 of the 3 cases with coordinates lie"),
    ],
)
def test_a_file_whose_cases_mostly_lie_outside_the_city_asks_for_its_crs(
    store, now, two_streets, *, warnings, places, which
):
    import_areas(store, two_streets, AreaOptions(), now)
    said = f"cases.csv: {which} outside the city's areas; check --crs or the mapping's CRS"
    assert warnings(*places) == (said,)


@pytest.mark.parametrize("places", [[INSIDE, OUTSIDE], [INSIDE], [NOWHERE, NOWHERE]])
def test_a_few_cases_outside_are_nothing_to_warn_of(store, now, two_streets, warnings, places):
    import_areas(store, two_streets, AreaOptions(), now)
    assert warnings(*places) == ()


def test_a_store_without_areas_has_no_outside(warnings):
    assert warnings(OUTSIDE) == ()


def test_a_district_without_streets_is_enough_to_be_inside(store, now, geojson, square, warnings):
    import_buildings(store, geojson((square(116.0, 39.9), {})), BuildingOptions(), now)
    assert warnings(INSIDE, INSIDE) == ()
