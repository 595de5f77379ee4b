from datetime import date

import numpy as np
import pytest
import shapely

from datastore.facts import read_facts
from twin_model.demo.arterials import arterials
from twin_model.demo.city import City, CityFacts, generate_city
from twin_model.demo.communities import Communities, divide_streets
from twin_model.demo.outline import district_polygon, to_metres
from twin_model.demo.plan import DemoPlan
from twin_model.demo.streets import StreetFit, fit_streets

SOME_STREETS = ("110108002", "110108015", "110108016")
"""A dense street, a campus, and a hilly one with villages' open land."""


@pytest.fixture(scope="session")
def facts() -> CityFacts:
    return read_facts()


@pytest.fixture(scope="session")
def plan() -> DemoPlan:
    return DemoPlan(anchor_day=date(2026, 11, 23), streets=SOME_STREETS)


@pytest.fixture(scope="session")
def city(facts: CityFacts, plan: DemoPlan) -> City:
    return generate_city(facts, plan)


@pytest.fixture(scope="session")
def district(facts: CityFacts) -> shapely.Polygon:
    return district_polygon(facts.outline)


@pytest.fixture(scope="session")
def street_fit(facts: CityFacts, district: shapely.Polygon) -> StreetFit:
    places = np.column_stack((facts.streets["lon"].to_numpy(), facts.streets["lat"].to_numpy()))
    return fit_streets(district, to_metres(places), facts.streets["area_km2"].to_numpy())


@pytest.fixture(scope="session")
def communities(facts: CityFacts, plan: DemoPlan, street_fit: StreetFit) -> Communities:
    codes = facts.streets["code"].to_pylist()
    rows = [codes.index(code) for code in SOME_STREETS]
    return divide_streets(SOME_STREETS, street_fit.cells[rows], facts.communities, arterials(), plan)
