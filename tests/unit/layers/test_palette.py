"""Colours can be told apart, by lightness too."""

import pytest

from layers.errors import LayerError
from layers.palette import PALETTES, Palette, css, palette


def luminance(colour: tuple[int, ...]) -> float:
    linear = [c / 12.92 if c <= 0.04045 else ((c + 0.055) / 1.055) ** 2.4 for c in (part / 255 for part in colour[:3])]
    return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]


@pytest.mark.parametrize("colours", PALETTES.values(), ids=PALETTES.keys())
def test_the_ramp_changes_lightness_one_way_only(colours: Palette) -> None:
    steps = [luminance(colour) for colour in colours.intensity]
    assert steps in (sorted(steps), sorted(steps, reverse=True))


@pytest.mark.parametrize("colours", PALETTES.values(), ids=PALETTES.keys())
def test_the_ramp_moves_away_from_the_ground(colours: Palette) -> None:
    ground = luminance(colours.ground)
    apart = [abs(luminance(colour) - ground) for colour in colours.intensity]
    assert apart == sorted(apart)


def test_an_unknown_theme_is_refused_with_the_known_ones() -> None:
    with pytest.raises(LayerError, match="dark, light"):
        palette("neon")


def test_a_colour_with_alpha_is_written_for_css() -> None:
    assert css((1, 2, 3, 51)) == "rgb(1 2 3 / 0.20)"
