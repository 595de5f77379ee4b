"""Strip of headline figures."""

from dash import html
from dash.development.base_component import Component

from app import formats
from app.components.attributes import attributes
from app.components.panel import info_button
from app.components.status import SHAPES
from app.context import Context, Row
from twin_model.area import AreaLevel
from twin_model.case import CaseState

PUBLISHED = {"reported": 2_040_552, "closed": 1_857_530, "closing_rate": 0.910308}
"""Totals of the published account of the Haidian platform: a reference beside the simulated ones, never a target."""
OF_DAY = ("day_reported", "day_closed")


def kpi_strip(ctx: Context, totals: Row) -> Component:
    """Headline figures of the area in focus, in three groups: to date, now, and the last complete day."""
    published = ctx.meta.demo and ctx.level is AreaLevel.DISTRICT and not ctx.state.filter
    groups = [
        ("total", [_tile(ctx, totals, key, published=published) for key in ("reported", "closed", "closing_rate")]),
        ("now", [_tile(ctx, totals, key) for key in ("open", "due_soon", "overdue")]),
        ("day", [_tile(ctx, totals, key) for key in OF_DAY]),
    ]
    texts = ctx.texts
    definition = [texts.t("panel.kpis.definition"), *([texts.t("panel.kpis.published")] if published else [])]
    # Without a case there is no last day: a zero would claim one.
    day = formats.day(totals["day"])[5:] if ctx.has_cases else formats.NO_VALUE
    return html.Section(
        [
            html.Div(
                [
                    html.H2(texts.t(f"kpi.group.{key}", day=day), className="kpi-group-title"),
                    html.Dl(tiles, className="kpi-tiles"),
                ],
                className=f"kpi-group kpi-{key}",
            )
            for key, tiles in groups
        ]
        + [html.Div(info_button(ctx, texts.t("panel.kpis.title"), "\n".join(definition)), className="kpi-info")],
        className="panel kpis",
        **attributes({"aria-label": texts.t("panel.kpis.title")}),
    )


def _tile(ctx: Context, totals: Row, key: str, *, published: bool = False) -> Component:
    texts = ctx.texts
    rate = key == "closing_rate"
    shape = SHAPES.get(CaseState(key)) if key in set(CaseState) - {CaseState.CLOSED} else None
    value = totals[key] if ctx.has_cases or key not in OF_DAY else None
    shown = formats.percent(value) if rate else formats.number(value)
    return html.Div(
        [
            html.Dt(
                [
                    html.Span(shape, className=f"mark {key}", **attributes({"aria-hidden": "true"})) if shape else None,
                    texts.t(f"kpi.{key}"),
                ]
            ),
            html.Dd(
                [shown, html.Span("" if rate or value is None else texts.t("unit.cases"), className="unit")],
                className=f"value {key}",
            ),
            html.Dd(_reference(ctx, totals, key, published=published), className="reference"),
        ],
        className="kpi",
        **attributes({"data-key": key}),
    )


def _reference(ctx: Context, totals: Row, key: str, *, published: bool) -> str:
    texts = ctx.texts
    if published:
        value = PUBLISHED[key]
        shown = formats.percent(value) if key == "closing_rate" else formats.number(value)
        return texts.t("kpi.published", value=shown)
    if key in ("due_soon", "overdue") and totals["open"]:
        return texts.t("kpi.of_open", share=formats.percent(totals[key] / totals["open"], 1))
    if key == "open" and totals["reported"]:
        return texts.t("kpi.of_reported", share=formats.percent(totals[key] / totals["reported"], 1))
    if key == "day_closed" and totals["day_reported"]:
        return texts.t("kpi.per_reported", share=formats.percent(totals[key] / totals["day_reported"], 0))
    return ""
