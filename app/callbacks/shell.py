"""The shell: which page an address shows, in which language and theme, and what of it could not be used."""

from dash import ClientsideFunction, Dash, Input, Output
from dash.development.base_component import Component

from app import ids
from app.components.header import header, not_found
from app.components.notices import notices
from app.context import read_context
from app.data import DataManager
from app.pages import building, command
from app.routes import BUILDING, COMMAND, route_of


def register(app: Dash, data: DataManager, default_language: str) -> None:
    """Wire the shell."""

    @app.callback(Output(ids.PAGE, "children"), Input(ids.URL, "pathname"))
    def _page(path: str | None) -> Component:
        route = route_of(path)
        if route.page == COMMAND:
            return command.layout()
        known = route.page == BUILDING and read_context("", data, default_language, path).building is not None
        return building.layout() if known else not_found(path or "")

    @app.callback(
        Output(ids.body(ids.HEADER), "children"),
        Output(ids.NOTICE, "children"),
        Input(ids.URL, "pathname"),
        Input(ids.URL, "search"),
    )
    def _header(path: str | None, search: str | None) -> tuple[Component, list[Component]]:
        ctx = read_context(search, data, default_language, path)
        return header(ctx), notices(ctx.notices)

    app.clientside_callback(  # type: ignore[no-untyped-call]  # Dash leaves it untyped
        ClientsideFunction("page", "dress"), Output(ids.PROVIDER, "forceColorScheme"), Input(ids.URL, "search")
    )
    app.clientside_callback(  # type: ignore[no-untyped-call]  # Dash leaves it untyped
        ClientsideFunction("page", "remember_view"), Output(ids.ROOT, "title"), Input(ids.DECK_VIEW, "data")
    )
