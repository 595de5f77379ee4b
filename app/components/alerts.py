"""Panel of areas where cases are rising."""

from collections.abc import Sequence

from dash import dcc, html
from dash.development.base_component import Component

from app import formats
from app.components.attributes import attributes
from app.components.header import spoken_name
from app.components.panel import empty, panel
from app.context import Context, Row
from twin_model.alert import Rise

MAX_ALERTS = 4


def alerts_panel(ctx: Context, rises: Sequence[tuple[Rise, Sequence[Row]]], *, has_base: bool = True) -> Component:
    """Areas whose last week is well above the four weeks before, the clearest first.

    Parameters
    ----------
    rises : sequence of (Rise, rows)
        Each with its areas from the whole down to itself.
    has_base : bool
        Whether the history reaches back far enough to tell a rise.
    """
    if not rises:
        return panel(ctx, "alerts", empty(ctx, _why_none(ctx, has_base=has_base)))
    return panel(ctx, "alerts", html.Ol([_row(ctx, rise, trail) for rise, trail in rises], className="alert-list"))


def _why_none(ctx: Context, *, has_base: bool) -> str:
    if not ctx.trail:
        return "areas"
    if not ctx.has_cases:
        return "cases"
    return "alerts" if has_base else "alerts_history"


def _row(ctx: Context, rise: Rise, trail: Sequence[Row]) -> Component:
    texts = ctx.texts
    below_focus = trail[len(ctx.trail) :] or trail[-1:]
    return html.Li(
        dcc.Link(
            [
                html.Span("↗", className="mark overdue", **attributes({"aria-hidden": "true"})),
                html.Span(" · ".join(spoken_name(ctx, row) for row in below_focus), className="alert-name"),
                html.Span(
                    texts.t("alerts.new") if rise.is_new else f"+{100 * (rise.ratio - 1):.0f}%",
                    className="figure alert-ratio",
                ),
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
