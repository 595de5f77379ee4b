"""The demo's cases laid over the city: cells by class, planted patterns, and components that cases are about."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import pyarrow as pa
from numpy.typing import NDArray

from twin_model.case_class import CaseClass
from twin_model.demo.case_mix import SPREAD
from twin_model.demo.case_places import COORDINATE_DIGITS, PROFILES, Cells, Floats, Ids
from twin_model.demo.case_times import DAY_S, HISTORY_DAYS, Reports, history_days
from twin_model.demo.plan import DemoPlan
from twin_model.demo.planted import METRES_PER_DEGREE, Pattern

NO_COMPONENT = -1

_NEAR_COMPONENT_M = 4.0
"""Standard deviation of the distance between a component and the place that its case was reported from."""


@dataclass(frozen=True)
class Places:
    """Where cases are.

    Attributes
    ----------
    lon, lat
        (n,) float64, degrees, EPSG:4490.
    cell
        (n,) int64, position in `Cells`.
    component_row
        (n,) int64, row of the component table, `NO_COMPONENT` where the case is about none.
    """

    lon: Floats
    lat: Floats
    cell: NDArray[np.int64]
    component_row: NDArray[np.int64]


def profile_of(classes: Sequence[CaseClass]) -> NDArray[np.int8]:
    """Tell how each class spreads: position in `PROFILES` by ``class_id``."""
    return np.array([PROFILES.index(SPREAD.get(row.code, "general")) for row in classes], np.int8)


def draw_places(
    reports: Reports,
    cells: Cells,
    classes: Sequence[CaseClass],
    patterns: Sequence[Pattern],
    component: pa.Table,
    *,
    plan: DemoPlan,
    rng: np.random.Generator,
) -> Places:
    """Draw the place of every case.

    Parameters
    ----------
    reports : Reports
        Ordered by time.
    cells : Cells
    classes : sequence of CaseClass
        Ordered by ``class_id``.
    patterns : sequence of Pattern
        Those with a place draw cases of their class and days from the rest of the district into it.
    component : pyarrow.Table
        Components that cases can be about.
    plan : DemoPlan
    rng : numpy.random.Generator
    """
    profile = profile_of(classes)
    of_case = profile[reports.class_id]
    triangle = np.empty(len(of_case), np.int64)
    for number in range(len(PROFILES)):
        members = np.flatnonzero(of_case == number)
        triangle[members] = cells.draw(number, len(members), rng)
    ids = {row.code: row.class_id for row in classes}
    for pattern in patterns:
        if not pattern.districtwide:
            class_id = ids[pattern.class_code]
            window = _window(reports.second, pattern, plan)
            members = window.start + np.flatnonzero(reports.class_id[window] == class_id)
            _attract(triangle, members, pattern, (cells, int(profile[class_id])), rng)
    lon, lat = cells.points(triangle, rng)
    places = Places(lon, lat, cells.triangle_cell[triangle], np.full(len(lon), NO_COMPONENT, np.int64))
    about = np.array([row.kind == "component" for row in classes])[reports.class_id]
    _attach(places, np.flatnonzero(about), reports.class_id, (component, cells), rng)
    return places


def count_pattern(
    pattern: Pattern, reports: Reports, class_id: int, places: Places, street_id: Ids, *, plan: DemoPlan, cells: Cells
) -> int:
    """Count the cases of a pattern's class in its days and place."""
    window = _window(reports.second, pattern, plan)
    held = reports.class_id[window] == class_id
    if pattern.area_code is not None:
        streets = [area_id for area_id, code in cells.street_codes.items() if code == pattern.area_code]
        held &= np.isin(street_id[window], streets)
    else:
        held &= pattern.holds(places.lon[window], places.lat[window])
    return int(held.sum())


def _window(second: NDArray[np.int64], pattern: Pattern, plan: DemoPlan) -> slice:
    """Cases of a pattern's days, as a slice of those ordered by time."""
    start = history_days(plan.anchor_day)[0]
    days = [int((np.datetime64(day) - start).astype(np.int64)) for day in (pattern.first_day, pattern.last_day)]
    first, last = max(days[0], 0), min(days[1] + 1, HISTORY_DAYS)
    begin, end = np.searchsorted(second, [first * DAY_S, last * DAY_S])
    return slice(int(begin), int(end))


def _attract(
    triangle: NDArray[np.int64],
    members: NDArray[np.int64],
    pattern: Pattern,
    where: tuple[Cells, int],
    rng: np.random.Generator,
) -> None:
    """Move cases from the rest of the district into a pattern's place until it has ``magnitude`` times its share."""
    cells, profile = where
    inside = cells.of_pattern(pattern)
    weight = cells.weight[profile]
    share = float(weight[inside].sum() / weight.sum())
    if not 0.0 < share < 1.0:
        return
    outside = members[~inside[cells.triangle_cell[triangle[members]]]]
    moved = outside[rng.random(len(outside)) < min((pattern.magnitude - 1) * share / (1 - share), 1.0)]
    triangle[moved] = cells.draw(profile, len(moved), rng, inside)


def _attach(
    places: Places,
    members: NDArray[np.int64],
    class_id: NDArray[np.int16],
    register: tuple[pa.Table, Cells],
    rng: np.random.Generator,
) -> None:
    """Put cases about components at a component of their class; where there is none they stay where they are."""
    component, cells = register
    lon, lat = component["lon"].to_numpy(), component["lat"].to_numpy()
    cell = cells.well_inside(lon, lat)
    rows = rng.permutation(component.num_rows)
    rows = rows[cell[rows] >= 0]
    of_class = component["class_id"].to_numpy()
    rows = rows[np.argsort(of_class[rows], kind="stable")]
    first, last = (np.searchsorted(of_class[rows], class_id[members], side) for side in ("left", "right"))
    found = last > first
    members, first, count = members[found], first[found], (last - first)[found]
    # Some components give trouble again and again.
    row = rows[first + (count * rng.random(len(members)) ** 1.5).astype(np.int64)]
    places.component_row[members] = row
    places.cell[members] = cell[row]
    near = [
        np.round(axis[row] + rng.normal(0, _NEAR_COMPONENT_M / METRES_PER_DEGREE, len(row)), COORDINATE_DIGITS)
        for axis in (lon, lat)
    ]
    stays = cells.well_inside(*near) == cell[row]
    places.lon[members] = np.where(stays, near[0], lon[row])
    places.lat[members] = np.where(stays, near[1], lat[row])
