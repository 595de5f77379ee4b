"""The page of one building: its mesh in 3D, what is known of it, and every case at it over time."""

from dash import html
from dash.development.base_component import Component

from app import ids
from app.components.attributes import attributes
from app.components.deck import deck_canvas
from app.pages.slots import slot

SCENE_LABEL = (
    "建筑三维模型；按 T 显示逐月案件表。3D model of the building; press T for the table of its cases by month."
)
COLUMNS = {
    "left": (ids.BUILDING_FACTS, ids.BUILDING_MODELS),
    "centre": (ids.BUILDING_VIEW, ids.BUILDING_TREND),
    "right": (ids.BUILDING_CASES, ids.BUILDING_NEAR),
}
"""Panels of each column, from the top (centre: from the left)."""


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
            slot(ids.BUILDING_KPIS),
            *columns,
            html.Div(id=ids.body(ids.MONTHS), className="slot slot-table"),
            html.Div(id=ids.NOTICE, className="notices", role="status", **attributes({"aria-live": "polite"})),
        ],
        className="command building",
    )
