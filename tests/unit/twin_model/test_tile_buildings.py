import numpy as np
import pytest
import shapely

from tests.unit.twin_model.tents import LAT, LON, NAMED, tent
from twin_model.surface import SurfaceKind
from twin_model.tile_buildings import LEAST_ERROR_M, Footprints, block_error_m, block_models, blocks
from twin_model.tile_buildings import size_m as sizes
from twin_model.tile_models import ROOF, modelled

SQUARE = shapely.box(LON, LAT, LON + 0.0002, LAT + 0.0002)
COURT = shapely.Polygon(
    shapely.box(LON, LAT, LON + 0.0006, LAT + 0.0006).exterior,
    [shapely.box(LON + 0.0002, LAT + 0.0002, LON + 0.0004, LAT + 0.0004).exterior.coords],
)


def test_a_block_stands_on_its_base_and_reaches_its_height() -> None:
    made = blocks(Footprints(np.array([SQUARE, COURT]), np.array([30.0, 9.0]), np.array([48.5, 50.0])), np.arange(2))
    heights = made.positions[:, 2]
    assert sorted(set(np.round(heights, 6).tolist())) == [48.5, 50.0, 59.0, 78.5]
    lon, lat = made.positions[made.faces[made.features == 1].ravel(), :2].T
    assert (lon.min(), lon.max()) == (pytest.approx(LON, abs=1e-9), pytest.approx(LON + 0.0006, abs=1e-9))
    assert lat.max() == pytest.approx(LAT + 0.0006, abs=1e-9)


def test_a_courtyard_stays_open() -> None:
    made = blocks(Footprints(np.array([COURT]), np.array([9.0]), np.array([0.0])), np.arange(1))
    corners = made.positions[made.faces[made.parts == ROOF], :2]
    roof = shapely.union_all(shapely.polygons(corners))
    assert roof.area == pytest.approx(COURT.area, rel=1e-6)


def test_blocks_are_as_wrong_as_roofs_dip_below_their_tops() -> None:
    assert block_error_m(modelled(tent(NAMED)), np.array([45.0])) == pytest.approx(5.0)
    assert block_error_m(modelled(tent([SurfaceKind.WALL] * 8)), np.array([45.0])) == LEAST_ERROR_M


def test_blocks_one_by_one_are_the_blocks_together() -> None:
    some = Footprints(np.array([SQUARE, COURT]), np.array([30.0, 9.0]), np.array([48.5, 50.0]))
    one, all_ = modelled(block_models(some, np.array([3, 8]))), blocks(some, np.array([3, 8]))
    assert np.allclose(one.positions[one.faces], all_.positions[all_.faces])
    assert one.features.tolist() == all_.features.tolist()
    assert one.parts.tolist() == all_.parts.tolist()


def test_the_size_of_a_building_is_the_diagonal_of_its_box() -> None:
    found = sizes(Footprints(np.array([SQUARE]), np.array([30.0]), np.array([0.0])))
    assert found[0] == pytest.approx((17.08**2 + 22.2**2 + 30**2) ** 0.5, abs=0.05)
