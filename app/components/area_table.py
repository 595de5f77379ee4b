"""The table that equals the map: every area and figure that the map shows, sortable."""

from collections.abc import Sequence
from typing import Any

import dash_ag_grid as dag
from dash import html
from dash.development.base_component import Component

from app import ids
from app.components.header import spoken_name
from app.components.panel import empty, panel
from app.components.table_choices import table_choices
from app.context import Context, Row

GRID_THEME = """themeQuartz.withParams({
    backgroundColor: 'transparent', foregroundColor: 'var(--text)', headerBackgroundColor: 'var(--panel-raised)',
    headerTextColor: 'var(--text-muted)', borderColor: 'var(--line)', rowHoverColor: 'var(--hover)',
    accentColor: 'var(--accent)', fontFamily: 'inherit', fontSize: 'var(--text-sm)',
    headerFontSize: 'var(--text-xs)', rowHeight: 'var(--row)', headerHeight: 'var(--row)',
    cellHorizontalPadding: '0.6rem', wrapperBorder: 'none', chromeBackgroundColor: 'var(--panel-solid)'})"""
"""AG Grid's look, made of the page's tokens."""
FIGURES = ("reported", "closed", "open", "overdue", "closing_rate", "day_reported", "population")


def area_table(ctx: Context, rows: Sequence[Row]) -> Component | None:
    """Grid over the map while the address asks for it, else nothing."""
    if ctx.state.panel != "table":
        return None
    if not rows:
        return panel(ctx, "table", empty(ctx, "areas"), tools=table_choices(ctx))
    texts = ctx.texts
    columns: list[dict[str, Any]] = [
        {"field": "name", "headerName": texts.t("table.name"), "pinned": "left", "flex": 2, "minWidth": 120},
        {"field": "code", "headerName": texts.t("table.code"), "flex": 1, "minWidth": 110},
        *(_figure_column(ctx, key) for key in FIGURES),
    ]
    grid = dag.AgGrid(
        id=ids.AREA_TABLE,
        rowData=[_record(ctx, row) for row in rows],
        columnDefs=columns,
        defaultColDef={"sortable": True, "resizable": True, "suppressMovable": True},
        dashGridOptions={"animateRows": False, "suppressCellFocus": False, "theme": {"function": GRID_THEME}},
        getRowId="params.data.code",
        columnSize="responsiveSizeToFit",
        style={"height": "100%", "width": "100%"},
    )
    return panel(ctx, "table", html.Div(grid, className="area-grid"), tools=table_choices(ctx))


def _record(ctx: Context, row: Row) -> dict[str, Any]:
    record = {key: row[key] for key in ("code", *FIGURES)}
    return record | {"name": spoken_name(ctx, {**row, "level": ctx.ranked_level})}


def _figure_column(ctx: Context, key: str) -> dict[str, Any]:
    shown = "d3.format('.1%')" if key == "closing_rate" else "d3.format(',')"
    return {
        "field": key,
        "headerName": ctx.texts.t(f"table.{key}"),
        "type": "numericColumn",
        "flex": 1,
        "minWidth": 84,
        "sort": "desc" if key == "open" else None,
        "valueFormatter": {"function": f"params.value == null ? '–' : {shown}(params.value)"},
    }
