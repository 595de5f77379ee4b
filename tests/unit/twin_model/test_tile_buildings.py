import numpy as np
import pytest
import shapely

from twin_model.geocentric import frame_axes, to_geocentric
from twin_model.surface import SurfaceKind
from twin_model.tile_buildings import (
    LEAST_ERROR_M,
    ROOF,
    WALL,
    Footprints,
    Models,
    block_error_m,
    blocks,
    modelled,
    together,
)
from twin_model.tile_buildings import size_m as sizes

LON, LAT = 116.3, 39.95
SQUARE = shapely.box(LON, LAT, LON + 0.0002, LAT + 0.0002)
COURT = shapely.Polygon(
    shapely.box(LON, LAT, LON + 0.0006, LAT + 0.0006).exterior,
    [shapely.box(LON + 0.0002, LAT + 0.0002, LON + 0.0004, LAT + 0.0004).exterior.coords],
)
TENT = np.array([(0, 0, 0), (8, 0, 0), (8, 6, 0), (0, 6, 0), (0, 3, 5), (8, 3, 5)], dtype=np.float32)
TENT_FACES = np.array([(0, 2, 1), (0, 3, 2), (0, 1, 5), (0, 5, 4), (2, 3, 4), (2, 4, 5), (1, 2, 5), (0, 4, 3)])


def tent(kinds: list[SurfaceKind]) -> Models:
    return Models(
        np.array([0]), np.array([(LON, LAT, 40.0)]), np.array([6]), np.array([8]), TENT,
        TENT_FACES.astype(np.uint32), np.array(kinds, dtype=np.uint8),
    )  # fmt: skip


NAMED = [SurfaceKind.GROUND] * 2 + [SurfaceKind.ROOF] * 4 + [SurfaceKind.WALL] * 2


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


def test_a_model_stands_where_its_origin_is_and_shows_no_underside() -> None:
    made = modelled(tent(NAMED))
    assert len(made.faces) == 6
    assert np.bincount(made.parts).tolist() == [2, 4]
    metres = to_geocentric(made.positions) - to_geocentric(np.array([(LON, LAT, 40.0)]))
    assert np.allclose(metres @ frame_axes(LON, LAT), TENT, atol=0.001)


def test_surfaces_without_a_name_are_roofs_where_they_face_up() -> None:
    made = modelled(tent([SurfaceKind.UNKNOWN] * 8))
    assert made.parts.tolist() == [WALL, WALL, ROOF, ROOF, ROOF, ROOF, WALL, WALL]


def test_blocks_are_as_wrong_as_roofs_dip_below_their_tops() -> None:
    assert block_error_m(modelled(tent(NAMED)), np.array([45.0])) == pytest.approx(5.0)
    assert block_error_m(modelled(tent([SurfaceKind.WALL] * 8)), np.array([45.0])) == LEAST_ERROR_M


def test_meshes_together_keep_their_features() -> None:
    one = blocks(Footprints(np.array([SQUARE]), np.array([3.0]), np.array([0.0])), np.array([4]))
    whole = together([modelled(tent(NAMED)), one])
    assert sorted(set(whole.features.tolist())) == [0, 4]
    assert np.allclose(whole.positions[whole.faces[whole.features == 4]], one.positions[one.faces])


def test_the_size_of_a_building_is_the_diagonal_of_its_box() -> None:
    found = sizes(Footprints(np.array([SQUARE]), np.array([30.0]), np.array([0.0])))
    assert found[0] == pytest.approx((17.08**2 + 22.2**2 + 30**2) ** 0.5, abs=0.05)
