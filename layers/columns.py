"""Columns: one at the label point of each area, as high as its load."""

import pydeck

from layers.drawing import STANDING
from layers.lighting import MATERIAL
from layers.palette import Palette
from layers.style import Intensity, category_style

RADIUS_M = 160
COLUMN_M = 2_400
"""Height of the highest column, metres."""


def column_layer(url: str, intensity: Intensity, highest: float, palette: Palette) -> pydeck.Layer:
    """Columns of areas.

    Parameters
    ----------
    url
        Table ``area_columns``: label points of the areas with their loads.
    intensity
        What height and colour show.
    highest
        Largest value of the column, in its own unit.
    palette
        Colours.
    """
    style = category_style(intensity.column, {}, empty=palette.intensity[-2])
    return pydeck.Layer(
        "ColumnLayer",
        id="columns",
        data=url,
        get_position="geometry",
        get_elevation=intensity.column,
        elevation_scale=round(COLUMN_M / max(highest, 1.0), 4),
        radius=RADIUS_M,
        disk_resolution=20,
        extruded=True,
        style=style,
        pickable=True,
        auto_highlight=True,
        highlight_color=list(palette.highlight),
        kind="'area'",
        material=MATERIAL,
        parameters=STANDING,
    )
