"""The workbench: what its panels show, following the address, what was done here, and what happens elsewhere."""

from collections.abc import Callable
from typing import Any

from dash import ALL, ClientsideFunction, Dash, Input, Output, State, no_update
from dash.development.base_component import Component

from app import ids
from app.components.work_brief import no_brief, unknown_brief, work_brief
from app.components.work_filters import work_filters, work_pages
from app.components.work_queues import work_queues
from app.desk_case import view_of
from app.desk_context import DeskContext, Office, read_desk
from app.desk_rows import records
from app.routes import CASES, route_of
from datastore.errors import UnknownCaseError

Anything = Any
"""Whatever Dash takes as an answer."""


def draw_brief(ctx: DeskContext) -> Component:
    """Draw the case in front, or say why there is none."""
    number = ctx.state.sel or first_of(ctx)
    if not number:
        return no_brief(ctx)
    try:
        return work_brief(ctx, view_of(ctx, number))
    except UnknownCaseError:
        return unknown_brief(ctx, ctx.texts.t("work.unknown_case", number=number))


def first_of(ctx: DeskContext) -> str:
    """Give the number of the first case of the queue's page in front, or ``""``."""
    rows = ctx.rows()
    return str(rows[0]["case_no"]) if rows else ""


def draw_rows(ctx: DeskContext) -> tuple[list[dict[str, Any]], list[Component]]:
    """Rows of the queue in front, and how many there are of them."""
    rows = ctx.rows()
    matching = rows[0]["matching"] if rows else 0
    return records(ctx, rows), work_pages(ctx, matching)


def draw_filters(ctx: DeskContext) -> list[Component]:
    """Draw the controls that narrow the queue down."""
    if ctx.queue is None:
        return []
    choices = ctx.query("desk_queue_choices", scope=ctx.scope, queue=ctx.queue, as_of=ctx.now).to_pylist()
    return work_filters(ctx, choices)


def register(app: Dash, office: Office) -> None:
    """Wire the workbench."""
    _register_client(app)
    tick = (Input(ids.LIVE_TICK, "data"), Input(ids.WORK_TOLD, "data"))

    def at_cases(path: str | None, search: str | None, draw: Callable[[DeskContext], Any]) -> Any:  # noqa: ANN401
        return draw(read_desk(search, office, path)) if route_of(path).page == CASES else no_update

    @app.callback(
        Output(ids.body(ids.WORK_QUEUES), "children"),
        Input(ids.WORK_QUERY, "data"),
        *tick,
        State(ids.URL, "pathname"),
    )
    def _queues(search: str | None, _live: Anything, _told: Anything, path: str | None) -> Anything:
        return at_cases(path, search, lambda ctx: work_queues(ctx, ctx.counts())) if search is not None else no_update

    @app.callback(
        Output(ids.body(ids.WORK_FILTERS), "children"), Input(ids.WORK_QUERY, "data"), State(ids.URL, "pathname")
    )
    def _filters(search: str | None, path: str | None) -> Anything:
        return at_cases(path, search, draw_filters) if search is not None else no_update

    @app.callback(
        Output(ids.WORK_GRID, "rowData"),
        Output(ids.body(ids.WORK_PAGES), "children"),
        Input(ids.WORK_QUERY, "data"),
        *tick,
        State(ids.URL, "pathname"),
    )
    def _rows(search: str | None, _live: Anything, _told: Anything, path: str | None) -> Anything:
        if search is None or route_of(path).page != CASES:
            return no_update, no_update
        return draw_rows(read_desk(search, office, path))

    @app.callback(
        Output(ids.body(ids.WORK_BRIEF), "children"), Input(ids.URL, "search"), *tick, State(ids.URL, "pathname")
    )
    def _brief(search: str | None, _live: Anything, _told: Anything, path: str | None) -> Anything:
        return at_cases(path, search, draw_brief)


def _register_client(app: Dash) -> None:
    """Wire what the page's script does by itself."""
    app.clientside_callback(  # type: ignore[no-untyped-call]  # Dash leaves it untyped
        ClientsideFunction("desk", "query"),
        Output(ids.WORK_QUERY, "data"),
        Input(ids.URL, "search"),
        State(ids.WORK_QUERY, "data"),
    )
    app.clientside_callback(  # type: ignore[no-untyped-call]  # as above
        ClientsideFunction("desk", "narrow"),
        Output(ids.PAGE, "title"),
        Input(ids.work_filter(ALL), "value"),  # type: ignore[arg-type]  # Dash's wildcard
        State(ids.work_filter(ALL), "id"),  # type: ignore[arg-type]  # as above
        prevent_initial_call=True,
    )
    app.clientside_callback(  # type: ignore[no-untyped-call]  # as above
        ClientsideFunction("desk", "look_for"),
        Output(ids.WORK_SEARCH, "title"),
        Input(ids.WORK_SEARCH, "value"),
        prevent_initial_call=True,
    )
    app.clientside_callback(  # type: ignore[no-untyped-call]  # as above
        ClientsideFunction("desk", "rows"),
        Output(ids.WORK_CARDS, "title"),
        Input(ids.WORK_GRID, "rowData"),
        Input(ids.WORK_GRID, "selectedRows"),
    )
