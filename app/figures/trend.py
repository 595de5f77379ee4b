"""Daily trend of reported and closed cases."""

from typing import Any

import numpy as np
import plotly.graph_objects as go
import pyarrow as pa

from app.i18n import Catalogue
from app.theme import TOKENS, template, with_alpha

MEAN_DAYS = 7
TICKS = 4
NICE = (1, 2, 5, 10)
LABEL_ROOM = 1.25
"""Top of the axis over its highest tick: labels stand on their ticks, and on a wall they are tall."""


def rolling_mean(values: np.ndarray, window: int) -> np.ndarray:
    """Mean of each day and the days before it.

    Parameters
    ----------
    values : (n,) float64
        Counts a day.
    window : int
        Days in the mean.

    Returns
    -------
    (n,) float64
        NaN for the first ``window - 1`` days, which have no full window.
    """
    mean = np.full(len(values), np.nan)
    if len(values) >= window:
        sums = np.cumsum(np.concatenate(([0.0], values)))
        mean[window - 1 :] = (sums[window:] - sums[:-window]) / window
    return mean


def trend_figure(table: pa.Table, texts: Catalogue, theme: str) -> go.Figure:
    """Draw reported and closed a day, each with its 7-day mean.

    Parameters
    ----------
    table : Table
        Columns ``day`` (date), ``reported``, ``closed`` (int64), no gaps.
    texts : Catalogue
        Language of the names.
    theme : str
        ``dark`` or ``light``.
    """
    token = TOKENS[theme]
    days = table.column("day").to_pylist()
    figure = go.Figure()
    for column, colour in (("reported", token["accent"]), ("closed", token["closed"])):
        counts = table.column(column).to_numpy().astype(float)
        name = texts.t(f"trend.{column}")
        figure.add_scatter(x=days, y=counts, **_line(name, with_alpha(colour, 0.5), 1.0))
        figure.add_scatter(
            x=days, y=rolling_mean(counts, MEAN_DAYS), **_line(texts.t(f"trend.{column}_mean"), colour, 2.4)
        )
    figure.update_layout(
        template=template(theme),
        showlegend=False,
        hovermode="x unified",
        uirevision="trend",
        xaxis={"tickformat": "%m-%d", "hoverformat": "%Y-%m-%d", "nticks": 8, "fixedrange": True},
        yaxis={
            "tickformat": ",",
            **round_scale(table),
            "fixedrange": True,
            "ticklabelposition": "inside top",
        },
    )
    return figure


def round_scale(table: pa.Table) -> dict[str, Any]:
    """Round ticks from zero, and above the highest of them the room that its label stands in."""
    highest = max((max(table.column(name).to_pylist(), default=0) for name in ("reported", "closed")), default=0)
    rough = max(highest / TICKS, 1.0)
    decade = 10.0 ** np.floor(np.log10(rough))
    step = next(float(decade * nice) for nice in NICE if decade * nice >= rough)
    ticks = [step * i for i in range(int(highest // step) + 1)]
    return {"tickvals": ticks, "range": [0, max(highest * 1.05, ticks[-1] * LABEL_ROOM, 1.0)]}


def _line(name: str, colour: str, width: float) -> dict[str, Any]:
    return {
        "name": name,
        "mode": "lines",
        "line": {"color": colour, "width": width},
        "hovertemplate": "%{y:,.0f}",
    }
