"""Panel of the sensing sources with counts, share and freshness."""

from collections.abc import Collection, Sequence

from dash import html
from dash.development.base_component import Component

from app import formats, ids
from app.components.attributes import attributes
from app.components.live import FIGURE, drawn_from, live_bar, live_figure
from app.components.panel import empty, panel
from app.context import Context, Row
from twin_model.area import AreaLevel

SMALL_SHARE = 0.01
"""Shares below this one are written with three digits, so that they do not round away."""
ALWAYS_SHOWN = ("COLLECTOR", "VIDEO", "SATELLITE", "DUTY_EMERGENCY", "PUBLIC", "DATA_IOT", "ASSESSMENT")
"""The six-in-one sources and assessment, shown even before their first case; others appear with their first one."""


def sources_panel(ctx: Context, rows: Sequence[Row], connected: Collection[str]) -> Component:
    """List the sources of the area in focus, the largest first, with the machine-discovered share under them.

    Parameters
    ----------
    rows : sequence of mapping
        Rows of the question ``cases_by_source`` for the area.
    connected : collection of str
        Codes of the sources that have a case anywhere.
    """
    total = sum(row["reported"] for row in rows)
    shown = [row for row in rows if row["code"] in ALWAYS_SHOWN or row["reported"]]
    if not shown:
        return panel(ctx, "sources", empty(ctx, "sources"))
    shown.sort(key=lambda row: (-row["reported"], row["source_id"]))
    return panel(
        ctx,
        "sources",
        [
            html.Ul(
                [_row(ctx, row, total, connected=ctx.meta.live or row["code"] in connected) for row in shown],
                className="sources",
                **attributes(drawn_from(ctx)),
            ),
            _machine(ctx, rows, total),
        ],
    )


def _row(ctx: Context, row: Row, total: int, *, connected: bool) -> Component:
    texts = ctx.texts
    # A pending record has no area yet: what waits is told of the whole district only.
    whole = ctx.level is AreaLevel.DISTRICT
    pending = (row.get("feed_records") or 0) if whole else 0
    live = row["reported"] > 0
    share = row["reported"] / total if total else 0.0
    note = formats.freshness(row["last_reported_at"], ctx.as_of, texts) if live else texts.t("sources.no_feed")
    if not connected and pending:
        note = texts.t("sources.pending", count=formats.number(pending))
    chosen = f"source({row['code']})"
    active = ctx.state.filter == chosen
    cells = [
        html.Span(className="dot on" if live else "dot", **attributes({"aria-hidden": "true"})),
        html.Span(texts.name(row), className="source-name"),
        html.Span(
            formats.number(row["reported"]) if connected else texts.t("sources.not_connected"),
            className="figure",
            **attributes(live_figure(f"sources.{row['code']}.0")),
        ),
        html.Span(
            formats.percent(share, 3 if share < SMALL_SHARE else 1) if live else "",
            className="figure share",
            **attributes(live_figure(f"sources.{row['code']}.1", "share")),
        ),
        html.Span(note, className="source-note"),
        html.Span(
            className="bar",
            style={"--share": f"{share:.5f}"},
            **attributes({"aria-hidden": "true", **live_bar(f"sources.{row['code']}.1")}),
        ),
    ]
    if not live:
        return html.Li(html.Div(cells, className="source idle"))
    return html.Li(
        html.Button(
            cells,
            id=ids.switch("filter", "" if active else chosen),
            className="source on" if active else "source",
            title=texts.t("sources.filter"),
            **attributes({"aria-pressed": str(active).lower()}),
        )
    )


def _machine(ctx: Context, rows: Sequence[Row], total: int) -> Component:
    found = sum(row["reported"] for row in rows if row["proactive"])
    texts = ctx.texts
    return html.P(
        [
            html.Span(texts.t("sources.machine")),
            html.Strong(
                formats.percent(found / total if total else None, 3),
                className="figure",
                **attributes(live_figure("machine.1", "percent:3")),
            ),
            html.Span(
                texts.t("sources.machine_count", count=formats.number(found)),
                className="muted",
                **attributes(live_figure("machine.0", text=texts.t("sources.machine_count", count=FIGURE))),
            ),
        ],
        className="machine",
        **attributes(drawn_from(ctx)),
    )
