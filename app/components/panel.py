"""The frame that every panel shares: title, unit, as-of stamp, definition and body."""

import dash_mantine_components as dmc
from dash import dcc, html
from dash.development.base_component import Component

from app.components.attributes import attributes
from app.context import Context

Children = Component | str | list[Component | str] | list[Component]


def info_button(ctx: Context, title: str, definition: str) -> Component:
    """Round button that opens how a figure is defined."""
    label = ctx.texts.t("panel.definition", title=title)
    button: Component = dmc.Popover(
        [
            dmc.PopoverTarget(html.Button("i", className="info", type="button", **attributes({"aria-label": label}))),
            dmc.PopoverDropdown(
                [html.Strong(title), *(html.P(line) for line in definition.split("\n"))], className="definition"
            ),
        ],
        position="bottom-end",
        shadow="md",
        withinPortal=True,
        trapFocus=False,
        middlewares={"shift": True, "flip": True},
    )
    return button


def panel(
    ctx: Context,
    key: str,
    body: Children,
    *,
    title: str | None = None,
    tools: Children | None = None,
    unit: bool = True,
) -> Component:
    """Panel with the title, unit and definition that the catalogue has under ``panel.<key>``.

    Parameters
    ----------
    body : component or list
        What the panel shows.
    title : str, optional
        Title in place of the catalogue's.
    tools : component or list, optional
        Controls in the head, before the definition.
    unit : bool
        Whether the panel has one unit for all its figures.
    """
    texts = ctx.texts
    heading = title or texts.t(f"panel.{key}.title")
    stamp = texts.t("panel.as_of", time=ctx.stamp[5:])
    counted = html.Span(f"{texts.t(f'panel.{key}.unit')} · ", className="panel-unit") if unit else None
    return html.Section(
        [
            html.Header(
                [
                    html.H2(heading, className="panel-title"),
                    html.Span(
                        [counted, stamp], className="panel-meta", title=texts.t("panel.as_of_long", time=ctx.stamp)
                    ),
                    html.Div(tools, className="panel-tools"),
                    info_button(ctx, heading, texts.t(f"panel.{key}.definition")),
                ],
                className="panel-head",
            ),
            html.Div(body, className="panel-body"),
        ],
        className=f"panel panel-{key}",
        **attributes({"aria-label": heading}),
    )


def empty(ctx: Context, key: str, **values: object) -> Component:
    """Sentence in place of figures that there are none of; it says what would bring them."""
    return html.P(ctx.texts.t(f"empty.{key}", **values), className="empty", role="status")


def choices(links: list[tuple[str, str, bool]], label: str) -> Component:
    """Row of links, each a text, an address and whether it is the current one."""
    return html.Nav(
        [
            dcc.Link(text, href=href, className="choice current" if current else "choice")
            for text, href, current in links
        ],
        className="choices",
        **attributes({"aria-label": label}),
    )
