"""The table that equals the buildings on the map: those of the area in focus that meet the conditions."""

from collections.abc import Sequence
from typing import Any

import dash_ag_grid as dag
from dash import html
from dash.development.base_component import Component

from app import formats, ids
from app.components.area_table import GRID_THEME
from app.components.building_words import building_name, use_words
from app.components.panel import empty, panel
from app.components.table_choices import table_choices
from app.context import Context, Row

MAX_ROWS = 500
"""Buildings in the table; the conditions narrow down to those that are looked for."""
CASES = ("open", "overdue", "recent", "reported")


def building_table(ctx: Context, rows: Sequence[Row]) -> Component | None:
    """Grid over the map while the address asks for it, else nothing.

    Parameters
    ----------
    rows : sequence of mapping
        Rows of the question ``buildings_ranked``.
    """
    if ctx.state.panel != "buildings":
        return None
    tools = table_choices(ctx)
    shown = [row for row in rows if row["code"]]
    if not shown:
        return panel(ctx, "buildings", empty(ctx, "buildings"), tools=tools)
    texts = ctx.texts
    columns: list[dict[str, Any]] = [
        {
            "field": "name", "headerName": texts.t("table.building"), "pinned": "left", "flex": 2, "minWidth": 230,
            "cellRenderer": "markdown",
        },
        *(_number(ctx, key, texts.t(f"table.{key}"), "d3.format(',')") for key in CASES),
        {"field": "use", "headerName": texts.t("building.use"), "flex": 1, "minWidth": 84},
        _number(ctx, "height_m", texts.t("table.height"), "d3.format(',.1f')"),
        {"field": "height_source", "headerName": texts.t("building.height_source"), "flex": 1, "minWidth": 84},
        _number(ctx, "storeys", texts.t("building.storeys"), "d3.format(',')"),
        {"field": "lod", "headerName": "LoD", "flex": 1, "minWidth": 60, "maxWidth": 84},
        {"field": "code", "headerName": texts.t("table.code"), "flex": 2, "minWidth": 170},
    ]  # fmt: skip
    grid = dag.AgGrid(
        id=ids.BUILDING_TABLE,
        rowData=[_record(ctx, row) for row in shown],
        columnDefs=columns,
        defaultColDef={"sortable": True, "resizable": True, "suppressMovable": True},
        dashGridOptions={"animateRows": False, "suppressCellFocus": False, "theme": {"function": GRID_THEME}},
        getRowId="params.data.code",
        columnSize="responsiveSizeToFit",
        style={"height": "100%", "width": "100%"},
    )
    matching, of = shown[0]["matching"], shown[0]["buildings"]
    said = texts.t(
        "buildings.shown", n=formats.number(len(shown)), matching=formats.number(matching), of=formats.number(of)
    )
    note = html.P(said, className="muted table-note")
    return panel(ctx, "buildings", [note, html.Div(grid, className="area-grid")], tools=tools)


def _record(ctx: Context, row: Row) -> dict[str, Any]:
    texts = ctx.texts
    return {key: row[key] for key in ("code", "height_m", "storeys", *CASES)} | {
        "name": f"[{_escaped(building_name(ctx, row))}]({ctx.href_building(row['code'])})",
        "use": use_words(texts, row),
        "height_source": texts.t(f"height.{row['height_source']}"),
        "lod": row["lod"] or "1",
    }


def _escaped(text: str) -> str:
    """Text as markdown shows it unchanged."""
    return "".join(f"\\{character}" if character in r"\`*_{}[]()<>#+-.!|~&" else character for character in text)


def _number(ctx: Context, key: str, name: str, shown: str) -> dict[str, Any]:
    return {
        "field": key,
        "headerName": name,
        "type": "numericColumn",
        "flex": 1,
        "minWidth": 76,
        "sort": "desc" if key == ctx.state.metric else None,
        "valueFormatter": {"function": f"params.value == null ? '–' : {shown}(params.value)"},
    }
