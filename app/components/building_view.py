"""How the page of a building shows it: the scene, and the panel that sets its level of detail and surroundings."""

from collections.abc import Sequence

import numpy as np
import shapely
from dash import html
from dash.development.base_component import Component

from app.api.tables import table_address
from app.components.attributes import attributes
from app.components.building_words import lod_words
from app.components.display import segments
from app.components.panel import panel
from app.components.scene import canvas_of, sun_of, tooltips
from app.context import Context, Row
from app.state import PLACES
from layers.building_scene import BuildingScene
from layers.palette import css, palette
from layers.view import Extent, corners
from twin_model.local_frame import metres_per_degree
from twin_model.selection import Everything
from twin_model.surface import SurfaceKind

BLOCK = "1"
"""How an address names the block that follows from footprint and height."""
UPWARDS = 0.55
"""Ground on each side that shows a building's top too, in its heights."""
SURFACES = (SurfaceKind.ROOF, SurfaceKind.WALL, SurfaceKind.GROUND)
"""Surfaces that the legend tells."""


def lods_of(ctx: Context) -> list[Row]:
    """Shapes of the page's building."""
    rows: list[Row] = ctx.query("building_lods", Everything(), code=ctx.building_code).to_pylist()
    return rows


def lod_of(ctx: Context, building: Row) -> str:
    """Level of detail in view: the one that the address names, else the best; ``""`` for the block."""
    drawn = [lod for lod in building["lods"] if not lod.startswith("0")]
    if ctx.state.lod in drawn:
        return ctx.state.lod
    return "" if ctx.state.lod.startswith("1") else str(building["best_lod"] or "")


def building_scene_of(ctx: Context, window: tuple[int, int]) -> BuildingScene | None:
    """Scene of the page's building, or None where there is none.

    Parameters
    ----------
    window : (int, int)
        Width and height of the browser's window, CSS pixels.
    """
    building = ctx.building
    if building is None:
        return None
    lod = lod_of(ctx, building)
    alone = ctx.state.place == "alone"
    textures = texture_ids_of(ctx, building, lod)
    return BuildingScene(
        tables=table_address(ctx.data),
        code=building["code"],
        outline=corners(footprint_box(building)),
        height_m=building["height_m"],
        lod=lod,
        textured=bool(textures),
        texture_ids=textures,
        in_place=not alone,
        cases=True,
        components=not alone,
        theme=ctx.state.theme,  # type: ignore[arg-type]  # checked when the address was read
        tooltips=tooltips(ctx),
        window=canvas_of(window),
        fly_key=building["code"],
        sun=sun_of(ctx),
    )


def footprint_box(building: Row) -> Extent:
    """Box that a building takes in a slanting view: that of its footprint, wider the higher it reaches."""
    west, south, east, north = shapely.bounds(shapely.from_wkb([building["geom"]]))[0]
    per_lon, per_lat = metres_per_degree(float(building["lat"]))
    up_m = UPWARDS * (building["height_m"] or 0.0)
    wide, tall = up_m / per_lon, up_m / per_lat
    return Extent(float(west - wide), float(south - tall), float(east + wide), float(north + tall))


def texture_ids_of(ctx: Context, building: Row, lod: str) -> tuple[int, ...]:
    """Textures of a shape; none where it has none."""
    if not any(row["lod"] == lod and row["textured"] for row in lods_of(ctx)):
        return ()
    rows = ctx.query("building_models", Everything(), code=building["code"], lod=lod)["texture_ids"].to_pylist()
    found = np.unique(np.concatenate([np.frombuffer(each, "<i4") for each in rows if each]))
    return tuple(int(each) for each in found if each >= 0)


def building_view(ctx: Context, building: Row, lods: Sequence[Row]) -> Component:
    """Draw the controls of the scene, and what its colours mean."""
    texts = ctx.texts
    chosen = lod_of(ctx, building)
    drawn = [row["lod"] for row in lods if not row["lod"].startswith("0")]
    choices = [(lod, lod) for lod in drawn]
    if not any(lod.startswith("1") for lod in drawn):
        choices.insert(0, (BLOCK, BLOCK))
    textured = any(row["lod"] == chosen and row["textured"] for row in lods)
    body = [
        _labelled(ctx, "lod", segments(ctx, "lod", choices, chosen or BLOCK), lod_words(texts, chosen or BLOCK)),
        _labelled(
            ctx, "place", segments(ctx, "place", [(key, texts.t(f"place.{key}")) for key in PLACES], ctx.state.place)
        ),
        html.P(texts.t("surface.textured"), className="muted") if textured else _surfaces(ctx),
    ]
    return panel(ctx, "building_view", html.Div(body, className="display"), unit=False)


def _labelled(ctx: Context, key: str, control: Component, said: str = "") -> Component:
    label = [html.Span(ctx.texts.t(f"display.{key}")), html.Span(said, className="display-said")]
    return html.Div([html.Div(label, className="display-label"), control], className="display-row")


def _surfaces(ctx: Context) -> Component:
    colours = palette(ctx.state.theme).surfaces
    return html.Ul(
        [
            html.Li(
                [
                    html.Span(
                        className="swatch",
                        style={"background": css(colours[kind.name.lower()])},
                        **attributes({"aria-hidden": "true"}),
                    ),
                    ctx.texts.t(f"surface.{kind.name.lower()}"),
                ]
            )
            for kind in SURFACES
        ],
        className="surfaces",
    )
