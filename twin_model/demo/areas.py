"""The area table: district, streets, communities and unit grid cells, all on one set of vertices."""

from itertools import pairwise

import numpy as np
import pyarrow as pa
import shapely
from numpy.typing import NDArray

from twin_model.area import AreaLevel, grid_code
from twin_model.demo.ground import Ground
from twin_model.demo.outline import to_degrees
from twin_model.demo.setting import is_village

DISTRICT_CODE = "110108"
DISTRICT_NAME = "海淀区"
DISTRICT_NAME_EN = "Haidian District"


def _unions(polygons: NDArray[np.object_], group: NDArray[np.int64], count: int) -> NDArray[np.object_]:
    """(count,) union of each group of polygons of a coverage; polygons are ordered by group."""
    bounds = np.searchsorted(group, np.arange(count + 1)).tolist()
    unions = [shapely.coverage_union_all(polygons[first:last]) for first, last in pairwise(bounds)]
    result = np.empty(count, dtype=object)
    result[:] = [
        shapely.get_geometry(union, 0) if shapely.get_num_geometries(union) == 1 else union for union in unions
    ]
    return result


def apportion(total: int, weights: NDArray[np.float64]) -> NDArray[np.int64]:
    """Split a whole number by weights into whole numbers with the same sum (largest remainder)."""
    exact = total * (weights / weights.sum() if weights.sum() > 0 else np.full(len(weights), 1 / len(weights)))
    whole = np.floor(exact).astype(np.int64)
    rest = np.argsort(whole - exact, kind="stable")[: total - int(whole.sum())]
    whole[rest] += 1
    return np.asarray(whole, dtype=np.int64)


def populations(
    street_population: NDArray[np.int64], street_of: NDArray[np.int64], weight: NDArray[np.float64]
) -> NDArray[np.int64]:
    """(n,) inhabitants of each part of the streets, by weight; they sum to the streets' own."""
    result = np.zeros(len(street_of), dtype=np.int64)
    for street, total in enumerate(street_population):
        rows = np.nonzero(street_of == street)[0]
        result[rows] = apportion(int(total), weight[rows])
    return result


def area_table(
    outline: NDArray[np.float64], streets: pa.Table, ground: Ground, living_m2: NDArray[np.float64]
) -> pa.Table:
    """Area table of the store.

    Parameters
    ----------
    outline
        (n, 2) float64 ring of the district, degrees.
    streets
        Facts of the streets that are built, in code order.
    living_m2
        (cells,) float64 living space in each cell: shares out the streets' population.
    """
    communities, cells, coverage = ground.communities, ground.cells, ground.coverage
    of_community = communities.street
    metric, degrees = coverage.polygons(), coverage.polygons(to_degrees(coverage.vertices))
    community_shapes = _unions(degrees, cells.community, len(communities.codes))
    street_shapes = _unions(community_shapes, of_community, streets.num_rows)
    geometry = np.concatenate(
        (np.array([shapely.Polygon(outline)], dtype=object), street_shapes, community_shapes, degrees)
    )
    count = (1, streets.num_rows, len(communities.codes), len(degrees))
    first = np.cumsum((0, *count))
    cell_m2 = shapely.area(metric)
    community_m2 = np.bincount(cells.community, cell_m2, count[2])
    street_m2 = np.bincount(of_community, community_m2, count[1])
    people = streets["population"].to_numpy()
    cell_people = populations(people, of_community[cells.community], living_m2)
    community_people = np.bincount(cells.community, cell_people, count[2])
    grid_codes = [grid_code(communities.codes[c], int(s)) for c, s in zip(cells.community, cells.sequence, strict=True)]
    village = ["village" if is_village(code) else "community" for code in communities.codes]
    settled = np.where(cells.settled, "settled", "open").tolist()
    labels = shapely.get_coordinates(shapely.point_on_surface(geometry))
    parents = np.concatenate(([0], np.zeros(count[1]), first[1] + of_community, first[2] + cells.community))
    nobody = [None] * count[3]
    levels = np.repeat([int(level) for level in AreaLevel], count)
    return pa.table(
        {
            "area_id": pa.array(np.arange(first[-1]), pa.int32()),
            "code": pa.array(
                [DISTRICT_CODE, *streets["code"].to_pylist(), *communities.codes, *grid_codes], pa.string()
            ),
            "level": pa.array(levels, pa.uint8()),
            "parent_id": pa.array(parents.astype(np.int32), pa.int32(), mask=levels == AreaLevel.DISTRICT),
            "name": pa.array(
                [DISTRICT_NAME, *streets["name"].to_pylist(), *communities.names, *grid_codes], pa.string()
            ),
            "name_en": pa.array(
                [DISTRICT_NAME_EN, *streets["name_en"].to_pylist(), *[None] * count[2], *nobody], pa.string()
            ),
            "kind": pa.array(["district", *streets["kind"].to_pylist(), *village, *settled], pa.string()),
            "population": pa.array(
                np.concatenate(([people.sum()], people, community_people, cell_people)).astype(np.int32), pa.int32()
            ),
            "area_m2": pa.array(np.concatenate(([cell_m2.sum()], street_m2, community_m2, cell_m2)), pa.float64()),
            "lon": pa.array(labels[:, 0], pa.float64()),
            "lat": pa.array(labels[:, 1], pa.float64()),
            "geom": pa.array(shapely.to_wkb(geometry), pa.binary()),
            "geom_source": pa.array(["schematic"] * first[-1], pa.string()),
        }
    )
