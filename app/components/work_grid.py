"""The table of a queue's cases: one row a case, and what to do next with it as one button."""

import json
from typing import Any

import dash_ag_grid as dag
from dash import html
from dash.development.base_component import Component

from app import ids
from app.components.area_table import GRID_THEME
from app.components.attributes import attributes
from app.desk_context import DeskContext
from app.desk_rows import FORMS, ONE_CASE
from twin_model.actor import UNIT_ROLES
from twin_model.next_step import ONLY_SYSTEM
from twin_model.workflow import TRANSITIONS, Transition

TEXT = ("class", "place", "unit", "stage_name", "source", "reported")
WIDTHS = {
    "class": (1.3, 96),
    "place": (1.9, 124),
    "unit": (1.5, 100),
    "stage_name": (0.85, 70),
    "source": (0.9, 76),
    "reported": (0.9, 96),
}
"""Share of what is left, and least width, by column."""


def work_grid(ctx: DeskContext) -> Component:
    """Grid without rows; these follow, and change under it."""
    texts = ctx.texts
    columns: list[dict[str, Any]] = [
        {
            "field": "state",
            "headerName": "",
            "cellRenderer": "DeskMark",
            "width": 40,
            "minWidth": 40,
            "maxWidth": 40,
            "headerTooltip": texts.t("column.state"),
        },
        {
            "field": "clock",
            "headerName": texts.t("column.due"),
            "cellRenderer": "DeskClock",
            "width": 114,
            "minWidth": 108,
        },
        *(_text_column(ctx, name) for name in TEXT if name != "unit" or ctx.actor.role not in UNIT_ROLES),
        {
            "field": "next",
            "headerName": texts.t("column.next"),
            "cellRenderer": "DeskNext",
            "width": 176,
            "minWidth": 88,
            "pinned": "right",
        },
    ]
    grid = dag.AgGrid(
        id=ids.WORK_GRID,
        rowData=[],
        columnDefs=columns,
        defaultColDef={
            "sortable": False,
            "resizable": True,
            "suppressMovable": True,
            "suppressHeaderMenuButton": True,
            "cellDataType": False,
        },
        dashGridOptions={
            "animateRows": False,
            "theme": {"function": GRID_THEME},
            "rowSelection": {
                "mode": "multiRow",
                "checkboxes": True,
                "headerCheckbox": True,
                "enableClickSelection": False,
            },
            "selectionColumnDef": {"width": 42, "pinned": "left", "suppressHeaderMenuButton": True},
            "suppressCellFocus": False,
            "tooltipShowDelay": 600,
            "localeText": {"noRowsToShow": texts.t("work.empty"), "loadingOoo": texts.t("panel.loading")},
        },
        getRowId="params.data.no",
        style={"height": "100%", "width": "100%"},
    )
    label = texts.t("panel.work_cases.title")
    return html.Div(grid, className="work-grid", **attributes({"aria-label": label}))


def _text_column(ctx: DeskContext, name: str) -> dict[str, Any]:
    share, least = WIDTHS[name]
    return {
        "field": name,
        "headerName": ctx.texts.t(f"column.{name}"),
        "flex": share,
        "minWidth": least,
        "tooltipField": "address" if name == "place" else name,
    }


def bulk_bar(ctx: DeskContext) -> Component:
    """Place of the buttons for several cases; the page's script fills it while rows are marked."""
    texts = ctx.texts
    words = {
        "actions": {row.action.value: texts.t(f"action.{row.action}") for row in TRANSITIONS if _is_bulk(row)},
        "forms": sorted(action.value for action in FORMS),
        "marked": texts.t("work.marked", count="{count}"),
        "none": texts.t("work.no_common"),
        "clear": texts.t("work.unmark"),
        "each": texts.t("work.each_next"),
        "one": texts.t("work.bulk_one", action="{action}", count="{count}"),
        "many": texts.t("work.bulk_many", action="{action}", count="{count}"),
    }
    told: dict[str, str | None] = {"data-words": json.dumps(words, ensure_ascii=False), "aria-live": "polite"}
    return html.Div(id=ids.WORK_BULK, className="bulk", role="toolbar", **attributes(told))


def _is_bulk(row: Transition) -> bool:
    return bool(row.start) and row.action not in ONLY_SYSTEM | ONE_CASE
