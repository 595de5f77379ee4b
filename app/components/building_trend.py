"""Panel of the cases at a building over time, and the table that equals it."""

from collections.abc import Sequence

import pyarrow as pa
from dash import dcc, html
from dash.development.base_component import Component

from app import formats
from app.components.attributes import attributes
from app.components.panel import empty, panel
from app.components.trend import GRAPH_CONFIG
from app.context import Context, Row
from app.figures.months import months_figure

KEYS = ("reported", "closed")


def building_trend(ctx: Context, table: pa.Table) -> Component:
    """Draw reported and closed a month."""
    if not any(any(table.column(key).to_pylist()) for key in KEYS):
        return panel(ctx, "building_trend", empty(ctx, "no_cases_at_building"))
    keys = [
        html.Span(
            [html.Span(className=f"key {key}", **attributes({"aria-hidden": "true"})), ctx.texts.t(f"trend.{key}")]
        )
        for key in KEYS
    ]
    graph = dcc.Graph(
        figure=months_figure(table, ctx.texts, ctx.state.theme),
        config=GRAPH_CONFIG,  # type: ignore[arg-type]  # a plain dict is what Dash documents
        className="trend-graph",
        responsive=True,
    )
    return panel(ctx, "building_trend", graph, tools=html.Div(keys, className="keys"))


def months_table(ctx: Context, rows: Sequence[Row]) -> Component | None:
    """Table of the months while the address asks for it, else nothing.

    Parameters
    ----------
    rows : sequence of mapping
        Rows of the question ``building_trend``.
    """
    if ctx.state.panel != "table":
        return None
    texts = ctx.texts
    head = html.Thead(html.Tr([html.Th(texts.t(f"months.{key}"), scope="col") for key in ("month", *KEYS)]))
    body = [
        html.Tr([html.Th(f"{row['month']:%Y-%m}", scope="row"), *(html.Td(formats.number(row[key])) for key in KEYS)])
        for row in reversed(rows)
    ]
    table = html.Table([head, html.Tbody(body)], className="months")
    return panel(ctx, "months", html.Div(table, className="scroll", tabIndex=0))
