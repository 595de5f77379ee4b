"""Styles: how a layer's resident geometry is coloured by a small table that is joined in the browser."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from layers.palette import Colour, with_alpha

OPAQUE = 255


@dataclass(frozen=True)
class Intensity:
    """A quantity of areas that the scene shows.

    Attributes
    ----------
    column
        Column of the style table, such as ``open``.
    breaks
        Upper limits of all classes but the last (`layers.breaks.quantile_breaks`).
    """

    column: str
    breaks: tuple[float, ...]


def classes(ramp: Sequence[Colour], breaks: Sequence[float]) -> list[Colour]:
    """Colours for the classes that the breaks make: the whole ramp, thinned evenly where there are fewer classes."""
    count = len(breaks) + 1
    if count >= len(ramp):
        return list(ramp)
    if count == 1:
        return [ramp[len(ramp) // 2]]
    return [ramp[round(index * (len(ramp) - 1) / (count - 1))] for index in range(count)]


def intensity_style(
    url: str,
    intensity: Intensity,
    ramp: Sequence[Colour],
    *,
    key: str,
    empty: Colour,
    on: str = "area_id",
    alpha: int = OPAQUE,
) -> dict[str, Any]:
    """Style by classes of a joined quantity.

    Parameters
    ----------
    url
        Address of the style table.
    intensity
        What is shown.
    ramp
        Colours from low to high.
    key
        Column of the geometry table that is joined.
    on
        Column of the style table that it is joined to.
    empty
        Colour where the quantity is absent or zero.
    alpha
        Opacity of the ramp, 0 to 255.
    """
    return {
        "url": url,
        "key": key,
        "on": on,
        "column": intensity.column,
        "ramp": [with_alpha(colour, alpha) for colour in classes(ramp, intensity.breaks)],
        "breaks": list(intensity.breaks),
        "empty": list(empty),
    }


def category_style(column: str, colours: Mapping[str, Colour], *, empty: Colour) -> dict[str, Any]:
    """Style by the values of a column of the layer's own table."""
    return {
        "column": column,
        "categories": {value: list(colour) for value, colour in colours.items()},
        "empty": list(empty),
    }
