"""Blocks (LoD 1) of footprints: walls straight up to a flat roof, courtyards left open."""

from dataclasses import dataclass
from typing import Any

import numpy as np
import shapely
from numpy.typing import NDArray

from twin_model.mesh import Mesh
from twin_model.surface import SurfaceKind
from twin_model.triangulate import triangulate


@dataclass(frozen=True)
class Blocks:
    """Meshes of many footprints, one after the other.

    Parameters
    ----------
    vertices : (n, 3) float64
        Metres.
    faces : (m, 3) int32
        Indices into `vertices`, outward by the right-hand rule.
    surfaces : (m,) uint8
        `SurfaceKind`: ground, wall or roof.
    vertex_start, face_start : (b + 1,) int64
        Where each block starts in the vertices and the faces, and the end.
    """

    vertices: NDArray[np.float64]
    faces: NDArray[np.int32]
    surfaces: NDArray[np.uint8]
    vertex_start: NDArray[np.int64]
    face_start: NDArray[np.int64]


def extrude(footprints: NDArray[Any], heights: NDArray[np.floating]) -> list[Mesh]:
    """Raise each footprint to a closed mesh, from 0 up to its height.

    Parameters
    ----------
    footprints : (n,) object
        Valid shapely polygons or multi-polygons, metres of a local frame; None and empty ones give an empty mesh.
    heights : (n,) float
        Metres, above 0.
    """
    blocks = extrude_all(footprints, heights)
    pairs = zip(np.diff(blocks.vertex_start).cumsum(), np.diff(blocks.face_start).cumsum(), strict=True)
    meshes, vertex, face = [], 0, 0
    for vertex_end, face_end in pairs:
        faces = blocks.faces[face:face_end] - np.int32(vertex)
        meshes.append(Mesh(blocks.vertices[vertex:vertex_end], faces, blocks.surfaces[face:face_end]))
        vertex, face = int(vertex_end), int(face_end)
    return meshes


def extrude_all(footprints: NDArray[Any], heights: NDArray[np.floating]) -> Blocks:
    """`extrude`, with the meshes of all footprints in one set of arrays.

    Parameters
    ----------
    footprints : (n,) object
        As `extrude` takes them.
    heights : (n,) float
        Metres.
    """
    parts, owner = shapely.get_parts(np.asarray(footprints, dtype=object), return_index=True)
    rings, part_of_ring = shapely.get_rings(shapely.orient_polygons(parts), return_index=True)
    # Points that repeat their neighbour would make walls of no width.
    rings = shapely.remove_repeated_points(rings)
    xy, ring_of = shapely.get_coordinates(rings, return_index=True)
    last = np.append(ring_of[1:] != ring_of[:-1], True) if len(ring_of) else np.zeros(0, dtype=bool)
    xy, ring_of = xy[~last], ring_of[~last]
    ring_start = np.searchsorted(ring_of, np.arange(len(rings) + 1))
    part_start = np.searchsorted(part_of_ring, np.arange(len(parts) + 1))
    cap, cap_part = triangulate(xy, ring_start, part_start)
    block_of = owner[part_of_ring[ring_of]]
    return _raised(xy, ring_of, ring_start, block_of, cap, owner[cap_part], np.asarray(heights, dtype=np.float64))


def _raised(  # noqa: PLR0917 - parts of one footprint array
    xy: NDArray[np.float64],
    ring_of: NDArray[np.int64],
    ring_start: NDArray[np.int64],
    block_of: NDArray[np.int64],
    cap: NDArray[np.int32],
    cap_block: NDArray[np.int64],
    heights: NDArray[np.float64],
) -> Blocks:
    """Raise caps and rings: each block's lower corners, then its upper ones; floor, roof, then walls."""
    blocks = np.arange(len(heights) + 1)
    corner_start = np.searchsorted(block_of, blocks)
    count = np.diff(corner_start)
    low = np.arange(len(xy)) + corner_start[block_of]
    high = low + count[block_of]
    vertices = np.zeros((2 * len(xy), 3))
    vertices[low, :2] = vertices[high, :2] = xy
    vertices[high, 2] = heights[block_of]
    following = np.arange(len(xy)) + 1
    closing = following == ring_start[ring_of + 1]
    following[closing] = ring_start[ring_of[closing]]
    walls = np.stack((low, low[following], high[following], low, high[following], high), axis=1).reshape(-1, 3)
    faces = np.concatenate((low[cap[:, ::-1]], high[cap], walls))
    kinds = (SurfaceKind.GROUND, SurfaceKind.ROOF, SurfaceKind.WALL)
    surfaces = np.repeat(np.array(kinds, dtype=np.uint8), (len(cap), len(cap), len(walls)))
    face_block = np.concatenate((cap_block, cap_block, np.repeat(block_of, 2)))
    order = np.argsort(face_block, kind="stable")
    return Blocks(
        vertices,
        faces[order].astype(np.int32),
        surfaces[order],
        2 * corner_start.astype(np.int64),
        np.searchsorted(face_block[order], blocks).astype(np.int64),
    )
