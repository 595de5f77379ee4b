"""Lights: the scene's own, and those of a chosen date and hour."""

from typing import Any

import pytest

from layers.lighting import lighting
from layers.palette import Theme
from layers.sunlight import Sun


def lights(sun: Sun | None, theme: Theme = "dark") -> dict[str, Any]:
    (effect,) = lighting(theme, sun)
    return effect


def test_without_a_chosen_hour_there_are_no_shadows() -> None:
    assert not any("_shadow" in light for light in lights(None).values())


def test_at_night_no_sun_shines() -> None:
    assert "sun" in lights(Sun(180, 0.5))
    assert "sun" not in lights(Sun(180, -0.5, shadows=True))


@pytest.mark.parametrize(
    ("azimuth", "direction"), [(0, (0, -1)), (90, (-1, 0)), (180, (0, 1)), (270, (1, 0))]
)  # fmt: skip
def test_light_goes_away_from_the_sun_and_down(azimuth: float, direction: tuple[float, float]) -> None:
    east, north, up = lights(Sun(azimuth, 30))["sun"]["direction"]
    assert (east, north) == pytest.approx([0.75**0.5 * part for part in direction], abs=1e-4)
    assert up == pytest.approx(-0.5, abs=1e-4)


def test_only_the_sun_throws_shadows_and_only_while_it_stands_high_enough() -> None:
    high, low = lights(Sun(200, 40, shadows=True)), lights(Sun(250, 1, shadows=True))
    assert high["sun"]["_shadow"]
    assert "fill" not in high
    assert "_shadow" not in low["sun"]


def test_a_low_sun_is_redder_and_weaker_than_a_high_one() -> None:
    low, high = (lights(Sun(250, altitude))["sun"] for altitude in (5, 60))
    assert low["intensity"] < high["intensity"]
    assert low["color"][2] < high["color"][2]
