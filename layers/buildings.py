"""Buildings: footprints extruded to their heights, coloured by the load of their grid cell."""

import pydeck

from layers.drawing import STANDING
from layers.lighting import MATERIAL
from layers.palette import Palette
from layers.style import Intensity, intensity_style


def building_layer(
    url: str, style_url: str, intensity: Intensity, palette: Palette, *, pickable: bool = True
) -> pydeck.Layer:
    """All buildings in one layer.

    Parameters
    ----------
    url
        Table ``buildings``: polygons with ``height_m`` and ``grid_id``.
    style_url
        Table ``area_load`` of the grid level.
    intensity
        What the colours show.
    palette
        Colours.
    pickable
        Whether the pointer picks buildings, or the areas that they stand in.
    """
    return pydeck.Layer(
        "SolidPolygonLayer",
        id="buildings",
        data=url,
        get_polygon="geometry",
        get_elevation="height_m",
        style=intensity_style(style_url, intensity, palette.intensity, key="grid_id", empty=palette.building),
        extruded=True,
        pickable=pickable,
        auto_highlight=pickable,
        highlight_color=list(palette.highlight),
        kind="'building'",
        material=MATERIAL,
        parameters=STANDING,
        _normalize=False,
    )
