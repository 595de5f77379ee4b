"""The first camera shows the whole extent, and no more than it must."""

import numpy as np
import pytest

from layers.errors import LayerError
from layers.view import Extent, Window, corners, view_of_points

HAIDIAN = Extent(116.03, 39.88, 116.4, 40.16)
FOV_HEIGHTS = 1.5


def corners_px(extent: Extent, window: Window, **angles: float) -> np.ndarray:
    """Where deck.gl's camera puts the corners; by homogeneous matrices, not by the formulas of the module."""
    view, height = view_of_points(corners(extent), window, **angles), window.height_px

    def world(lon: float, lat: float) -> np.ndarray:
        y = np.log(np.tan(np.pi / 4 + np.radians(lat) / 2)) / (2 * np.pi)
        return np.array([lon / 360, y, 0.0]) * 512 * 2**view.zoom

    tilt, turn = np.radians(-view.pitch), np.radians(view.bearing)
    around_x = np.array([[1, 0, 0], [0, np.cos(tilt), -np.sin(tilt)], [0, np.sin(tilt), np.cos(tilt)]])
    around_z = np.array([[np.cos(turn), -np.sin(turn), 0], [np.sin(turn), np.cos(turn), 0], [0, 0, 1]])
    seen = []
    for lon in (extent.west, extent.east):
        for lat in (extent.south, extent.north):
            x, y, z = around_x @ around_z @ (world(lon, lat) - world(view.longitude, view.latitude))
            depth = FOV_HEIGHTS * height - z
            seen.append((x * FOV_HEIGHTS * height / depth, y * FOV_HEIGHTS * height / depth))
    return np.array(seen)


@pytest.mark.parametrize("bearing", [-14.0, 0.0, 30.0])
@pytest.mark.parametrize("size", [(1920, 1080), (1100, 620), (390, 700)])
def test_the_extent_fills_the_window_without_leaving_it(size: tuple[int, int], bearing: float) -> None:
    seen = np.abs(corners_px(HAIDIAN, Window(*size), pitch=52.0, bearing=bearing))
    fill = seen.max(axis=0) / (size[0] / 2, size[1] / 2)
    assert fill.max() == pytest.approx(1, abs=0.03)


@pytest.mark.parametrize(
    "window", [Window(1920, 1080, 430, 170, 430, 260), Window(3840, 2160, 960, 400, 60, 520), Window(390, 380, 8, 8)]
)
def test_the_extent_lies_in_the_middle_of_what_no_panel_covers(window: Window) -> None:
    seen = corners_px(HAIDIAN, window, pitch=52.0, bearing=-14.0) + np.array([window.width_px, window.height_px]) / 2
    west, south, east, north = *seen.min(axis=0), *seen.max(axis=0)
    gaps = np.array([west - window.left_px, window.width_px - window.right_px - east])
    rises = np.array([south - window.bottom_px, window.height_px - window.top_px - north])
    assert min(*gaps, *rises) >= -0.02 * window.height_px
    assert gaps[0] == pytest.approx(gaps[1], abs=0.01 * window.width_px)
    assert rises[0] == pytest.approx(rises[1], abs=0.01 * window.height_px)


def test_panels_that_cover_everything_are_refused() -> None:
    with pytest.raises(LayerError, match="free"):
        Window(390, 380, 200, 0, 200, 0)


def test_a_camera_without_anything_to_show_is_refused() -> None:
    with pytest.raises(LayerError, match="needs a point"):
        view_of_points((), Window(1920, 1080))


def test_a_point_is_seen_from_no_nearer_than_the_limit() -> None:
    assert view_of_points(((116.3, 39.9),), Window(1920, 1080)).zoom <= 18


def test_an_extent_turned_inside_out_is_refused() -> None:
    with pytest.raises(LayerError, match="no box"):
        Extent(117, 39, 116, 40)
