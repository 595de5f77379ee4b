"""Layout: rows of places for buildings in each lot, fitted to the lot's own sides."""

from dataclasses import dataclass

import numpy as np
import shapely
from numpy.typing import NDArray

from twin_model.demo.footprints import Shape, outlines
from twin_model.demo.lots import Lots
from twin_model.demo.manner import Manner
from twin_model.demo.splitting import longest_edge_angle

CLEARANCE_M = 0.4
SHORTEST_SHARE = 0.5
"""A row shorter than this share of a building's length stays empty."""


@dataclass(frozen=True)
class Frames:
    """Lots turned so that their longest side runs east (or north), each about its own middle.

    Attributes
    ----------
    lots
        (n,) turned polygons, prepared, metres around the origin.
    middle
        (n, 2) place of the origin, metres.
    angle
        (n,) turn that was taken back, radians.
    """

    lots: NDArray[np.object_]
    middle: NDArray[np.float64]
    angle: NDArray[np.float64]


@dataclass(frozen=True)
class Places:
    """Places for buildings in the lots' frames, metres."""

    lot: NDArray[np.int64]
    x: NDArray[np.float64]
    y: NDArray[np.float64]
    length: NDArray[np.float64]
    depth: NDArray[np.float64]


def turn(points: NDArray[np.float64], angle: NDArray[np.float64]) -> NDArray[np.float64]:
    """Turn (n, …, 2) points about the origin by (n,) angles in radians."""
    shape = (len(angle),) + (1,) * (points.ndim - 2)
    cos, sin = np.cos(angle).reshape(shape), np.sin(angle).reshape(shape)
    x, y = points[..., 0], points[..., 1]
    return np.stack((x * cos - y * sin, x * sin + y * cos), axis=-1)


def frames_of(lots: Lots) -> Frames:
    """Frame of each lot."""
    angle = longest_edge_angle(lots.polygons)
    middle = shapely.get_coordinates(shapely.centroid(lots.polygons))
    coords, owner = shapely.get_coordinates(lots.polygons, return_index=True)
    turned = shapely.set_coordinates(lots.polygons.copy(), turn(coords - middle[owner], -angle[owner]))
    shapely.prepare(turned)
    return Frames(turned, middle, angle)


def _row_ends(
    lots: NDArray[np.object_], low: NDArray[np.float64], high: NDArray[np.float64]
) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    """West and east end of the band between two heights in each lot (exact where the lot is convex)."""
    west, east = np.full(len(lots), -np.inf), np.full(len(lots), np.inf)
    bounds = shapely.bounds(lots)
    for height in (low, high):
        ends = np.stack(
            (np.column_stack((bounds[:, 0] - 1, height)), np.column_stack((bounds[:, 2] + 1, height))), axis=1
        )
        reach = shapely.bounds(shapely.intersection(lots, shapely.linestrings(ends)))
        west, east = np.fmax(west, reach[:, 0]), np.fmin(east, reach[:, 2])
        missed = np.isnan(reach[:, 0])
        west[missed], east[missed] = 0.0, 0.0
    return west, east


def places_in(frames: Frames, cell: NDArray[np.int64], manner: Manner, rng: np.random.Generator) -> Places:
    """Fill each lot with rows of places from side to side.

    Parameters
    ----------
    cell
        (lots,) cell of each lot.
    """
    bounds = shapely.bounds(frames.lots)
    south, tall = bounds[:, 1] + CLEARANCE_M, np.maximum(bounds[:, 3] - bounds[:, 1] - 2 * CLEARANCE_M, 1.0)
    deep = np.minimum(manner.depth[cell], tall)
    rows = np.maximum(1, np.floor((tall + manner.gap_y[cell]) / (deep + manner.gap_y[cell]) + 0.12)).astype(np.int64)
    step = np.where(rows > 1, (tall - deep) / np.maximum(rows - 1, 1), 0.0)
    lot = np.repeat(np.arange(len(cell)), rows)
    row = np.arange(len(lot)) - np.repeat(np.cumsum(rows) - rows, rows)
    alone = (rng.uniform(0.3, 0.7, len(cell)) * (tall - deep))[lot]
    low = south[lot] + np.where(rows[lot] > 1, row * step[lot], alone)
    west, east = _row_ends(frames.lots[lot], low, low + deep[lot])
    west, east = west + CLEARANCE_M, east - CLEARANCE_M
    wide, gap, length = east - west, manner.gap_x[cell[lot]], manner.length[cell[lot]]
    columns = np.floor((wide + gap) / (length + gap) + 0.30).astype(np.int64)
    columns = np.where((columns < 1) & (wide > SHORTEST_SHARE * length), 1, np.maximum(columns, 0))
    band = np.repeat(np.arange(len(lot)), columns)
    column = np.arange(len(band)) - np.repeat(np.cumsum(columns) - columns, columns)
    pitch = (wide + gap)[band] / columns[band]
    long = np.minimum(length[band] * rng.uniform(0.88, 1.05, len(band)), pitch - gap[band])
    room = pitch - gap[band] - long
    x = west[band] + column * pitch + long / 2 + room * rng.uniform(0, 1, len(band))
    y = low[band] + deep[lot[band]] / 2
    return Places(lot[band], x, y, long, deep[lot[band]])


def footprints_at(
    places: Places, shape: NDArray[np.int64], wing: NDArray[np.float64], flip: NDArray[np.int64]
) -> tuple[NDArray[np.float64], NDArray[np.int64]]:
    """Corners of the footprints in their frames, one after the other, and the place of each corner."""
    corners, owners = [], []
    for kind in Shape:
        rows = np.nonzero(shape == kind)[0]
        local = outlines(kind, places.length[rows], places.depth[rows], wing[rows], flip[rows])
        local += np.column_stack((places.x, places.y))[rows, None, :]
        corners.append(local.reshape(-1, 2))
        owners.append(np.repeat(rows, local.shape[1]))
    owner = np.concatenate(owners)
    order = np.argsort(owner, kind="stable")
    return np.concatenate(corners)[order], owner[order]


def polygons_of(corners: NDArray[np.float64], owner: NDArray[np.int64]) -> NDArray[np.object_]:
    """(n,) polygons of corners that come one ring after the other."""
    return np.asarray(shapely.polygons(shapely.linearrings(corners, indices=owner)), dtype=object)
