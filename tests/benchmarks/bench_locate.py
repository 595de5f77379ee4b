"""Point location: points a second of `PointLocator` beside geopandas.sjoin, on the same points in the same run."""

import argparse

import geopandas as gpd
import numpy as np
import shapely

from tests.benchmarks.report import Figure, median_seconds, print_figures
from twin_model.locate import PointLocator

EXTENT = (116.04, 39.885, 116.39, 40.16)
"""West, south, east and north of the layer, degrees, EPSG:4490."""


def cells_and_points(cells, points, seed=1):
    """Cells of irregular shape that cover the extent, and points spread over it."""
    rng = np.random.default_rng(seed)
    sites = rng.uniform(EXTENT[:2], EXTENT[2:], (cells, 2))
    layer = shapely.get_parts(shapely.voronoi_polygons(shapely.MultiPoint(sites)))
    layer = shapely.intersection(layer, shapely.box(*EXTENT))
    lon, lat = rng.uniform(EXTENT[:2], EXTENT[2:], (points, 2)).T.copy()
    return layer, lon, lat


def sjoin(layer, lon, lat):
    """Index of the cell of each point by geopandas, -1 outside, from arrays to array."""
    frame = gpd.GeoDataFrame(geometry=gpd.points_from_xy(lon, lat), crs="EPSG:4490")
    joined = gpd.sjoin(frame, layer, predicate="within", how="left")
    first = joined["index_right"].groupby(level=0).min()
    return first.fillna(-1).to_numpy().astype(np.int32)


def figures(cells, points, rounds):
    """Build time, points a second of both, and whether they agree."""
    polygons, lon, lat = cells_and_points(cells, points)
    layer = gpd.GeoDataFrame(geometry=polygons, crs="EPSG:4490")
    locator = PointLocator(polygons)
    agree = int((locator.locate(lon, lat) == sjoin(layer, lon, lat)).sum())
    build = median_seconds(lambda: PointLocator(polygons), rounds)
    ours = points / median_seconds(lambda: locator.locate(lon, lat), rounds) / 1e6
    theirs = points / median_seconds(lambda: sjoin(layer, lon, lat), rounds) / 1e6
    return [
        Figure(f"build the index, {cells:,} cells", build, "s"),
        Figure(f"locate {points:,} points", ours, "M points/s", "geopandas.sjoin", theirs),
        Figure("answers that agree", 100 * agree / points, "%"),
    ]


def main():
    """Command line."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--cells", type=int, default=25_000)
    parser.add_argument("--points", type=int, default=2_040_552)
    parser.add_argument("--rounds", type=int, default=3)
    options = parser.parse_args()
    print_figures("Point location", figures(options.cells, options.points, options.rounds))


if __name__ == "__main__":
    main()
