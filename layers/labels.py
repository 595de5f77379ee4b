"""Names of areas, in any script. The browser chooses their size and which of them there is room for."""

from dataclasses import dataclass

import pydeck

from layers.drawing import OVERLAY, SIGN
from layers.palette import Palette, with_alpha

FONTS = "Noto Sans CJK SC, Noto Sans SC, PingFang SC, Microsoft YaHei, system-ui, sans-serif"
HALO = 3.2
"""Width of the halo, in the font atlas's pixels."""
MINOR_SIZE = 0.94
"""Of labels that stand back, in sizes of the others."""
FAINT_ALPHA = 150


@dataclass(frozen=True)
class Rank:
    """How a layer's labels stand against those of other layers.

    Attributes
    ----------
    priority
        Labels of a higher priority are placed first; within a layer the column ``weight`` decides.
    faint
        Whether they stand back: smaller and paler.
    without
        Code of the one area that is not named.
    """

    priority: int = 1
    faint: bool = False
    without: str = ""


def label_layer(
    url: str,
    palette: Palette,
    rank: Rank,
    *,
    identity: str = "labels",
    column: str = "name",
    zoom_range: tuple[float, float] | None = None,
) -> pydeck.Layer:
    """Labels at the areas' label points, upright and in front.

    Parameters
    ----------
    url
        Table ``labels``.
    palette
        Colours.
    rank
        Which labels give way.
    identity
        Id of the layer.
    column
        Column with the names.
    zoom_range
        Zoom levels at which they show; None for all.
    """
    return pydeck.Layer(
        "TextLayer",
        id=identity,
        data=url,
        get_position="position",
        get_text=column,
        get_size=MINOR_SIZE if rank.faint else 1,
        get_color=with_alpha(palette.text, FAINT_ALPHA) if rank.faint else list(palette.text),
        label={"priority": rank.priority, "without": rank.without},
        character_set="'auto'",
        font_family=f"'{FONTS}'",
        font_weight=600,
        font_settings={"sdf": True, "fontSize": 48, "buffer": 8, "radius": 14, "cutoff": 0.22},
        outline_width=HALO,
        outline_color=with_alpha(palette.text_halo, FAINT_ALPHA) if rank.faint else list(palette.text_halo),
        billboard=True,
        zoom_range=list(zoom_range) if zoom_range else None,
        parameters=OVERLAY,
        **SIGN,
        # deck.gl draws a text by a layer of its letters, which must be told as well.
        _sub_layer_props={"characters": {"shadowEnabled": False}},
    )
