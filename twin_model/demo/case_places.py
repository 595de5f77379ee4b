"""Where the demo's cases happen: unit grid cells weighted by how much is found there, and points inside them."""

from dataclasses import dataclass

import numpy as np
import pyarrow as pa
import shapely
from numpy.typing import NDArray

from twin_model.area import AreaLevel
from twin_model.demo.city import City
from twin_model.demo.planted import METRES_PER_DEGREE, Pattern, Site
from twin_model.locate import PointLocator

Floats = NDArray[np.float64]
Ids = NDArray[np.int32]

PROFILES = ("general", "commerce", "green", "water", "site", "village")
"""Ways in which a class spreads over the cells."""

_ROAD_STEP = 50.0 / METRES_PER_DEGREE
"""Degrees between the points that measure how much road a cell has."""

_BUSY_QUANTILE = 0.92
"""Cells above it are busy enough for a local pattern."""

_MOST_ROAD = 5.0
"""Times the mean of road in a cell beyond which more road brings no more finds."""

_THINNEST = 2e-6
"""Degrees (20 cm): a triangle thinner than this gets no cases."""

_BESIDE = 1e-8
"""Degrees (1 mm) that count as beside a boundary."""

COORDINATE_DIGITS = 6
"""Decimals of a degree that a case keeps: 10 cm, and a third of the bytes."""


@dataclass(frozen=True)
class Cells:
    """Unit grid cells as places of cases.

    Attributes
    ----------
    grid_id, community_id, street_id
        (n,) int32 area ids.
    lon, lat
        (n,) float64 centres, degrees, EPSG:4490.
    weight
        (profiles, n) float64, relative number of cases by profile.
    corner
        (t, 3, 2) float64, the triangles that the cells are made of.
    triangle_cell
        (t,) int64, ascending.
    triangle_share
        (t,) float64, part of the cell's area.
    street_codes
        9-digit code by street area id.
    locator
        Finds the cell of a point.
    """

    grid_id: Ids
    community_id: Ids
    street_id: Ids
    lon: Floats
    lat: Floats
    weight: Floats
    corner: Floats
    triangle_cell: NDArray[np.int64]
    triangle_share: Floats
    street_codes: dict[int, str]
    locator: PointLocator

    def draw(
        self, profile: int, count: int, rng: np.random.Generator, cells: NDArray[np.bool_] | None = None
    ) -> NDArray[np.int64]:
        """Draw triangles, weighted by a profile, optionally only in some cells.

        Parameters
        ----------
        profile : int
            Position in `PROFILES`.
        count : int
        rng : numpy.random.Generator
        cells : (n,) bool, optional

        Returns
        -------
        (count,) int64
            Triangles.
        """
        weight = self.weight[profile] if cells is None else self.weight[profile] * cells
        cumulative = np.cumsum(weight[self.triangle_cell] * self.triangle_share)
        found = np.searchsorted(cumulative, rng.random(count) * cumulative[-1], side="right")
        return np.asarray(np.minimum(found, len(cumulative) - 1), np.int64)

    def points(self, triangle: NDArray[np.int64], rng: np.random.Generator) -> tuple[Floats, Floats]:
        """Draw a point strictly inside each triangle: longitude and latitude, degrees, EPSG:4490."""
        root, v = np.sqrt(rng.random(len(triangle))), rng.random(len(triangle))
        # Two hundredths of the way to the centre keeps every point off the cell's boundary.
        shares = [0.98 * share + 0.02 / 3 for share in (1 - root, root * (1 - v), root * v)]
        axes = [
            sum((share * self.corner[triangle, k, axis] for k, share in enumerate(shares)), np.zeros(len(triangle)))
            for axis in (0, 1)
        ]
        rounded = [np.round(axis, COORDINATE_DIGITS) for axis in axes]
        kept = _strictly_inside(self.corner[triangle], *rounded)
        return np.where(kept, rounded[0], axes[0]), np.where(kept, rounded[1], axes[1])

    def well_inside(self, lon: Floats, lat: Floats) -> Ids:
        """Find the cell that holds each point and a small triangle around it; -1 on or beside a boundary.

        Parameters
        ----------
        lon, lat : (n,) float64
            Degrees, EPSG:4490.
        """
        corners = [
            self.locator.locate(lon + _BESIDE * dx, lat + _BESIDE * dy) for dx, dy in ((-1, -1), (1, -1), (0, 1))
        ]
        return np.where((corners[0] == corners[1]) & (corners[0] == corners[2]), corners[0], -1).astype(np.int32)

    def of_pattern(self, pattern: Pattern) -> NDArray[np.bool_]:
        """Tell which cells a planted pattern's place holds: by centre in its disc, or by street."""
        if pattern.area_code is not None:
            streets = [area_id for area_id, code in self.street_codes.items() if code == pattern.area_code]
            return np.isin(self.street_id, streets)
        return pattern.holds(self.lon, self.lat)


def build_cells(city: City, rng: np.random.Generator) -> Cells:
    """Weigh the city's unit grid cells and cut them into triangles.

    Parameters
    ----------
    city : City
        Its ``area`` table has all four levels; roads, buildings and water shape the weights where there are any.
    rng : numpy.random.Generator
    """
    area = city.area
    level, code = area["level"].to_numpy(), area["code"].to_pylist()
    parent = area["parent_id"].fill_null(-1).to_numpy().astype(np.int32)
    row_of = np.zeros(int(area["area_id"].to_numpy().max()) + 1, np.int64)
    row_of[area["area_id"].to_numpy()] = np.arange(area.num_rows)
    rows = np.flatnonzero(level == AreaLevel.GRID)
    community_id = parent[rows]
    street_id = parent[row_of[community_id]]
    shapes = shapely.from_wkb(area["geom"].take(pa.array(rows)).to_numpy(zero_copy_only=False))
    corner, triangle_cell, share = _triangles(shapes)
    centre = shapely.get_coordinates(shapely.point_on_surface(shapes))
    locator = PointLocator(shapes)
    grid_id = area["area_id"].to_numpy()[rows].astype(np.int32)
    ground = _ground(city, shapes, grid_id, row_of[street_id], locator)
    of_community = rng.lognormal(0.0, 0.35, int(community_id.max()) + 1)[community_id]
    return Cells(
        grid_id,
        community_id,
        street_id,
        lon=centre[:, 0],
        lat=centre[:, 1],
        weight=_weights(ground, of_community, rng),
        corner=corner,
        triangle_cell=triangle_cell,
        triangle_share=share,
        street_codes={int(area_id): code[row_of[area_id]] for area_id in np.unique(street_id)},
        locator=locator,
    )


def busy_sites(cells: Cells, count: int, rng: np.random.Generator, *, apart_m: float = 1500.0) -> list[Site]:
    """Choose places for local patterns: busy cells, no two of them near each other.

    Parameters
    ----------
    cells : Cells
    count : int
        At most so many; fewer where the city is small.
    rng : numpy.random.Generator
    apart_m : float
        Metres between two sites.
    """
    weight = cells.weight[0]
    busy = np.flatnonzero(weight >= np.quantile(weight, _BUSY_QUANTILE))
    sites: list[Site] = []
    taken = np.zeros(len(weight), np.bool_)
    for cell in rng.permutation(busy):
        if len(sites) == count:
            break
        if taken[cell]:
            continue
        lon, lat = float(np.round(cells.lon[cell], 6)), float(np.round(cells.lat[cell], 6))
        sites.append(Site(cells.street_codes[int(cells.street_id[cell])], lon, lat))
        dx = (cells.lon - lon) * np.cos(np.radians(lat))
        taken |= np.hypot(dx, cells.lat - lat) * METRES_PER_DEGREE < apart_m
    return sites


def _density(area: pa.Table) -> Floats:
    """People a square metre by row, tamed, relative to the streets' mean; 1 where unknown."""
    people = area["population"].cast(pa.float64()).fill_null(float("nan")).to_numpy()
    density = people / area["area_m2"].cast(pa.float64()).fill_null(float("nan")).to_numpy()
    known = np.isfinite(density) & (density > 0)
    streets = known & (area["level"].to_numpy() == AreaLevel.STREET)
    mean = density[streets].mean() if streets.any() else 1.0
    return np.where(known, np.where(known, density / mean, 1.0) ** 0.6, 1.0)


@dataclass(frozen=True)
class _Ground:
    """What a cell has that draws cases, each (n,) by cell, relative to the mean where it is a quantity."""

    crowd: Floats
    size: Floats
    road: Floats
    built: Floats
    rural: NDArray[np.bool_]
    water: NDArray[np.bool_]


def _ground(
    city: City, shapes: NDArray[np.object_], grid_id: Ids, street_rows: NDArray[np.int64], locator: PointLocator
) -> _Ground:
    size = shapely.area(shapes)
    road = _road_points(city.road, locator, len(shapes)).astype(np.float64)
    in_cell = np.bincount(city.building["grid_id"].drop_null().to_numpy(), minlength=int(grid_id.max()) + 1)[grid_id]
    return _Ground(
        crowd=_density(city.area)[street_rows],
        size=size / size.mean(),
        road=road / max(float(road.mean()), 1e-9),
        built=in_cell / (in_cell + 4.0),
        rural=(city.area["kind"].to_numpy(zero_copy_only=False) == "town")[street_rows],
        water=_touches_water(city.landuse, shapes),
    )


def _weights(ground: _Ground, of_community: Floats, rng: np.random.Generator) -> Floats:
    n = len(of_community)
    general = (
        ground.crowd * np.sqrt(ground.size) * (0.15 + np.minimum(ground.road, _MOST_ROAD)) ** 0.7 * (0.2 + ground.built)
    )
    general = general * of_community * rng.lognormal(0, 0.45, n)
    open_land = ground.crowd**0.4 * ground.size * (1.1 - ground.built) * rng.lognormal(0, 0.5, n)
    by_profile = {
        "general": general,
        "commerce": general * rng.lognormal(0, 0.9, n),
        "green": np.sqrt(general * open_land),
        "water": np.sqrt(general) * np.where(ground.water, 1.0, 0.01),
        "site": np.sqrt(general) * rng.lognormal(0, 1.3, n),
        "village": general * np.where(ground.rural, 3.0, 1.0) * rng.lognormal(0, 0.6, n),
    }
    return np.stack([by_profile[name] for name in PROFILES])


def _road_points(road: pa.Table, locator: PointLocator, cells: int) -> NDArray[np.int64]:
    """Points every 50 m of road, counted by cell: patrols follow roads, and so do their finds."""
    lines = shapely.from_wkb(road["geom"].to_numpy(zero_copy_only=False))
    points = shapely.get_coordinates(shapely.segmentize(lines, _ROAD_STEP)) if len(lines) else np.empty((0, 2))
    found = locator.locate(points[:, 0], points[:, 1])
    return np.bincount(found[found >= 0], minlength=cells)


def _touches_water(landuse: pa.Table, shapes: NDArray[np.object_]) -> NDArray[np.bool_]:
    kinds = landuse["kind"].to_numpy(zero_copy_only=False)
    water = shapely.from_wkb(landuse["geom"].to_numpy(zero_copy_only=False))[kinds == "water"]
    touched = np.zeros(len(shapes), np.bool_)
    touched[shapely.STRtree(shapes).query(water, predicate="intersects")[1]] = True
    return touched


def _triangles(shapes: NDArray[np.object_]) -> tuple[Floats, NDArray[np.int64], Floats]:
    parts, owner = shapely.get_parts(shapely.constrained_delaunay_triangles(shapes), return_index=True)
    corner = shapely.get_coordinates(parts).reshape(-1, 4, 2)[:, :3]
    ab, ac, bc = corner[:, 1] - corner[:, 0], corner[:, 2] - corner[:, 0], corner[:, 2] - corner[:, 1]
    double = np.abs(ab[:, 0] * ac[:, 1] - ab[:, 1] * ac[:, 0])
    longest = np.sqrt(np.max([(side**2).sum(axis=1) for side in (ab, ac, bc)], axis=0))
    area = np.where(double > _THINNEST * longest, double, 0.0)
    total = np.bincount(owner, area, minlength=len(shapes))
    return corner, owner, area / np.maximum(total[owner], np.finfo(np.float64).tiny)


def _strictly_inside(corner: Floats, x: Floats, y: Floats) -> NDArray[np.bool_]:
    """Tell which points are inside their (m, 3, 2) triangles by more than rounding."""
    sides = []
    for k in range(3):
        a, b = corner[:, k], corner[:, (k + 1) % 3]
        sides.append((b[:, 0] - a[:, 0]) * (y - a[:, 1]) - (b[:, 1] - a[:, 1]) * (x - a[:, 0]))
    low, high = np.minimum.reduce(sides), np.maximum.reduce(sides)
    return np.asarray((low > 1e-14) | (high < -1e-14), np.bool_)  # noqa: PLR2004 - square degrees, a nanometre's strip
