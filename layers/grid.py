"""Unit grid cells: shown once they are large enough to be told apart."""

import pydeck

from layers.areas import TINT_ALPHA
from layers.drawing import FLAT, SIGN
from layers.palette import Palette, with_alpha
from layers.style import Intensity, intensity_style

GRID_FROM_ZOOM = 13.5
LINE_ALPHA = 46
NO_LIMIT = 99


def grid_layers(
    url: str, style_url: str, intensity: Intensity, palette: Palette, *, pickable: bool = True
) -> list[pydeck.Layer]:
    """Cells tinted by their load, and thin lines between them.

    Parameters
    ----------
    url
        Table ``grid``.
    style_url
        Table ``area_load`` of the grid level.
    intensity
        What the colours show.
    palette
        Colours.
    pickable
        Whether the pointer picks cells, or the larger areas under them.
    """
    fill = pydeck.Layer(
        "SolidPolygonLayer",
        id="grid",
        data=url,
        get_polygon="geometry",
        style=intensity_style(
            style_url, intensity, palette.intensity, key="area_id", empty=(*palette.ground, 0), alpha=TINT_ALPHA
        ),
        extruded=False,
        pickable=pickable,
        auto_highlight=pickable,
        highlight_color=with_alpha(palette.highlight, 60),
        kind="'area'",
        zoom_range=[GRID_FROM_ZOOM, NO_LIMIT],
        parameters=FLAT,
        **SIGN,
        _normalize=False,
    )
    lines = pydeck.Layer(
        "PathLayer",
        id="grid-lines",
        data=url,
        get_path="geometry",
        get_color=with_alpha(palette.ground_line, LINE_ALPHA),
        get_width=1,
        width_units="'pixels'",
        zoom_range=[GRID_FROM_ZOOM, NO_LIMIT],
        parameters=FLAT,
        **SIGN,
        _path_type="'open'",
    )
    return [fill, lines]
