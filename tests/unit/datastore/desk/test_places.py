"""Where a case lies: one at a time as many at once, as the store's own joins say."""

import numpy as np

from datastore.desk.desk import Desk
from datastore.desk.places import COMPONENT_WITHIN_M, NO_COMPONENT, NOWHERE
from datastore.store import Store
from tests.desk_cases import spot


def test_cases_of_the_store_are_found_where_they_lie(office: Desk, small_store: Store) -> None:
    places, reference = office._clerk.places, office.reference
    with small_store.read() as cur:
        rows = cur.execute(
            "SELECT c.lon, c.lat, c.street_id, c.community_id, c.grid_id, b.code, building_m FROM cases c "
            "LEFT JOIN building b USING (building_id) WHERE c.lon IS NOT NULL ORDER BY case_id LIMIT 150"
        ).fetchall()
    assert {row[5] is None for row in rows} == {True, False}
    for lon, lat, street, community, grid, building, metres in rows:
        found = places.find(lon, lat)
        codes = reference.area_codes
        assert (found.street, found.community, found.grid) == (codes[street], codes[community], codes[grid])
        assert found.building == (building or "")
        assert found.building_m == "" if metres is None else np.float32(found.building_m) == np.float32(metres)


def test_nothing_lies_where_nothing_is(office: Desk) -> None:
    places = office._clerk.places
    assert places.find(None, 39.9) == places.find(116.3, None) == NOWHERE
    assert places.find(0.0, 0.0) == NOWHERE
    assert places.find(-180.0, 90.0) == NOWHERE


def test_the_nearest_component_of_the_class_is_meant_and_none_far_away(office: Desk, small_store: Store) -> None:
    places = office._clerk.places
    with small_store.read() as cur:
        rows = cur.execute(
            "SELECT c.code, lon, lat, unit.code FROM component c JOIN case_class k USING (class_id) "
            "LEFT JOIN unit ON unit.unit_id = owner_unit_id WHERE k.code = 'C0102' ORDER BY component_id LIMIT 40"
        ).fetchall()
    rows = [(code, lon, lat, owner) for code, lon, lat, owner in rows]
    for code, lon, lat, owner in rows:
        found = places.component("C0102", lon, lat)
        assert (found.code, found.owner) == (code, owner or "")
        assert places.component_of("C0102", code) == found
        assert places.component("E0507", lon, lat) == NO_COMPONENT
        assert places.component_of("C0101", code) == NO_COMPONENT
    code, lon, lat, _ = rows[0]
    assert places.component("C0102", lon, lat + 3 / 111_000).code == code
    assert places.component("C0102", lon, lat + 40 * COMPONENT_WITHIN_M / 111_000).code != code
    assert places.component("C0102", None, lat) == NO_COMPONENT
    assert places.component_of("C0102", "nothing") == NO_COMPONENT


def test_many_are_found_as_one_is(office: Desk) -> None:
    places, reference = office._clerk.places, office.reference
    spots = [{name: float(value) for name, value in spot(number).items()} for number in range(40)]
    lon = np.array([*(each["lon"] for each in spots), np.nan, 0.0])
    lat = np.array([*(each["lat"] for each in spots), np.nan, 0.0])
    many = {name: column.to_pylist() for name, column in places.find_many(lon, lat).items()}
    for number, each in enumerate(spots):
        one = places.find(each["lon"], each["lat"])
        assert reference.area_codes[many["street_id"][number]] == one.street
        assert many["building_id"][number] == places.building_ids.get(one.building)
    for column in many.values():
        assert column[-2:] == [None, None]
