"""3D Tiles as a background of the scene."""

from dataclasses import dataclass

import pydeck

from layers.drawing import STANDING


@dataclass(frozen=True)
class Tileset:
    """A tileset that this server serves.

    Attributes
    ----------
    url
        Address of its ``tileset.json``.
    ground_m
        Height above the ellipsoid that is drawn at the level of the plain, metres.
    """

    url: str
    ground_m: float = 0.0


def tileset_layer(url: str, ground_m: float, *, identity: str = "tileset") -> pydeck.Layer:
    """3D Tiles, lowered so that their ground lies on the plain."""
    return pydeck.Layer(
        "Tile3DLayer",
        id=identity,
        data=url,
        ground_m=ground_m,
        pickable=False,
        parameters=STANDING,
    )
