"""Panel that ranks the areas one level below the one in focus."""

from collections.abc import Sequence

from dash import dcc, html
from dash.development.base_component import Component

from app import formats
from app.components.attributes import attributes
from app.components.header import spoken_name
from app.components.live import drawn_from, live_figure
from app.components.panel import empty, panel
from app.context import Context, Row

COLUMNS = ("open", "overdue", "closing_rate")
MAX_ROWS = 60
"""Rows in the panel, besides that of the area in focus; the table view holds them all."""


def rank(rows: Sequence[Row], column: str) -> list[Row]:
    """Rows with the worst first: most open, most overdue, or lowest closing rate; areas without cases last."""

    def badness(row: Row) -> tuple[bool, float, str]:
        value = float(row[column] or 0)
        return (not row["reported"], value if column == "closing_rate" else -value, row["code"])

    return sorted(rows, key=badness)


def ranking_panel(ctx: Context, rows: Sequence[Row], elsewhere: int = 0) -> Component:
    """Areas below the one in focus, worst first; each row leads down.

    Parameters
    ----------
    elsewhere : int
        Cases of the area in focus that lie in none of the rows: without a place, or outside every part.
    """
    texts = ctx.texts
    title = texts.t(f"ranking.{ctx.ranked_level.key}")
    if not rows:
        return panel(ctx, "ranking", empty(ctx, "areas"), title=title, unit=False)
    column = ctx.state.sort
    places = list(enumerate(rank(rows, column), 1))
    shown = [(place, row) for place, row in places if place <= MAX_ROWS or _is_here(ctx, row)]
    peak = max((_length(row, column) for _, row in shown), default=0.0) or 1.0
    head = html.Div(
        [html.Span("#"), html.Span(texts.t("ranking.area"))]
        + [
            dcc.Link(
                [texts.t(f"ranking.{key}"), html.Span("▾" if key == column else "", className="sort")],
                href=ctx.href(sort=key),
                className="current" if key == column else "",
                title=texts.t("ranking.sort", column=texts.t(f"kpi.{key}")),
            )
            for key in COLUMNS
        ],
        className="rank-head",
    )
    items = [_row(ctx, place, row, column, peak) for place, row in shown]
    note = html.P(texts.t("ranking.elsewhere", count=formats.number(elsewhere)), className="muted rank-note")
    body = [
        head,
        *([note] if elsewhere else []),
        html.Ol(items, className="rank-list", tabIndex=-1, **attributes(drawn_from(ctx))),
    ]
    return panel(ctx, "ranking", body, title=title)


def _length(row: Row, column: str) -> float:
    return 1.0 - (row["closing_rate"] or 0.0) if column == "closing_rate" else float(row[column] or 0)


def _is_here(ctx: Context, row: Row) -> bool:
    return ctx.area is not None and row["code"] == ctx.area["code"]


def _row(ctx: Context, place: int, row: Row, column: str, peak: float) -> Component:
    share = _length(row, column) / peak if row["reported"] else 0.0
    name = spoken_name(ctx, {**row, "level": ctx.ranked_level})
    return html.Li(
        dcc.Link(
            [
                html.Span(place, className="figure place"),
                html.Span(
                    [html.Span(className="bar", style={"--share": f"{share:.4f}"}), html.Span(name)],
                    className="rank-name",
                ),
                *(_figure(row, column) for column in COLUMNS),
            ],
            href=ctx.href_area(row["code"]),
            className="rank-row current" if _is_here(ctx, row) else "rank-row",
            title=f"{name} · {row['code']}",
        )
    )


def _figure(row: Row, column: str) -> Component:
    rate = column == "closing_rate"
    value = row[column] if row["reported"] or not rate else None
    return html.Span(
        formats.percent(value, 1) if rate else formats.number(value),
        className="figure overdue" if column == "overdue" else "figure",
        **attributes(live_figure(f"areas.{row['code']}.{COLUMNS.index(column)}", "percent:1" if rate else "number")),
    )
