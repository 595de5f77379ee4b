"""Strip of headline figures."""

from dash import html
from dash.development.base_component import Component

from app import formats
from app.components.attributes import attributes
from app.components.live import FIGURE, Marks, drawn_from, live_figure
from app.components.panel import info_button
from app.components.status import SHAPES
from app.context import Context, Row
from twin_model.area import AreaLevel
from twin_model.case import CaseState

PUBLISHED = {"reported": 2_040_552, "closed": 1_857_530, "closing_rate": 0.910308}
"""Totals of the published account of the Haidian platform: a reference beside the simulated ones, never a target."""
OF_DAY = ("day_reported", "day_closed")
REFERENCES = {
    "due_soon": ("of_open", "open", 1),
    "overdue": ("of_open", "open", 1),
    "open": ("of_reported", "reported", 1),
    "day_closed": ("per_reported", "day_reported", 0),
}
"""What a figure is told as a share of: text, the whole, digits of the percentage."""


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
                    html.H2(texts.t(f"kpi.group.{_group(ctx, key)}", day=day), className="kpi-group-title"),
                    html.Dl(tiles, className="kpi-tiles"),
                ],
                className=f"kpi-group kpi-{key}",
            )
            for key, tiles in groups
        ]
        + [html.Div(info_button(ctx, texts.t("panel.kpis.title"), "\n".join(definition)), className="kpi-info")],
        className="panel kpis",
        **attributes({"aria-label": texts.t("panel.kpis.title"), **drawn_from(ctx)}),
    )


def _group(ctx: Context, key: str) -> str:
    return "today" if key == "day" and ctx.meta.live else key


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
                [
                    html.Span(shown, **attributes(live_figure(f"totals.{key}", "percent:2" if rate else "number"))),
                    html.Span("" if rate or value is None else texts.t("unit.cases"), className="unit"),
                ],
                className=f"value {key}",
            ),
            html.Dd(
                _reference(ctx, totals, key, published=published),
                className="reference",
                **attributes({} if published else _live_reference(ctx, key)),
            ),
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
    text, whole, digits = REFERENCES.get(key, ("", "", 0))
    if not whole or not totals[whole]:
        return ""
    return texts.t(f"kpi.{text}", share=formats.percent(totals[key] / totals[whole], digits))


def _live_reference(ctx: Context, key: str) -> Marks:
    text, whole, digits = REFERENCES.get(key, ("", "", 0))
    words = ctx.texts.t(f"kpi.{text}", share=FIGURE) if text else ""
    return live_figure(f"totals.{key}/totals.{whole}", f"percent:{digits}", words) if text else {}
