"""The district command page: the city in 3D with its panels around it."""

from dash import html
from dash.development.base_component import Component

from app import ids
from app.components.attributes import attributes
from app.components.deck import deck_canvas

SCENE_LABEL = "三维城市场景；按 T 显示等值表格。3D scene of the city; press T for the equivalent table."
COLUMNS = {
    "left": (ids.SOURCES, ids.RANKING),
    "centre": (ids.LEGEND, ids.TREND),
    "right": (ids.ALERTS, ids.CASES),
}
"""Panels of each column, from the top (centre: from the left)."""


def slot(panel: str) -> Component:
    """Place that a panel is drawn into."""
    return html.Div(id=ids.body(panel), className=f"slot slot-{panel} waiting")


def layout() -> Component:
    """Slots of the page; callbacks fill them from the address."""
    columns = [
        html.Div([slot(panel) for panel in panels], className=f"column column-{side}")
        for side, panels in COLUMNS.items()
    ]
    return html.Main(
        [
            html.Div(deck_canvas(SCENE_LABEL), className="scene"),
            html.Div(id=ids.body(ids.HEADER), className="slot slot-header"),
            slot(ids.KPIS),
            *columns,
            html.Div(id=ids.body(ids.AREA_TABLE), className="slot slot-table"),
            html.Div(id=ids.NOTICE, className="notices", role="status", **attributes({"aria-live": "polite"})),
        ],
        className="command",
    )
