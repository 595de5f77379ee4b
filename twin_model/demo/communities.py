"""Communities and villages: streets divided along arterials where these fit, else along the street's own grid."""

from dataclasses import dataclass

import numpy as np
import pyarrow as pa
import shapely
from numpy.typing import NDArray
from shapely import Polygon

from twin_model.demo.arterials import Arterials
from twin_model.demo.plan import DemoPlan, stream
from twin_model.demo.setting import FIRST_QUARTER, TILT_RAD, Setting, is_village, setting_of
from twin_model.demo.splitting import cut_to_share, extents, unit_vectors

MISFIT = 0.30
"""An arterial divides communities if their areas stay within this share of what was wanted."""
SHORTEST_CROSSING_M = 150.0
SIZE_SPREAD = 0.28
"""Spread of the logarithm of community sizes."""
THROUGH = 0.75
"""Share of the way through a polygon that an arterial must go to cut it; where it ends, it ends at a border."""


@dataclass(frozen=True)
class Communities:
    """Communities in code order.

    Attributes
    ----------
    codes, names
        12-digit codes and names.
    street
        (n,) int64 index of the street among those built.
    polygons
        (n,) polygons or, rarely, multipolygons; metres.
    angles
        (n,) float64 direction of the community's grid, radians from east.
    """

    codes: tuple[str, ...]
    names: tuple[str, ...]
    street: NDArray[np.int64]
    polygons: NDArray[np.object_]
    angles: NDArray[np.float64]


def _size(code: str, setting: Setting) -> float:
    """Relative size of a community."""
    if setting not in (Setting.FRINGE, Setting.RURAL):
        return 1.0
    if int(code[9:12]) >= FIRST_QUARTER:
        return 0.6
    return 3.0 if is_village(code) else 0.8


def _arterial_cut(
    polygon: Polygon, shares: NDArray[np.float64], roads: Arterials, candidates: list[int]
) -> tuple[Polygon, Polygon, int] | None:
    """Best cut along an arterial: both pieces and how many communities go to the first."""
    best: tuple[float, Polygon, Polygon, int] | None = None
    before = np.cumsum(shares)[:-1]
    for road in candidates:
        inside = shapely.intersection(roads.courses[road], polygon)
        if inside.length < max(SHORTEST_CROSSING_M, THROUGH * shapely.intersection(roads.lines[road], polygon).length):
            continue
        pieces = [shapely.intersection(polygon, roads.sides[road]), shapely.difference(polygon, roads.sides[road])]
        if any(piece.geom_type != "Polygon" or piece.is_empty for piece in pieces):
            continue
        share = pieces[0].area / polygon.area
        count = int(np.argmin(np.abs(before - share)))
        misfit = abs(before[count] - share) / min(before[count], 1 - before[count])
        score = misfit - 0.2 * inside.length / polygon.length
        if misfit < MISFIT and (best is None or score < best[0]):
            best = (score, pieces[0], pieces[1], count + 1)
    return None if best is None else best[1:]


def _straight_cut(
    polygon: Polygon, shares: NDArray[np.float64], angle: float, rng: np.random.Generator
) -> tuple[Polygon, Polygon, int]:
    """Cut across the polygon's longer side, in the street's grid."""
    wide, tall = (
        float(np.ptp(extents(np.array([polygon]), unit_vectors(np.array([angle + turn]))))) for turn in (0, np.pi / 2)
    )
    across = angle if wide * rng.uniform(0.85, 1.18) > tall else angle + np.pi / 2
    before = np.cumsum(shares)[:-1]
    count = int(np.argmin(np.abs(before - rng.uniform(0.42, 0.58))))
    tries = (across, across + np.pi / 2)
    pieces = [cut_to_share(polygon, turn, float(before[count])) for turn in tries]
    simple = [pair for pair in pieces if all(piece.geom_type == "Polygon" for piece in pair)]
    first, second = (simple or pieces)[0]
    return first, second, count + 1


@dataclass(frozen=True)
class _Way:
    """How a street is divided: along which arterials, in which direction."""

    angle: float
    roads: Arterials
    candidates: list[int]
    rng: np.random.Generator


def _divide(polygon: Polygon, sizes: NDArray[np.float64], way: _Way) -> list[Polygon]:
    """Divide a polygon into as many pieces as there are sizes, in their order."""
    if len(sizes) == 1:
        return [polygon]
    shares = sizes / sizes.sum()
    found = _arterial_cut(polygon, shares, way.roads, way.candidates)
    first, second, count = found or _straight_cut(polygon, shares, way.angle, way.rng)
    return [*_divide(first, sizes[:count], way), *_divide(second, sizes[count:], way)]


def divide_streets(
    street_codes: tuple[str, ...], streets: NDArray[np.object_], register: pa.Table, roads: Arterials, plan: DemoPlan
) -> Communities:
    """Divide each street into its communities.

    Parameters
    ----------
    street_codes, streets
        9-digit codes and (n,) polygons of the streets to divide, metres.
    register
        Columns code and name of all communities; those of other streets are left out.
    """
    entries = sorted(zip(register["code"].to_pylist(), register["name"].to_pylist(), strict=True))
    kept: list[tuple[str, str]] = []
    owner: list[int] = []
    polygons: list[Polygon] = []
    angles: list[float] = []
    for index, (street, polygon) in enumerate(zip(street_codes, streets, strict=True)):
        members = [entry for entry in entries if entry[0].startswith(street)]
        rng = stream(plan, "communities", int(street))
        setting = setting_of(street)
        angle = float(rng.normal(0, TILT_RAD[setting]))
        sizes = np.array([_size(code, setting) for code, _ in members]) * rng.lognormal(0, SIZE_SPREAD, len(members))
        candidates = [int(road) for road in np.nonzero(shapely.intersects(roads.courses, polygon))[0]]
        kept += members
        owner += [index] * len(members)
        polygons += _divide(polygon, sizes, _Way(angle, roads, candidates, rng))
        angles += list(angle + rng.normal(0, TILT_RAD[setting] / 3, len(members)))
    return Communities(
        tuple(code for code, _ in kept),
        tuple(name for _, name in kept),
        np.array(owner),
        np.array(polygons, dtype=object),
        np.array(angles),
    )
