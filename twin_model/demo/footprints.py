"""Footprint shapes: rings of 4 to 12 corners without holes, many at once."""

from collections.abc import Callable
from enum import IntEnum

import numpy as np
from numpy.typing import NDArray

Lengths = NDArray[np.float64]


class Shape(IntEnum):
    """Outline of a building seen from above."""

    RECTANGLE = 0
    ELL = 1
    TEE = 2
    STAGGER = 3
    COURT = 4
    AITCH = 5
    CROSS = 6


def _rectangle(a: Lengths, b: Lengths, t: Lengths) -> list[tuple[Lengths, Lengths]]:
    zero = t * 0
    return [(zero, zero), (a, zero), (a, b), (zero, b)]


def _ell(a: Lengths, b: Lengths, t: Lengths) -> list[tuple[Lengths, Lengths]]:
    zero = t * 0
    return [(zero, zero), (a, zero), (a, t), (t, t), (t, b), (zero, b)]


def _tee(a: Lengths, b: Lengths, t: Lengths) -> list[tuple[Lengths, Lengths]]:
    zero, left, right = t * 0, (a - t) / 2, (a + t) / 2
    return [(left, zero), (right, zero), (right, b - t), (a, b - t), (a, b), (zero, b), (zero, b - t), (left, b - t)]


def _stagger(a: Lengths, b: Lengths, t: Lengths) -> list[tuple[Lengths, Lengths]]:
    zero, half, step = t * 0, a * 0.52, np.minimum(0.28 * b, 0.5 * t)
    return [
        (zero, zero), (half, zero), (half, step), (a, step), (a, b), (half, b), (half, b - step), (zero, b - step),
    ]  # fmt: skip


def _court(a: Lengths, b: Lengths, t: Lengths) -> list[tuple[Lengths, Lengths]]:
    zero = t * 0
    return [(zero, zero), (a, zero), (a, b), (a - t, b), (a - t, t), (t, t), (t, b), (zero, b)]


def _aitch(a: Lengths, b: Lengths, t: Lengths) -> list[tuple[Lengths, Lengths]]:
    zero, low, high = t * 0, (b - t) / 2, (b + t) / 2
    return [
        (zero, zero), (t, zero), (t, low), (a - t, low), (a - t, zero), (a, zero),
        (a, b), (a - t, b), (a - t, high), (t, high), (t, b), (zero, b),
    ]  # fmt: skip


def _cross(a: Lengths, b: Lengths, t: Lengths) -> list[tuple[Lengths, Lengths]]:
    zero, left, right, low, high = t * 0, (a - t) / 2, (a + t) / 2, (b - t) / 2, (b + t) / 2
    return [
        (left, zero), (right, zero), (right, low), (a, low), (a, high), (right, high),
        (right, b), (left, b), (left, high), (zero, high), (zero, low), (left, low),
    ]  # fmt: skip


_OUTLINES: tuple[Callable[[Lengths, Lengths, Lengths], list[tuple[Lengths, Lengths]]], ...] = (
    _rectangle, _ell, _tee, _stagger, _court, _aitch, _cross,
)  # fmt: skip


def outlines(shape: Shape, length: Lengths, depth: Lengths, wing: Lengths, flip: NDArray[np.int64]) -> Lengths:
    """(n, corners, 2) rings around the origin, not closed, metres.

    Parameters
    ----------
    shape
        Shape of all of them.
    length, depth
        (n,) size along x and y, metres.
    wing
        (n,) thickness of wings; held below 0.42 of the shorter side.
    flip
        (n,) 0 to 3: mirrored in x (bit 0) and in y (bit 1).
    """
    thick = np.minimum(wing, 0.42 * np.minimum(length, depth))
    corners = _OUTLINES[shape](length, depth, thick)
    x = np.column_stack([corner[0] for corner in corners]) - length[:, None] / 2
    y = np.column_stack([corner[1] for corner in corners]) - depth[:, None] / 2
    x *= np.where(flip & 1, -1.0, 1.0)[:, None]
    y *= np.where(flip & 2, -1.0, 1.0)[:, None]
    return np.stack((x, y), axis=2)
