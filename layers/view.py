"""The camera that a scene begins with: an extent seen at an angle, filling the window."""

from dataclasses import dataclass
from math import cos, log2, pi, radians

import pydeck

from layers.errors import LayerError

TILE_PX = 512
"""Width of the world at zoom 0, pixels."""
MAX_LATITUDE = 85.0
MIN_ZOOM, MAX_ZOOM = 8.0, 18.0
TILT_GAIN = 0.12
"""A tilted view sees more ground: it may go this much nearer for a whole turn to the horizon."""


@dataclass(frozen=True)
class Extent:
    """Box in degrees, EPSG:4490.

    Raises
    ------
    LayerError
        If the box is turned inside out or leaves the map.
    """

    west: float
    south: float
    east: float
    north: float

    def __post_init__(self) -> None:
        """Refuse a box that is none."""
        if not (-180 <= self.west <= self.east <= 180 and -MAX_LATITUDE <= self.south <= self.north <= MAX_LATITUDE):  # noqa: PLR2004
            raise LayerError(
                f"extent west {self.west}, south {self.south}, east {self.east}, north {self.north} is no box in degrees"
            )


def view_of_extent(
    extent: Extent, *, width_px: int = 1920, height_px: int = 1080, pitch: float = 52.0, bearing: float = -14.0
) -> pydeck.ViewState:
    """Camera that shows an extent.

    Parameters
    ----------
    extent
        What is to be seen.
    width_px, height_px
        Of the part of the window that no panel covers, CSS pixels.
    pitch, bearing
        Degrees from the vertical, and clockwise from north.
    """
    middle = (extent.south + extent.north) / 2
    # Degrees of latitude are wider on the map by 1 / cos; a tilted view foreshortens the depth by cos pitch.
    span_x = max(extent.east - extent.west, 1e-4) / 360
    span_y = max(extent.north - extent.south, 1e-4) / 360 / cos(radians(middle)) * cos(radians(pitch) * 0.8)
    turn = abs(bearing) * pi / 180
    across = span_x * cos(turn) + span_y * (turn if turn < 1 else 1)
    zoom = min(log2(width_px / (across * TILE_PX)), log2(height_px / (span_y * TILE_PX))) + TILT_GAIN * pitch / 90
    return pydeck.ViewState(
        longitude=round((extent.west + extent.east) / 2, 6),
        latitude=round(middle, 6),
        zoom=round(min(max(zoom, MIN_ZOOM), MAX_ZOOM), 3),
        pitch=pitch,
        bearing=bearing,
    )
