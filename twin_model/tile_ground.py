"""The ground as tiles show it: areas, land use and roads on one level, cut so that nothing lies on anything else."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

import numpy as np
import pyarrow as pa
import shapely
from numpy.typing import NDArray

from twin_model.extrusion import extrude_all
from twin_model.local_frame import LocalFrame, metres_per_degree
from twin_model.mesh_tile import TILES_ACROSS, ZOOM, tile_bounds, tile_of
from twin_model.property_table import Property, PropertyClass
from twin_model.surface import SurfaceKind
from twin_model.tile_content import Material
from twin_model.tile_mesh import FeatureMesh

TILE_ZOOM = 13
"""Web map zoom of the ground's tiles; they are put together from cells at zoom 15, about 1 km across, over which the
Earth bends away from a plane by 3 cm at most."""
MOST_CELLS = 50_000
"""A shape whose box covers more cells than this, about 50,000 km², is an outline around data far apart: it adds no
cell, and is seen only where other shapes lie."""
ROAD_ARC = 3
"""Corners to a quarter of a round road end."""
HILL, AREA = "hill", "area"
MATERIALS = {
    AREA: Material("ground", (0.45, 0.46, 0.46)),
    "water": Material("water", (0.12, 0.27, 0.42)),
    "park": Material("park", (0.27, 0.40, 0.22)),
    "green": Material("green", (0.31, 0.43, 0.26)),
    HILL: Material("hill", (0.25, 0.34, 0.20)),
    "paved": Material("paved", (0.38, 0.38, 0.39)),
    "other": Material("other land", (0.42, 0.42, 0.40)),
    "road": Material("road", (0.24, 0.25, 0.27)),
}
PARTS = {name: number for number, name in enumerate(MATERIALS)}
LANDUSE_ORDER = ("water", "park", "green", "paved", "other")
"""Where land uses overlap, the earlier one is seen."""
NONE = np.zeros((0, 3))

PROPERTIES = (
    Property("layer", "ENUM", "area, landuse or road"),
    Property("kind", "ENUM", "Kind of land use, OSM class of the road, or level of the area"),
    Property("code", "STRING", "Code of the area", ""),
    Property("name", "STRING", "Name", "", semantic="NAME"),
    Property("elevation", "FLOAT32", "Top above the plain, metres"),
)
GROUND_CLASS_NAME = "ground"


@dataclass(frozen=True)
class GroundShapes:
    """Everything that lies on the ground.

    Parameters
    ----------
    shape : (n,) object
        shapely polygons, and lines of roads, EPSG:4490.
    width_m : (n,) float64
        Of roads, metres; 0 for polygons.
    rank : (n,) int64
        Where land uses overlap, the one of the lower rank is seen.
    part : (n,) uint8
        Number of the material, of `PARTS`.
    rows : pyarrow.Table
        Columns of `PROPERTIES`.
    """

    shape: NDArray[Any]
    width_m: NDArray[np.float64]
    rank: NDArray[np.int64]
    part: NDArray[np.uint8]
    rows: pa.Table


def ground_class(rows: pa.Table) -> PropertyClass:
    """Class of what lies on the ground."""
    words = {each.name: sorted(rows[each.name].unique().to_pylist()) for each in PROPERTIES if each.kind == "ENUM"}
    return PropertyClass(GROUND_CLASS_NAME, PROPERTIES, words)


def ground_tiles(
    shapes: GroundShapes, ground_m: float
) -> Iterator[tuple[tuple[int, int], NDArray[np.int64], FeatureMesh]]:
    """Ground of each tile.

    Parameters
    ----------
    shapes : GroundShapes
        All of it.
    ground_m : float
        Height of the plain above the ellipsoid, metres.

    Yields
    ------
    place : tuple of int
        x and y of the web map tile at `TILE_ZOOM`.
    rows : (k,) int64
        Rows of `shapes` that the tile shows.
    mesh : FeatureMesh
        Its features are counted in `rows`.
    """
    pieces, owners, cells = _cut(shapes)
    if not len(pieces):
        return
    shift = ZOOM - TILE_ZOOM
    place = np.stack(((cells // TILES_ACROSS) >> shift, (cells % TILES_ACROSS) >> shift), axis=1)
    for x, y in np.unique(place, axis=0).tolist():
        chosen = (place == (x, y)).all(axis=1)
        rows, features = np.unique(owners[chosen], return_inverse=True)
        top = shapes.rows["elevation"].to_numpy()[owners[chosen]].astype(np.float64)
        mesh = _laid(pieces[chosen], top, shapes.part[owners[chosen]], features, ground_m)
        if len(mesh.faces):
            yield (x, y), rows, mesh


def _laid(
    pieces: NDArray[Any],
    top_m: NDArray[np.float64],
    parts: NDArray[np.uint8],
    features: NDArray[np.int64],
    ground_m: float,
) -> FeatureMesh:
    west, south, east, north = shapely.total_bounds(pieces)
    frame = LocalFrame(float(west + east) / 2, float(south + north) / 2, ground_m)
    per_degree, origin = np.array(frame.metres_per_degree), np.array([frame.lon, frame.lat])
    flat = shapely.transform(pieces, lambda xy: (xy - origin) * per_degree)
    made = extrude_all(flat, top_m)
    owner = np.repeat(np.arange(len(pieces)), np.diff(made.face_start))
    raised = (made.surfaces == SurfaceKind.WALL) & (top_m[owner] > 0)
    seen = (made.surfaces == SurfaceKind.ROOF) | raised
    used, renumbered = np.unique(made.faces[seen], return_inverse=True)
    positions = frame.to_geographic(made.vertices[used]) if len(used) else NONE
    return FeatureMesh(positions, renumbered.reshape(-1, 3), parts[owner[seen]], features[owner[seen]])


def _cut(shapes: GroundShapes) -> tuple[NDArray[Any], NDArray[np.int64], NDArray[np.int64]]:
    """Pieces of the shapes by cell, the row of each, and its cell; only roads lie on one another."""
    whole = _without_overlaps(shapes)
    cells = _cells(whole)
    if not len(cells):
        return whole[:0], cells, cells
    bounds = np.array([tile_bounds(int(cell)) for cell in cells])
    which, row = shapely.STRtree(whole).query(shapely.box(*bounds.T))
    found = []
    each = np.split(row, np.cumsum(np.bincount(which, minlength=len(cells)))[:-1])
    for cell, members in zip(cells, each, strict=True):
        rows = np.sort(members)
        clipped, owner = _clipped(whole[rows], shapes.width_m[rows], tile_bounds(int(cell)))
        pieces, owners = _in_cell(clipped, rows[owner], shapes)
        found.append((pieces, owners, np.full(len(pieces), cell)))
    pieces, owners, places = (np.concatenate(each) for each in zip(*found, strict=True))
    return pieces, owners, places


def _without_overlaps(shapes: GroundShapes) -> NDArray[Any]:
    """Shapes of land use without what other land uses of lower ranks cover."""
    whole = shapes.shape.copy()
    land = np.flatnonzero((shapes.part != PARTS[HILL]) & (shapes.part != PARTS[AREA]) & (shapes.width_m == 0))
    mine, other = shapely.STRtree(shapes.shape[land]).query(shapes.shape[land], predicate="intersects")
    under = shapes.rank[land[mine]] > shapes.rank[land[other]]
    for index in np.unique(mine[under]):
        above = shapely.union_all(shapes.shape[land[other[under & (mine == index)]]])
        whole[land[index]] = shapely.difference(shapes.shape[land[index]], above)
    return whole


def _in_cell(
    pieces: NDArray[Any], rows: NDArray[np.int64], shapes: GroundShapes
) -> tuple[NDArray[Any], NDArray[np.int64]]:
    """Take from land use what roads cover, and from areas what either covers; hills stand above and cover nothing."""
    hill, area, road = (shapes.part[rows] == PARTS[name] for name in (HILL, AREA, "road"))
    land = ~(hill | area | road)
    roads = shapely.union_all(pieces[road])
    cut = pieces.copy()
    cut[land] = shapely.difference(pieces[land], roads)
    cut[area] = shapely.difference(pieces[area], shapely.union_all([roads, *cut[land]]))
    polygons, owner = _polygons(cut)
    return polygons, rows[owner]


def _cells(shapes: NDArray[Any]) -> NDArray[np.int64]:
    """Cells at zoom 15 that the boxes of the shapes touch, less those that only boundless shapes touch."""
    west, south, east, north = shapely.bounds(shapes).T
    first, last = tile_of(west, north), tile_of(east, south)
    found: set[int] = set()
    for a, b in np.unique(np.stack((first, last), axis=1), axis=0).tolist():
        (x0, y0), (x1, y1) = divmod(a, TILES_ACROSS), divmod(b, TILES_ACROSS)
        if (x1 - x0 + 1) * (y1 - y0 + 1) > MOST_CELLS:
            continue
        found.update(x * TILES_ACROSS + y for x in range(x0, x1 + 1) for y in range(y0, y1 + 1))
    return np.array(sorted(found), dtype=np.int64)


def _clipped(
    shapes: NDArray[Any], width_m: NDArray[np.float64], bounds: tuple[float, float, float, float]
) -> tuple[NDArray[Any], NDArray[np.int64]]:
    """Polygons within a box and the surfaces of roads within it, and the shape that each is of."""
    west, south, east, north = bounds
    road = width_m > 0
    polygons = shapely.clip_by_rect(shapes[~road], *bounds)
    if not road.any():
        return polygons, np.flatnonzero(~road)
    per_degree = np.array(metres_per_degree((south + north) / 2))
    # A road is cut where its end does not show, and given its width there.
    across, up = width_m.max() / per_degree
    lines = shapely.clip_by_rect(shapes[road], west - across, south - up, east + across, north + up)
    parts, owner = shapely.get_parts(lines, return_index=True)
    widths = width_m[road][owner]
    flat = shapely.transform(parts, lambda xy: xy * per_degree)
    surfaces = shapely.transform(shapely.buffer(flat, widths / 2, quad_segs=ROAD_ARC), lambda xy: xy / per_degree)
    pieces = np.concatenate((polygons, shapely.clip_by_rect(surfaces, *bounds)))
    return pieces, np.concatenate((np.flatnonzero(~road), np.flatnonzero(road)[owner]))


def _polygons(shapes: NDArray[Any]) -> tuple[NDArray[Any], NDArray[np.int64]]:
    """Polygons that shapes consist of, and the shape of each; lines and points that cutting left fall away."""
    parts, owner = shapely.get_parts(shapes, return_index=True)
    inner, inner_owner = shapely.get_parts(parts, return_index=True)
    polygon = shapely.get_type_id(inner) == shapely.GeometryType.POLYGON.value
    return inner[polygon], owner[inner_owner[polygon]]
