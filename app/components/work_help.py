"""The keys of the workbench, in a popover."""

import dash_mantine_components as dmc
from dash import html
from dash.development.base_component import Component

from app.components.attributes import attributes
from app.desk_context import DeskContext
from app.routes import CASES

QUEUE_KEYS = (("J ↓", "down"), ("K ↑", "up"), ("Enter", "open"), ("A", "act"), ("Space", "mark"), ("/", "search"))
CASE_KEYS = (("A", "act"), ("B", "back"))
COMMON_KEYS = (("?", "help"), ("Esc", "close"))


def help_button(ctx: DeskContext) -> Component:
    """Button that tells the keys of the page."""
    texts = ctx.texts
    keys = (*(QUEUE_KEYS if ctx.route.page == CASES else CASE_KEYS), *COMMON_KEYS)
    rows = [
        html.Div([html.Dt(html.Kbd(key)), html.Dd(texts.t(f"keys.{name}"))], className="pair") for key, name in keys
    ]
    label = texts.t("keys.title")
    button: Component = dmc.Popover(
        [
            dmc.PopoverTarget(
                html.Button(
                    "?", className="switch help", type="button", **attributes({"aria-label": label, "data-key": "help"})
                )
            ),
            dmc.PopoverDropdown(
                [html.Strong(label), html.Dl(rows, className="pairs keys-list")], className="definition"
            ),
        ],
        position="bottom-end",
        shadow="md",
        withinPortal=True,
        trapFocus=False,
    )
    return button
