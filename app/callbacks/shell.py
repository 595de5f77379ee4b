"""The shell: which page an address shows, in which language and theme, and what of it could not be used."""

from dash import ClientsideFunction, Dash, Input, Output
from dash.development.base_component import Component

from app import ids
from app.components.header import header, not_found
from app.components.notices import notices
from app.context import read_context
from app.data import DataManager
from app.pages import command

COMMAND_PATHS = (None, "", "/", "/command", "/command/")


def register(app: Dash, data: DataManager, default_language: str) -> None:
    """Wire the shell."""

    @app.callback(Output(ids.PAGE, "children"), Input(ids.URL, "pathname"))
    def _page(path: str | None) -> Component:
        return command.layout() if path in COMMAND_PATHS else not_found(path or "")

    @app.callback(Output(ids.body(ids.HEADER), "children"), Output(ids.NOTICE, "children"), Input(ids.URL, "search"))
    def _header(search: str | None) -> tuple[Component, list[Component]]:
        ctx = read_context(search, data, default_language)
        return header(ctx), notices(ctx.notices)

    app.clientside_callback(  # type: ignore[no-untyped-call]  # Dash leaves it untyped
        ClientsideFunction("page", "dress"), Output(ids.PROVIDER, "forceColorScheme"), Input(ids.URL, "search")
    )
    app.clientside_callback(  # type: ignore[no-untyped-call]  # Dash leaves it untyped
        ClientsideFunction("page", "remember_view"), Output(ids.ROOT, "title"), Input(ids.DECK_VIEW, "data")
    )
