"""Land use: water and green on the plain, and hills as terraces of contour polygons."""

import pydeck

from layers.drawing import FLAT, NO_SHADOW, STANDING
from layers.lighting import MATERIAL
from layers.palette import Palette
from layers.style import category_style

CONTOURS_M = (80, 180, 300, 450, 650)
"""Heights at which the hills' colour changes, metres above the plain."""


def ground_cover_layer(url: str, palette: Palette) -> pydeck.Layer:
    """Water, parks and other green: flat."""
    return pydeck.Layer(
        "SolidPolygonLayer",
        id="ground-cover",
        data=url,
        get_polygon="geometry",
        style=category_style("kind", palette.landuse, empty=palette.landuse["other"]),
        extruded=False,
        parameters=FLAT,
        **NO_SHADOW,
        _normalize=False,
    )


def hill_layer(url: str, palette: Palette) -> pydeck.Layer:
    """Hills: each contour stands on the one below."""
    return pydeck.Layer(
        "SolidPolygonLayer",
        id="hills",
        data=url,
        get_polygon="geometry",
        get_elevation="elevation_m",
        style={
            "column": "elevation_m",
            "ramp": [list(colour) for colour in palette.hills],
            "breaks": list(CONTOURS_M),
            "empty": list(palette.hills[0]),
        },
        extruded=True,
        material=MATERIAL,
        parameters=STANDING,
        _normalize=False,
    )
