"""Choice between the tables that equal the map: its areas, its buildings, its data sets."""

from dash.development.base_component import Component

from app.components.panel import choices
from app.context import Context

TABLES = ("table", "buildings", "datasets")
"""Panels that lie over the map as its table."""


def table_choices(ctx: Context) -> Component:
    """Links between the tables, the current one marked."""
    links = [(ctx.texts.t(f"tables.{key}"), ctx.href(panel=key), ctx.state.panel == key) for key in TABLES]
    return choices(links, ctx.texts.t("tables.label"))
