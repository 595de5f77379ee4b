"""Buildings as tiles show them: blocks of footprints, and models where there are any."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import shapely
from numpy.typing import NDArray

from twin_model.extrusion import extrude_all
from twin_model.local_frame import LocalFrame, metres_per_degree_at
from twin_model.property_table import Property, PropertyClass
from twin_model.surface import SurfaceKind
from twin_model.tile_content import Material
from twin_model.tile_mesh import FeatureMesh

WALL, ROOF, OPENING, UNSEEN = 0, 1, 2, 255
MATERIALS = (
    Material("wall", (0.62, 0.60, 0.56)),
    Material("roof", (0.36, 0.30, 0.27)),
    Material("window or door", (0.10, 0.14, 0.19)),
)
"""By part."""
LEVEL = 0.3
"""A surface that nobody named is a roof where its normal rises at least this much."""
LEAST_ERROR_M = 2.0
"""Blocks are never said to be nearer to the truth than this."""
MOST = 90
"""A tile of blocks is as wrong as this percentage of its buildings stays below."""

_PARTS = np.full(256, WALL, dtype=np.uint8)
_PARTS[[SurfaceKind.ROOF, SurfaceKind.OUTER_FLOOR]] = ROOF
_PARTS[[SurfaceKind.WINDOW, SurfaceKind.DOOR]] = OPENING
_PARTS[SurfaceKind.GROUND] = UNSEEN

PROPERTIES = (
    Property("code", "STRING", "Code of the building in its store", semantic="ID"),
    Property("name", "STRING", "Name", "", semantic="NAME"),
    Property("address", "STRING", "Address", ""),
    Property("use", "ENUM", "Use; unknown where nobody said"),
    Property("height", "FLOAT32", "Height above the ground, metres"),
    Property("height_source", "ENUM", "How the height is known: estimated and simulated ones are no measurements"),
    Property("storeys", "UINT16", "Number of storeys", 0),
    Property("base", "FLOAT64", "Ground at the building, metres above the vertical datum of its source"),
    Property("lod", "ENUM", "Level of detail of the shape that is shown, as CityJSON writes it"),
    Property("state", "ENUM", "Whether the shape is a valid solid: valid, repaired, as_found, block"),
    Property("dataset", "ENUM", "Data set that the building came with"),
    Property("open", "UINT32", "Open cases at the building"),
    Property("overdue", "UINT32", "Open cases past their deadline"),
)
"""Columns of the property table."""


@dataclass(frozen=True)
class Footprints:
    """Buildings to show.

    Parameters
    ----------
    shape : (n,) object
        shapely polygons, EPSG:4490.
    height_m, base_m : (n,) float64
        Height above the ground, and ground above the ellipsoid, metres.
    """

    shape: NDArray[Any]
    height_m: NDArray[np.float64]
    base_m: NDArray[np.float64]

    def take(self, rows: NDArray[np.integer]) -> "Footprints":
        """Pick some of them."""
        return Footprints(self.shape[rows], self.height_m[rows], self.base_m[rows])


@dataclass(frozen=True)
class Models:
    """Models of some buildings, one after the other, as the store keeps them.

    Parameters
    ----------
    features : (k,) int64
        Row of each one's building.
    origins : (k, 3) float64
        Longitude, latitude (degrees) and height above the ellipsoid (metres) of each one's origin.
    vertex_counts, face_counts : (k,) int64
        How many of the vertices and faces are each one's.
    vertices : (n, 3) float32
        Metres east, north, up of the origin.
    faces : (m, 3) uint32
        Triangles, counted in each one's own vertices.
    surfaces : (m,) uint8
        `SurfaceKind` of each triangle.
    """

    features: NDArray[np.int64]
    origins: NDArray[np.float64]
    vertex_counts: NDArray[np.int64]
    face_counts: NDArray[np.int64]
    vertices: NDArray[np.float32]
    faces: NDArray[np.uint32]
    surfaces: NDArray[np.uint8]


def building_class(words: dict[str, Sequence[str]]) -> PropertyClass:
    """Class of buildings; `words` are the texts of the enumerated columns."""
    return PropertyClass("building", PROPERTIES, words)


def size_m(footprints: Footprints) -> NDArray[np.float64]:
    """Diagonal of each building's box, metres."""
    west, south, east, north = shapely.bounds(footprints.shape).T
    scale = metres_per_degree_at(south)
    ground = np.hypot((east - west) * scale[:, 0], (north - south) * scale[:, 1])
    return np.asarray(np.hypot(ground, footprints.height_m), dtype=np.float64)


def blocks(footprints: Footprints, features: NDArray[np.integer]) -> FeatureMesh:
    """Footprints raised to their heights, without their undersides.

    Parameters
    ----------
    footprints : Footprints
        At least one.
    features : (n,) int
        Row of each one's feature.
    """
    west, south, east, north = shapely.total_bounds(footprints.shape)
    frame = LocalFrame(float(west + east) / 2, float(south + north) / 2)
    per_degree = np.array(frame.metres_per_degree)
    origin = np.array([frame.lon, frame.lat])
    flat = shapely.transform(footprints.shape, lambda xy: (xy - origin) * per_degree)
    made = extrude_all(flat, footprints.height_m)
    positions = frame.to_geographic(made.vertices)
    positions[:, 2] += np.repeat(footprints.base_m, np.diff(made.vertex_start))
    owners = np.repeat(features, np.diff(made.face_start))
    return _seen(FeatureMesh(positions, made.faces, _PARTS[made.surfaces], owners))


def modelled(models: Models) -> FeatureMesh:
    """Models of buildings, without their undersides."""
    starts = np.cumsum(models.vertex_counts) - models.vertex_counts
    per_metre = np.column_stack((1 / metres_per_degree_at(models.origins[:, 1]), np.ones(len(models.features))))
    metres = models.vertices.astype(np.float64)
    scale, origin = (np.repeat(each, models.vertex_counts, axis=0) for each in (per_metre, models.origins))
    faces = models.faces.astype(np.int64) + np.repeat(starts, models.face_counts)[:, None]
    parts = _PARTS[models.surfaces]
    unnamed = models.surfaces == SurfaceKind.UNKNOWN
    if unnamed.any():
        a, b, c = (metres[faces[unnamed, corner]] for corner in range(3))
        across = np.cross(b - a, c - a)
        parts[unnamed] = np.where(across[:, 2] > LEVEL * np.linalg.norm(across, axis=1), ROOF, WALL)
    return _seen(FeatureMesh(origin + metres * scale, faces, parts, np.repeat(models.features, models.face_counts)))


def together(meshes: Sequence[FeatureMesh]) -> FeatureMesh:
    """Several meshes as one."""
    sizes = np.array([len(each.positions) for each in meshes])
    starts = np.cumsum(sizes) - sizes
    return FeatureMesh(
        np.concatenate([each.positions for each in meshes]),
        np.concatenate([each.faces + start for each, start in zip(meshes, starts, strict=True)]),
        np.concatenate([each.parts for each in meshes]),
        np.concatenate([each.features for each in meshes]),
    )


def block_error_m(models: FeatureMesh, top_m: NDArray[np.float64]) -> float:
    """How wrong a tile of blocks is where models would show roofs.

    Parameters
    ----------
    models : FeatureMesh
        Models of the tile.
    top_m : (n,) float64
        Height of each feature's block above the ellipsoid, metres.

    Returns
    -------
    float
        Metres that nine in ten roofs dip below the block's top, or rise above it.
    """
    roof = models.parts == ROOF
    if not roof.any():
        return LEAST_ERROR_M
    dip = np.abs(top_m[models.features[roof]] - models.positions[models.faces[roof], 2].min(axis=1))
    worst = np.zeros(len(top_m))
    np.maximum.at(worst, models.features[roof], dip)
    return max(LEAST_ERROR_M, float(np.percentile(worst[np.unique(models.features[roof])], MOST)))


def _seen(mesh: FeatureMesh) -> FeatureMesh:
    seen = mesh.parts != UNSEEN
    return FeatureMesh(mesh.positions, mesh.faces[seen], mesh.parts[seen], mesh.features[seen])
