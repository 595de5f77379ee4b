"""Meshes as a tile holds them: corners shared only where the shading is, in float32 about the tile's own origin."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from twin_model.geocentric import to_geocentric

LEAST_WIDTH_M = 0.003
"""A thinner triangle is turned about when its corners are rounded to float32, and nobody sees it."""
NORMAL_STEPS = 127
"""Normals are kept in signed bytes."""


@dataclass(frozen=True)
class FeatureMesh:
    """Triangles of many features.

    Parameters
    ----------
    positions : (n, 3) float64
        Longitude, latitude (degrees) and height above the ellipsoid (metres).
    faces : (m, 3) int
        Triangles, outward by the right-hand rule.
    parts : (m,) int
        Which part of its feature a triangle is: the material that it is drawn with.
    features : (m,) int
        Row of each triangle's feature.
    """

    positions: NDArray[np.float64]
    faces: NDArray[np.integer]
    parts: NDArray[np.integer]
    features: NDArray[np.integer]


@dataclass(frozen=True)
class TileMesh:
    """A mesh ready for a GLB.

    Parameters
    ----------
    origin : (3,) float64
        Metres east, north and up of the tileset's origin.
    positions : (v, 3) float32
        Metres east, north and up of the origin.
    normals : (v, 3) int8
        Unit vectors, 127 for one.
    features : (v,) int32
        Row of each vertex's feature.
    faces : (f, 3) int32
        Triangles.
    parts : (f,) int
        As in `FeatureMesh`.
    """

    origin: NDArray[np.float64]
    positions: NDArray[np.float32]
    normals: NDArray[np.int8]
    features: NDArray[np.int32]
    faces: NDArray[np.int32]
    parts: NDArray[np.integer]


@dataclass(frozen=True)
class Anchor:
    """Origin of a tileset on the Earth.

    Parameters
    ----------
    centre : (3,) float64
        Metres from the Earth's centre, EPSG:4978.
    axes : (3, 3) float64
        East, north, up there, as columns.
    """

    centre: NDArray[np.float64]
    axes: NDArray[np.float64]

    def local(self, positions: NDArray[np.float64]) -> NDArray[np.float64]:
        """Metres east, north, up of the anchor, for (n, 3) longitude, latitude, height."""
        return (to_geocentric(positions) - self.centre) @ self.axes

    def matrix(self) -> list[float]:
        """Transform from metres at the anchor to EPSG:4978: 4 × 4, by columns, as 3D Tiles write it."""
        whole = np.eye(4)
        whole[:3, :3], whole[:3, 3] = self.axes, self.centre
        return [float(value) for value in whole.T.ravel()]


def tile_mesh(mesh: FeatureMesh, anchor: Anchor) -> TileMesh:
    """Flat-shaded mesh of features: a vertex for each corner and direction.

    Parameters
    ----------
    mesh : FeatureMesh
        Triangles that share vertices however they do.
    anchor : Anchor
        Origin of the tileset.
    """
    metres = anchor.local(mesh.positions)
    corners = metres[mesh.faces]
    across = np.cross(corners[:, 1] - corners[:, 0], corners[:, 2] - corners[:, 0])
    twice_area = np.linalg.norm(across, axis=1)
    longest = np.linalg.norm(corners - np.roll(corners, 1, axis=1), axis=2).max(axis=1)
    seen = twice_area > LEAST_WIDTH_M * longest
    faces, parts, features = mesh.faces[seen], mesh.parts[seen], mesh.features[seen]
    normals = np.rint(across[seen] / twice_area[seen, None] * NORMAL_STEPS).astype(np.int8)
    shade = (normals.astype(np.int64) + 128) @ np.array([1 << 16, 1 << 8, 1], dtype=np.int64)
    keys = (faces.astype(np.int64) << 24) + shade[:, None]
    _, first, renumbered = np.unique(keys.ravel(), return_index=True, return_inverse=True)
    corner_of, face_of = first % 3, first // 3
    used = metres[faces[face_of, corner_of]]
    origin = np.rint((used.min(axis=0) + used.max(axis=0)) / 2) if len(used) else np.zeros(3)
    return TileMesh(
        origin,
        (used - origin).astype(np.float32),
        normals[face_of],
        features[face_of].astype(np.int32),
        renumbered.reshape(-1, 3).astype(np.int32),
        parts,
    )
