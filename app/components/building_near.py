"""Panel of what is near a building: other buildings, and components."""

from collections.abc import Sequence

from dash import html
from dash.development.base_component import Component

from app import formats
from app.components.building_cases import distance_words
from app.components.building_words import building_name, use_words
from app.components.links import link
from app.components.panel import choices, empty, panel
from app.context import Context, Row
from app.state import NEAR

MAX_NEAR = 24
COMPONENTS_WITHIN_M = 60.0


def building_near(ctx: Context, rows: Sequence[Row]) -> Component:
    """List in front of what is near.

    Parameters
    ----------
    rows : sequence of mapping
        Rows of the question ``building_neighbours`` or ``building_components``, as the address chooses.
    """
    front = ctx.state.near
    links = [(ctx.texts.t(f"near.{key}"), ctx.href(near=key), key == front) for key in NEAR]
    draw = _neighbour if front == "buildings" else _component
    empty_key = "neighbours" if front == "buildings" else "components"
    body = (
        html.Ol([draw(ctx, row) for row in rows], className="near-list", tabIndex=-1) if rows else empty(ctx, empty_key)
    )
    return panel(ctx, "building_near", body, tools=choices(links, ctx.texts.t("panel.building_near.title")), unit=False)


def _away(ctx: Context, row: Row) -> str:
    touching = ctx.state.near == "buildings" and row["distance_m"] < 1
    return ctx.texts.t("building.touching") if touching else distance_words(ctx, row["distance_m"])


def _neighbour(ctx: Context, row: Row) -> Component:
    texts = ctx.texts
    size = f"{use_words(texts, row)} · {formats.metres(row['height_m'])}"
    open_cases = texts.t("near.open", n=formats.number(row["open"])) if row["open"] else ""
    cells = [
        html.Span(building_name(ctx, row), className="near-name"),
        html.Span(_away(ctx, row), className="figure muted"),
        html.Span(size, className="near-note"),
        html.Span(open_cases, className="near-note figure"),
    ]
    return html.Li(link(cells, href=ctx.href_building(row["code"]), className="near", title=row["code"]))


def _component(ctx: Context, row: Row) -> Component:
    texts = ctx.texts
    state = texts.word(f"component.states.{row['state']}", str(row["state"]))
    owner = texts.name(row, "owner_name")
    cells = [
        html.Span(texts.name(row, "class_name"), className="near-name"),
        html.Span(_away(ctx, row), className="figure muted"),
        html.Span(owner or formats.NO_VALUE, className="near-note"),
        html.Span(state, className="near-note figure"),
    ]
    return html.Li(html.Div(cells, className="near", title=row["code"]))
