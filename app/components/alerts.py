"""Panel of areas where cases are rising."""

from collections.abc import Sequence

from dash import dcc, html
from dash.development.base_component import Component

from app import formats
from app.components.header import spoken_name
from app.components.panel import empty, panel
from app.context import Context, Row
from twin_model.alert import Rise

MAX_ALERTS = 4


def alerts_panel(ctx: Context, rises: Sequence[Rise], areas: Sequence[Row]) -> Component:
    """Areas whose last week is well above the four weeks before, the steepest first."""
    if not rises:
        return panel(ctx, "alerts", empty(ctx, "alerts" if areas else "areas"))
    by_code = {row["code"]: row for row in areas}
    items = [_row(ctx, rise, by_code[rise.code]) for rise in rises[:MAX_ALERTS]]
    return panel(ctx, "alerts", html.Ol(items, className="alert-list"))


def _row(ctx: Context, rise: Rise, row: Row) -> Component:
    texts = ctx.texts
    return html.Li(
        dcc.Link(
            [
                html.Span("↗", className="mark overdue", **{"aria-hidden": "true"}),
                html.Span(spoken_name(ctx, {**row, "level": ctx.ranked_level}), className="alert-name"),
                html.Span(f"+{100 * (rise.ratio - 1):.0f}%", className="figure alert-ratio"),
                html.Span(
                    texts.t(
                        "alerts.detail", recent=formats.number(rise.recent), expected=formats.number(rise.expected)
                    ),
                    className="alert-detail",
                ),
            ],
            href=ctx.href_area(rise.code),
            className="alert",
        )
    )
