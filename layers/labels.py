"""Names of areas, in any script."""

import pydeck

from layers.drawing import OVERLAY
from layers.palette import Palette

FONTS = "Noto Sans CJK SC, Noto Sans SC, PingFang SC, Microsoft YaHei, system-ui, sans-serif"
HALO = 3.2
"""Width of the halo, in the font atlas's pixels."""


def label_layer(
    url: str, palette: Palette, *, identity: str = "labels", size_px: float = 14, column: str = "name",
    zoom_range: tuple[float, float] | None = None,
) -> pydeck.Layer:  # fmt: skip
    """Labels at the areas' label points, upright and in front."""
    return pydeck.Layer(
        "TextLayer",
        id=identity,
        data=url,
        get_position="position",
        get_text=column,
        get_size=size_px,
        get_color=list(palette.text),
        character_set="'auto'",
        font_family=f"'{FONTS}'",
        font_weight=600,
        font_settings={"sdf": True, "fontSize": 48, "buffer": 8, "radius": 14, "cutoff": 0.22},
        outline_width=HALO,
        outline_color=list(palette.text_halo),
        billboard=True,
        zoom_range=list(zoom_range) if zoom_range else None,
        parameters=OVERLAY,
    )
