"""Panels: one callback each, read the address, ask, draw."""

import pyarrow as pa
import pyarrow.compute as pc
from dash import Dash
from dash.development.base_component import Component

from app import formats, ids
from app.building_filter import parse_conditions
from app.callbacks.drawing import Drawn, register_drawn
from app.components.alerts import MAX_ALERTS, alerts_panel
from app.components.area_table import area_table
from app.components.building_table import MAX_ROWS, building_table
from app.components.cases import MAX_CASES, cases_panel
from app.components.datasets import datasets_panel
from app.components.display import display_panel
from app.components.inspector import inspector_panel
from app.components.kpis import kpi_strip
from app.components.ranking import ranking_panel
from app.components.scene import sun_of
from app.components.sources import sources_panel
from app.components.trend import trend_panel
from app.context import Context, Row
from app.data import DataManager
from app.levels import building_level, dataset_levels
from app.routes import COMMAND
from twin_model.alert import rises, windows
from twin_model.area import AreaLevel
from twin_model.selection import And, Everything, Selection, TimeWindow, canonical

TREND_DAYS = 90


def draw_kpis(ctx: Context) -> Component:
    """Headline figures."""
    return kpi_strip(ctx, ctx.totals)


def draw_sources(ctx: Context) -> Component:
    """Source list."""
    # The list is what one filters by: it shows every source of the place, whatever the filter.
    rows, everywhere = (ctx.query("cases_by_source", place).to_pylist() for place in (ctx.place, Everything()))
    return sources_panel(ctx, rows, {row["code"] for row in everywhere if row["reported"]})


def ranked(ctx: Context, selection: Selection) -> list[Row]:
    """Areas one level below the one in focus, with the figures of a selection of cases."""
    parent = ctx.ranked_parent
    if parent is None:
        return []
    rows: list[Row] = ctx.query("areas_ranked", selection, parent_code=parent["code"], as_of=ctx.as_of).to_pylist()
    return rows


def draw_ranking(ctx: Context) -> Component:
    """Ranking, with the cases that no row of it holds."""
    rows = ranked(ctx, ctx.filter)
    if ctx.ranked_parent is not ctx.area:
        return ranking_panel(ctx, rows)
    return ranking_panel(ctx, rows, ctx.totals["reported"] - sum(row["reported"] for row in rows))


def draw_area_table(ctx: Context) -> Component | None:
    """Table that equals the map, while one is asked for: of its areas, its buildings or its data sets."""
    if ctx.state.panel == "buildings":
        return building_table(ctx, matching_buildings(ctx, MAX_ROWS))
    if ctx.state.panel == "datasets":
        return datasets_panel(ctx, dataset_levels(ctx))
    return area_table(ctx, ranked(ctx, ctx.filter) if ctx.state.panel == "table" else [])


def matching_buildings(ctx: Context, limit: int) -> list[Row]:
    """Find the buildings of the area in focus that meet the address's conditions, the most loaded first."""
    conditions = parse_conditions(ctx.state.where) or ()
    rows: list[Row] = ctx.query(
        "buildings_ranked",
        ctx.filter,
        as_of=ctx.as_of,
        area_code="" if ctx.area is None or ctx.level is AreaLevel.DISTRICT else ctx.area["code"],
        uses=next((each.values for each in conditions if each.key == "use"), ()),
        limits=tuple((each.key, (each.low, each.high)) for each in conditions if not each.values),
        metric=ctx.state.metric,
        limit=limit,
    ).to_pylist()
    return rows


def draw_display(ctx: Context) -> Component | None:
    """How buildings are drawn, while it is asked for."""
    if ctx.state.panel != "display":
        return None
    found = matching_buildings(ctx, 1) if ctx.state.where else []
    counted = (found[0]["matching"], found[0]["buildings"]) if found else None
    return display_panel(ctx, sun_of(ctx), counted)


def draw_inspector(ctx: Context) -> Component | None:
    """Highlighted building."""
    building = ctx.building
    if building is None:
        return None
    counts = ctx.query("building_case_counts", Everything(), code=building["code"], as_of=ctx.as_of).to_pylist()
    return inspector_panel(ctx, building, counts, building_level(building))


def draw_alerts(ctx: Context) -> Component:
    """Rising areas."""
    recent, base = windows(ctx.as_of)
    if not reaches_back(ctx, base):
        return alerts_panel(ctx, [], has_base=False)
    found = rises(count for level in ctx.levels[:2] for count in risen_counts(ctx, level, recent, base))[:MAX_ALERTS]
    named = [(rise, ctx.query("breadcrumb", Everything(), code=rise.code).to_pylist()) for rise in found]
    return alerts_panel(ctx, named)


def reaches_back(ctx: Context, base: TimeWindow) -> bool:
    """Whether the history of cases begins before the base window does."""
    (first,) = ctx.query("first_report", Everything())["reported_at"].to_pylist() or [None]
    return first is not None and formats.as_utc(first) <= base.start


def risen_counts(ctx: Context, level: AreaLevel, recent: TimeWindow, base: TimeWindow) -> list[tuple[str, int, int]]:
    """Code, recent and base count of every area of a level that has recent cases of the selection."""
    if ctx.is_leaf:
        return []
    now, before = (
        ctx.query("load_by_area", canonical(And((ctx.selection, window))), level=level, as_of=ctx.as_of)
        for window in (recent, base)
    )
    counted = pa.table({"code": now["code"], "now": now["reported"], "before": before["reported"]})
    rows = counted.filter(pc.greater(counted["now"], 0))
    return list(zip(*(column.to_pylist() for column in rows.columns), strict=True))


def draw_cases(ctx: Context) -> Component:
    """List of cases in front."""
    if ctx.state.cases == "newest":
        return cases_panel(ctx, ctx.query("newest_cases", as_of=ctx.as_of, limit=MAX_CASES).to_pylist())
    return cases_panel(ctx, ctx.query("most_urgent_cases", as_of=ctx.as_of, limit=MAX_CASES).to_pylist())


def draw_trend(ctx: Context) -> Component:
    """Trend."""
    return trend_panel(ctx, ctx.query("daily_trend", as_of=ctx.as_of, days=TREND_DAYS))


DRAWN = (
    Drawn(ids.KPIS, draw_kpis),
    Drawn(ids.RANKING, draw_ranking),
    Drawn(ids.CASES, draw_cases),
    Drawn(ids.SOURCES, draw_sources),
    Drawn(ids.TREND, draw_trend),
    Drawn(ids.ALERTS, draw_alerts),
    Drawn(ids.AREA_TABLE, draw_area_table),
    Drawn(ids.DISPLAY, draw_display),
    Drawn(ids.INSPECTOR, draw_inspector),
)


def register(app: Dash, data: DataManager, default_language: str) -> None:
    """Wire every panel to the address."""
    register_drawn(app, data, default_language, COMMAND, DRAWN)
