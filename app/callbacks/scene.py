"""The scene and its legend: what the map shows, with the same classes in both."""

from dash import Dash, Input, Output
from dash.development.base_component import Component
from flask import request

from app import ids
from app.components.legend import legend_panel
from app.components.scene import intensity_of, scene_of, window_of
from app.context import read_context
from app.data import DataManager
from layers.scene import scene_spec
from twin_model.area import AreaLevel
from twin_model.selection import Everything

WINDOW_COOKIE = "citydeck_window"
"""Set by the page's script, so that the first scene already fits the window."""


def register(app: Dash, data: DataManager, default_language: str) -> None:
    """Wire the scene and its legend to the address."""

    @app.callback(Output(ids.DECK_SPEC, "data"), Input(ids.URL, "search"))
    def _scene(search: str | None) -> dict[str, object] | None:
        ctx = read_context(search, data, default_language)
        scene = scene_of(ctx, window_of(request.cookies.get(WINDOW_COOKIE, "")))
        if scene is None:
            return None
        spec = scene_spec(scene)
        view = ctx.state.view
        return spec if view is None else {**spec, "initialViewState": {**spec["initialViewState"], **view.props()}}

    @app.callback(Output(ids.body(ids.LEGEND), "children"), Input(ids.URL, "search"))
    def _legend(search: str | None) -> Component:
        ctx = read_context(search, data, default_language)
        levels = {level for level in (ctx.ranked_level, AreaLevel.GRID) if level in ctx.levels}
        scales = {level: intensity_of(ctx, level).breaks for level in sorted(levels)}
        return legend_panel(ctx, scales, ctx.query("scene_sources", Everything()).to_pylist())
