"""Reported and closed cases by month."""

import plotly.graph_objects as go
import pyarrow as pa

from app.figures.trend import round_scale
from app.i18n import Catalogue
from app.theme import TOKENS, template

BAR_GAP = 0.35
TICK_EVERY = 6
"""Months between two labels; on a wall there is no room for more."""


def months_figure(table: pa.Table, texts: Catalogue, theme: str) -> go.Figure:
    """Draw reported and closed a month as bars side by side.

    Parameters
    ----------
    table : Table
        Columns ``month`` (date, its first day), ``reported``, ``closed`` (int64), no gaps.
    texts : Catalogue
        Language of the names.
    theme : str
        ``dark`` or ``light``.
    """
    token = TOKENS[theme]
    months = [f"{month:%Y-%m}" for month in table.column("month").to_pylist()]
    figure = go.Figure()
    for column, colour in (("reported", token["accent"]), ("closed", token["closed"])):
        figure.add_bar(
            x=months,
            y=table.column(column).to_pylist(),
            name=texts.t(f"trend.{column}"),
            marker={"color": colour, "line": {"width": 0}},
            hovertemplate="%{y:,.0f}",
        )
    figure.update_layout(
        template=template(theme),
        showlegend=False,
        hovermode="x unified",
        uirevision="months",
        bargap=BAR_GAP,
        bargroupgap=0.1,
        xaxis={"type": "category", "tickvals": months[2::TICK_EVERY], "fixedrange": True, "tickangle": 0},
        yaxis={"tickformat": ",", **round_scale(table), "fixedrange": True, "ticklabelposition": "inside top"},
    )
    return figure
