"""Land: where people live, and how finely each place is cut into cells."""

from dataclasses import dataclass

import numpy as np
import shapely
from numpy.typing import NDArray

from twin_model.demo.communities import Communities
from twin_model.demo.plan import DemoPlan, stream
from twin_model.demo.setting import CELL_M2, FIELD_M2, HILL_M2, SETTLED_SHARE, Setting, is_village, setting_of

VILLAGE_SHARE = 0.175
"""Share of a village's land that its houses stand on."""
VILLAGE_RADIUS_M = (140.0, 350.0)
TOWN_SHARE = 0.5
TOWN_RADIUS_M = 640.0
ASPECT = (0.6, 1.65)
RIPPLE = 0.30
REACH = 1.2
PATCH_M = 700.0
"""Open land between built-up blocks comes in patches of this size."""
PATCHES = 64


@dataclass(frozen=True)
class Land:
    """What decides whether a place is settled.

    Attributes
    ----------
    settings
        (communities,) `Setting` of each.
    cores, radii, aspects, angles
        Middle, size (metres; 0: none), proportion and direction (radians) of each community's settlement.
    phases
        (communities,) radians: how the settlement's edge bulges.
    wild
        Hills, waters and great parks, metres: nobody lives there.
    patches
        (PATCHES, PATCHES) float64, 0 to 1: where open land is left in built-up streets.
    """

    settings: NDArray[np.int64]
    cores: NDArray[np.float64]
    radii: NDArray[np.float64]
    aspects: NDArray[np.float64]
    angles: NDArray[np.float64]
    phases: NDArray[np.float64]
    wild: shapely.Geometry
    patches: NDArray[np.float64]

    def _near_core(
        self, middle: NDArray[np.float64], radius: NDArray[np.float64], community: NDArray[np.int64]
    ) -> NDArray[np.bool_]:
        """Whether a disc touches its community's settlement."""
        delta = middle - self.cores[community]
        bearing = np.arctan2(delta[:, 1], delta[:, 0]) - self.angles[community]
        stretch = np.hypot(np.cos(bearing) / self.aspects[community], np.sin(bearing) * self.aspects[community])
        edge = self.radii[community] / stretch * (1 + RIPPLE * np.cos(3 * bearing + self.phases[community]))
        near: NDArray[np.bool_] = np.hypot(*delta.T) - radius < edge
        return near & (self.radii[community] > 0)

    def wanted(
        self, polygons: NDArray[np.object_], community: NDArray[np.int64], *, leaf: bool
    ) -> tuple[NDArray[np.float64], NDArray[np.bool_]]:
        """Wanted cell area (square metres) at each polygon, and whether people live there.

        Parameters
        ----------
        leaf
            Whether the polygons are final cells; else a polygon counts as settled when a part of it may be.
        """
        setting, middle = self.settings[community], shapely.get_coordinates(shapely.centroid(polygons))
        radius = np.zeros(len(middle)) if leaf else REACH * np.sqrt(shapely.area(polygons) / np.pi)
        patch = np.floor(middle / PATCH_M).astype(np.int64) % PATCHES
        share = _by_setting(SETTLED_SHARE)[setting]
        settled = self._near_core(middle, radius, community) | (self.patches[patch[:, 0], patch[:, 1]] < share)
        wild = shapely.covered_by(polygons, self.wild)
        settled &= ~wild
        open_land = np.where(wild & (setting == Setting.RURAL), HILL_M2, _by_setting(FIELD_M2)[setting])
        return np.where(settled, _by_setting(CELL_M2)[setting], open_land), settled


def _by_setting(values: dict[Setting, float]) -> NDArray[np.float64]:
    """List (settings,) values in the order of `Setting`."""
    return np.array([values[setting] for setting in Setting])


def survey(communities: Communities, street_codes: tuple[str, ...], wild: shapely.Geometry, plan: DemoPlan) -> Land:
    """Choose where each community's people live; a village lies on solid ground, a town round its middle."""
    rng = stream(plan, "grid")
    count = len(communities.codes)
    settings = np.array([setting_of(code) for code in street_codes], dtype=np.int64)[communities.street]
    village = np.array([is_village(code) for code in communities.codes])
    shapely.prepare(wild)
    solid = shapely.difference(communities.polygons, wild)
    solid = np.where(shapely.is_empty(solid), communities.polygons, solid)
    cores = shapely.get_coordinates(shapely.point_on_surface(solid))
    area = shapely.area(solid)
    village_radius = np.clip(np.sqrt(VILLAGE_SHARE * area / np.pi), *VILLAGE_RADIUS_M) * rng.lognormal(0, 0.2, count)
    town_radius = np.minimum(np.sqrt(TOWN_SHARE * area / np.pi), TOWN_RADIUS_M)
    radii = np.where(village, village_radius, town_radius)
    radii[~((settings == Setting.RURAL) | (village & (settings == Setting.FRINGE)))] = 0.0
    aspects = np.exp(rng.uniform(np.log(ASPECT[0]), np.log(ASPECT[1]), count) / 2)
    turned = communities.angles + rng.normal(0, 0.3, count)
    return Land(
        settings, cores, radii, aspects, turned, rng.uniform(0, 2 * np.pi, count), wild, rng.random((PATCHES, PATCHES))
    )
