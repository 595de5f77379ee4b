"""The shell: which page an address shows, in which language and theme, and what of it could not be used."""

from dash import ClientsideFunction, Dash, Input, Output, State
from dash.development.base_component import Component

from app import ids
from app.components.header import header, not_found
from app.components.notices import notices
from app.components.work_header import work_header
from app.context import read_context
from app.desk_case import record_of_case
from app.desk_context import DeskContext, Office, read_desk
from app.pages import building, case, cases, command
from app.routes import AT_WORK, BUILDING, CASE, CASES, COMMAND, route_of
from datastore.errors import UnknownCaseError


def page_of(path: str | None, search: str | None, office: Office) -> Component:
    """Page of an address, its panels yet to be drawn."""
    route = route_of(path)
    if route.page == COMMAND:
        return command.layout()
    if route.page == CASES:
        return cases.layout(read_desk(search, office, path))
    if route.page == CASE:
        return case_of(read_desk(search, office, path))
    known = route.page == BUILDING and read_context("", office.data, office.default_language, path).building is not None
    return building.layout() if known else not_found(path or "")


def case_of(ctx: DeskContext) -> Component:
    """Page of a case, or of there being none."""
    try:
        record_of_case(ctx, ctx.route.code)
    except UnknownCaseError:
        return case.unknown(ctx)
    return case.layout(ctx)


def head_of(path: str | None, search: str | None, office: Office) -> tuple[Component, list[Component]]:
    """Head of a page, and what of its address could not be used."""
    if route_of(path).page in AT_WORK:
        desk = read_desk(search, office, path)
        return work_header(desk), notices(desk.notices)
    ctx = read_context(search, office.data, office.default_language, path)
    return header(ctx), notices(ctx.notices)


def register_pages(app: Dash, office: Office) -> None:
    """Wire the page and its head to the address."""

    @app.callback(Output(ids.PAGE, "children"), Input(ids.URL, "pathname"), State(ids.URL, "search"))
    def _page(path: str | None, search: str | None) -> Component:
        return page_of(path, search, office)

    @app.callback(
        Output(ids.body(ids.HEADER), "children"),
        Output(ids.NOTICE, "children"),
        Input(ids.URL, "pathname"),
        Input(ids.URL, "search"),
    )
    def _header(path: str | None, search: str | None) -> tuple[Component, list[Component]]:
        return head_of(path, search, office)


def register(app: Dash) -> None:
    """Wire what the page's script does by itself."""
    app.clientside_callback(  # type: ignore[no-untyped-call]  # Dash leaves it untyped
        ClientsideFunction("page", "dress"), Output(ids.PROVIDER, "forceColorScheme"), Input(ids.URL, "search")
    )
    app.clientside_callback(  # type: ignore[no-untyped-call]  # Dash leaves it untyped
        ClientsideFunction("page", "remember_view"), Output(ids.ROOT, "title"), Input(ids.DECK_VIEW, "data")
    )
