"""The district command page: the city in 3D with its panels around it."""

from dash import html
from dash.development.base_component import Component

from app import ids
from app.components.attributes import attributes
from app.components.deck import deck_canvas
from app.pages.slots import slot, stack

SCENE_LABEL = "三维城市场景；按 T 显示等值表格。3D scene of the city; press T for the equivalent table."
COLUMNS: dict[str, tuple[str | tuple[str, ...], ...]] = {
    "left": (ids.SOURCES, ids.RANKING),
    "centre": ((ids.DISPLAY, ids.LEGEND), ids.TREND),
    "right": (ids.INSPECTOR, ids.ALERTS, ids.CASES),
}
"""Panels of each column, from the top (centre: from the left, where two of them stand one on the other)."""


def layout() -> Component:
    """Slots of the page; callbacks fill them from the address."""
    columns = [
        html.Div([stack(panels) for panels in column], className=f"column column-{side}")
        for side, column in COLUMNS.items()
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
