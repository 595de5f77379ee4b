"""Panel of the cases at a building: what they are about, and the newest of them."""

from collections.abc import Sequence
from datetime import datetime, timedelta

from dash import html
from dash.development.base_component import Component

from app import formats
from app.components.cases import clock
from app.components.inspector import stages
from app.components.links import link
from app.components.panel import empty, panel
from app.components.status import ENDED, ended_mark, status_mark
from app.context import Context, Row
from twin_model.case import DUE_SOON_H, CaseStage, CaseState

MAX_CLASSES = 5
MAX_NEWEST = 60


def state_of(row: Row, as_of: datetime) -> CaseState:
    """State of a case at a moment, from its stage and deadline."""
    if row["stage"] >= CaseStage.CLOSED:
        return CaseState.CLOSED
    if row["deadline_at"] is None:
        return CaseState.OPEN
    left = formats.as_utc(row["deadline_at"]) - formats.as_utc(as_of)
    if left < timedelta(0):
        return CaseState.OVERDUE
    return CaseState.DUE_SOON if left < timedelta(hours=DUE_SOON_H) else CaseState.OPEN


def by_class(counts: Sequence[Row]) -> list[tuple[Row, int]]:
    """Classes with their cases, most first."""
    found: dict[str, tuple[Row, int]] = {}
    for row in counts:
        _, n = found.get(row["class_code"], (row, 0))
        found[row["class_code"]] = (row, n + row["cases"])
    return sorted(found.values(), key=lambda item: (-item[1], item[0]["class_code"]))


def building_cases(ctx: Context, counts: Sequence[Row], newest: Sequence[Row]) -> Component:
    """Draw the stages, the most frequent classes and the newest cases.

    Parameters
    ----------
    counts, newest : sequence of mapping
        Rows of the questions ``building_case_counts`` and ``building_cases``.
    """
    if not newest:
        return panel(ctx, "building_cases", empty(ctx, "no_cases_at_building"))
    listed = html.Ol([_row(ctx, row) for row in newest], className="case-list", tabIndex=-1)
    return panel(ctx, "building_cases", [stages(ctx, counts), _classes(ctx, counts), listed])


def _classes(ctx: Context, counts: Sequence[Row]) -> Component:
    rows = by_class(counts)[:MAX_CLASSES]
    most = rows[0][1]
    items = [
        html.Li(
            [
                html.Span(ctx.texts.name(row, "class_name"), className="class-name"),
                html.Span(className="bar", style={"--share": f"{n / most:.4f}"}),
                html.Span(formats.number(n), className="figure"),
            ]
        )
        for row, n in rows
    ]
    return html.Ul(items, className="classes")


def _row(ctx: Context, row: Row) -> Component:
    texts, stage = ctx.texts, CaseStage(row["stage"])
    state = state_of(row, ctx.as_of)
    words = [texts.t(f"stage.{stage.name.lower()}"), distance_words(ctx, row["building_m"])]
    return html.Li(
        link(
            [
                ended_mark(stage, texts) if stage in ENDED else status_mark(state, texts),
                html.Span(texts.name(row, "class_name"), className="case-class"),
                html.Span(
                    clock(ctx, {**row, "state": state}),
                    className="case-clock" if stage in ENDED else f"case-clock {state}",
                ),
                html.Span(" · ".join(word for word in words if word), className="case-place"),
                html.Span(formats.short_minute(row["reported_at"], ctx.as_of, ctx.zone), className="case-time figure"),
            ],
            href=ctx.href_on_map(f"case:{row['case_no']}"),
            className="case",
            title=row["case_no"],
        )
    )


def distance_words(ctx: Context, distance_m: float | None) -> str:
    """How a case lies to its building: inside, or so far from its walls."""
    if distance_m is None:
        return ""
    if distance_m <= 0:
        return ctx.texts.t("building.inside")
    return ctx.texts.t("building.away", metres=f"{distance_m:,.0f}")
