"""Open cases: a dot where each was reported, in the colour of its state."""

import pydeck

from layers.drawing import OVERLAY
from layers.palette import Palette
from layers.style import category_style

CASES_FROM_ZOOM = 12.5
NO_LIMIT = 99
RADIUS_M = 6


def case_layer(url: str, palette: Palette) -> pydeck.Layer:
    """Open cases as dots; in front of buildings, so that none is hidden."""
    return pydeck.Layer(
        "ScatterplotLayer",
        id="cases",
        data=url,
        get_position="geometry",
        get_radius=RADIUS_M,
        radius_min_pixels=1.6,
        radius_max_pixels=9,
        style=category_style("state", palette.status, empty=palette.status["open"]),
        stroked=True,
        get_line_color=list(palette.text_halo),
        line_width_min_pixels=0.4,
        pickable=True,
        auto_highlight=True,
        kind="'case'",
        billboard=True,
        zoom_range=[CASES_FROM_ZOOM, NO_LIMIT],
        parameters=OVERLAY,
    )
