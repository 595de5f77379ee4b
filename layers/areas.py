"""Areas: the plain itself, streets or communities coloured by load, and the lines between them."""

import pydeck

from layers.drawing import FLAT, NO_SHADOW, SIGN
from layers.palette import Palette, with_alpha
from layers.style import Intensity, intensity_style

TINT_ALPHA = 84
"""Of the load's colour on the ground: a tint, because buildings carry the colour as well."""


def ground_layer(url: str, palette: Palette) -> pydeck.Layer:
    """Draw the plain: the district's surface in one colour."""
    return pydeck.Layer(
        "SolidPolygonLayer",
        id="ground",
        data=url,
        get_polygon="geometry",
        get_fill_color=list(palette.ground),
        extruded=False,
        parameters=FLAT,
        **NO_SHADOW,
        _normalize=False,
    )


def area_layer(
    url: str, style_url: str, intensity: Intensity, palette: Palette, *, identity: str = "areas",
    alpha: int = TINT_ALPHA, zoom_range: tuple[float, float] | None = None,
) -> pydeck.Layer:  # fmt: skip
    """Areas of one level, tinted by their load; the pointer picks them, even where the tint is nothing."""
    return pydeck.Layer(
        "SolidPolygonLayer",
        id=identity,
        data=url,
        get_polygon="geometry",
        style=intensity_style(
            style_url, intensity, palette.intensity, key="area_id", empty=(*palette.ground, 0), alpha=alpha
        ),
        extruded=False,
        pickable=True,
        auto_highlight=True,
        highlight_color=with_alpha(palette.highlight, 40),
        kind="'area'",
        zoom_range=list(zoom_range) if zoom_range else None,
        parameters=FLAT,
        **SIGN,
        _normalize=False,
    )


def outline_layer(url: str, palette: Palette, *, identity: str = "area-lines", focus: bool = False) -> pydeck.Layer:
    """Boundaries of areas; those of the area in focus are brighter and wider."""
    return pydeck.Layer(
        "PathLayer",
        id=identity,
        data=url,
        get_path="geometry",
        get_color=list(palette.focus_line if focus else palette.ground_line),
        get_width=2.4 if focus else 1.2,
        width_units="'pixels'",
        joint_rounded=True,
        parameters=FLAT,
        **SIGN,
        _path_type="'open'",
    )
