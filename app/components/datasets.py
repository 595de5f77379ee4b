"""Table of the data sets: where each comes from, and the CIM level that it reaches and no more."""

from collections.abc import Sequence

from dash import html
from dash.development.base_component import Component

from app import formats
from app.components.building_words import cim_words
from app.components.panel import empty, panel
from app.components.table_choices import table_choices
from app.context import Context, Row
from twin_model.cim import CimLevel

COLUMNS = ("dataset", "kind", "rows", "lod", "cim", "crs", "licence", "source")


def datasets_panel(ctx: Context, levels: Sequence[tuple[Row, CimLevel]]) -> Component | None:
    """List the data sets with their levels while the address asks for them, else nothing.

    Parameters
    ----------
    levels : sequence of (mapping, CimLevel)
        Rows of the question ``dataset_levels``, each with its level.
    """
    if ctx.state.panel != "datasets":
        return None
    if not levels:
        return panel(ctx, "datasets", empty(ctx, "datasets"), tools=table_choices(ctx), unit=False)
    texts = ctx.texts
    head = html.Thead(html.Tr([html.Th(texts.t(f"datasets.{key}"), scope="col") for key in COLUMNS]))
    body = html.Tbody([_row(ctx, row, level) for row, level in levels])
    note = html.P(texts.t("datasets.reading"), className="muted datasets-note")
    table = html.Div(html.Table([head, body], className="datasets"), className="scroll", tabIndex=0)
    return panel(ctx, "datasets", [table, note], tools=table_choices(ctx), unit=False)


def _row(ctx: Context, row: Row, level: CimLevel) -> Component:
    texts = ctx.texts
    badge = html.Span(texts.t("header.demo"), className="badge") if row["simulated"] else None
    version = texts.t("datasets.version", version=row["version"], day=formats.minute(row["imported_at"], ctx.zone)[:10])
    cells = [
        [html.Strong(row["title"] or row["name"]), badge, html.Span(version, className="note")],
        texts.word(f"datasets.kinds.{row['kind']}", row["kind"]),
        html.Span(formats.number(row["rows"]), className="figure"),
        level.lod or formats.NO_VALUE,
        [html.Strong(cim_words(texts, level)), html.Span(texts.t(f"cim.basis.{level.basis}"), className="note")],
        row["crs"] or formats.NO_VALUE,
        row["licence"] or formats.NO_VALUE,
        [row["source"] or formats.NO_VALUE, html.Span(row["note"] or "", className="note")],
    ]
    named = zip(COLUMNS, cells, strict=True)
    return html.Tr([html.Td(cell, className=f"dataset-{key}") for key, cell in named])
