"""The look of buildings: what is refused."""

import pytest

from layers.buildings import BuildingLook
from layers.errors import LayerError
from layers.sunlight import Sun


@pytest.mark.parametrize("exaggeration", [0.0, 0.99, 5.01, float("nan")])
def test_heights_that_nobody_could_read_are_refused(exaggeration: float) -> None:
    with pytest.raises(LayerError, match="between 1 and 5"):
        BuildingLook(exaggeration=exaggeration)


@pytest.mark.parametrize(("azimuth", "altitude"), [(-1, 10), (361, 10), (180, 91), (180, -91), (float("nan"), 0)])
def test_a_sun_that_stands_nowhere_is_refused(azimuth: float, altitude: float) -> None:
    with pytest.raises(LayerError, match="give degrees"):
        Sun(azimuth, altitude)
