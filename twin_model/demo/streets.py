"""Streets and towns: a power diagram whose cells have the known areas and, nearly, the known centroids."""

from dataclasses import dataclass

import numpy as np
import shapely
from numpy.typing import NDArray
from shapely import Polygon

from twin_model.errors import GeometryError

HALF_PLANE_M = 200_000.0
"""Reach of the quadrangle that stands for a half plane; several times the district."""
SITE_STEPS = 12
SITE_RATE = 0.25
"""Share of each centroid's error by which its site moves in a step; larger ones begin to swing."""
NEWTON_STEPS = 3
ROUGH_M = 1.0
"""Simplification of the outline while sites move; the areas are then met in the outline itself."""
POLISH_STEPS = 20
AREA_TOLERANCE = 1e-9
REACH_M = 0.01


@dataclass(frozen=True)
class StreetFit:
    """Sites and weights of the power diagram that was found.

    Attributes
    ----------
    sites
        (n, 2) float64, metres, EPSG:4548.
    weights
        (n,) float64, square metres.
    cells
        (n,) polygons that tile the district, metres: the diagram's cells, less what a bay of the outline cuts off
        from one, which is its neighbour's.
    """

    sites: NDArray[np.float64]
    weights: NDArray[np.float64]
    cells: NDArray[np.object_]


def half_planes(points: NDArray[np.float64], normals: NDArray[np.float64]) -> NDArray[np.object_]:
    """(n,) quadrangles that stand for the half planes ``normal · (x - point) <= 0``; normals are unit vectors."""
    along = np.column_stack((-normals[:, 1], normals[:, 0])) * HALF_PLANE_M
    back = normals * HALF_PLANE_M
    rings = np.stack((points - along, points + along, points + along - back, points - along - back), axis=1)
    return np.asarray(shapely.polygons(rings), dtype=object)


def power_cells(district: Polygon, sites: NDArray[np.float64], weights: NDArray[np.float64]) -> NDArray[np.object_]:
    """(n,) cells of the power diagram inside the district: where ``|x - site|² - weight`` is least.

    Parameters
    ----------
    district
        The polygon to divide, metres.
    sites
        (n, 2) float64, metres.
    weights
        (n,) float64, square metres.
    """
    count = len(sites)
    cells = np.full(count, district, dtype=object)
    index = np.arange(count)
    for shift in range(1, count):
        other = (index + shift) % count
        delta = sites[other] - sites
        length = np.hypot(delta[:, 0], delta[:, 1])
        offset = (length**2 + weights - weights[other]) / (2 * length)
        normal = delta / length[:, None]
        cells = shapely.intersection(cells, half_planes(sites + normal * offset[:, None], normal))
    return cells


def _shared_lengths(
    cells: NDArray[np.object_], sites: NDArray[np.float64], weights: NDArray[np.float64]
) -> NDArray[np.float64]:
    """(n, n) metres of border between each pair of cells."""
    lengths = np.zeros((len(sites), len(sites)))
    coords, owner = shapely.get_coordinates(cells, return_index=True)
    same = owner[1:] == owner[:-1]
    start, end, cell = coords[:-1][same], coords[1:][same], owner[:-1][same]

    def gap(points: NDArray[np.float64]) -> NDArray[np.float64]:
        power = ((points[:, None, :] - sites[None]) ** 2).sum(axis=2) - weights
        span = 2 * np.hypot(*(sites[cell][:, None, :] - sites[None]).transpose(2, 0, 1)) + 1.0
        distance: NDArray[np.float64] = np.abs(power - power[np.arange(len(cell)), cell][:, None]) / span
        return distance

    on_border = (gap(start) < 1e-3) & (gap(end) < 1e-3)  # noqa: PLR2004 - a millimetre
    on_border[np.arange(len(cell)), cell] = False
    edge, other = np.nonzero(on_border)
    np.add.at(lengths, (cell[edge], other), np.hypot(*(end - start)[edge].T))
    return (lengths + lengths.T) / 2


def _newton(
    cells: NDArray[np.object_],
    sites: NDArray[np.float64],
    weights: NDArray[np.float64],
    areas: NDArray[np.float64],
) -> NDArray[np.float64]:
    """One damped Newton step of the weights towards the wanted areas."""
    distance = np.hypot(*(sites[:, None, :] - sites[None]).transpose(2, 0, 1)) + np.eye(len(sites))
    laplacian = -_shared_lengths(cells, sites, weights) / (2 * distance)
    np.fill_diagonal(laplacian, -laplacian.sum(axis=1))
    missing = areas - shapely.area(cells)
    step = np.linalg.lstsq(laplacian + 1e-9 * np.eye(len(sites)), missing, rcond=None)[0]
    limit = 0.25 * areas
    scale = min(1.0, 1.0 / np.max(np.abs(missing) / limit + 1e-12))
    return np.asarray(weights + scale * (step - step.mean()), dtype=np.float64)


def _move_sites(
    cells: NDArray[np.object_],
    sites: NDArray[np.float64],
    weights: NDArray[np.float64],
    centroids: NDArray[np.float64],
) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    """Move each site along its cell's centroid error; borders turn about the cells' present centroids.

    A power diagram does not change when its sites are scaled about a point (with their weights), so the sites' spread
    is held: what is left of the step is the gradient that brings the centroids nearest to the wanted ones.
    """
    present = shapely.get_coordinates(shapely.centroid(cells))
    middle = sites.mean(axis=0)
    moved = sites + SITE_RATE * (centroids - present)
    moved -= moved.mean(axis=0)
    moved = middle + moved * (np.linalg.norm(sites - middle) / np.linalg.norm(moved))
    offset = (sites**2).sum(axis=1) - weights + 2 * (present * (moved - sites)).sum(axis=1)
    turned = (moved**2).sum(axis=1) - offset
    return moved, turned - turned.mean()


def _without_exclaves(cells: NDArray[np.object_]) -> NDArray[np.object_]:
    """Give pieces that a bay of the outline cuts off from their cell to the neighbour with the longest border."""
    whole = np.array([max(shapely.get_parts(cell), key=shapely.area) for cell in cells], dtype=object)
    for index in np.nonzero(shapely.get_num_geometries(cells) > 1)[0]:
        for piece in shapely.get_parts(cells[index]):
            if not piece.equals(whole[index]):
                border = shapely.length(shapely.intersection(whole, shapely.buffer(shapely.boundary(piece), REACH_M)))
                neighbour = int(np.argmax(border))
                whole[neighbour] = shapely.union(shapely.snap(whole[neighbour], piece, REACH_M), piece)
    return whole


def fit_streets(district: Polygon, centroids: NDArray[np.float64], areas: NDArray[np.float64]) -> StreetFit:
    """Divide the district into streets of given areas, near given centroids.

    Weights and sites are solved together: Newton steps on the weights give the areas (a convex problem, semi-discrete
    transport), gradient steps on the sites bring the centroids close. Centroids cannot be met exactly, because a real
    street is no convex cell.

    Parameters
    ----------
    district
        The polygon to divide, metres.
    centroids
        (n, 2) float64 wanted centroids, metres.
    areas
        (n,) float64 wanted areas in any unit; only their shares count.

    Raises
    ------
    GeometryError
        If the areas do not converge (a centroid far outside the district, or two at one place).
    """
    wanted = areas / areas.sum() * district.area
    rough = Polygon(shapely.get_coordinates(district.simplify(ROUGH_M)))
    sites, weights = centroids.copy(), np.zeros(len(centroids))
    for step in range(SITE_STEPS + 1):
        for _ in range(NEWTON_STEPS):
            weights = _newton(power_cells(rough, sites, weights), sites, weights, wanted)
        if step < SITE_STEPS:
            cells = power_cells(rough, sites, weights)
            if shapely.is_empty(cells).any():
                break
            sites, weights = _move_sites(cells, sites, weights, centroids)
    for _ in range(POLISH_STEPS):
        cells = power_cells(district, sites, weights)
        if np.max(np.abs(shapely.area(cells) / wanted - 1)) < AREA_TOLERANCE:
            return StreetFit(sites, weights, _without_exclaves(cells))
        weights = _newton(cells, sites, weights, wanted)
    raise GeometryError("street areas did not converge; check the centroids and areas in the table of streets")
