"""Areas made from points that carry an area's name, where nobody has drawn the boundaries."""

from typing import Any

import numpy as np
import shapely
from numpy.typing import NDArray

from datastore.sources.area_tree import DERIVED, AreaRow
from twin_model.area import AreaLevel
from twin_model.crs import metric_crs_for, to_metric
from twin_model.geometry import check_polygons, geometry_from_metric
from twin_model.stable_code import stable_code

MARGIN_M = 250.0
"""How far the areas reach beyond the outermost points, metres."""
HULL_RATIO = 0.15
"""How closely the outline follows the points: 0 is as concave as can be, 1 the convex hull."""
SITE_M = 10.0
"""Points nearer than this count as one site, metres."""
MOST_SITES = 20_000
FEWEST_SITES = 3


def derive_areas(
    lon: NDArray[np.float64], lat: NDArray[np.float64], names: NDArray[Any], level: AreaLevel, dataset_id: int
) -> list[AreaRow]:
    """Areas around the points of each name: Voronoi cells dissolved by name, within an outline of all points.

    Parameters
    ----------
    lon, lat : (n,) float64
        Degrees, EPSG:4490.
    names : (n,) object
        Name of the area that each point is in.
    level : AreaLevel
        Level of the areas.
    dataset_id : int
        Data set that they belong to.

    Returns
    -------
    list of AreaRow
        One a name, in name order; a site with several names goes to the commonest. Empty where the points stand in
        fewer than three sites.
    """
    if not len(lon):
        return []
    metric = metric_crs_for(float(lon.min()), float(lat.min()), float(lon.max()), float(lat.max()))
    sites, site_names = _sites(*to_metric(lon, lat, metric), names)
    if len(sites) < FEWEST_SITES:
        return []
    points = shapely.multipoints(sites)
    outline = shapely.buffer(shapely.concave_hull(points, HULL_RATIO), MARGIN_M)
    cells = shapely.get_parts(shapely.voronoi_polygons(points, extend_to=outline, ordered=True))
    rows = []
    for name in np.unique(site_names.astype(str)):
        shape = shapely.intersection(shapely.union_all(cells[site_names == name]), outline)
        checked = check_polygons(geometry_from_metric(np.array([shape], dtype=object), metric))
        if checked.geometry[0] is not None:
            rows.append(
                AreaRow(stable_code(name), name, level, checked.geometry[0], DERIVED, dataset_id, name_en=_plain(name))
            )
    return rows


def _plain(name: str) -> str | None:
    return name if name.isascii() else None


def _sites(
    east: NDArray[np.float64], north: NDArray[np.float64], names: NDArray[Any]
) -> tuple[NDArray[np.float64], NDArray[Any]]:
    """Distinct places, each with its commonest name; a thinned choice where there are very many."""
    size = SITE_M
    while True:
        cells = np.column_stack((np.round(east / size), np.round(north / size))).astype(np.int64)
        places, place = np.unique(cells, axis=0, return_inverse=True)
        if len(places) <= MOST_SITES:
            break
        size *= 1.5
    known, name = np.unique(names.astype(str), return_inverse=True)
    pair, count = np.unique(place.astype(np.int64) * len(known) + name, return_counts=True)
    # Ascending by count within a place, so that the commonest name is written last.
    order = np.lexsort((count, pair // len(known)))
    best = np.zeros(len(places), dtype=np.int64)
    best[pair[order] // len(known)] = pair[order] % len(known)
    return (places * size).astype(np.float64), known[best].astype(object)
