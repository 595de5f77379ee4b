"""The application: built from settings, nothing at import."""

from collections.abc import Callable
from http import HTTPStatus
from typing import Any

import dash_mantine_components as dmc
from dash import Dash, dcc, html
from dash.development.base_component import Component
from flask import Flask, request
from flask_caching import Cache
from flask_compress import Compress

from app import callbacks, ids
from app.api.features.routes import features_blueprint
from app.api.health import health_blueprint
from app.api.problems import register_problems
from app.api.search import search_blueprint
from app.api.security import content_policy, secure
from app.api.tables import tables_blueprint
from app.api.textures import textures_blueprint
from app.api.tiles import tiles_blueprint
from app.callbacks.failure import report
from app.components.deck import ASSETS_IGNORE, deck_scripts, register_deck_callbacks
from app.data import DataManager
from app.questions import QUESTIONS
from app.routes import BUILDING, COMMAND, route_of
from app.settings import ASSETS_DIR, Settings
from app.state import PageState, parse_search
from datastore.store import Store
from twin_model.selection import Everything

CACHE_ENTRIES = 2000
TITLE = "citydeck · 城市甲板"

INDEX = """<!DOCTYPE html>
<html lang="@lang@" data-theme="@theme@">
  <head>
    <meta charset="utf-8">
    <meta name="viewport" content="width=device-width, initial-scale=1, viewport-fit=cover">
    <meta name="color-scheme" content="dark light">
    <meta name="description" content="citydeck: 3D digital-twin command dashboard for urban management">
    <title>{%title%}</title>
    {%favicon%}
    {%css%}
    <script src="/assets/js/page_command.js"></script>
    <script src="/assets/js/page_search.js" defer></script>
    <script src="/assets/js/page_focus.js" defer></script>
    @deck@
  </head>
  <body>
    {%app_entry%}
    <noscript>citydeck 需要 JavaScript。citydeck needs JavaScript.</noscript>
    <footer>{%config%}{%scripts%}{%renderer%}</footer>
  </body>
</html>"""


class CityDash(Dash):
    """Dash whose first answer already has the language and theme of the address."""

    default_state = PageState()
    has_building: Callable[[str], bool] = staticmethod(lambda _code: False)
    """Whether there is a building of a code."""

    def index(self, *args: Any, **kwargs: Any) -> Any:  # noqa: ANN401 - as Dash takes and gives them
        """Answer of every address that nothing else answers: the shell, with 404 where there is no page."""
        shell = super().index(*args, **kwargs)  # type: ignore[no-untyped-call]  # Dash leaves it untyped
        route = route_of(request.path)
        known = route.page == COMMAND or (route.page == BUILDING and self.has_building(route.code))
        return shell if known else (shell, HTTPStatus.NOT_FOUND)

    def interpolate_index(self, **parts: Any) -> str:  # type: ignore[override]  # noqa: ANN401 - as the query takes or gives them
        """Fill the page's frame; Dash's own hook."""
        state, _ = parse_search(request.query_string.decode("utf-8", "replace"), self.default_state)
        page: str = super().interpolate_index(**parts)  # type: ignore[no-untyped-call]  # Dash leaves it untyped
        return page.replace("@lang@", state.lang, 1).replace("@theme@", state.theme, 1)


def create_app(settings: Settings, store: Store | None = None) -> CityDash:
    """Build the application.

    Parameters
    ----------
    settings : Settings
        Where the data are and how to serve them.
    store : Store, optional
        An open store in place of the one that the settings name.

    Raises
    ------
    DatastoreError
        If the store cannot be opened.
    """
    opened = store or Store.open(settings.data, read_only=True)
    server = Flask("citydeck")
    cache = Cache(
        server,
        config={
            "CACHE_TYPE": "SimpleCache",
            "CACHE_THRESHOLD": CACHE_ENTRIES,
            "CACHE_DEFAULT_TIMEOUT": settings.cache_seconds,
        },
    )
    data = DataManager(opened, cache, QUESTIONS, slow_ms=settings.slow_query_ms)
    data.warm_up("cases_by_source")
    app = CityDash(
        "citydeck",
        server=server,  # type: ignore[arg-type]  # Dash takes a Flask server, its annotation says bool
        assets_folder=str(ASSETS_DIR),
        assets_ignore=ASSETS_IGNORE,
        index_string=INDEX.replace("@deck@", deck_scripts()),
        title=TITLE,
        update_title="",
        suppress_callback_exceptions=True,
        serve_locally=True,
        enable_mcp=False,
        on_error=report,
    )
    app.default_state = PageState(lang=settings.default_language)
    app.has_building = lambda code: bool(data.query("building_by_code", Everything(), code=code).num_rows)
    app.layout = layout
    callbacks.register(app, data, settings.default_language)
    register_deck_callbacks(app)
    server.register_blueprint(health_blueprint(data))
    server.register_blueprint(tables_blueprint(data))
    server.register_blueprint(textures_blueprint(data))
    server.register_blueprint(tiles_blueprint(opened.path.parent))
    server.register_blueprint(search_blueprint(data))
    server.register_blueprint(features_blueprint(data))
    register_problems(server)
    server.config["COMPRESS_MIMETYPES"] = [
        "text/html", "text/css", "application/javascript", "text/javascript", "application/json", "image/svg+xml",
        "application/vnd.apache.arrow.stream", "application/geo+json", "application/vnd.oai.openapi+json",
    ]  # fmt: skip
    Compress(server)
    secure(server, content_policy(app.csp_hashes()))
    return app


def layout() -> Component:
    """Shell around every page."""
    shell: Component = dmc.MantineProvider(
        html.Div(
            [dcc.Location(id=ids.URL, refresh="callback-nav"), dcc.Store(id=ids.DESTINATION), html.Div(id=ids.PAGE)],
            id=ids.ROOT,
            className="root",
        ),
        id=ids.PROVIDER,
        forceColorScheme="dark",
    )
    return shell
