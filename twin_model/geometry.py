"""Geometry checks: which geometries of a file are sound, which can be repaired, and why others cannot be used."""

from dataclasses import dataclass
from typing import Any

import numpy as np
import shapely
from numpy.typing import NDArray

from twin_model.crs import from_metric, to_metric, to_stored

Geometries = NDArray[Any]
"""(n,) object: shapely geometries, None where there is none."""

MIN_AREA_DEG2 = 1e-12
"""A polygon smaller than this (about 0.01 m²) is no area, square degrees."""

REASONS = {
    "missing_geometry": "the record has no geometry; draw it or leave the record out",
    "unclosed_ring": "a ring does not end where it begins; close it in the source",
    "too_few_points": "a ring or line has too few points; a ring needs three corners and a line two ends",
    "bad_coordinates": "a coordinate is not a finite number; correct it in the source",
    "wrong_type": "the geometry is of another type than this layer takes; import it as another kind",
    "out_of_range": "a coordinate is outside -180…180, -90…90 degrees; check the source or --crs",
    "zero_area": "the polygon encloses nothing; draw it again",
    "zero_length": "the line has no length; draw it again",
    "unrepairable": "the polygon crosses itself and nothing is left after the repair; draw it again",
}
"""Stable reason -> what is wrong and how to mend it."""


@dataclass(frozen=True)
class CheckedGeometries:
    """What a check found, one entry a geometry.

    Parameters
    ----------
    geometry : (n,) object
        Sound geometries; None where a reason stands.
    reason : (n,) object
        A key of :data:`REASONS`, or the empty string.
    repaired : (n,) bool
        True where the geometry crossed itself and was mended.
    """

    geometry: Geometries
    reason: NDArray[Any]
    repaired: NDArray[np.bool_]


def parse_wkb(wkb: NDArray[Any]) -> tuple[Geometries, NDArray[Any]]:
    """Geometries of WKB values, and why a value is none.

    Parameters
    ----------
    wkb : (n,) object
        bytes, or None for a missing geometry.

    Returns
    -------
    geometry : (n,) object
        Two-dimensional geometries in the file's own coordinates; None where a reason stands.
    reason : (n,) object
        ``missing_geometry``, ``unclosed_ring``, ``too_few_points`` or the empty string.
    """
    with np.errstate(invalid="ignore"):  # coordinates that are no numbers are found by the checks
        geometry = shapely.from_wkb(wkb, on_invalid="ignore")
    present = np.array([value is not None for value in wkb], dtype=bool)
    reason = np.full(len(wkb), "", dtype=object)
    reason[~present] = "missing_geometry"
    unread = present & shapely.is_missing(geometry)
    if unread.any():
        with np.errstate(invalid="ignore"):
            closed = shapely.from_wkb(wkb[unread], on_invalid="fix")
        usable = ~shapely.is_missing(closed) & (shapely.get_num_coordinates(closed) > 3)  # noqa: PLR2004 - a triangle
        reason[unread] = np.where(usable, "unclosed_ring", "too_few_points")
    return shapely.force_2d(geometry), reason


def geometry_to_stored(geometry: Geometries, crs: str) -> Geometries:
    """Geometries moved to EPSG:4490.

    Parameters
    ----------
    geometry : (n,) object
        In the units of `crs`.
    crs : str
        As :func:`twin_model.crs.parse_crs` takes it.

    Raises
    ------
    twin_model.errors.CrsError
        If the system is unknown or the coordinates contradict it.
    """
    xy = shapely.get_coordinates(geometry)
    lon, lat = to_stored(xy[:, 0], xy[:, 1], crs)
    return _with_coordinates(geometry, lon, lat)


def geometry_to_metric(geometry: Geometries, metric_crs: str) -> Geometries:
    """Project stored geometries to metres, for lengths, areas and buffers."""
    xy = shapely.get_coordinates(geometry)
    return _with_coordinates(geometry, *to_metric(xy[:, 0], xy[:, 1], metric_crs))


def geometry_from_metric(geometry: Geometries, metric_crs: str) -> Geometries:
    """Metric geometries back in EPSG:4490."""
    xy = shapely.get_coordinates(geometry)
    return _with_coordinates(geometry, *from_metric(xy[:, 0], xy[:, 1], metric_crs))


def check_polygons(geometry: Geometries) -> CheckedGeometries:
    """Check polygons, mend those that cross themselves, and turn every outer ring counter-clockwise.

    Parameters
    ----------
    geometry : (n,) object
        EPSG:4490, degrees. Only Polygon and MultiPolygon are taken.
    """
    reason = _common_reasons(geometry, ("Polygon", "MultiPolygon"))
    sound = reason == ""
    mended = geometry.copy()
    mended[~sound] = None
    crossing = sound.copy()
    crossing[sound] = ~shapely.is_valid(geometry[sound])
    flat = sound & (shapely.area(shapely.envelope(mended)) < MIN_AREA_DEG2)
    reason[flat] = "zero_area"
    crossing &= ~flat
    mended[crossing] = _polygon_parts(shapely.make_valid(geometry[crossing]))
    area = np.nan_to_num(shapely.area(mended))
    reason[crossing & (area < MIN_AREA_DEG2)] = "unrepairable"
    reason[(reason == "") & (area < MIN_AREA_DEG2)] = "zero_area"
    mended[reason != ""] = None
    oriented = shapely.orient_polygons(mended, exterior_cw=False)
    return CheckedGeometries(oriented, reason, crossing & (reason == ""))


def check_lines(geometry: Geometries) -> CheckedGeometries:
    """Check lines; nothing is mended.

    Parameters
    ----------
    geometry : (n,) object
        EPSG:4490, degrees. Only LineString and MultiLineString are taken.
    """
    reason = _common_reasons(geometry, ("LineString", "MultiLineString"))
    kept = geometry.copy()
    kept[reason != ""] = None
    reason[(reason == "") & ~(np.nan_to_num(shapely.length(kept)) > 0)] = "zero_length"
    kept[reason != ""] = None
    return CheckedGeometries(kept, reason, np.zeros(len(geometry), dtype=bool))


def _common_reasons(geometry: Geometries, types: tuple[str, ...]) -> NDArray[Any]:
    reason = np.full(len(geometry), "", dtype=object)
    missing = shapely.is_missing(geometry) | shapely.is_empty(geometry)
    allowed = np.isin(shapely.get_type_id(geometry), [shapely.GeometryType[name.upper()].value for name in types])
    xy, owner = shapely.get_coordinates(geometry, return_index=True)
    broken = np.zeros(len(geometry), dtype=bool)
    broken[owner[~np.isfinite(xy).all(axis=1)]] = True
    outside = np.zeros(len(geometry), dtype=bool)
    outside[owner[(np.abs(xy[:, 0]) > 180) | (np.abs(xy[:, 1]) > 90)]] = True  # noqa: PLR2004 - degrees of the globe
    for marks, name in (
        (missing, "missing_geometry"),
        (~allowed, "wrong_type"),
        (broken, "bad_coordinates"),
        (outside, "out_of_range"),
    ):
        reason[(reason == "") & marks] = name
    return reason


def _polygon_parts(geometry: Geometries) -> Geometries:
    """Keep the polygons of what a repair left, joined as one geometry each; lines and points fall away."""
    parts, owner = shapely.get_parts(geometry, return_index=True)
    # A collection may hold a multi-polygon, so parts are taken apart twice.
    inner, inner_owner = shapely.get_parts(parts, return_index=True)
    owner = owner[inner_owner]
    polygon = shapely.get_type_id(inner) == shapely.GeometryType.POLYGON.value
    kept = np.full(len(geometry), None, dtype=object)
    for index in np.unique(owner[polygon]):
        mine = inner[polygon & (owner == index)]
        kept[index] = mine[0] if len(mine) == 1 else shapely.multipolygons(mine)
    return kept


def _with_coordinates(geometry: Geometries, x: NDArray[np.float64], y: NDArray[np.float64]) -> Geometries:
    return np.asarray(shapely.set_coordinates(geometry.copy(), np.column_stack((x, y))), dtype=object)
