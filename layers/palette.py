"""Colours of the scene: calm ground, one ramp for intensity, one set for status, in a dark and a light theme."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Literal, TypeAlias

from layers.errors import LayerError

Colour: TypeAlias = tuple[int, ...]
"""Red, green, blue and maybe alpha, 0 to 255."""
Theme: TypeAlias = Literal["dark", "light"]


@dataclass(frozen=True)
class Palette:
    """Colours of one theme.

    Attributes
    ----------
    ground, ground_line, focus_line
        The plain, the lines between areas on it, and the line round the area in focus.
    landuse
        Colour per kind of land use.
    hills
        Colours from the foot of the hills to their tops.
    roads
        Colour per OSM highway value.
    building, faded, marked
        A building without anything to show, one that a filter leaves behind, and the chosen one.
    surfaces
        Colour per kind of a building's surface, by the lower-case name of `twin_model.surface.SurfaceKind`.
    intensity
        Ramp from the lowest class to the highest; lightness changes one way only, so that it reads without hue.
    status
        Colour per case state, told apart under the common kinds of colour blindness.
    highlight
        What lies under the pointer.
    text, text_halo
        Labels in the scene.
    """

    ground: Colour
    ground_line: Colour
    focus_line: Colour
    landuse: Mapping[str, Colour]
    hills: tuple[Colour, ...]
    roads: Mapping[str, Colour]
    building: Colour
    faded: Colour
    marked: Colour
    surfaces: Mapping[str, Colour]
    intensity: tuple[Colour, ...]
    status: Mapping[str, Colour]
    highlight: Colour
    text: Colour
    text_halo: Colour


DARK = Palette(
    ground=(15, 21, 31),
    ground_line=(104, 140, 178, 110),
    focus_line=(94, 200, 255, 220),
    landuse={
        "water": (18, 50, 84),
        "park": (20, 46, 40),
        "green": (19, 41, 37),
        "hill": (30, 56, 48),
        "paved": (27, 36, 50),
        "other": (20, 28, 40),
    },
    hills=((22, 44, 39), (25, 50, 43), (29, 56, 47), (35, 63, 53), (43, 71, 61), (54, 82, 72)),
    roads={
        "motorway": (118, 150, 188),
        "trunk": (102, 132, 168),
        "primary": (84, 112, 146),
        "secondary": (66, 90, 120),
        "tertiary": (50, 70, 96),
        "residential": (38, 54, 76),
        "service": (31, 44, 62),
        "path": (28, 40, 56),
    },
    building=(74, 88, 112),
    faded=(34, 43, 58),
    marked=(94, 200, 255),
    surfaces={
        "unknown": (112, 128, 154),
        "ground": (58, 66, 80),
        "wall": (150, 160, 176),
        "roof": (178, 102, 82),
        "closure": (92, 104, 124),
        "outer_ceiling": (120, 130, 148),
        "outer_floor": (104, 114, 132),
        "window": (86, 156, 204),
        "door": (150, 116, 84),
        "interior": (132, 124, 140),
    },
    intensity=((86, 92, 124), (118, 92, 140), (166, 92, 134), (216, 104, 104), (246, 152, 84), (255, 216, 128)),
    status={"open": (86, 180, 233), "due_soon": (240, 194, 75), "overdue": (242, 103, 60), "closed": (144, 157, 172)},
    highlight=(94, 200, 255, 150),
    text=(222, 232, 244),
    text_halo=(9, 13, 20, 235),
)

LIGHT = Palette(
    ground=(238, 241, 245),
    ground_line=(96, 118, 146, 130),
    focus_line=(0, 98, 170, 230),
    landuse={
        "water": (168, 204, 232),
        "park": (202, 224, 200),
        "green": (211, 229, 208),
        "hill": (186, 208, 180),
        "paved": (218, 223, 230),
        "other": (228, 232, 237),
    },
    hills=((200, 218, 194), (190, 210, 184), (180, 202, 174), (172, 194, 166), (166, 188, 160), (162, 182, 156)),
    roads={
        "motorway": (138, 154, 178),
        "trunk": (152, 167, 188),
        "primary": (168, 181, 199),
        "secondary": (184, 195, 210),
        "tertiary": (198, 207, 219),
        "residential": (208, 216, 226),
        "service": (216, 222, 231),
        "path": (220, 226, 234),
    },
    building=(206, 213, 223),
    faded=(226, 230, 236),
    marked=(0, 118, 196),
    surfaces={
        "unknown": (176, 186, 200),
        "ground": (150, 158, 168),
        "wall": (214, 216, 220),
        "roof": (196, 112, 88),
        "closure": (184, 192, 204),
        "outer_ceiling": (198, 204, 212),
        "outer_floor": (186, 192, 202),
        "window": (120, 176, 216),
        "door": (168, 132, 98),
        "interior": (196, 188, 202),
    },
    intensity=((214, 206, 218), (214, 174, 196), (206, 132, 158), (192, 88, 110), (158, 48, 74), (110, 16, 52)),
    status={"open": (0, 104, 176), "due_soon": (138, 90, 0), "overdue": (186, 54, 14), "closed": (88, 99, 111)},
    highlight=(0, 98, 170, 140),
    text=(28, 38, 52),
    text_halo=(248, 250, 252, 235),
)

PALETTES: Mapping[str, Palette] = {"dark": DARK, "light": LIGHT}


def palette(theme: str) -> Palette:
    """Palette of a theme.

    Raises
    ------
    LayerError
        If there is no such theme.
    """
    if theme not in PALETTES:
        raise LayerError(f"theme {theme!r} is not one of {', '.join(PALETTES)}")
    return PALETTES[theme]


def with_alpha(colour: Colour, alpha: int) -> list[int]:
    """Colour with another alpha, as deck.gl's JSON writes it."""
    return [*colour[:3], alpha]


def css(colour: Colour) -> str:
    """Colour as a CSS value, for a legend.

    Examples
    --------
    >>> css((15, 21, 31))
    'rgb(15 21 31)'
    """
    red, green, blue, *alpha = colour
    return f"rgb({red} {green} {blue} / {alpha[0] / 255:.2f})" if alpha else f"rgb({red} {green} {blue})"
