"""Meshes as a tile holds them: corners shared only where the shading is, in small steps about origins of their own."""

from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from twin_model.geocentric import to_geocentric

LEAST_WIDTH_M = 0.003
"""A thinner triangle has no direction that one could rely on, and nobody sees it."""
STEP_M = 0.01
"""Positions are kept in 16-bit steps no longer than this; what is too wide for that is kept in float32."""
STEPS = 65_534
"""From one end of a mesh to the other."""
PIECE_M = 600.0
"""Width of the pieces that a wider tile is kept in: with what hangs over, their steps are short enough."""
PIECES_ACROSS = 2
"""A tile that would need more than this to a side is kept as one, in float32: each piece is drawn by itself."""
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
    uv : (m, 3, 2) float32, optional
        Texture coordinates of each triangle's corners, v up; not-a-number without a texture.
    """

    positions: NDArray[np.float64]
    faces: NDArray[np.integer]
    parts: NDArray[np.integer]
    features: NDArray[np.integer]
    uv: NDArray[np.float32] | None = None

    def take(self, chosen: NDArray[np.bool_]) -> "FeatureMesh":
        """Pick some of the triangles."""
        uv = None if self.uv is None else self.uv[chosen]
        return FeatureMesh(self.positions, self.faces[chosen], self.parts[chosen], self.features[chosen], uv)


@dataclass(frozen=True)
class TileMesh:
    """A mesh ready for a GLB.

    Parameters
    ----------
    origin : (3,) float64
        Metres east, north and up of the tileset's origin.
    step_m : float
        Metres to one of `positions`.
    positions : (v, 3) int16 or float32
        Steps east, north and up of the origin; float32 in metres where steps would be too long.
    normals : (v, 3) int8
        Unit vectors, 127 for one.
    features : (v,) int32
        Row of each vertex's feature.
    faces : (f, 3) int32
        Triangles.
    parts : (f,) int
        As in `FeatureMesh`.
    uv : (v, 2) float32, optional
        Texture coordinates, v up; None for a mesh without textures.
    """

    origin: NDArray[np.float64]
    step_m: float
    positions: NDArray[np.int16] | NDArray[np.float32]
    normals: NDArray[np.int8]
    features: NDArray[np.int32]
    faces: NDArray[np.int32]
    parts: NDArray[np.integer]
    uv: NDArray[np.float32] | None = None


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


def tile_meshes(mesh: FeatureMesh, anchor: Anchor) -> list[TileMesh]:
    """Flat-shaded meshes of features: a vertex for each corner and direction.

    Parameters
    ----------
    mesh : FeatureMesh
        Triangles that share vertices however they do.
    anchor : Anchor
        Origin of the tileset.

    Returns
    -------
    list of TileMesh
        One for a small tile, none without a triangle of any width; each feature is in one of them, its textured
        triangles in another.
    """
    metres = anchor.local(mesh.positions)
    corners = metres[mesh.faces]
    across = np.cross(corners[:, 1] - corners[:, 0], corners[:, 2] - corners[:, 0])
    twice_area = np.linalg.norm(across, axis=1)
    longest = np.linalg.norm(corners - np.roll(corners, 1, axis=1), axis=2).max(axis=1)
    seen = twice_area > LEAST_WIDTH_M * longest
    normals = np.rint(across[seen] / twice_area[seen, None] * NORMAL_STEPS).astype(np.int8)
    whole = mesh.take(seen)
    piece = _piece_of(corners[seen].mean(axis=1), whole.features)
    if whole.uv is not None:
        piece += PIECES_ACROSS**2 * np.isfinite(whole.uv[:, 0, 0])
    pieces = [piece == each for each in np.unique(piece)]
    found = [_stepped(metres, whole.take(each), normals[each]) for each in pieces]
    return [each for each in found if len(each.faces)]


def _piece_of(middles: NDArray[np.float64], features: NDArray[np.integer]) -> NDArray[np.int64]:
    """Piece of each triangle: all of a feature's are in one."""
    if not len(features):
        return np.zeros(0, dtype=np.int64)
    count = np.maximum(np.bincount(features), 1)
    places = np.stack([np.bincount(features, middles[:, axis]) / count for axis in range(2)], axis=1)[features]
    low = places.min(axis=0)
    pieces = np.ceil((places.max(axis=0) - low) / PIECE_M).clip(1)
    if (pieces > PIECES_ACROSS).any():
        return np.zeros(len(features), dtype=np.int64)
    side = np.maximum(np.ptp(places, axis=0) / pieces, 1.0)
    column, row = np.minimum((places - low) // side, pieces - 1).astype(np.int64).T
    return np.asarray(row * PIECES_ACROSS + column)


def _stepped(metres: NDArray[np.float64], given: FeatureMesh, normals: NDArray[np.int8]) -> TileMesh:
    used, corners = np.unique(given.faces, return_inverse=True)
    origin, step, places = in_steps(metres[used])
    corners = corners.reshape(-1, 3)
    a, b, c = (places[corners[:, corner]].astype(np.float64) for corner in range(3))
    # What is so thin that the steps turn it about would be seen from behind.
    kept = (np.cross(b - a, c - a) * normals).sum(axis=1) > 0
    corners, normals, whole = corners[kept], normals[kept], given.take(kept)
    shade = (normals.astype(np.int64) + 128) @ np.array([1 << 16, 1 << 8, 1], dtype=np.int64)
    keys = ((corners.astype(np.int64) << 24) + shade[:, None]).ravel()
    uv = None if whole.uv is None or not np.isfinite(whole.uv).all() else whole.uv.reshape(-1, 2)
    if uv is not None:
        shaded, mapped = (np.unique(each, axis=0, return_inverse=True)[1].ravel() for each in (keys, uv))
        keys = shaded * len(uv) + mapped
    _, first, renumbered = np.unique(keys, return_index=True, return_inverse=True)
    face_of = first // 3
    return TileMesh(
        origin,
        step,
        places[corners.ravel()[first]],
        normals[face_of],
        whole.features[face_of].astype(np.int32),
        renumbered.reshape(-1, 3).astype(np.int32),
        whole.parts,
        None if uv is None else uv[first],
    )


def in_steps(metres: NDArray[np.float64]) -> tuple[NDArray[np.float64], float, NDArray[Any]]:
    """Origin of at least one position, metres to a step, and the steps from there: float32 metres where too wide."""
    low, high = metres.min(axis=0), metres.max(axis=0)
    origin = np.rint((low + high) / 2)
    # The origin is up to half a metre off the middle.
    step = float((high - low).max() + 1) / STEPS
    if step > STEP_M:
        return origin, 1.0, (metres - origin).astype(np.float32)
    return origin, step, np.rint((metres - origin) / step).astype(np.int16)
