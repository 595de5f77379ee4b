import numpy as np
import pytest
import shapely
from hypothesis import given, settings
from hypothesis import strategies as st

from twin_model.demo.coverage import stitch
from twin_model.demo.splitting import cut, unit_vectors


def _shattered(seed: int, rounds: int) -> np.ndarray:
    """Cut a square into pieces that meet in T-junctions."""
    rng = np.random.default_rng(seed)
    pieces = np.array([shapely.box(440_000, 4_430_000, 441_000, 4_431_000)])
    for _ in range(rounds):
        normals = unit_vectors(rng.uniform(0, np.pi, len(pieces)))
        pieces, _ = cut(pieces, shapely.get_coordinates(shapely.centroid(pieces)), normals)
    return pieces


@settings(max_examples=30)
@given(st.integers(0, 2**32 - 1), st.integers(1, 6))
def test_stitched_polygons_tile_with_identical_vertices(seed, rounds):
    pieces = _shattered(seed, rounds)
    coverage = stitch(pieces)
    polygons = coverage.polygons()
    assert shapely.coverage_is_valid(polygons)
    assert shapely.area(polygons).sum() == pytest.approx(1e6, abs=1.0)
    assert shapely.area(polygons) == pytest.approx(shapely.area(pieces), abs=5.0)


def test_a_shared_edge_is_there_once_with_both_neighbours():
    coverage = stitch(np.array([shapely.box(0, 0, 10, 10), shapely.box(10, 0, 20, 4), shapely.box(10, 4, 20, 10)]))
    inner = coverage.sides[(coverage.sides >= 0).all(axis=1)]
    assert sorted(map(tuple, np.sort(inner, axis=1).tolist())) == [(0, 1), (0, 2), (1, 2)]
    assert len(np.unique(coverage.edges, axis=0)) == len(coverage.edges)


def test_the_left_neighbour_lies_left_of_the_edge():
    coverage = stitch(np.array([shapely.box(0, 0, 10, 10), shapely.box(10, 0, 20, 10)]))
    start, end = (coverage.vertices[coverage.edges[:, side]] for side in (0, 1))
    left = (start + end) / 2 + np.column_stack((-(end - start)[:, 1], (end - start)[:, 0])) * 0.1
    for place, (polygon, _) in zip(left, coverage.sides, strict=True):
        holder = [index for index, shape in enumerate(coverage.polygons()) if shape.contains(shapely.Point(place))]
        assert holder == ([polygon] if polygon >= 0 else [])
