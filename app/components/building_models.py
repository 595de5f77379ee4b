"""Panel of a building's shapes: one row for each level of detail, with what is known of its mesh."""

from collections.abc import Sequence
from typing import Any

from dash import dcc, html
from dash.development.base_component import Component

from app import formats
from app.components.building_view import BLOCK, lod_of
from app.components.building_words import reasons
from app.components.panel import panel
from app.context import Context, Row

COLUMNS = ("lod", "faces", "volume", "closed", "state")


def building_models(ctx: Context, building: Row, lods: Sequence[Row]) -> Component:
    """Table of the shapes; the row in front is the one in view, and another leads to its own.

    Parameters
    ----------
    lods : sequence of mapping
        Rows of the question ``building_lods``.
    """
    texts = ctx.texts
    chosen = lod_of(ctx, building)
    rows = [_row(ctx, row, current=row["lod"] == chosen) for row in lods]
    if not any(row["lod"].startswith("1") for row in lods):
        rows.insert(sum(row["lod"].startswith("0") for row in lods), _block(ctx, building, current=chosen == ""))
    head = html.Thead(html.Tr([html.Th(texts.t(f"mesh.{key}"), scope="col") for key in COLUMNS]))
    table = html.Table([head, html.Tbody(rows)], className="models")
    return panel(ctx, "building_models", html.Div(table, className="scroll", tabIndex=0), unit=False)


def _row(ctx: Context, row: Row, *, current: bool) -> Component:
    texts = ctx.texts
    closed = texts.t("mesh.closed_yes" if row["watertight"] else "mesh.closed_no")
    why = reasons(texts, row["reason"])
    state = [texts.t(f"mesh.states.{row['state']}"), html.Span(why, className="note") if why else None]
    # An outline lies flat: there is nothing to see of it in three dimensions, and nothing to close.
    flat = row["lod"].startswith("0")
    lod = row["lod"] if flat else dcc.Link(row["lod"], href=ctx.href(lod=row["lod"]), className="link")
    cells = [
        lod,
        formats.number(row["faces"]),
        formats.cubic_metres(row["volume_m3"]),
        formats.NO_VALUE if flat else closed,
        state,
    ]
    return _cells(cells, current=current)


def _block(ctx: Context, building: Row, *, current: bool) -> Component:
    texts = ctx.texts
    volume = (building["footprint_m2"] or 0.0) * (building["height_m"] or 0.0)
    link = dcc.Link("1", href=ctx.href(lod=BLOCK), className="link")
    words = [texts.t("mesh.block")]
    cells = [link, formats.NO_VALUE, formats.cubic_metres(volume), texts.t("mesh.closed_yes"), words]
    return _cells(cells, current=current)


def _cells(cells: list[Any], *, current: bool) -> Component:
    shown = [html.Td(cell, className=f"mesh-{key}") for key, cell in zip(COLUMNS, cells, strict=True)]
    return html.Tr(shown, className="current" if current else "")
