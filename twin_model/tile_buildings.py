"""Buildings as tiles show them: the blocks of their footprints, and what is told of each."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import shapely
from numpy.typing import NDArray

from twin_model.extrusion import extrude, extrude_all
from twin_model.local_frame import LocalFrame, metres_per_degree_at
from twin_model.property_table import Property, PropertyClass
from twin_model.tile_mesh import FeatureMesh
from twin_model.tile_models import PARTS, ROOF, UNSEEN, Models

LEAST_ERROR_M = 2.0
"""Blocks are never said to be nearer to the truth than this."""
MOST = 90
"""A tile of blocks is as wrong as this percentage of its buildings stays below."""

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
    frame, flat = _flat(footprints)
    made = extrude_all(flat, footprints.height_m)
    positions = frame.to_geographic(made.vertices)
    positions[:, 2] += np.repeat(footprints.base_m, np.diff(made.vertex_start))
    owners, parts = np.repeat(features, np.diff(made.face_start)), PARTS[made.surfaces]
    return FeatureMesh(positions, made.faces, parts, owners).take(parts != UNSEEN)


def block_models(footprints: Footprints, features: NDArray[np.integer]) -> Models:
    """Footprints raised to their heights, each as a model of its own beside others.

    Parameters
    ----------
    footprints : Footprints
        As `blocks` takes them; there may be none.
    features : (n,) int
        Row of each one's feature.
    """
    if not len(features):
        return Models(features, np.zeros((0, 3)), [], [])
    frame, flat = _flat(footprints)
    places = np.broadcast_to((frame.lon, frame.lat), (len(features), 2))
    meshes = extrude(flat, footprints.height_m)
    return Models(features, np.column_stack((places, footprints.base_m)), meshes, [None] * len(meshes))


def _flat(footprints: Footprints) -> tuple[LocalFrame, NDArray[Any]]:
    """Frame around the middle, and the footprints in its metres."""
    west, south, east, north = shapely.total_bounds(footprints.shape)
    frame = LocalFrame(float(west + east) / 2, float(south + north) / 2)
    per_degree = np.array(frame.metres_per_degree)
    origin = np.array([frame.lon, frame.lat])
    return frame, shapely.transform(footprints.shape, lambda xy: (xy - origin) * per_degree)


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
