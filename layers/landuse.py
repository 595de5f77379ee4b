"""Land use: water and green on the plain, and hills as terraces of contour polygons."""

import pydeck

from layers.drawing import FLAT, STANDING
from layers.lighting import MATERIAL
from layers.palette import Palette
from layers.style import category_style


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
        get_fill_color=list(palette.landuse["hill"]),
        extruded=True,
        material=MATERIAL,
        parameters=STANDING,
        _normalize=False,
    )
