"""Floor area of a building: footprint times storeys, and whether the storeys are known."""

from dataclasses import dataclass

from twin_model.building import STOREY_HEIGHT_M


@dataclass(frozen=True)
class FloorArea:
    """Floor area above the ground.

    Attributes
    ----------
    area_m2
        Square metres.
    storeys_estimated
        Whether the number of storeys follows from the height, 3 m each.
    """

    area_m2: float
    storeys_estimated: bool


def floor_area(footprint_m2: float, storeys: int | None, height_m: float) -> FloorArea:
    """Floor area of a footprint.

    Parameters
    ----------
    footprint_m2 : float
        Area of the footprint, square metres.
    storeys : int or None
        As the source gives them; None or less than 1 where it gives none.
    height_m : float
        Above the ground, metres.
    """
    if storeys is not None and storeys >= 1:
        return FloorArea(footprint_m2 * storeys, storeys_estimated=False)
    return FloorArea(footprint_m2 * max(round(height_m / STOREY_HEIGHT_M), 1), storeys_estimated=True)
