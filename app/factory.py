"""The application: built from settings, nothing at import."""

from collections.abc import Callable
from datetime import UTC, datetime
from http import HTTPStatus
from typing import Any

import dash_mantine_components as dmc
from dash import Dash, dcc, html
from dash.development.base_component import Component
from flask import Flask, abort, request
from flask_caching import Cache
from flask_compress import Compress

from app import callbacks, ids
from app.api.candidates import candidates_blueprint
from app.api.cases import cases_blueprint
from app.api.features.routes import features_blueprint
from app.api.health import health_blueprint
from app.api.intake import intake_blueprint
from app.api.live import LIVE_PATH, live_blueprint
from app.api.login import login_blueprint
from app.api.open311.routes import open311_blueprint
from app.api.openapi import openapi_blueprint
from app.api.photos import photos_blueprint
from app.api.problems import INTERFACES, register_problems
from app.api.rules import rules_blueprint
from app.api.search import search_blueprint
from app.api.security import content_policy, secure
from app.api.tables import tables_blueprint
from app.api.textures import textures_blueprint
from app.api.tiles import tiles_blueprint
from app.callbacks.failure import report
from app.components.deck import ASSETS_IGNORE, deck_scripts, register_deck_callbacks
from app.data import DataManager
from app.desk_context import Office
from app.identity import Identities
from app.live.figures import FiguresOf
from app.live.handover import Handover
from app.live.panel_figures import figures_of
from app.live.service import Live, start_live
from app.questions import QUESTIONS
from app.routes import BUILDING, CASE, CASES, COMMAND, route_of
from app.settings import ASSETS_DIR, Settings
from app.state import PageState, parse_search
from datastore.desk.desk import Desk
from datastore.store import Store
from twin_model.selection import Everything

CACHE_ENTRIES = 2000
TITLE = "citydeck · 城市甲板"
MAX_REQUEST = 160 << 20
"""Bytes of any request: the photos of one form of the workbench, as text. Interfaces take less."""

INDEX = """<!DOCTYPE html>
<html lang="@lang@" data-theme="@theme@" data-live="@live@" data-zone="@zone@">
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
    <script src="/assets/js/desk_clock.js"></script>
    <script src="/assets/js/desk_grid.js"></script>
    <script src="/assets/js/desk_page.js"></script>
    <script src="/assets/js/desk_keys.js" defer></script>
    <script type="module" src="/assets/js/live_status.js"></script>
    <script type="module" src="/assets/js/live_figures.js"></script>
    <script type="module" src="/assets/js/live_cases.js"></script>
    <script type="module" src="/assets/js/live_tick.js"></script>
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
    zone = "UTC"
    """Time zone of the city, for the moments that scripts write."""
    has_building: Callable[[str], bool] = staticmethod(lambda _code: False)
    """Whether there is a building of a code."""
    has_case: Callable[[str], bool] = staticmethod(lambda _no: False)
    """Whether there is a case of a number."""
    live: Live | None = None
    """Push to the open pages; None where nothing is written while they are served."""

    def index(self, *args: Any, **kwargs: Any) -> Any:  # noqa: ANN401 - as Dash takes and gives them
        """Answer of every address that nothing else answers: the shell, with 404 where there is no page."""
        if request.path.startswith(INTERFACES):  # a program asked, and is answered as its interface does
            abort(HTTPStatus.NOT_FOUND)
        shell = super().index(*args, **kwargs)  # type: ignore[no-untyped-call]  # Dash leaves it untyped
        route = route_of(request.path)
        known = {BUILDING: self.has_building, CASE: self.has_case}.get(route.page)
        found = known(route.code) if known else route.page in (COMMAND, CASES)
        return shell if found else (shell, HTTPStatus.NOT_FOUND)

    def interpolate_index(self, **parts: Any) -> str:  # type: ignore[override]  # noqa: ANN401 - as the query takes or gives them
        """Fill the page's frame; Dash's own hook."""
        state, _ = parse_search(request.query_string.decode("utf-8", "replace"), self.default_state)
        page: str = super().interpolate_index(**parts)  # type: ignore[no-untyped-call]  # Dash leaves it untyped
        told = {
            "@lang@": state.lang,
            "@theme@": state.theme,
            "@live@": "on" if self.live else "off",
            "@zone@": self.zone,
        }
        for mark, word in told.items():
            page = page.replace(mark, word, 1)
        return page


def create_app(
    settings: Settings,
    store: Store | None = None,
    desk: Desk | None = None,
    push: Callable[[FiguresOf], Live] | None = None,
) -> CityDash:
    """Build the application.

    Parameters
    ----------
    settings : Settings
        Where the data are and how to serve them.
    store : Store, optional
        An open store in place of the one that the settings name.
    desk : Desk, optional
        Takes cases in; without it the store is only read.
    push : function, optional
        Begins to push what happens to the open pages, given the figures of a scope; the desk's own events without it.

    Raises
    ------
    DatastoreError
        If the store cannot be opened.
    """
    opened = store or Store.open(settings.data, read_only=True)
    server = Flask("citydeck")
    server.config["MAX_CONTENT_LENGTH"] = MAX_REQUEST
    cache = Cache(
        server,
        config={
            "CACHE_TYPE": "SimpleCache",
            "CACHE_THRESHOLD": CACHE_ENTRIES,
            "CACHE_DEFAULT_TIMEOUT": settings.cache_seconds,
        },
    )
    clock = (lambda: datetime.now(UTC)) if desk else None
    data = DataManager(opened, cache, QUESTIONS, slow_ms=settings.slow_query_ms, clock=clock)
    identities = Identities(opened, open_desk=settings.open_desk)
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
    app.zone = data.meta().time_zone
    app.has_building = lambda code: bool(data.query("building_by_code", Everything(), code=code).num_rows)
    app.has_case = lambda no: bool(data.query("case_by_no", Everything(), case_no=no).num_rows)
    app.live = push(figures_of(data)) if push else pushing(desk, data, settings) if desk else None
    app.layout = layout
    callbacks.register(app, data, settings.default_language)
    callbacks.register_work(app, Office(data, desk, identities, settings.default_language))
    register_deck_callbacks(app)
    server.register_blueprint(health_blueprint(data, desk))
    server.register_blueprint(tables_blueprint(data))
    server.register_blueprint(textures_blueprint(data))
    server.register_blueprint(tiles_blueprint(opened.path.parent))
    server.register_blueprint(search_blueprint(data))
    server.register_blueprint(features_blueprint(data))
    server.register_blueprint(live_blueprint(app.live, data))
    server.register_blueprint(photos_blueprint(opened.path.parent))
    server.register_blueprint(login_blueprint(identities))
    server.register_blueprint(cases_blueprint(data, desk, identities))
    server.register_blueprint(candidates_blueprint(data, desk, identities))
    server.register_blueprint(open311_blueprint(data, desk, identities))
    server.register_blueprint(rules_blueprint(data, desk, identities))
    server.register_blueprint(intake_blueprint(desk, identities))
    server.register_blueprint(openapi_blueprint())
    register_problems(server)
    server.config["COMPRESS_MIMETYPES"] = [
        "text/html", "text/css", "application/javascript", "text/javascript", "application/json", "image/svg+xml",
        "text/xml", "application/vnd.apache.arrow.stream", "application/geo+json",
        "application/vnd.oai.openapi+json",
    ]  # fmt: skip
    Compress(server)
    secure(server, content_policy(app.csp_hashes()))
    server.wsgi_app = Handover(server.wsgi_app, LIVE_PATH)  # type: ignore[method-assign]  # as Flask documents it
    return app


def pushing(desk: Desk, data: DataManager, settings: Settings) -> Live:
    """Begin to push a desk's events and figures."""
    live = start_live(
        desk,
        figures_of(data),
        desk.log_id,
        desk.log_size - 1,
        data_version=data.store.data_version(),
        most=settings.live_clients,
    )
    desk.on_gap(lambda: live.hub.gap(desk.log_size - 1))
    return live


def layout() -> Component:
    """Shell around every page."""
    shell: Component = dmc.MantineProvider(
        html.Div(
            [
                dcc.Location(id=ids.URL, refresh="callback-nav"),
                dcc.Store(id=ids.DESTINATION),
                dcc.Store(id=ids.LIVE_TICK),
                dcc.Store(id=ids.LIVE_SCENE),
                html.Div(id=ids.PAGE),
            ],
            id=ids.ROOT,
            className="root",
        ),
        id=ids.PROVIDER,
        forceColorScheme="dark",
    )
    return shell
