"""The camera that a scene begins with: what is in focus seen at an angle, in the part of the window that is free."""

from dataclasses import dataclass
from typing import TypeAlias

import numpy as np
import pydeck
from numpy.typing import NDArray

from layers.errors import LayerError

TILE_PX = 512
"""Width of the world at zoom 0, pixels."""
CAMERA_HEIGHTS = 1.5
"""Distance of deck.gl's camera from the point it looks at, in heights of the window."""
EQUATOR_M = 40_030_000.0
"""Of deck.gl's earth."""
MAX_LATITUDE = 85.0
MIN_ZOOM, MAX_ZOOM = 8.0, 18.0
ROUNDS = 40
"""Steps of the search for the camera; each halves what is left to mend."""

Points: TypeAlias = tuple[tuple[float, float], ...]
"""Longitude and latitude, degrees."""


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
        if not (-180 <= self.west <= self.east <= 180 and -MAX_LATITUDE <= self.south <= self.north <= MAX_LATITUDE):  # noqa: PLR2004 - degrees
            raise LayerError(
                f"extent {self.west}, {self.south}, {self.east}, {self.north} (west, south, east, north) is no box"
            )


@dataclass(frozen=True)
class Window:
    """The canvas, and how far panels reach into it from its edges, CSS pixels.

    Raises
    ------
    LayerError
        If the panels leave nothing free.
    """

    width_px: int
    height_px: int
    left_px: int = 0
    top_px: int = 0
    right_px: int = 0
    bottom_px: int = 0

    def __post_init__(self) -> None:
        """Refuse a window without a free part."""
        if min(self.free[0]) <= 0:
            raise LayerError(f"panels cover all of {self}: leave a part of the window free")

    @property
    def free(self) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
        """Width and height of the free part, and its middle to the right of and above the window's middle."""
        size = (self.width_px - self.left_px - self.right_px, self.height_px - self.top_px - self.bottom_px)
        middle = ((self.left_px - self.right_px) / 2, (self.bottom_px - self.top_px) / 2)
        return np.array(size, dtype=np.float64), np.array(middle, dtype=np.float64)


def corners(extent: Extent) -> Points:
    """Corners of a box, as points to be framed."""
    return tuple((lon, lat) for lon in (extent.west, extent.east) for lat in (extent.south, extent.north))


def view_of_points(
    points: Points,
    window: Window,
    *,
    pitch: float = 52.0,
    bearing: float = -14.0,
    max_zoom: float = MAX_ZOOM,
    height_m: float = 0.0,
) -> pydeck.ViewState:
    """Camera that shows points on the ground, and what stands on them, in the middle of what no panel covers.

    Parameters
    ----------
    points
        Degrees, EPSG:4490; at least one.
    window
        The canvas and the panels over it.
    pitch, bearing
        Degrees from the vertical, and clockwise from north.
    max_zoom
        Nearest zoom, however little there is to show.
    height_m
        Height above each point that is shown as well, metres.

    Raises
    ------
    LayerError
        If there is no point.
    """
    if not points:
        raise LayerError("a camera needs a point to look at: give the corners of an extent")
    world = _standing(np.array(points, dtype=np.float64), height_m)
    centre, zoom = (world.min(axis=0) + world.max(axis=0))[:2] / 2, MIN_ZOOM
    free, middle = window.free
    for _ in range(ROUNDS):
        seen = _project(world, centre, zoom, pitch, bearing, height_px=window.height_px)
        low, high = seen.min(axis=0), seen.max(axis=0)
        fit = float((free / np.maximum(high - low, 1e-9)).min())
        zoom = float(np.clip(zoom + 0.7 * np.log2(fit), MIN_ZOOM, max_zoom))
        centre = centre + 0.5 * _unproject((low + high) / 2 - middle, zoom, pitch, bearing)
    lon, lat = _degrees(centre)
    return pydeck.ViewState(
        longitude=round(lon, 6), latitude=round(lat, 6), zoom=round(zoom, 3), pitch=pitch, bearing=bearing
    )


def _mercator(degrees: NDArray[np.float64]) -> NDArray[np.float64]:
    """(n, 2) degrees to (n, 2) Web Mercator, the world 0 to 1, y to the north."""
    north = np.log(np.tan(np.pi / 4 + np.radians(degrees[:, 1]) / 2)) / (2 * np.pi)
    return np.column_stack([degrees[:, 0] / 360, north])


def _standing(degrees: NDArray[np.float64], height_m: float) -> NDArray[np.float64]:
    """(n, 2) degrees to (2 n, 3) Web Mercator: each point on the ground, and at a height above it."""
    ground = _mercator(degrees)
    up = height_m / (EQUATOR_M * np.cos(np.radians(degrees[:, 1])))
    return np.vstack([np.column_stack([ground, np.zeros_like(up)]), np.column_stack([ground, up])])


def _degrees(world: NDArray[np.float64]) -> tuple[float, float]:
    return float(world[0] * 360), float(np.degrees(2 * np.arctan(np.exp(world[1] * 2 * np.pi)) - np.pi / 2))


def _turn(bearing: float) -> NDArray[np.float64]:
    angle = np.radians(bearing)
    return np.array([[np.cos(angle), -np.sin(angle)], [np.sin(angle), np.cos(angle)]])


def _project(
    world: NDArray[np.float64],
    centre: NDArray[np.float64],
    zoom: float,
    pitch: float,
    bearing: float,
    *,
    height_px: int,
) -> NDArray[np.float64]:
    """Points as the camera sees them: pixels to the right of and above the middle of the window."""
    scale = TILE_PX * 2**zoom
    flat: NDArray[np.float64] = (world[:, :2] - centre) @ _turn(bearing).T * scale
    up = world[:, 2] * scale
    tilt = np.radians(pitch)
    camera = CAMERA_HEIGHTS * height_px
    depth = np.maximum(camera + flat[:, 1] * np.sin(tilt) - up * np.cos(tilt), camera / 8)
    seen = np.column_stack([flat[:, 0], flat[:, 1] * np.cos(tilt) + up * np.sin(tilt)])
    return np.asarray(seen * (camera / depth)[:, None])


def _unproject(pixels: NDArray[np.float64], zoom: float, pitch: float, bearing: float) -> NDArray[np.float64]:
    """Ground under a pixel near the middle of the window, as a step from the centre, without perspective."""
    flat = pixels / (1, np.cos(np.radians(pitch))) / (TILE_PX * 2**zoom)
    return np.asarray(flat @ _turn(bearing))
