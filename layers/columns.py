"""Columns: one at the label point of each area, as high as its load."""

from collections.abc import Mapping

import pydeck

from layers.drawing import STANDING
from layers.lighting import MATERIAL
from layers.palette import Palette
from layers.style import Intensity, classes
from twin_model.area import AreaLevel

SIZES_M: Mapping[AreaLevel, tuple[float, float]] = {
    AreaLevel.STREET: (210, 3_000),
    AreaLevel.COMMUNITY: (38, 480),
    AreaLevel.GRID: (11, 130),
}
"""Radius of a column and height of the highest, by level; areas of a level are about as large as each other."""


def column_layer(
    url: str, intensity: Intensity, highest: float, palette: Palette, *, level: AreaLevel = AreaLevel.STREET
) -> pydeck.Layer:
    """Columns of areas, coloured in the classes of the areas under them.

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
    level
        Level of the areas.
    """
    radius, height = SIZES_M[level]
    return pydeck.Layer(
        "ColumnLayer",
        id="columns",
        data=url,
        get_position="geometry",
        get_elevation=intensity.column,
        elevation_scale=round(height / max(highest, 1.0), 4),
        radius=radius,
        disk_resolution=24,
        extruded=True,
        style={
            "column": intensity.column,
            "ramp": [list(colour) for colour in classes(palette.intensity, intensity.breaks)],
            "breaks": list(intensity.breaks),
            "empty": list(palette.building),
        },
        pickable=True,
        auto_highlight=True,
        highlight_color=list(palette.highlight),
        kind="'area'",
        material=MATERIAL,
        parameters=STANDING,
    )
