"""Controls that narrow a queue down and order it."""

from collections.abc import Mapping, Sequence
from typing import Any

import dash_mantine_components as dmc
from dash import dcc, html
from dash.development.base_component import Component

from app import formats, ids
from app.components.attributes import attributes
from app.desk_context import PAGE_ROWS, DeskContext
from app.workbench_state import MAX_TEXT
from datastore.queries.desk_queue_cases import SORTS

DIMENSIONS = (("case_class", "class"), ("street", "street"), ("unit", "unit"), ("source", "source"))
"""Fields of the state, and the dimension of the question ``desk_queue_choices`` that each narrows."""


def work_search(ctx: DeskContext) -> Component:
    """Field for words that are looked for; it stays while the queue is drawn anew."""
    told: dict[str, str | None] = {
        "aria-label": ctx.texts.t("work.search_label"),
        "data-label": ctx.texts.t("work.search_label"),
    }
    field = dcc.Input(
        id=ids.WORK_SEARCH,
        type="text",
        value=ctx.state.q,
        debounce=0.35,
        placeholder=ctx.texts.t("work.search"),
        autoComplete="off",
        spellCheck=False,
        maxLength=MAX_TEXT,
        className="search-text",
    )
    return html.Div(
        field, className="search work-search", role="search", title=ctx.texts.t("work.search_long"), **attributes(told)
    )


def work_filters(ctx: DeskContext, choices: Sequence[Mapping[str, Any]]) -> list[Component]:
    """Draw the controls.

    Parameters
    ----------
    choices : sequence of mapping
        Rows of the question ``desk_queue_choices``.
    """
    made = [_select(ctx, name, dimension, choices) for name, dimension in DIMENSIONS]
    sorts = [{"value": key, "label": ctx.texts.t(f"sort.{key}")} for key in SORTS]
    made.append(_control(ctx, "sort", sorts, ctx.state.sort, clearable=False))
    if ctx.state.is_narrowed:
        clear = dcc.Link(
            ctx.texts.t("work.clear"),
            href=ctx.href(case_class="", street="", source="", unit="", q="", page=1),
            className="switch clear",
        )
        made.append(clear)
    return made


def _select(ctx: DeskContext, name: str, dimension: str, choices: Sequence[Mapping[str, Any]]) -> Component:
    rows = [row for row in choices if row["dimension"] == dimension]
    data = [{"value": row["code"], "label": f"{ctx.texts.name(row)} · {formats.number(row['cases'])}"} for row in rows]
    chosen = getattr(ctx.state, name)
    if chosen and chosen not in {row["code"] for row in rows}:
        kind = "area" if dimension == "street" else dimension
        data.append({"value": chosen, "label": f"{ctx.name(kind, chosen)} · 0"})
    return _control(ctx, name, data, chosen or None, clearable=True)


def _control(
    ctx: DeskContext, name: str, data: list[dict[str, str]], value: str | None, *, clearable: bool
) -> Component:
    label = ctx.texts.t(f"filter.{name}")
    control: Component = dmc.Select(
        id=ids.work_filter(name),
        data=data,
        value=value,
        placeholder=label,
        searchable=clearable,
        clearable=clearable,
        allowDeselect=clearable,
        size="xs",
        className=f"filter filter-{name}",
        comboboxProps={"withinPortal": True, "position": "bottom-start", "width": "max-content"},
        maxDropdownHeight=380,
        nothingFoundMessage=ctx.texts.t("search.none"),
        **attributes({"aria-label": label}),
    )
    return control


def work_pages(ctx: DeskContext, matching: int) -> list[Component]:
    """Say how many cases there are, and links to their other pages."""
    texts, page = ctx.texts, ctx.state.page
    last = max((matching + PAGE_ROWS - 1) // PAGE_ROWS, 1)
    first = (page - 1) * PAGE_ROWS + 1
    said = (
        texts.t(
            "work.shown",
            first=formats.number(first),
            last=formats.number(min(first + PAGE_ROWS - 1, matching)),
            all=formats.number(matching),
        )
        if matching
        else texts.t("work.none_shown")
    )
    if last == 1:
        return [html.Span(said, className="muted", role="status")]
    steps = (("first", 1), ("before", page - 1), ("after", page + 1), ("last", last))
    return [
        html.Span(said, className="muted", role="status"),
        html.Nav(
            [_step(ctx, key, to, usable=1 <= to <= last and to != page) for key, to in steps],
            className="page-steps",
            **attributes({"aria-label": texts.t("work.pages")}),
        ),
    ]


def _step(ctx: DeskContext, key: str, to: int, *, usable: bool) -> Component:
    words, title = ctx.texts.t(f"page.{key}"), ctx.texts.t(f"page_long.{key}")
    if not usable:
        return html.Span(words, className="switch small off", **attributes({"aria-hidden": "true"}))
    return dcc.Link(words, href=ctx.href(page=to, sel=""), className="switch small", title=title)
