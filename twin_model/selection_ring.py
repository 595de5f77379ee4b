"""Rings of corners: how one is cleaned, and which of its corners it starts at."""

from collections.abc import Sequence
from typing import Any, TypeVar

Corner = TypeVar("Corner", bound=Any)


def without_repeats(ring: Sequence[Corner]) -> tuple[Corner, ...]:
    """Corners of a ring without those that equal the one before; the first follows the last.

    An edge from a place to itself crosses nothing, so that the ring holds the same places.
    """
    kept = [corner for place, corner in enumerate(ring) if place == 0 or corner != ring[place - 1]]
    while len(kept) > 1 and kept[-1] == kept[0]:
        kept.pop()
    return tuple(kept)


def least_turn(ring: Sequence[Corner]) -> tuple[Corner, ...]:
    """Ring turned, in either direction, so that its corners in turn are the least.

    Takes time in proportion to the corners, however often a corner comes again.
    """
    return min(_turned(ring), _turned(ring[::-1]))


def _turned(ring: Sequence[Corner]) -> tuple[Corner, ...]:
    start = _least_start(ring)
    return (*ring[start:], *ring[:start])


def _least_start(ring: Sequence[Corner]) -> int:
    """Find where the least of all turns starts.

    Two candidates run along the ring side by side. Where they differ, no start that the greater one has passed can be
    the least, so that it goes on behind the difference: each corner is passed at most twice.
    """
    count = len(ring)
    left, right, same = 0, 1, 0
    while left < count and right < count and same < count:
        a, b = ring[(left + same) % count], ring[(right + same) % count]
        if a == b:
            same += 1
            continue
        if b < a:
            left += same + 1
        else:
            right += same + 1
        if left == right:
            right += 1
        same = 0
    return min(left, right)
