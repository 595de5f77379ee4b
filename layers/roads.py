"""Roads: drawn at their width, never thinner than the eye can follow."""

import pydeck

from layers.drawing import FLAT, NO_SHADOW
from layers.palette import Palette
from layers.style import category_style

MIN_WIDTH_PX = 0.6
MAX_WIDTH_PX = 18


def road_layer(url: str, palette: Palette) -> pydeck.Layer:
    """Road network; main roads are brighter."""
    return pydeck.Layer(
        "PathLayer",
        id="roads",
        data=url,
        get_path="geometry",
        get_width="width_m",
        width_units="'meters'",
        width_min_pixels=MIN_WIDTH_PX,
        width_max_pixels=MAX_WIDTH_PX,
        style=category_style("class", palette.roads, empty=palette.roads["service"]),
        joint_rounded=True,
        cap_rounded=True,
        parameters=FLAT,
        **NO_SHADOW,
        _path_type="'open'",
    )
