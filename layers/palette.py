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
    ground, ground_line
        The plain, and the lines between areas on it.
    landuse
        Colour per kind of land use.
    roads
        Colour per OSM highway value.
    building
        A building without anything to show.
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
    roads: Mapping[str, Colour]
    building: Colour
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
        "other": (20, 28, 40),
    },
    roads={
        "motorway": (158, 190, 224, 210),
        "trunk": (140, 174, 210, 190),
        "primary": (116, 150, 188, 165),
        "secondary": (94, 126, 164, 135),
        "tertiary": (78, 108, 144, 110),
        "residential": (64, 90, 122, 80),
        "service": (58, 82, 112, 60),
        "path": (58, 82, 112, 45),
    },
    building=(74, 88, 112),
    intensity=((86, 92, 124), (118, 92, 140), (166, 92, 134), (216, 104, 104), (246, 152, 84), (255, 216, 128)),
    status={"open": (86, 180, 233), "due_soon": (240, 194, 75), "overdue": (242, 103, 60), "closed": (127, 140, 155)},
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
        "other": (228, 232, 237),
    },
    roads={
        "motorway": (120, 138, 164, 230),
        "trunk": (134, 152, 176, 215),
        "primary": (150, 166, 188, 200),
        "secondary": (166, 180, 199, 185),
        "tertiary": (180, 192, 208, 170),
        "residential": (192, 202, 215, 150),
        "service": (200, 208, 219, 120),
        "path": (200, 208, 219, 100),
    },
    building=(206, 213, 223),
    intensity=((214, 206, 218), (214, 174, 196), (206, 132, 158), (192, 88, 110), (158, 48, 74), (110, 16, 52)),
    status={"open": (0, 104, 176), "due_soon": (178, 118, 0), "overdue": (196, 62, 18), "closed": (108, 118, 130)},
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
