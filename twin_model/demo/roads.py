"""Roads: the edges of the cells, merged into lines."""

import numpy as np
import pyarrow as pa
import shapely

from twin_model.demo.ground import Ground
from twin_model.demo.outline import to_degrees
from twin_model.demo.streetwork import CLASSES, NO_ROAD, PRIMARY, WIDTHS_M, closed_land


def road_table(ground: Ground) -> pa.Table:
    """Road table of the store: one row a road, its edges merged.

    Arterials are one row each; other roads one row for each pair of areas that they divide, and lanes one row for each
    community and class.
    """
    coverage, cells, streetwork, roads = ground.coverage, ground.cells, ground.streetwork, ground.arterials
    rows = np.nonzero(streetwork.ranks > NO_ROAD)[0]
    ranks, arterial = streetwork.ranks[rows], streetwork.arterial[rows]
    community = cells.community[coverage.sides[rows]]
    community[coverage.sides[rows] < 0] = -1
    street = np.where(community < 0, -1, ground.communities.street[community])
    pair = np.where((ranks == PRIMARY)[:, None], np.sort(street, axis=1), np.sort(community, axis=1))
    pair[arterial >= 0] = -1
    keys, group = np.unique(np.column_stack((-ranks, arterial, pair)), axis=0, return_inverse=True)
    order = np.argsort(group.ravel(), kind="stable")
    lines = np.asarray(shapely.linestrings(coverage.vertices[coverage.edges[rows][order]]), dtype=object)
    closed = closed_land(ground.landuse)
    stub = shapely.intersects(closed, lines) & (arterial[order] < 0)
    lines[stub] = shapely.difference(lines[stub], closed)
    parts, part_of = shapely.get_parts(lines, return_index=True)
    group_of = group.ravel()[order][part_of]
    kept, group_of = np.unique(group_of, return_inverse=True)
    keys = keys[kept]
    merged = shapely.transform(shapely.line_merge(shapely.multilinestrings(parts, indices=group_of)), to_degrees)
    names = [roads.names[key] if key >= 0 else None for key in keys[:, 1]]
    return pa.table(
        {
            "road_id": pa.array(np.arange(len(keys)), pa.int32()),
            "name": pa.array(names, pa.string()),
            "class": pa.array([CLASSES[-key] for key in keys[:, 0]], pa.string()),
            "width_m": pa.array(WIDTHS_M[-keys[:, 0]], pa.float32()),
            "geom": pa.array(shapely.to_wkb(merged), pa.binary()),
        }
    )
