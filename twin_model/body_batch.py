"""Bodies of many city objects side by side in metres, so that what is done to each is done to all at once."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import shapely
from numpy.typing import NDArray

from twin_model.city_object import LodGeometry
from twin_model.local_frame import LocalFrame

MIN_AREA_M2 = 1e-4
"""A polygon whose projection on the ground is smaller stands upright, square metres."""


@dataclass(frozen=True)
class BodyBatch:
    """Bodies in metres of the frames of their objects; index arrays as in `twin_model.city_object.LodGeometry`.

    Parameters
    ----------
    bodies : tuple of LodGeometry
        As they came; their positions are those of the source.
    owner : (b,) int64
        Object of each body; the bodies of an object stand together, objects in order.
    frames : tuple of LocalFrame
        One an object: the middle of its extent, at its lowest corner.
    positions : (n, 3) float64
        Corners of all bodies, metres of the object's frame.
    ring_start, polygon_start : int64
        Over all bodies.
    body_start : (b + 1,) int64
        Where each body starts in the polygons, and the end.
    """

    bodies: tuple[LodGeometry, ...]
    owner: NDArray[np.int64]
    frames: tuple[LocalFrame, ...]
    positions: NDArray[np.float64]
    ring_start: NDArray[np.int64]
    polygon_start: NDArray[np.int64]
    body_start: NDArray[np.int64]

    @property
    def surfaces(self) -> NDArray[np.uint8]:
        """Kind of each polygon."""
        return np.concatenate([body.surfaces for body in self.bodies])


def body_batch(objects: Sequence[Sequence[LodGeometry]], stored: NDArray[np.float64]) -> BodyBatch:
    """Bodies of objects, moved to metres around each object.

    Parameters
    ----------
    objects : sequence of sequences of LodGeometry
        Bodies of each object, at least one; each with at least one polygon.
    stored : (n, 3) float64
        Positions of all bodies one after the other: longitude, latitude (degrees, EPSG:4490) and height, metres.
    """
    bodies = tuple(body for each in objects for body in each)
    owner = np.repeat(np.arange(len(objects)), [len(each) for each in objects])
    corners = np.array([len(body.positions) for body in bodies], dtype=np.int64)
    object_start = np.concatenate(([0], np.cumsum(np.bincount(owner, corners, len(objects)).astype(np.int64))))
    low = np.minimum.reduceat(stored, object_start[:-1])
    high = np.maximum.reduceat(stored, object_start[:-1])
    frames = tuple(
        LocalFrame(float((west + east) / 2), float((south + north) / 2), float(base))
        for (west, south, base), (east, north, _) in zip(low, high, strict=True)
    )
    local = np.concatenate(
        [
            frame.to_local(stored[start:end])
            for frame, start, end in zip(frames, object_start[:-1], object_start[1:], strict=True)
        ]
    )
    return BodyBatch(
        bodies,
        owner,
        frames,
        local,
        _joined([body.ring_start for body in bodies]),
        _joined([body.polygon_start for body in bodies]),
        np.concatenate(([0], np.cumsum([len(body.surfaces) for body in bodies], dtype=np.int64))),
    )


def projected(batch: BodyBatch) -> tuple[NDArray[np.object_], NDArray[np.float64]]:
    """Polygons of a batch seen from above.

    Returns
    -------
    polygon : (p,) object
        Shapely polygons, metres east and north; None for one that has fewer than three corners.
    area : (p,) float64
        Of the outer ring, square metres: positive where it turns counter-clockwise seen from above, so that the
        polygon faces up.
    """
    sizes = np.diff(batch.ring_start)
    count = len(batch.polygon_start) - 1
    outer = batch.polygon_start[:-1]
    fits = (np.diff(batch.polygon_start) > 0) & (sizes[np.minimum(outer, len(sizes) - 1)] >= 3)  # noqa: PLR2004 - a triangle
    ring_owner = np.repeat(np.arange(count), np.diff(batch.polygon_start))
    kept = fits[ring_owner] & (sizes >= 3)  # noqa: PLR2004 - a triangle
    # Every ring repeats its first corner here, as shapely wants it.
    start, length = batch.ring_start[:-1][kept], sizes[kept] + 1
    ring_offset = np.concatenate(([0], np.cumsum(length)))
    step = np.arange(ring_offset[-1]) - np.repeat(ring_offset[:-1], length)
    index = np.repeat(start, length) + step % np.repeat(length - 1, length)
    flat = batch.positions[index, :2]
    rings_of = np.bincount(ring_owner[kept], minlength=count)[fits]
    offsets = (ring_offset, np.concatenate(([0], np.cumsum(rings_of))))
    polygon = np.full(count, None, dtype=object)
    polygon[fits] = shapely.from_ragged_array(shapely.GeometryType.POLYGON, flat, offsets)
    area = np.zeros(count)
    turn = flat[:-1, 0] * flat[1:, 1] - flat[1:, 0] * flat[:-1, 1] if len(flat) else np.zeros(0)
    ring_of_edge = np.repeat(np.arange(len(length)), length)[:-1]
    within = ring_of_edge == np.repeat(np.arange(len(length)), length)[1:]
    ring_area = np.bincount(ring_of_edge[within], turn[within], len(length)) / 2
    first = offsets[1][:-1]
    area[fits] = ring_area[first]
    return polygon, area


def _joined(starts: Sequence[NDArray[np.int64]]) -> NDArray[np.int64]:
    """Start indexes of several lists as those of their concatenation."""
    sizes = np.concatenate([np.diff(start) for start in starts])
    return np.concatenate(([0], np.cumsum(sizes)))
