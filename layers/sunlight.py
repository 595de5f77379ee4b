"""The sun of a chosen date and hour."""

from dataclasses import dataclass

from layers.errors import LayerError

RIGHT_ANGLE_DEG = 90.0
FULL_TURN_DEG = 360.0


@dataclass(frozen=True)
class Sun:
    """Where the sun stands, as `twin_model.sun` computes it.

    Attributes
    ----------
    azimuth_deg
        Clockwise from north, 0 to 360.
    altitude_deg
        Above the horizon, -90 to 90; below 0 it is night.
    shadows
        Whether buildings throw shadows.

    Raises
    ------
    LayerError
        If an angle is out of its range.
    """

    azimuth_deg: float
    altitude_deg: float
    shadows: bool = False

    def __post_init__(self) -> None:
        """Refuse angles that are none."""
        if not (0 <= self.azimuth_deg <= FULL_TURN_DEG and abs(self.altitude_deg) <= RIGHT_ANGLE_DEG):
            raise LayerError(
                f"the sun at azimuth {self.azimuth_deg}, altitude {self.altitude_deg}: give degrees, 0 to 360 and "
                "-90 to 90"
            )
