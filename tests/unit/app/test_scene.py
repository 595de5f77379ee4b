"""The scene's frame: what a browser tells of its window is read with care."""

import pytest

from app.components.scene import WINDOW, free_of, window_of


@pytest.mark.parametrize(("text", "window"), [("390x844", (390, 844)), ("1x99999", (200, 16_000))])
def test_a_window_is_read_within_bounds(text: str, window: tuple[int, int]) -> None:
    assert window_of(text) == window


@pytest.mark.parametrize("text", ["", "x", "axb", "1920", "-1x5", "9" * 99 + "x1"])
def test_anything_else_is_the_usual_window(text: str) -> None:
    assert window_of(text) == WINDOW


def test_a_phone_gives_the_map_its_whole_width() -> None:
    assert free_of((390, 844))[0] == 390
    assert free_of((1920, 1080))[0] < 1920 - 2 * 350
