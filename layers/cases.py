"""Cases: late ones clear, plain open ones as a faint grain, and the one that is chosen with a marker of its own."""

import pydeck

from layers.drawing import OVERLAY, SIGN
from layers.palette import Palette, with_alpha
from layers.style import category_style

CASES_FROM_ZOOM = 12.5
NO_LIMIT = 99
URGENT_RADIUS_M = 8
OPEN_RADIUS_M = 3
OPEN_ALPHA = 120
STEM_M = 160
"""Height of the chosen case's stem, metres."""
STEM_PX = 1.5
RINGS_PX = (15, 27)
DOT_PX = 5
FAINT_RING_ALPHA = 110


def open_case_layer(url: str, palette: Palette) -> pydeck.Layer:
    """Open cases with time left: small and pale, so that the colours under them stay readable."""
    return pydeck.Layer(
        "ScatterplotLayer",
        id="open-cases",
        data=url,
        get_position="geometry",
        get_radius=OPEN_RADIUS_M,
        radius_min_pixels=0.9,
        radius_max_pixels=5,
        get_fill_color=with_alpha(palette.status["open"], OPEN_ALPHA),
        pickable=True,
        auto_highlight=True,
        highlight_color=list(palette.highlight),
        kind="'case'",
        billboard=True,
        zoom_range=[CASES_FROM_ZOOM, NO_LIMIT],
        parameters=OVERLAY,
        **SIGN,
    )


def urgent_case_layer(url: str, palette: Palette) -> pydeck.Layer:
    """Late cases and those due soon, in the colour of their state and in front of everything."""
    return pydeck.Layer(
        "ScatterplotLayer",
        id="urgent-cases",
        data=url,
        get_position="geometry",
        get_radius=URGENT_RADIUS_M,
        radius_min_pixels=3,
        radius_max_pixels=10,
        style=category_style("state", palette.status, empty=palette.status["overdue"]),
        stroked=True,
        get_line_color=list(palette.text_halo),
        line_width_min_pixels=1,
        line_width_max_pixels=1.5,
        pickable=True,
        auto_highlight=True,
        highlight_color=list(palette.highlight),
        kind="'case'",
        billboard=True,
        zoom_range=[CASES_FROM_ZOOM, NO_LIMIT],
        parameters=OVERLAY,
        **SIGN,
    )


def chosen_case_layers(url: str, palette: Palette) -> list[pydeck.Layer]:
    """Marker of the chosen case: a stem, a dot and two rings, of equal size from near and far."""
    stem = pydeck.Layer(
        "ColumnLayer",
        id="chosen-stem",
        data=url,
        get_position="geometry",
        get_elevation=STEM_M,
        get_fill_color=list(palette.text),
        radius=STEM_PX,
        radius_units="'pixels'",
        disk_resolution=8,
        extruded=True,
        material=False,
        parameters=OVERLAY,
        **SIGN,
    )
    dot = pydeck.Layer(
        "ScatterplotLayer",
        id="chosen-dot",
        data=url,
        get_position="geometry",
        get_radius=DOT_PX,
        radius_units="'pixels'",
        get_fill_color=list(palette.text),
        billboard=True,
        parameters=OVERLAY,
        **SIGN,
    )
    near, far = RINGS_PX
    return [
        stem,
        _ring(url, "chosen-halo", far, with_alpha(palette.focus_line, FAINT_RING_ALPHA), 2),
        _ring(url, "chosen-ring", near, list(palette.text), 3),
        dot,
    ]


def _ring(url: str, identity: str, radius_px: float, colour: list[int], width_px: float) -> pydeck.Layer:
    return pydeck.Layer(
        "ScatterplotLayer",
        id=identity,
        data=url,
        get_position="geometry",
        get_radius=radius_px,
        radius_units="'pixels'",
        filled=False,
        stroked=True,
        get_line_color=colour,
        get_line_width=width_px,
        line_width_units="'pixels'",
        billboard=True,
        parameters=OVERLAY,
        **SIGN,
    )
