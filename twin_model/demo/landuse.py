"""Waters, parks and hills: smooth outlines from the table of features, clipped to the district."""

from dataclasses import dataclass

import numpy as np
import shapely
from numpy.typing import NDArray

from twin_model.demo.arterials import smooth
from twin_model.demo.features import LAKES, PARKS, PEAKS, RIVERS, STEPS_M
from twin_model.demo.outline import to_metres
from twin_model.demo.plan import DemoPlan, stream

ROUNDING_M = 90.0
PARK_CORNER_M = 55.0
SIMPLE_M = 2.0
SMALLEST_M2 = 4_000.0
WAVES = 6
CORNERS = 72

_Row = tuple[str, str, float, shapely.Geometry]
"""Name, kind, elevation, shape."""


@dataclass(frozen=True)
class Landuse:
    """Named surfaces, in drawing order: parks, hills from the foot up, waters.

    Attributes
    ----------
    names, kinds
        Name and kind (park, hill, water) of each.
    elevations
        (n,) float32 top of the surface above the plain, metres.
    polygons
        (n,) polygons or multipolygons, metres.
    wild
        Union of all: nobody builds there.
    """

    names: tuple[str, ...]
    kinds: tuple[str, ...]
    elevations: NDArray[np.float32]
    polygons: NDArray[np.object_]
    wild: shapely.Geometry


def _blob(peak: tuple[str, float, float, float, float, float, float], rng: np.random.Generator) -> NDArray[np.float64]:
    """(CORNERS, 2) wavy ellipse around the origin, metres: a hill's foot; its steps are the same shape, smaller."""
    _, _, _, _, major, minor, turn = peak
    angle = np.linspace(0, 2 * np.pi, CORNERS, endpoint=False)
    wave = np.arange(2, WAVES + 2)[:, None]
    ripple = (
        rng.normal(0, 0.17, (WAVES, 1)) / np.sqrt(wave - 1) * np.cos(wave * angle + rng.uniform(0, 7, (WAVES, 1)))
    ).sum(axis=0)
    radius = np.clip(1 + ripple, 0.5, 1.6)
    x, y = major * radius * np.cos(angle), minor * radius * np.sin(angle)
    cos, sin = np.cos(np.radians(turn)), np.sin(np.radians(turn))
    return np.column_stack((x * cos - y * sin, x * sin + y * cos))


def _hills(rng: np.random.Generator) -> list[tuple[str, float, shapely.Geometry]]:
    """Nested steps: all hills that reach a height, melted into one another and rounded."""
    places = to_metres(np.array([(peak[1], peak[2]) for peak in PEAKS]))
    blobs = [_blob(peak, rng) for peak in PEAKS]
    steps: list[tuple[str, float, shapely.Geometry]] = []
    below = 0.0
    for top in STEPS_M:
        reached = [index for index, peak in enumerate(PEAKS) if peak[3] > below]
        parts = []
        for index in reached:
            share = (1 - below / PEAKS[index][3]) ** 0.85
            parts.append(shapely.Polygon(places[index] + blobs[index] * share))
        rounding = min(ROUNDING_M, 30.0 + below / 4)
        melted = shapely.union_all(shapely.buffer(parts, 2 * rounding)).buffer(-3 * rounding).buffer(rounding)
        steps.append(("西山", top, melted))
        below = top
    return steps


def _river(course: tuple[tuple[float, float], ...], width: float) -> shapely.Geometry:
    """Surface of a river along its smoothed course, metres."""
    return shapely.buffer(shapely.LineString(smooth(to_metres(np.array(course)))), width / 2, quad_segs=4)


def draw_landuse(district: shapely.Polygon, plan: DemoPlan) -> Landuse:
    """Draw the named surfaces of the district."""
    parks: list[_Row] = [
        (name, "park", 0.0, shapely.Polygon(to_metres(np.array(ring))).buffer(-PARK_CORNER_M).buffer(PARK_CORNER_M))
        for name, ring in PARKS
    ]
    lakes: list[_Row] = [
        (name, "water", 0.0, shapely.Polygon(smooth(to_metres(np.array(ring)), closed=True))) for name, ring in LAKES
    ]
    lake = shapely.union_all([row[3] for row in lakes])
    rivers: list[_Row] = [
        (name, "water", 0.0, shapely.difference(_river(course, width), lake)) for name, width, course in RIVERS
    ]
    water = shapely.union_all([row[3] for row in lakes + rivers])
    hills: list[_Row] = [
        (name, "hill", top, shapely.difference(shape, water)) for name, top, shape in _hills(stream(plan, "landuse"))
    ]
    rows = [*parks, *hills, *rivers, *lakes]
    shapes = shapely.intersection(shapely.simplify([row[3] for row in rows], SIMPLE_M), district)
    parts, origin = shapely.get_parts(shapes, return_index=True)
    kept = shapely.area(parts) > SMALLEST_M2
    parts, origin = parts[kept], origin[kept]
    return Landuse(
        tuple(rows[index][0] for index in origin),
        tuple(rows[index][1] for index in origin),
        np.array([rows[index][2] for index in origin], dtype=np.float32),
        parts,
        shapely.union_all(parts),
    )
