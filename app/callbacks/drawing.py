"""Wire panels to the address: each is drawn by one function of what the address says."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

from dash import Dash, Input, Output, no_update
from dash.development.base_component import Component

from app import ids
from app.context import Context, read_context
from app.data import DataManager


@dataclass(frozen=True)
class Drawn:
    """A panel and the function that draws it."""

    panel: str
    draw: Callable[[Context], Component | None]


def register_drawn(app: Dash, data: DataManager, default_language: str, page: str, panels: Sequence[Drawn]) -> None:
    """Wire the panels of a page.

    Parameters
    ----------
    page : str
        Page that the panels belong to; on the way to another one they stay as they are.
    panels : sequence of Drawn
        The panels.
    """
    for drawn in panels:
        _register(app, data, default_language, page, drawn)


def _register(app: Dash, data: DataManager, default_language: str, page: str, drawn: Drawn) -> None:
    @app.callback(
        Output(ids.body(drawn.panel), "children"),
        Input(ids.URL, "pathname"),
        Input(ids.URL, "search"),
        Input(ids.LIVE_TICK, "data"),
    )
    def _draw(path: str | None, search: str | None, _tick: Any) -> Any:  # noqa: ANN401 - a component or Dash's mark for none
        ctx = read_context(search, data, default_language, path)
        return drawn.draw(ctx) if ctx.route.page == page else no_update
