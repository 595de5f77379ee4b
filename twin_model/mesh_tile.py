"""Mesh tiles: web map tiles at zoom 15, by which models are fetched."""

import numpy as np
from numpy.typing import NDArray

ZOOM = 15
TILES_ACROSS = 1 << ZOOM
MAX_LATITUDE = 85.051128
"""The web map's square ends here, degrees north and south."""


def tile_of(lon: NDArray[np.floating] | float, lat: NDArray[np.floating] | float) -> NDArray[np.int32]:
    """Tile of each place: x * 2^15 + y, counted from the north-west.

    Parameters
    ----------
    lon, lat : (n,) float64
        Degrees, EPSG:4490. Beyond 85.05° north or south the outermost tile is taken.
    """
    across = (np.asarray(lon, dtype=np.float64) + 180) / 360
    phi = np.radians(np.clip(np.asarray(lat, dtype=np.float64), -MAX_LATITUDE, MAX_LATITUDE))
    down = (1 - np.arcsinh(np.tan(phi)) / np.pi) / 2
    x, y = (np.clip(np.floor(part * TILES_ACROSS), 0, TILES_ACROSS - 1).astype(np.int32) for part in (across, down))
    return np.asarray(x * TILES_ACROSS + y, dtype=np.int32)


def tile_bounds(tile: int) -> tuple[float, float, float, float]:
    """West, south, east, north of a tile, degrees, EPSG:4490."""
    x, y = divmod(int(tile), TILES_ACROSS)
    west, east = (column / TILES_ACROSS * 360 - 180 for column in (x, x + 1))
    north, south = (float(np.degrees(np.arctan(np.sinh(np.pi * (1 - 2 * row / TILES_ACROSS))))) for row in (y, y + 1))
    return west, south, east, north
