"""Where a model without coordinates of its own stands: position, heading, scale, and which way is up."""

from dataclasses import dataclass
from typing import Literal

import numpy as np
from numpy.typing import NDArray

from twin_model.local_frame import LocalFrame

UpAxis = Literal["y", "z"]
Anchor = Literal["origin", "base"]


@dataclass(frozen=True)
class Placement:
    """Place of a model.

    Parameters
    ----------
    lon, lat : float
        Where its anchor stands, degrees, EPSG:4490.
    height_m : float
        Height of its anchor above the vertical datum, metres.
    heading_deg : float
        How far it is turned, degrees clockwise from north: at 0 its y axis (its negative z axis where y is up) points
        north.
    scale : float
        Metres to a unit of the model.
    up : {"y", "z"}
        Its axis that points up; glTF has y.
    anchor : {"origin", "base"}
        What stands in the place: the zero of its coordinates, or the middle of its lowest level.
    """

    lon: float
    lat: float
    height_m: float = 0.0
    heading_deg: float = 0.0
    scale: float = 1.0
    up: UpAxis = "y"
    anchor: Anchor = "origin"


def placed(vertices: NDArray[np.float64], placement: Placement) -> NDArray[np.float64]:
    """Longitude, latitude (degrees, EPSG:4490) and height of the vertices of a model.

    Parameters
    ----------
    vertices : (n, 3) float64
        In the model's own units and axes.
    placement : Placement
        Where it stands.

    Returns
    -------
    (n, 3) float64
        Heights in metres above the vertical datum of the placement.
    """
    x, y, z = (vertices[:, axis] * placement.scale for axis in range(3))
    upright = np.column_stack((x, -z, y) if placement.up == "y" else (x, y, z))
    if placement.anchor == "base" and len(upright):
        low, high = upright.min(axis=0), upright.max(axis=0)
        upright = upright - np.array([(low[0] + high[0]) / 2, (low[1] + high[1]) / 2, low[2]])
    turn = np.radians(placement.heading_deg)
    east = upright[:, 0] * np.cos(turn) + upright[:, 1] * np.sin(turn)
    north = upright[:, 1] * np.cos(turn) - upright[:, 0] * np.sin(turn)
    frame = LocalFrame(placement.lon, placement.lat, placement.height_m)
    return frame.to_geographic(np.column_stack((east, north, upright[:, 2])))
