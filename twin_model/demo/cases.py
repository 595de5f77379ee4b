"""The demo's cases: two years of them up to the build day, with the published totals and planted patterns."""

from dataclasses import dataclass

import numpy as np
import pyarrow as pa
from numpy.typing import NDArray

from twin_model.area import AreaLevel
from twin_model.case import CaseStage
from twin_model.case_class import CaseClass
from twin_model.demo.case_loop import NEVER, Loop, Pace, draw_loop, file_minutes
from twin_model.demo.case_mix import SEASONS, cases_by_source, closed_of
from twin_model.demo.case_numbers import case_numbers
from twin_model.demo.case_places import Cells, build_cells, busy_sites
from twin_model.demo.case_spread import NO_COMPONENT, Places, count_pattern, draw_places
from twin_model.demo.case_texts import RECENT, addresses, descriptions, newest
from twin_model.demo.case_times import DAY_S, Reports, draw_reports, history_days, history_start_s
from twin_model.demo.city import City
from twin_model.demo.feed import generate_feed
from twin_model.demo.plan import DemoPlan, Progress, no_progress, stream
from twin_model.demo.planted import SITES_NEEDED, Pattern, plan_patterns, planted_table
from twin_model.demo.units import TERRITORY, responsible_units
from twin_model.source import DEFAULT_SOURCES

_TERRITORY_SHARE = 0.65
"""Part of the events that the street's office handles itself, before the responsible department (先属地、后属主)."""


@dataclass(frozen=True)
class Cases:
    """Generated tables with the store's column names (less ``dataset_id``).

    Attributes
    ----------
    case_table
        Cases, ordered by ``reported_at``; ``case_id`` is the row.
    planted
        What the generator hid in them.
    feed
        Records of the duty desk and the public for the days after; not counted.
    """

    case_table: pa.Table
    planted: pa.Table
    feed: pa.Table


def generate_cases(city: City, plan: DemoPlan, progress: Progress = no_progress) -> Cases:
    """Generate cases, the patterns planted in them, and feed records; equal arguments give identical tables.

    Parameters
    ----------
    city : City
        Its areas have all four levels, each unit grid cell with a shape.
    plan : DemoPlan
    progress : Progress
        Told ``cases`` and a fraction from 0 to 1.
    """
    classes = tuple(CaseClass(**row) for row in city.case_class.to_pylist())
    source_ids = {source.code: source.source_id for source in DEFAULT_SOURCES}
    progress("cases", 0.0)
    cells = build_cells(city, stream(plan, "cases", 0))
    days = history_days(plan.anchor_day).tolist()
    sites = busy_sites(cells, SITES_NEEDED, stream(plan, "cases", 1))
    seasons = [(code, season.peak_factor) for code, season in SEASONS.items()]
    patterns = plan_patterns(days[0], days[-1], sites, seasons)
    progress("cases", 0.15)
    reports = draw_reports(plan, classes, source_ids, patterns, stream(plan, "cases", 2))
    progress("cases", 0.3)
    rng = stream(plan, "cases", 3)
    places = draw_places(reports, cells, classes, patterns, city.component, plan=plan, rng=rng)
    progress("cases", 0.6)
    unit = _units(city, cells, classes, reports, places, rng=stream(plan, "cases", 4))
    loop = _loop(classes, reports, unit, plan, stream(plan, "cases", 5))
    progress("cases", 0.8)
    table = _table(city, cells, classes, plan, (reports, places, loop, unit))
    planted = _planted(patterns, classes, reports, places, cells, plan=plan)
    feed = generate_feed(city, cells, classes, source_ids, plan)
    progress("cases", 1.0)
    return Cases(table, planted, feed)


def _units(
    city: City,
    cells: Cells,
    classes: tuple[CaseClass, ...],
    reports: Reports,
    places: Places,
    *,
    rng: np.random.Generator,
) -> NDArray[np.int16]:
    """Choose the unit of each case: components go to their owner first, events mostly to the territory first."""
    unit_of_code = dict(zip(city.unit["code"].to_pylist(), city.unit["unit_id"].to_pylist(), strict=True))
    office = np.zeros(int(cells.street_id.max()) + 1, np.int16)
    for area_id, code in cells.street_codes.items():
        office[area_id] = unit_of_code[f"S{code}"]
    territory = office[cells.street_id[places.cell]]
    unit = responsible_units(classes)[reports.class_id]
    event = np.array([row.kind == "event" for row in classes])[reports.class_id]
    unit = np.where(event & (rng.random(len(unit)) < _TERRITORY_SHARE), TERRITORY, unit)
    about = places.component_row != NO_COMPONENT
    owner = city.component["owner_unit_id"].fill_null(TERRITORY).to_numpy()
    unit[about] = owner[places.component_row[about]]
    return np.where(unit == TERRITORY, territory, unit).astype(np.int16)


def _loop(
    classes: tuple[CaseClass, ...],
    reports: Reports,
    unit: NDArray[np.int16],
    plan: DemoPlan,
    rng: np.random.Generator,
) -> Loop:
    limit_s = np.array([row.limit_h * 3600.0 for row in classes])
    minutes = np.zeros(max(source.source_id for source in DEFAULT_SOURCES) + 1)
    for source in DEFAULT_SOURCES:
        if source.code in cases_by_source(0):
            minutes[source.source_id] = file_minutes(source.code)
    of_class = rng.lognormal(-0.03, 0.25, len(classes))
    of_unit = rng.lognormal(-0.05, 0.32, int(unit.max()) + 1)
    slowness = of_class[reports.class_id] * of_unit[unit]
    pace = Pace(limit_s[reports.class_id], minutes[reports.source_id], slowness)
    return draw_loop(reports.second, pace, closed_of(plan.cases), rng)


def _table(
    city: City,
    cells: Cells,
    classes: tuple[CaseClass, ...],
    plan: DemoPlan,
    drawn: tuple[Reports, Places, Loop, NDArray[np.int16]],
) -> pa.Table:
    reports, places, loop, unit = drawn
    days = history_days(plan.anchor_day)
    start = history_start_s(plan.anchor_day)
    day, second_of_day = np.divmod(reports.second, DAY_S)
    district = city.area["code"].to_pylist()[int(np.argmax(city.area["level"].to_numpy() == AreaLevel.DISTRICT))]
    n = len(day)
    recent = slice(max(n - RECENT, 0), n)
    code_of = {source.source_id: source.code for source in DEFAULT_SOURCES}
    sources = [code_of[source_id] for source_id in reports.source_id[recent].tolist()]
    community = cells.community_id[places.cell]
    closed_day = np.where(loop.closed == NEVER, 0, loop.closed // DAY_S)
    component = city.component["component_id"].to_numpy()
    about = places.component_row != NO_COMPONENT
    component_id = np.zeros(n, np.int32)
    component_id[about] = component[places.component_row[about]]
    no_unit = (loop.stage < CaseStage.DISPATCHED) | (loop.stage > CaseStage.CLOSED)
    address = addresses(city, community[recent], places.lon[recent], places.lat[recent])
    return pa.table(
        {
            "case_id": pa.array(np.arange(n, dtype=np.int32)),
            "case_no": case_numbers(district, days.tolist(), day),
            "source_ref": pa.nulls(n, pa.string()),
            "source_id": pa.array(reports.source_id),
            "class_id": pa.array(reports.class_id),
            "stage": pa.array(loop.stage),
            "unit_id": pa.array(unit, mask=no_unit),
            "reported_at": _timestamps(reports.second, start),
            "filed_at": _timestamps(loop.filed, start),
            "dispatched_at": _timestamps(loop.dispatched, start),
            "handled_at": _timestamps(loop.handled, start),
            "closed_at": _timestamps(loop.closed, start),
            "deadline_at": _timestamps(loop.deadline, start),
            "reported_day": pa.array(days[day]),
            "reported_hour": pa.array((second_of_day // 3600).astype(np.uint8)),
            "closed_day": pa.array(days[closed_day], mask=loop.closed == NEVER),
            "lon": pa.array(places.lon),
            "lat": pa.array(places.lat),
            "street_id": pa.array(cells.street_id[places.cell]),
            "community_id": pa.array(community),
            "grid_id": pa.array(cells.grid_id[places.cell]),
            "component_id": pa.array(component_id, mask=~about),
            "address": newest(address, n),
            "description": newest(descriptions(sources, reports.class_id[recent], classes), n),
        }
    )


def _timestamps(second: NDArray[np.int64], start_s: int) -> pa.Array:
    """UTC timestamps of seconds since the beginning of the history; null where never."""
    return pa.array(((second + start_s) * 1_000_000).view("datetime64[us]"), mask=second == NEVER)


def _planted(
    patterns: tuple[Pattern, ...],
    classes: tuple[CaseClass, ...],
    reports: Reports,
    places: Places,
    cells: Cells,
    *,
    plan: DemoPlan,
) -> pa.Table:
    ids = {row.code: row.class_id for row in classes}
    street_id = cells.street_id[places.cell]
    counts = [
        count_pattern(pattern, reports, ids[pattern.class_code], places, street_id, plan=plan, cells=cells)
        for pattern in patterns
    ]
    return planted_table(patterns, counts)
