"""Floor area of buildings: footprint times storeys, and whether the storeys are known."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from twin_model.building import STOREY_HEIGHT_M


@dataclass(frozen=True)
class FloorAreas:
    """Floor areas; one entry a building.

    Attributes
    ----------
    area_m2
        (n,) float64 square metres above the ground.
    estimated
        (n,) bool: the number of storeys follows from the height, 3 m each.
    """

    area_m2: NDArray[np.float64]
    estimated: NDArray[np.bool_]


def floor_areas(
    footprint_m2: NDArray[np.floating], storeys: NDArray[np.floating], height_m: NDArray[np.floating]
) -> FloorAreas:
    """Floor areas of footprints.

    Parameters
    ----------
    footprint_m2 : (n,) float
        Area of the footprint, square metres.
    storeys : (n,) float
        As the source gives them; not-a-number or less than 1 where it gives none.
    height_m : (n,) float
        Above the ground, metres.
    """
    given = np.asarray(storeys, dtype=np.float64)
    known = given >= 1
    from_height = np.maximum(np.round(np.asarray(height_m, dtype=np.float64) / STOREY_HEIGHT_M), 1.0)
    floors = np.where(known, given, from_height)
    return FloorAreas(np.asarray(footprint_m2, dtype=np.float64) * floors, ~known)
