"""Panels: one callback each, read the address, ask, draw."""

from collections.abc import Callable
from dataclasses import dataclass

import pyarrow as pa
import pyarrow.compute as pc
from dash import Dash, Input, Output
from dash.development.base_component import Component

from app import formats, ids
from app.components.alerts import MAX_ALERTS, alerts_panel
from app.components.area_table import area_table
from app.components.cases import MAX_CASES, cases_panel
from app.components.kpis import kpi_strip
from app.components.ranking import ranking_panel
from app.components.sources import sources_panel
from app.components.trend import trend_panel
from app.context import Context, Row, read_context
from app.data import DataManager
from twin_model.alert import rises, windows
from twin_model.area import AreaLevel
from twin_model.selection import And, Everything, Selection, TimeWindow, canonical

TREND_DAYS = 90


def draw_kpis(ctx: Context) -> Component:
    """Headline figures."""
    return kpi_strip(ctx, ctx.query("case_totals", as_of=ctx.as_of).to_pylist()[0])


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
    (reported,) = ctx.query("case_totals", as_of=ctx.as_of)["reported"].to_pylist()
    return ranking_panel(ctx, rows, reported - sum(row["reported"] for row in rows))


def draw_area_table(ctx: Context) -> Component | None:
    """Table that equals the map, while it is asked for."""
    return area_table(ctx, ranked(ctx, ctx.filter) if ctx.state.panel == "table" else [])


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


@dataclass(frozen=True)
class Drawn:
    """A panel and the function that draws it."""

    panel: str
    draw: Callable[[Context], Component | None]


DRAWN = (
    Drawn(ids.KPIS, draw_kpis),
    Drawn(ids.RANKING, draw_ranking),
    Drawn(ids.CASES, draw_cases),
    Drawn(ids.SOURCES, draw_sources),
    Drawn(ids.TREND, draw_trend),
    Drawn(ids.ALERTS, draw_alerts),
    Drawn(ids.AREA_TABLE, draw_area_table),
)


def register(app: Dash, data: DataManager, default_language: str) -> None:
    """Wire every panel to the address."""
    for drawn in DRAWN:
        _register(app, data, default_language, drawn)


def _register(app: Dash, data: DataManager, default_language: str, drawn: Drawn) -> None:
    @app.callback(Output(ids.body(drawn.panel), "children"), Input(ids.URL, "search"))
    def _draw(search: str | None) -> Component | None:
        return drawn.draw(read_context(search, data, default_language))
