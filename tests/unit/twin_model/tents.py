"""A tent as a model, that the tests of tiles build from."""

import numpy as np

from twin_model.mesh import Mesh
from twin_model.surface import SurfaceKind
from twin_model.tile_models import Models, Skin

LON, LAT = 116.3, 39.95
TENT = np.array([(0, 0, 0), (8, 0, 0), (8, 6, 0), (0, 6, 0), (0, 3, 5), (8, 3, 5)], dtype=np.float64)
FACES = np.array(
    [(0, 2, 1), (0, 3, 2), (0, 1, 5), (0, 5, 4), (2, 3, 4), (2, 4, 5), (1, 2, 5), (0, 4, 3)], dtype=np.int32
)
NAMED = [SurfaceKind.GROUND] * 2 + [SurfaceKind.ROOF] * 4 + [SurfaceKind.WALL] * 2


def tent(kinds: list[SurfaceKind], skin: Skin | None = None, feature: int = 0) -> Models:
    """A ridge from west to east, 5 m above a floor of 8 by 6 m."""
    mesh = Mesh(TENT, FACES, np.array(kinds, dtype=np.uint8))
    return Models(np.array([feature]), np.array([(LON, LAT, 40.0)]), [mesh], [skin])
