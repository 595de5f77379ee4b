"""Panels of a building's own page."""

from dash import Dash
from dash.development.base_component import Component

from app import ids
from app.callbacks.drawing import Drawn, register_drawn
from app.components.building_cases import MAX_NEWEST, building_cases
from app.components.building_facts import building_facts
from app.components.building_kpis import building_kpis
from app.components.building_models import building_models
from app.components.building_near import COMPONENTS_WITHIN_M, MAX_NEAR, building_near
from app.components.building_trend import building_trend, months_table
from app.components.building_view import building_view, lods_of
from app.context import Context, Row
from app.data import DataManager
from app.levels import building_level
from app.routes import BUILDING
from twin_model.selection import Everything

MONTHS = 24


def counts_of(ctx: Context) -> list[Row]:
    """Cases at the building by stage and class."""
    rows: list[Row] = ctx.query(
        "building_case_counts", Everything(), code=ctx.building_code, as_of=ctx.as_of
    ).to_pylist()
    return rows


def draw_kpis(ctx: Context) -> Component | None:
    """Headline figures."""
    building = ctx.building
    return None if building is None else building_kpis(ctx, building, counts_of(ctx))


def draw_facts(ctx: Context) -> Component | None:
    """Attributes and provenance."""
    building = ctx.building
    return None if building is None else building_facts(ctx, building, building_level(building))


def draw_models(ctx: Context) -> Component | None:
    """Shapes at each level of detail."""
    building = ctx.building
    return None if building is None else building_models(ctx, building, lods_of(ctx))


def draw_view(ctx: Context) -> Component | None:
    """How the building is shown."""
    building = ctx.building
    return None if building is None else building_view(ctx, building, lods_of(ctx))


def draw_cases(ctx: Context) -> Component | None:
    """Cases at the building."""
    if ctx.building is None:
        return None
    newest = ctx.query("building_cases", Everything(), code=ctx.building_code, limit=MAX_NEWEST).to_pylist()
    return building_cases(ctx, counts_of(ctx), newest)


def draw_near(ctx: Context) -> Component | None:
    """List what is near it: buildings or components."""
    code = ctx.building_code
    if ctx.building is None:
        return None
    if ctx.state.near == "components":
        found = ctx.query("building_components", Everything(), code=code, within_m=COMPONENTS_WITHIN_M, limit=MAX_NEAR)
    else:
        found = ctx.query("building_neighbours", Everything(), code=code, limit=MAX_NEAR)
    return building_near(ctx, found.to_pylist())


def draw_trend(ctx: Context) -> Component | None:
    """Cases over time."""
    if ctx.building is None:
        return None
    return building_trend(
        ctx, ctx.query("building_trend", Everything(), code=ctx.building_code, as_of=ctx.as_of, months=MONTHS)
    )


def draw_months(ctx: Context) -> Component | None:
    """Table that equals the cases over time, while it is asked for."""
    if ctx.building is None or ctx.state.panel != "table":
        return None
    found = ctx.query("building_trend", Everything(), code=ctx.building_code, as_of=ctx.as_of, months=MONTHS)
    return months_table(ctx, found.to_pylist())


DRAWN = (
    Drawn(ids.BUILDING_KPIS, draw_kpis),
    Drawn(ids.BUILDING_FACTS, draw_facts),
    Drawn(ids.BUILDING_MODELS, draw_models),
    Drawn(ids.BUILDING_VIEW, draw_view),
    Drawn(ids.BUILDING_CASES, draw_cases),
    Drawn(ids.BUILDING_NEAR, draw_near),
    Drawn(ids.BUILDING_TREND, draw_trend),
    Drawn(ids.MONTHS, draw_months),
)


def register(app: Dash, data: DataManager, default_language: str) -> None:
    """Wire every panel to the address."""
    register_drawn(app, data, default_language, BUILDING, DRAWN)
