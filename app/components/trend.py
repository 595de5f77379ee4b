"""Panel of the daily trend."""

import pyarrow as pa
from dash import dcc, html
from dash.development.base_component import Component

from app.components.attributes import attributes
from app.components.panel import empty, panel
from app.context import Context
from app.figures.trend import trend_figure

GRAPH_CONFIG = {"displayModeBar": False, "displaylogo": False, "responsive": True, "showTips": False}


def trend_panel(ctx: Context, table: pa.Table) -> Component:
    """Draw reported and closed a day over the last 90 days."""
    if not any(table.column("reported").to_pylist()) and not any(table.column("closed").to_pylist()):
        return panel(ctx, "trend", empty(ctx, "trend"))
    keys = [
        html.Span(
            [html.Span(className=f"key {key}", **attributes({"aria-hidden": "true"})), ctx.texts.t(f"trend.{key}")]
        )
        for key in ("reported", "closed")
    ]
    graph = dcc.Graph(
        figure=trend_figure(table, ctx.texts, ctx.state.theme),
        config=GRAPH_CONFIG,  # type: ignore[arg-type]  # a plain dict is what Dash documents
        className="trend-graph",
        responsive=True,
    )
    return panel(ctx, "trend", graph, tools=html.Div(keys, className="keys"))
