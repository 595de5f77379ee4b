"""The scene and its legend: what the map shows, with the same classes in both."""

from collections.abc import Sequence
from typing import Any, cast

from dash import Dash, Input, Output
from dash.development.base_component import Component
from flask import request

from app import ids
from app.components.building_view import building_scene_of
from app.components.case_scene import case_context, case_spec_of
from app.components.legend import legend_panel
from app.components.scene import building_intensity_of, intensity_of, scene_of, window_of
from app.context import Context, read_context
from app.data import DataManager
from app.routes import BUILDING, CASE, route_of
from layers.building_scene import building_spec
from layers.scene import scene_spec
from twin_model.area import AreaLevel
from twin_model.selection import Everything

WINDOW_COOKIE = "citydeck_window"
"""Set by the page's script, so that the first scene already fits the window."""


def register(app: Dash, data: DataManager, default_language: str) -> None:
    """Wire the scene and its legend to the address."""

    @app.callback(
        Output(ids.DECK_SPEC, "data"),
        Input(ids.URL, "pathname"),
        Input(ids.URL, "search"),
        Input(ids.LIVE_SCENE, "data"),
    )
    def _scene(path: str | None, search: str | None, _tick: Any) -> dict[str, object] | None:  # noqa: ANN401 - whatever the script wrote
        window = window_of(request.cookies.get(WINDOW_COOKIE, ""))
        if route_of(path).page == CASE:
            at_case = case_context(search, data, default_language, path)
            return with_camera(at_case, case_spec_of(at_case, window))
        ctx = read_context(search, data, default_language, path)
        return with_camera(ctx, spec_of(ctx, window))

    @app.callback(Output(ids.body(ids.LEGEND), "children"), Input(ids.URL, "search"), Input(ids.LIVE_SCENE, "data"))
    def _legend(search: str | None, _tick: Any) -> Component:  # noqa: ANN401 - as above
        ctx = read_context(search, data, default_language)
        tiles = bool(ctx.query("tilesets", Everything()).num_rows)
        return legend_panel(ctx, scales_of(ctx), ctx.query("scene_sources", Everything()).to_pylist(), tiles=tiles)


def spec_of(ctx: Context, window: tuple[int, int]) -> dict[str, object] | None:
    """Deck spec of the page that the address shows, or None where there is nothing to see."""
    if ctx.route.page == BUILDING:
        building = building_scene_of(ctx, window)
        return None if building is None else building_spec(building)
    scene = scene_of(ctx, window)
    return None if scene is None else scene_spec(scene)


def with_camera(ctx: Context, spec: dict[str, object] | None) -> dict[str, object] | None:
    """Spec with the camera that the address names."""
    view = ctx.state.view
    if spec is None or view is None:
        return spec
    initial = cast("dict[str, object]", spec["initialViewState"])
    return {**spec, "initialViewState": {**initial, **view.props()}}


def scales_of(ctx: Context) -> dict[str, Sequence[float]]:
    """Classes of everything that the map colours."""
    levels = {level for level in (ctx.ranked_level, AreaLevel.GRID) if level in ctx.levels}
    scales: dict[str, Sequence[float]] = {level.key: intensity_of(ctx, level).breaks for level in sorted(levels)}
    if ctx.state.by == "building" and "buildings" in ctx.state.layers:
        scales["building"] = building_intensity_of(ctx).breaks
    return scales
