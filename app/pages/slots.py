"""Places that panels are drawn into."""

from dash import html
from dash.development.base_component import Component

from app import ids

ON_DEMAND = frozenset({ids.DISPLAY, ids.INSPECTOR})
"""Panels that are there only when asked for."""


def slot(panel: str) -> Component:
    """Place of a panel."""
    return html.Div(id=ids.body(panel), className=f"slot slot-{panel}" + ("" if panel in ON_DEMAND else " waiting"))


def stack(panels: str | tuple[str, ...]) -> Component:
    """Place of a panel, or of several one on the other."""
    return slot(panels) if isinstance(panels, str) else html.Div([slot(panel) for panel in panels], className="stack")
