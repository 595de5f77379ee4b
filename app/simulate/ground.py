"""Where things happen: places of the city as the public interface tells of them, and hot spots drawn by the seed."""

import math
import threading
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from itertools import accumulate
from random import Random
from typing import Any

import shapely
from shapely.geometry.base import BaseGeometry

from app.simulate.chance import chance
from app.simulate.city_api import CityApi
from twin_model.local_frame import metres_per_degree

BUILDING_PAGES, BUILDING_ROWS = 8, 250
COMPONENT_ROWS = 100
COMMUNITY_ROWS = 2_000
HOT_SPOTS = 12
HOT_CLASSES = ("E0501", "E0506", "E0102", "E0505", "E0504", "E0201", "E0507", "E0104")
"""What the hot spots are about, in turn."""
HOT_SHARE = 0.45
"""Share of the reports of such a class that lie in its hot spots."""
NEAR_BUILDING = 0.6
"""Share of the other reports that lie beside a building; the rest lie anywhere in a community."""
BESIDE_M, HOT_M = 18.0, 150.0
"""Standard deviation of the distance to a building, and to the middle of a hot spot, metres."""
DIGITS = 6
_TRIES = 40
_COMMITTEES = ("村民委员会", "居民委员会", "居委会", "村委会")


@dataclass(frozen=True)
class Place:
    """Where something is.

    Parameters
    ----------
    lon, lat : float
        Degrees, EPSG:4490.
    address : str
    component : str
        Code of the thing on the register that stands there, or ``""``.
    """

    lon: float
    lat: float
    address: str = ""
    component: str = ""

    def moved(self, random: Random, metres: float) -> "Place":
        """Place some metres off, as a normal variate each way; it keeps the address and loses the component."""
        east, north = metres_per_degree(self.lat)
        lon = self.lon + random.gauss(0.0, metres) / east
        lat = self.lat + random.gauss(0.0, metres) / north
        return Place(round(lon, DIGITS), round(lat, DIGITS), self.address)


@dataclass(frozen=True)
class Community:
    """A community: its outline, and how likely something happens in it.

    Parameters
    ----------
    name : str
    outline : shapely geometry
        Degrees.
    weight : float
    """

    name: str
    outline: BaseGeometry
    weight: float

    def draw(self, random: Random) -> Place:
        """Any place in it."""
        west, south, east, north = self.outline.bounds
        for _ in range(_TRIES):
            lon, lat = random.uniform(west, east), random.uniform(south, north)
            if self.outline.contains(shapely.Point(lon, lat)):
                return Place(round(lon, DIGITS), round(lat, DIGITS), f"{self.name}附近")
        inside = self.outline.representative_point()
        return Place(round(inside.x, DIGITS), round(inside.y, DIGITS), f"{self.name}附近")


@dataclass
class Ground:
    """Places to draw from; components are asked for when a class first needs them.

    Parameters
    ----------
    city : CityApi
    seed : int
    communities : tuple of Community
    buildings : tuple of Place
    hot_spots : mapping of str to tuple of Place
        By the class that they are about.
    """

    city: CityApi
    seed: int
    communities: tuple[Community, ...]
    buildings: tuple[Place, ...]
    hot_spots: Mapping[str, tuple[Place, ...]]
    _components: dict[str, tuple[Place, ...]] = field(default_factory=dict)
    _lock: threading.Lock = field(default_factory=threading.Lock)

    def __post_init__(self) -> None:
        """Sum the weights up."""
        self._sums = list(accumulate(each.weight for each in self.communities))

    @property
    def middle(self) -> Place:
        """Some place of the city, for what has none."""
        return self.buildings[0] if self.buildings else self.communities[0].draw(chance(self.seed, "middle"))

    def draw(self, class_code: str, *, about_component: bool, random: Random) -> Place:
        """Place of a report of a class."""
        if about_component:
            known = self.components(class_code)
            if known:
                return random.choice(known)
        spots = self.hot_spots.get(class_code)
        if spots and random.random() < HOT_SHARE:
            return random.choice(spots).moved(random, HOT_M)
        if self.buildings and random.random() < NEAR_BUILDING:
            return random.choice(self.buildings).moved(random, BESIDE_M)
        return random.choices(self.communities, cum_weights=self._sums)[0].draw(random)

    def components(self, class_code: str) -> tuple[Place, ...]:
        """Give some components of a class."""
        with self._lock:
            if class_code not in self._components:
                self._components[class_code] = _components(self.city, class_code, chance(self.seed, class_code))
            return self._components[class_code]


def read_ground(city: CityApi, seed: int) -> Ground:
    """Ask a city for places.

    Parameters
    ----------
    city : CityApi
    seed : int
        Chooses which buildings are asked for, and where the hot spots are.
    """
    communities = tuple(
        _community(feature)
        for feature in city.features("communities", limit=str(COMMUNITY_ROWS))["features"]
        if feature["geometry"]
    )
    buildings = _buildings(city, chance(seed, "buildings"))
    return Ground(city, seed, communities, buildings, _hot_spots(communities, buildings, chance(seed, "hot spots")))


def _hot_spots(
    communities: Sequence[Community], buildings: Sequence[Place], random: Random
) -> dict[str, tuple[Place, ...]]:
    found: dict[str, tuple[Place, ...]] = {}
    for number in range(HOT_SPOTS):
        spot = random.choice(buildings) if buildings else random.choice(communities).draw(random)
        code = HOT_CLASSES[number % len(HOT_CLASSES)]
        found[code] = (*found.get(code, ()), spot)
    return found


def _community(feature: Mapping[str, Any]) -> Community:
    told = feature["properties"]
    outline = shapely.geometry.shape(feature["geometry"])
    # Streets make cases where people live; without a number of them, the root of the ground stands in.
    weight = float(told.get("population") or 0) or math.sqrt(float(told.get("area_m2") or 1.0))
    return Community(_short(told["name"]), outline, weight)


def _buildings(city: CityApi, random: Random) -> tuple[Place, ...]:
    matched = city.features("buildings", limit="1").get("numberMatched", 0)
    offsets = sorted({random.randrange(max(matched - BUILDING_ROWS, 1)) for _ in range(BUILDING_PAGES)})
    found = []
    for offset in offsets if matched else ():
        for feature in city.features("buildings", limit=str(BUILDING_ROWS), offset=str(offset))["features"]:
            inside = shapely.geometry.shape(feature["geometry"]).representative_point()
            address = feature["properties"].get("address") or feature["properties"].get("community_name") or ""
            found.append(Place(round(inside.x, DIGITS), round(inside.y, DIGITS), f"{address}附近" if address else ""))
    return tuple(found)


def _components(city: CityApi, class_code: str, random: Random) -> tuple[Place, ...]:
    matched = city.features("components", limit="1", **{"class": class_code}).get("numberMatched", 0)
    if not matched:
        return ()
    offset = random.randrange(max(matched - COMPONENT_ROWS, 0) + 1)
    page = city.features("components", limit=str(COMPONENT_ROWS), offset=str(offset), **{"class": class_code})
    return tuple(_component(feature) for feature in page["features"])


def _component(feature: Mapping[str, Any]) -> Place:
    told = feature["properties"]
    lon, lat = feature["geometry"]["coordinates"][:2]
    where = _short(told.get("community_name") or "")
    return Place(round(lon, DIGITS), round(lat, DIGITS), f"{where}附近" if where else "", told["code"])


def _short(name: str) -> str:
    for committee in _COMMITTEES:
        name = name.removesuffix(committee)
    return name
