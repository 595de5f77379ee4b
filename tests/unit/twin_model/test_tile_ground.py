import numpy as np
import pyarrow as pa
import pytest
import shapely

from twin_model.local_frame import metres_per_degree
from twin_model.tile_ground import AREA, HILL, PARTS, GroundShapes, ground_class, ground_tiles
from twin_model.tile_mesh import FeatureMesh

WEST, SOUTH, SIDE = 116.30, 39.95, 0.05
CITY = shapely.box(WEST, SOUTH, WEST + SIDE, SOUTH + SIDE)
LAKE = shapely.box(WEST + 0.010, SOUTH + 0.010, WEST + 0.030, SOUTH + 0.020)
PARK = shapely.box(WEST + 0.020, SOUTH + 0.005, WEST + 0.040, SOUTH + 0.025)
STREET = shapely.LineString([(WEST + 0.001, SOUTH + 0.015), (WEST + 0.049, SOUTH + 0.015)])
MOUNT = shapely.box(WEST + 0.041, SOUTH + 0.041, WEST + 0.045, SOUTH + 0.045)
SCALE = np.array(metres_per_degree(SOUTH + SIDE / 2))


def ground() -> GroundShapes:
    kinds = ["street", "water", "park", "primary", "hill"]
    rows = pa.table(
        {
            "layer": ["area", "landuse", "landuse", "road", "landuse"], "kind": kinds,
            "code": pa.array(["S1", None, None, None, None], pa.string()),
            "name": pa.array(["一街", "湖", None, "大街", "山"], pa.string()),
            "elevation": pa.array([0, 0, 0, 0, 80], pa.float32()),
        }
    )  # fmt: skip
    parts = [PARTS[name] for name in (AREA, "water", "park", "road", HILL)]
    return GroundShapes(
        np.array([CITY, LAKE, PARK, STREET, MOUNT]), np.array([0, 0, 0, 20.0, 0]), np.array([0, 0, 1, 0, 0]),
        np.array(parts, dtype=np.uint8), rows,
    )  # fmt: skip


def laid_m2(meshes: list[FeatureMesh], part: int) -> float:
    """Area of the triangles of a part that lie flat, square metres."""
    total = 0.0
    for mesh in meshes:
        corners = mesh.positions[mesh.faces[mesh.parts == part]] * (*SCALE, 1.0)
        across = np.cross(corners[:, 1] - corners[:, 0], corners[:, 2] - corners[:, 0])
        flat = np.abs(across[:, 2]) > 0.5 * np.linalg.norm(across, axis=1)
        assert (across[flat, 2] > 0).all(), "the ground is seen from above"
        total += float(across[flat, 2].sum()) / 2
    return total


@pytest.fixture(scope="module")
def meshes() -> list[FeatureMesh]:
    return [mesh for _, _, mesh in ground_tiles(ground(), 48.0)]


def m2(shape: shapely.Geometry) -> float:
    return float(shapely.area(shapely.transform(shape, lambda xy: xy * SCALE)))


def test_nothing_is_laid_twice_and_nothing_is_left_open(meshes: list[FeatureMesh]) -> None:
    laid = {name: laid_m2(meshes, PARTS[name]) for name in (AREA, "water", "park", "road")}
    assert sum(laid.values()) == pytest.approx(m2(CITY), rel=1e-3)
    road = laid["road"]
    assert road == pytest.approx(20 * 0.048 * SCALE[0], rel=0.02)
    assert laid["water"] == pytest.approx(m2(LAKE) - 20 * 0.020 * SCALE[0], rel=1e-3)
    assert laid["park"] == pytest.approx(m2(PARK.difference(LAKE)) - 20 * 0.010 * SCALE[0], rel=1e-3)


def test_hills_stand_on_the_plain_with_their_sides(meshes: list[FeatureMesh]) -> None:
    assert laid_m2(meshes, PARTS[HILL]) == pytest.approx(m2(MOUNT), rel=1e-3)
    heights = np.concatenate([mesh.positions[mesh.faces[mesh.parts == PARTS[HILL]]][..., 2].ravel() for mesh in meshes])
    assert sorted(set(heights.tolist())) == [48.0, 128.0]


def test_features_are_counted_in_the_rows_of_the_tile() -> None:
    shapes = ground()
    for (x, y), rows, mesh in ground_tiles(shapes, 0.0):
        assert mesh.features.max() < len(rows)
        assert (shapes.part[rows][mesh.features] == mesh.parts).all()
        assert 0 < x < 2**13 > y > 0


def test_an_outline_around_the_world_costs_nothing() -> None:
    shapes = ground()
    shapes.shape[0] = shapely.box(-120, -40, 140, 60)
    laid = [mesh for _, _, mesh in ground_tiles(shapes, 0.0)]
    assert laid_m2(laid, PARTS["water"]) > 0
    assert laid_m2(laid, PARTS[AREA]) < 2 * m2(CITY)
    outline = GroundShapes(shapes.shape[:1], shapes.width_m[:1], shapes.rank[:1], shapes.part[:1], shapes.rows[:1])
    assert not list(ground_tiles(outline, 0.0))


def test_the_class_knows_every_word_of_its_columns() -> None:
    words = ground_class(ground().rows).words
    assert words["layer"] == ["area", "landuse", "road"]
    assert "hill" in words["kind"]
