"""The first camera shows the whole extent, and no more than it must."""

import numpy as np
import pytest

from layers.errors import LayerError
from layers.view import Extent, view_of_extent

HAIDIAN = Extent(116.03, 39.88, 116.4, 40.16)
FOV_HEIGHTS = 1.5


def corners_px(extent: Extent, width: int, height: int, **angles: float) -> np.ndarray:
    """Where deck.gl's camera puts the corners; by homogeneous matrices, not by the formulas of the module."""
    view = view_of_extent(extent, width_px=width, height_px=height, **angles)

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
    seen = np.abs(corners_px(HAIDIAN, *size, pitch=52.0, bearing=bearing))
    fill = seen.max(axis=0) / (size[0] / 2, size[1] / 2)
    assert fill.max() == pytest.approx(1, abs=0.03)


def test_a_point_is_seen_from_no_nearer_than_the_limit() -> None:
    assert view_of_extent(Extent(116.3, 39.9, 116.3, 39.9)).zoom <= 18


def test_an_extent_turned_inside_out_is_refused() -> None:
    with pytest.raises(LayerError, match="no box"):
        Extent(117, 39, 116, 40)
