import pytest
import shapely

from app.simulate.chance import chance
from app.simulate.ground import HOT_CLASSES, HOT_SPOTS, Community, Place, read_ground

SQUARE = {"type": "Polygon", "coordinates": [[[0, 0], [1, 0], [1, 1], [0, 1], [0, 0]]]}


class City:
    """Two communities, one of them without an outline, and buildings."""

    def __init__(self, buildings=3, population=100):
        self.buildings = buildings
        self.population = population

    def features(self, collection, **query):
        if collection == "communities":
            told = {"name": "科源社区居委会", "population": self.population, "area_m2": 4.0}
            return {"features": [{"geometry": SQUARE, "properties": told}, {"geometry": None, "properties": {}}]}
        if query.get("limit") == "1" or not self.buildings or collection == "components":
            return {"numberMatched": self.buildings if collection == "buildings" else 0, "features": []}
        square = {"type": "Polygon", "coordinates": [[[5, 5], [5.001, 5], [5.001, 5.001], [5, 5.001], [5, 5]]]}
        return {"features": [{"geometry": square, "properties": {"address": "科源社区1号楼"}}] * self.buildings}


def test_places_are_read_from_the_features():
    ground = read_ground(City(), 1)
    assert [community.name for community in ground.communities] == ["科源社区"]
    assert ground.communities[0].weight == 100
    assert ground.buildings[0].address == "科源社区1号楼附近"
    assert sum(len(spots) for spots in ground.hot_spots.values()) == HOT_SPOTS
    assert set(ground.hot_spots) <= set(HOT_CLASSES)


def test_without_people_the_ground_counts():
    assert read_ground(City(population=None), 1).communities[0].weight == 2.0


def test_a_city_without_buildings_has_places_too():
    ground = read_ground(City(buildings=0), 1)
    assert not ground.buildings
    place = ground.draw("E0101", about_component=False, random=chance(1))
    assert 0 <= place.lon <= 1
    assert place.address == "科源社区附近"
    assert 0 <= ground.middle.lon <= 1


def test_without_a_component_of_its_class_a_report_lies_anywhere():
    place = read_ground(City(), 1).draw("C0101", about_component=True, random=chance(1))
    assert not place.component


@pytest.mark.parametrize("seed", range(20))
def test_a_place_of_a_community_lies_in_it(seed):
    outline = shapely.Polygon([(0, 0), (1, 0), (0, 1)])
    place = Community("x", outline, 1.0).draw(chance(seed))
    assert outline.buffer(1e-6).contains(shapely.Point(place.lon, place.lat))


def test_a_sliver_has_a_place_too():
    outline = shapely.Polygon([(0, 0), (1, 1), (1, 1 + 1e-5)])
    place = Community("x", outline, 1.0).draw(chance(1))
    assert outline.buffer(1e-5).contains(shapely.Point(place.lon, place.lat))


def test_a_place_moves_by_metres():
    start = Place(116.3, 39.98, "a", "c")
    moved = [start.moved(chance(number), 20.0) for number in range(300)]
    metres = [abs(place.lat - start.lat) * 111_000 for place in moved]
    assert 10 < sum(metres) / len(metres) < 25
    assert {(place.address, place.component) for place in moved} == {("a", "")}
