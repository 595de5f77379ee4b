"""Components as tiles show them: points that are drawn from near."""

from dataclasses import dataclass

import numpy as np
import pyarrow as pa
from numpy.typing import NDArray

from twin_model.property_table import Property, PropertyClass
from twin_model.tile_content import Material
from twin_model.tile_mesh import Anchor, in_steps

LEAF_POINTS = 2_000
"""Most points of a tile."""
NEAR_ERROR_M = 8.0
"""Error of a place whose points are not shown: by CesiumJS' measure they appear from some 400 m on."""
ABOVE_M = 1.0
"""Points float this much above the plain, or it would hide them."""
MATERIAL = Material("component", (0.90, 0.55, 0.10))

PROPERTIES = (
    Property("code", "STRING", "Code of the component: 16 digits where the register gives them", semantic="ID"),
    Property("class", "ENUM", "Code of the class"),
    Property("name", "ENUM", "Name of the class"),
    Property("state", "ENUM", "State: intact, damaged or lost"),
    Property("dataset", "ENUM", "Data set that the component came with"),
)
"""Columns of the property table."""


@dataclass(frozen=True)
class TilePoints:
    """Points ready for a GLB.

    Parameters
    ----------
    origin, step_m, positions
        As in `twin_model.tile_mesh.TileMesh`.
    """

    origin: NDArray[np.float64]
    step_m: float
    positions: NDArray[np.int16] | NDArray[np.float32]


def component_class(rows: pa.Table) -> PropertyClass:
    """Class of components."""
    words = {each.name: sorted(rows[each.name].unique().to_pylist()) for each in PROPERTIES if each.kind == "ENUM"}
    return PropertyClass("component", PROPERTIES, words)


def tile_points(positions: NDArray[np.float64], anchor: Anchor) -> TilePoints:
    """Points about an origin of their own.

    Parameters
    ----------
    positions : (n, 3) float64
        Longitude, latitude (degrees) and height above the ellipsoid (metres); at least one.
    anchor : Anchor
        Origin of the tileset.
    """
    return TilePoints(*in_steps(anchor.local(positions)))
