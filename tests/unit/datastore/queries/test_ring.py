import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from datastore.queries.ring import is_inside, ring_table
from tests.selections import rings
from tests.unit.twin_model.test_selection import case
from twin_model.selection import Polygon, matches

places = st.lists(st.tuples(st.integers(0, 18), st.integers(0, 18)), max_size=30)


@given(rings(), places)
def test_many_points_are_tested_as_one_is(
    ring: tuple[tuple[float, float], ...], corners: list[tuple[int, int]]
) -> None:
    lon = np.array([116 + x / 16 for x, _ in corners])
    lat = np.array([40 + y / 16 for _, y in corners])
    expected = [matches(Polygon(ring), case(lon=x, lat=y)) for x, y in zip(lon, lat, strict=True)]
    assert is_inside(ring, lon, lat).tolist() == expected


def test_the_name_of_a_ring_is_its_own() -> None:
    ring = ((116.0, 40.0), (117.0, 40.0), (117.0, 41.0))
    assert ring_table(ring) == ring_table(ring)
    assert ring_table(ring) != ring_table(ring[::-1])
